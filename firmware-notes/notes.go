// Package firmwarenotes is what is known of the devices. Its notes are for people; its model files go into the binary.
package firmwarenotes

import (
	"bytes"
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

// Checked is what a model's file is read into, where its values can be wrong. Check gives the first wrong key, such as
// page.light.
type Checked interface {
	Check() (key string, err error)
}

// Model reads the file of one model of a device, whose folder here is note, into what into points at; a key that is left
// out leaves what is there. The error of an unknown name lists those that are known; that of an unknown key, or of a value
// that a Checked refuses, names the file, the line and the key.
func Model(note, name string, into any) error {
	if known := Models(note); !slices.Contains(known, name) {
		return fmt.Errorf("%q is none of %s", name, strings.Join(known, ", "))
	}
	file := path.Join(note, "models", name+".yaml")
	b, err := models.ReadFile(file)
	if err != nil {
		return fmt.Errorf("model %s: %w", name, err)
	}
	return read(file, b, into)
}

// read reads a model's file.
func read(file string, b []byte, into any) error {
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		return fmt.Errorf("firmware-notes/%s: %w", file, err)
	}
	c, ok := into.(Checked)
	if !ok {
		return nil
	}
	key, err := c.Check()
	if err != nil {
		return fmt.Errorf("firmware-notes/%s: line %d: %s: %w", file, lineOf(b, key), key, err)
	}
	return nil
}

// lineOf is the line on which a key's value stands, 0 where it stands nowhere.
func lineOf(b []byte, key string) int {
	at, err := yaml.PathString("$." + key)
	if err != nil {
		return 0
	}
	node, err := at.ReadNode(bytes.NewReader(b))
	if err != nil {
		return 0
	}
	return node.GetToken().Position.Line
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
