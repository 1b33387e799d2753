package idcard

import (
	"cmp"

	firmwarenotes "yimen/firmware-notes"
)

// note is the folder of firmware-notes.
const note = "sam-v"

// model is one file of firmware-notes/sam-v/models.
type model struct {
	AfterRead AfterRead `yaml:"after_read"`
	USB       string    `yaml:"usb"`
}

// Model gives the Config of the model so named, the empty name being standard. The error of an unknown name lists those that
// are known.
func Model(name string) (Config, error) {
	name = cmp.Or(name, "standard")
	var m model
	if err := firmwarenotes.Model(note, name, &m); err != nil {
		return Config{}, err
	}
	return Config{AfterRead: m.AfterRead, USB: m.USB}, nil
}

// Models are the names that Model knows.
func Models() []string { return firmwarenotes.Models(note) }
