// Package setup takes a terminal from an installed package to its first visit: who it is, the clock, its keys, the region's
// rules, its devices, and a test of everything. A person is led through it in a dialogue, or all answers stand in a file; both
// take the same way. It may be broken off anywhere and goes on where it was, and doing it again changes nothing.
package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"yimen/drivers"
	"yimen/provisioning/config"
	"yimen/ui/voice/sound"
)

// Answers is everything that is asked. Its file has the same keys.
type Answers struct {
	About   `yaml:",inline"`
	Devices yaml.MapSlice `yaml:"devices,omitempty"` // as in the config file, in the order in which they were given
}

// About is everything but the devices.
type About struct {
	Terminal string `yaml:"terminal,omitempty"` // region and number: 150102-0001
	Mode     string `yaml:"mode,omitempty"`     // production (default) or demo
	Hall     Hall   `yaml:"hall,omitempty"`
	// Clock is who stands for the time: checked, by a person who compared it with another clock, or synchronised, by the
	// network.
	Clock   string `yaml:"clock,omitempty"`
	Central string `yaml:"central,omitempty"` // address of the receiving end: https://…
	// Identity is a folder with the terminal's keys, made elsewhere and brought on a stick; empty when they are made here.
	Identity string `yaml:"identity,omitempty"`
	// Code is the one-time code by which central knows this terminal. It is forgotten once it was used.
	Code string `yaml:"code,omitempty"`
	Pack string `yaml:"pack,omitempty"` // id of an installed edition: CN-150102
	// Signers is the file that says who signs the pack's next editions (1.root.json); empty when the identity folder or
	// central brings it.
	Signers string `yaml:"signers,omitempty"`
	Screen  Screen `yaml:"screen,omitempty"`
	// Voice is what screens are read out by, as in the config file; a terminal without speaks to nobody.
	Voice sound.Config `yaml:"voice,omitempty"`
	// Test is how much is tried at the end: all, with a card and a code that a person brings; alone, what needs nobody;
	// none.
	Test string `yaml:"test,omitempty"`
}

// Hall is the place.
type Hall struct {
	Name    string `yaml:"name,omitempty"`
	Hotline string `yaml:"hotline,omitempty"`
}

// Screen is the panel.
type Screen struct {
	MMPerPixel float64 `yaml:"mm_per_pixel,omitempty"`
}

// What Answers.Clock and Answers.Test may be.
const (
	ClockChecked      = "checked"
	ClockSynchronised = "synchronised"
	TestAll           = "all"
	TestAlone         = "alone"
	TestNone          = "none"
)

// ReadAnswers reads a file of answers. Unknown keys, wrong and missing values are told with their line or key.
func ReadAnswers(file string) (Answers, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return Answers{}, fmt.Errorf("answers: %w", err)
	}
	return parseAnswers(file, b)
}

func parseAnswers(file string, b []byte) (Answers, error) {
	// First for the devices' own keys, which Answers keeps as they are written.
	var typed struct {
		About   `yaml:",inline"`
		Devices drivers.Config `yaml:"devices"`
	}
	a := Answers{About: usual()}
	err := config.Strict(file, b, &typed, func() error { return nil })
	if err == nil {
		err = config.Strict(file, b, &a, a.whole)
	}
	if err != nil {
		return Answers{}, fmt.Errorf("answers %w", err)
	}
	return a, nil
}

// usual are the answers that need not be given.
func usual() About { return About{Mode: "production", Test: TestAll} }

// whole looks whether every answer is there.
func (a *Answers) whole() error {
	for _, q := range []struct {
		key     string
		missing bool
	}{
		{"terminal", a.Terminal == ""}, {"clock", a.Clock == ""}, {"central", a.Central == ""}, {"pack", a.Pack == ""},
		{"identity", a.Identity == "" && a.Code == ""}, {"devices", len(a.Devices) == 0},
	} {
		if q.missing {
			return config.Wrong(q.key, "missing")
		}
	}
	return a.check()
}

var terminalID = regexp.MustCompile(`^[0-9]{6}-[0-9]{4}$`)

// check looks at the answers that are there.
func (a *Answers) check() error {
	for _, q := range []struct {
		key   string
		value string
		good  func(string) error
	}{
		{"terminal", a.Terminal, checkTerminal}, {"central", a.Central, checkCentral}, {"pack", a.Pack, checkPack},
		{"mode", a.Mode, oneOf("production", "demo")}, {"clock", a.Clock, oneOf(ClockChecked, ClockSynchronised)},
		{"test", a.Test, oneOf(TestAll, TestAlone, TestNone)},
	} {
		if q.value == "" {
			continue
		}
		if err := q.good(q.value); err != nil {
			return config.Wrong(q.key, err.Error())
		}
	}
	if len(a.Devices) > 0 {
		if err := checkDevices(a.Devices); err != nil {
			key, text, _ := strings.Cut(err.Error(), ": ")
			return config.Wrong("devices."+key, text)
		}
	}
	return nil
}

func checkTerminal(s string) error {
	if !terminalID.MatchString(s) {
		return fmt.Errorf("%q: want the region's six digits and the terminal's four, such as 150102-0001", s)
	}
	return nil
}

func checkCentral(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%q: want an address such as https://central.example:8483", s)
	}
	return nil
}

var packID = regexp.MustCompile(`^CN(-[0-9]{6})?$`)

func checkPack(s string) error {
	if !packID.MatchString(s) {
		return fmt.Errorf("%q: want CN- and the region's six digits", s)
	}
	return nil
}

func oneOf(values ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(values, s) {
			return fmt.Errorf("%q: want one of %s", s, strings.Join(values, ", "))
		}
		return nil
	}
}

// checkDevices looks at a devices section as the daemon will. Its error begins with the key.
func checkDevices(section yaml.MapSlice) error {
	b, err := yaml.Marshal(section)
	if err != nil {
		return fmt.Errorf("devices: %w", err)
	}
	var c drivers.Config
	if err := yaml.UnmarshalWithOptions(b, &c, yaml.Strict()); err != nil {
		return fmt.Errorf("devices: %w", errors.New(strings.SplitN(err.Error(), "\n", 2)[0]))
	}
	if c.IDCard == nil || c.Printer == nil || c.DocCam == nil {
		return errors.New("idcard: a terminal has idcard, printer and doccam: say where each of them is")
	}
	return c.Validate()
}

// editions are the packs installed under folder, by id.
func editions(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("installed packs: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && packID.MatchString(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	return ids, nil
}
