package printer

import (
	"cmp"

	firmwarenotes "yimen/firmware-notes"
)

// note is the folder of firmware-notes.
const note = "escpos"

// model is one file of firmware-notes/escpos/models.
type model struct {
	Dots    int    `yaml:"dots"`
	QR      string `yaml:"qr"` // native or raster
	Answers bool   `yaml:"answers"`
	// PortStatus tells whether its port status can be believed.
	PortStatus bool   `yaml:"port_status"`
	USB        string `yaml:"usb"`
}

// Model gives the Config of the model so named, the empty name being generic-80. The error of an unknown name lists those
// that are known.
func Model(name string) (Config, error) {
	name = cmp.Or(name, "generic-80")
	var m model
	if err := firmwarenotes.Model(note, name, &m); err != nil {
		return Config{}, err
	}
	return Config{Dots: m.Dots, RasterQR: m.QR == "raster", Mute: !m.Answers, PortStatus: m.PortStatus, USB: m.USB}, nil
}

// Models are the names that Model knows.
func Models() []string { return firmwarenotes.Models(note) }
