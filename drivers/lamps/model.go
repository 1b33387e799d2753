package lamps

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"

	firmwarenotes "yimen/firmware-notes"
)

const modelDir = "relay-board/models"

// model is one file of firmware-notes/relay-board/models.
type model struct {
	Relays    int  `yaml:"relays"`
	ReadsBack bool `yaml:"reads_back"`
}

// Model gives the Config of the model so named, the empty name being modbus-8. The error of an unknown name lists those that
// are known.
func Model(name string) (Config, error) {
	name = cmp.Or(name, "modbus-8")
	b, err := firmwarenotes.Models.ReadFile(path.Join(modelDir, name+".yaml"))
	if err != nil {
		return Config{}, fmt.Errorf("%q is none of %s", name, strings.Join(Models(), ", "))
	}
	var m model
	if err := yaml.UnmarshalWithOptions(b, &m, yaml.Strict()); err != nil {
		return Config{}, fmt.Errorf("model %s: %w", name, err)
	}
	return Config{Count: m.Relays, Blind: !m.ReadsBack}, nil
}

// Models are the names that Model knows.
func Models() (names []string) {
	files, _ := fs.Glob(firmwarenotes.Models, modelDir+"/*.yaml") // its only error is a bad pattern
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f), ".yaml"))
	}
	return names
}
