package lamps

import (
	"cmp"

	firmwarenotes "yimen/firmware-notes"
)

// note is the folder of firmware-notes.
const note = "relay-board"

// model is one file of firmware-notes/relay-board/models.
type model struct {
	Relays    int  `yaml:"relays"`
	Inputs    int  `yaml:"inputs"`
	ReadsBack bool `yaml:"reads_back"`
}

// Model gives the Config of the model so named, the empty name being modbus-8. The error of an unknown name lists those that
// are known.
func Model(name string) (Config, error) {
	name = cmp.Or(name, "modbus-8")
	var m model
	if err := firmwarenotes.Model(note, name, &m); err != nil {
		return Config{}, err
	}
	return Config{Count: m.Relays, Inputs: m.Inputs, Blind: !m.ReadsBack}, nil
}

// Models are the names that Model knows.
func Models() []string { return firmwarenotes.Models(note) }
