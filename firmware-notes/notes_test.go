package firmwarenotes

import (
	"errors"
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
		if err := Model("relay-board", name, &whole); err == nil || !strings.Contains(err.Error(), "modbus-8, modbus-8-8, modbus-8-blind") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if !slices.Contains(Models("escpos"), "generic-58") {
		t.Errorf("printers: %v", Models("escpos"))
	}
}

// lens is a model whose light has to be right.
type lens struct {
	Page struct {
		Light int `yaml:"light"`
	} `yaml:"page"`
}

func (l *lens) Check() (string, error) {
	if l.Page.Light > 255 {
		return "page.light", errors.New("too much")
	}
	return "", nil
}

func TestWhatIsWrongInAModelIsToldByFileLineAndKey(t *testing.T) {
	for text, want := range map[string][]string{
		"# a note\npage:\n  light: 300\n": {"doccam/models/x.yaml", "line 3", "page.light", "too much"},
		"page:\n  colour: red\n":          {"doccam/models/x.yaml", "[2:3]", "colour"},
		"page:\n  light: bright\n":        {"doccam/models/x.yaml", "[2:10]", "light"},
	} {
		err := read("doccam/models/x.yaml", []byte(text), &lens{})
		for _, part := range want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%q: %v does not name %q", text, err, part)
			}
		}
	}
	if err := read("doccam/models/x.yaml", []byte("page:\n  light: 30\n"), &lens{}); err != nil {
		t.Error(err)
	}
}
