package printer

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"

	firmwarenotes "yimen/firmware-notes"
)

const modelDir = "escpos/models"

// model is one file of firmware-notes/escpos/models.
type model struct {
	Dots    int    `yaml:"dots"`
	QR      string `yaml:"qr"` // native or raster
	Answers bool   `yaml:"answers"`
}

// Model gives the Config of the model so named, the empty name being generic-80. The error of an unknown name lists those
// that are known.
func Model(name string) (Config, error) {
	name = cmp.Or(name, "generic-80")
	b, err := firmwarenotes.Models.ReadFile(path.Join(modelDir, name+".yaml"))
	if err != nil {
		return Config{}, fmt.Errorf("%q is none of %s", name, strings.Join(Models(), ", "))
	}
	var m model
	if err := yaml.UnmarshalWithOptions(b, &m, yaml.Strict()); err != nil {
		return Config{}, fmt.Errorf("model %s: %w", name, err)
	}
	return Config{Dots: m.Dots, RasterQR: m.QR == "raster", Mute: !m.Answers}, nil
}

// Models are the names that Model knows.
func Models() (names []string) {
	files, _ := fs.Glob(firmwarenotes.Models, modelDir+"/*.yaml") // its only error is a bad pattern
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f), ".yaml"))
	}
	return names
}
