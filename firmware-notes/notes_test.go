package firmwarenotes

import (
	"slices"
	"strings"
	"testing"
)

func TestAModelIsReadStrictlyAndAnUnknownOneIsToldWhichThereAre(t *testing.T) {
	var whole struct {
		Relays    int  `yaml:"relays"`
		ReadsBack bool `yaml:"reads_back"`
	}
	if err := Model("relay-board", "modbus-8", &whole); err != nil || whole.Relays != 8 || !whole.ReadsBack {
		t.Errorf("%+v, %v", whole, err)
	}
	var part struct {
		Relays int `yaml:"relays"`
	}
	if err := Model("relay-board", "modbus-8", &part); err == nil {
		t.Error("a key that nobody knows is passed over")
	}
	for _, name := range []string{"nobody", "", "../../sam-v/models/standard"} {
		if err := Model("relay-board", name, &whole); err == nil || !strings.Contains(err.Error(), "modbus-8, modbus-8-blind") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if !slices.Contains(Models("escpos"), "generic-58") {
		t.Errorf("printers: %v", Models("escpos"))
	}
}
