package scanner

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"strings"

	firmwarenotes "yimen/firmware-notes"
)

// note is the folder of firmware-notes.
const note = "qr-engine"

// model is one file of firmware-notes/qr-engine/models; bytes are written in hex.
type model struct {
	On  exchange `yaml:"on"`
	Off exchange `yaml:"off"`
}

type exchange struct {
	Send   string `yaml:"send"`
	Answer string `yaml:"answer"` // empty where the engine gives none
}

// Model gives the Config of the model so named, the empty name being newland. The error of an unknown name lists those that
// are known.
func Model(name string) (Config, error) {
	name = cmp.Or(name, "newland")
	var m model
	if err := firmwarenotes.Model(note, name, &m); err != nil {
		return Config{}, err
	}
	on, err := m.On.command()
	if err != nil {
		return Config{}, fmt.Errorf("model %s: on: %w", name, err)
	}
	off, err := m.Off.command()
	if err != nil {
		return Config{}, fmt.Errorf("model %s: off: %w", name, err)
	}
	return Config{On: on, Off: off}, nil
}

func (x exchange) command() (c Command, err error) {
	if c.Send, err = hex.DecodeString(strings.ReplaceAll(x.Send, " ", "")); err != nil {
		return c, fmt.Errorf("send: %w", err)
	}
	if c.Answer, err = hex.DecodeString(strings.ReplaceAll(x.Answer, " ", "")); err != nil {
		return c, fmt.Errorf("answer: %w", err)
	}
	return c, nil
}

// Models are the names that Model knows.
func Models() []string { return firmwarenotes.Models(note) }
