// Package config is the terminal's one config file: a struct made of the packages' own Config structs, read
// strictly. What is wrong is told with file, line and key, and what to do about it.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // a terminal's image may lack the zone files

	"github.com/goccy/go-yaml"

	"yimen/drivers"
	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/inbox"
	"yimen/kiosk/journal"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/outbox"
	"yimen/kiosk/typeface"
	"yimen/ui"
	"yimen/ui/voice/sound"
)

// Config is one terminal's configuration.
type Config struct {
	Terminal  string          `yaml:"terminal"`  // region and number: 150102-0001
	Mode      string          `yaml:"mode"`      // production (default) or demo
	Pack      string          `yaml:"pack"`      // folder of the region's policy pack
	Data      string          `yaml:"data"`      // folder for outbox, journal and numbers
	Identity  string          `yaml:"identity"`  // folder with this terminal's keys and certificate
	Listen    string          `yaml:"listen"`    // loopback address of the screen's page
	Metrics   string          `yaml:"metrics"`   // loopback address for Prometheus; none if empty
	Zone      string          `yaml:"zone"`      // the hall's time zone
	Languages []string        `yaml:"languages"` // offered, the first is the default
	Hall      Hall            `yaml:"hall"`
	Idle      journey.Idle    `yaml:"idle"`
	Pad       view.Pad        `yaml:"pad"` // signature pad, millimetres
	Central   central.Config  `yaml:"central"`
	Envelope  envelope.Config `yaml:"envelope"` // how dossiers are sealed
	Outbox    outbox.Config   `yaml:"outbox"`
	Journal   journal.Config  `yaml:"journal"`
	Packs     inbox.Config    `yaml:"packs"` // where the pack's next editions come from
	Devices   drivers.Config  `yaml:"devices"`
	Screen    ui.Config       `yaml:"screen"`
	Fonts     typeface.Config `yaml:"fonts"`
	Voice     sound.Config    `yaml:"voice"` // what screens are read out by; neither speaks where both are empty
}

// Hall is what a config says of the place; the pack has the rest.
type Hall struct {
	Name    string `yaml:"name"`
	Hotline string `yaml:"hotline"`
}

// defaults are what a file need not say.
func defaults() Config {
	return Config{
		Mode: "production", Listen: "127.0.0.1:8480", Zone: "Asia/Shanghai", Languages: []string{"zh-CN", "en"},
		Idle: journey.DefaultIdle(), Pad: view.Pad{Width: 180, Height: 70}, Screen: ui.Config{MMPerPixel: 0.27},
		Packs: inbox.Config{Every: time.Hour}, Envelope: envelope.Config{Suite: envelope.SuiteSM},
	}
}

// Read reads and checks a config file. Every fault names the file, and the line where YAML can tell it.
func Read(file string) (Config, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	c := defaults()
	if err := Strict(file, b, &c, c.check); err != nil {
		return Config{}, fmt.Errorf("config %w", err)
	}
	return c, nil
}

// Strict decodes a file's YAML into a struct and has check look at it. A key that the struct lacks is an error; it, and
// what check says is wrong with a key (Wrong), are told with the line.
func Strict(file string, b []byte, into any, check func() error) error {
	err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(into)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", file, atLine(err))
	}
	if err := check(); err != nil {
		return locate(file, b, err)
	}
	return nil
}

// Wrong is a fault of the value of one key, whose path is such as central.url.
func Wrong(key, text string) error { return &keyError{key, text} }

// atLine puts a YAML error on one line: line:column and what is wrong.
func atLine(err error) error {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		p := y.GetToken().Position
		return fmt.Errorf("line %d, column %d: %s (at %q)", p.Line, p.Column, y.GetMessage(), y.GetToken().Value)
	}
	return err
}

// keyError is a fault of one key's value.
type keyError struct {
	key  string // path such as central.url
	text string
}

func (e *keyError) Error() string { return e.key + ": " + e.text }

// within makes "key: text" of a section's own check a fault of the whole file's key.
func within(section string, err error) error {
	key, text, _ := strings.Cut(err.Error(), ": ")
	return &keyError{section + "." + key, text}
}

// locate adds the file and, where the key stands in it, the line.
func locate(file string, b []byte, err error) error {
	var k *keyError
	if !errors.As(err, &k) {
		return fmt.Errorf("%s: %w", file, err)
	}
	if path, perr := yaml.PathString("$." + k.key); perr == nil {
		if node, nerr := path.ReadNode(bytes.NewReader(b)); nerr == nil && node.GetToken() != nil {
			return fmt.Errorf("%s: line %d: %w", file, node.GetToken().Position.Line, err)
		}
	}
	return fmt.Errorf("%s: %w", file, err)
}

var terminalID = regexp.MustCompile(`^[0-9]{6}-[0-9]{4}$`)

func (c *Config) check() error {
	if !terminalID.MatchString(c.Terminal) {
		return &keyError{"terminal", fmt.Sprintf("%q: want the region's six digits and the terminal's four, such as 150102-0001", c.Terminal)}
	}
	if c.Mode != "production" && c.Mode != "demo" {
		return &keyError{"mode", fmt.Sprintf("%q: want production or demo", c.Mode)}
	}
	for _, f := range []struct{ key, value string }{{"pack", c.Pack}, {"data", c.Data}, {"identity", c.Identity}} {
		if f.value == "" {
			return &keyError{f.key, "missing: name a folder"}
		}
	}
	if len(c.Languages) == 0 {
		return &keyError{"languages", "empty: want at least zh-CN"}
	}
	if _, err := c.Location(); err != nil {
		return &keyError{"zone", err.Error()}
	}
	if c.Idle.Cover <= 0 || c.Idle.Ask < c.Idle.Cover || c.Idle.Answer < 20*time.Second || c.Idle.Quiet <= 0 {
		return &keyError{"idle", "want cover and quiet above zero, ask not before cover, and at least 20s to answer"}
	}
	if c.Pad.Width < 60 || c.Pad.Height < 25 {
		return &keyError{"pad", "a signature needs at least 60 by 25 millimetres"}
	}
	if err := c.Envelope.Validate(); err != nil {
		return within("envelope", err)
	}
	if err := c.Journal.Validate(); err != nil {
		return within("journal", err)
	}
	if err := c.Packs.Validate(); err != nil {
		return within("packs", err)
	}
	if c.Devices.IDCard == nil || c.Devices.Printer == nil || c.Devices.DocCam == nil {
		return &keyError{"devices", "a terminal has idcard, printer and doccam: say where each of them is"}
	}
	if err := c.Devices.Validate(); err != nil {
		return within("devices", err)
	}
	if err := c.Screen.Validate(); err != nil {
		return within("screen", err)
	}
	if err := c.Voice.Validate(); err != nil {
		return within("voice", err)
	}
	return nil
}

// Location is the hall's time zone.
func (c *Config) Location() (*time.Location, error) { return time.LoadLocation(c.Zone) }

// Path joins the data folder with a name.
func (c *Config) Path(name string) string { return filepath.Join(c.Data, name) }
