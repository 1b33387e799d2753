// Package firmwarenotes is what is known of the devices. Its notes are for people; its model files go into the binary.
package firmwarenotes

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// models holds X/models/NAME.yaml: the quirks of one model of device X.
//
//go:embed */models/*.yaml
var models embed.FS

// Model reads the file of one model of a device, whose folder here is note, into what into points at. An unknown key
// is an error; the error of an unknown name lists those that are known.
func Model(note, name string, into any) error {
	if known := Models(note); !slices.Contains(known, name) {
		return fmt.Errorf("%q is none of %s", name, strings.Join(known, ", "))
	}
	b, err := models.ReadFile(path.Join(note, "models", name+".yaml"))
	if err != nil {
		return fmt.Errorf("model %s: %w", name, err)
	}
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		return fmt.Errorf("model %s: %w", name, err)
	}
	return nil
}

// Models are the names that Model knows for a device, in order.
func Models(note string) (names []string) {
	files, _ := fs.Glob(models, note+"/models/*.yaml") // its only error is a bad pattern
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f), ".yaml"))
	}
	slices.Sort(names)
	return names
}
