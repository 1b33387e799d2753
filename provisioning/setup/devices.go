package setup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"yimen/drivers/device"
	"yimen/drivers/printer"
	"yimen/provisioning/config"
	"yimen/provisioning/identity"
	"yimen/ui/voice/sound"
)

// lampsOf are the devices beside which a lamp usually stands, in the order of a board's relays.
var lampsOf = []device.ID{device.IDCardReader, device.DocCam, device.Printer, device.Scanner}

// askDevices offers what is plugged in for each device, and asks until the whole can be used.
func (r *round) askDevices(ctx context.Context) error {
	for {
		section, err := r.devices(ctx, Find(r.Root))
		if err != nil {
			return err
		}
		if err = checkDevices(section); err == nil {
			r.Answers.Devices = section
			break
		}
		r.talk.say("trouble", "why", err.Error())
	}
	if err := r.askVoice(ctx, Find(r.Root).Sounds); err != nil {
		return err
	}
	if r.Answers.Screen.MMPerPixel > 0 {
		return nil
	}
	width, err := r.talk.ask(ctx, "ask.panel", "", func(s string) error { _, err := parsePanel(s); return err })
	if err == nil {
		r.Answers.Screen.MMPerPixel, err = parsePanel(width)
	}
	return err
}

// askVoice asks what screens are read out by, where there is a sound card at all.
func (r *round) askVoice(ctx context.Context, cards []string) error {
	if len(cards) == 0 || r.Answers.Voice != (sound.Config{}) {
		return nil
	}
	var c sound.Config
	var err error
	if c.Loudspeaker, err = r.talk.choose(ctx, "ask.loudspeaker", cards, true, soundDevice); err != nil {
		return err
	}
	rest := slices.DeleteFunc(slices.Clone(cards), func(card string) bool { return card == c.Loudspeaker })
	if c.Earpiece, err = r.talk.choose(ctx, "ask.earpiece", rest, true, soundDevice); err != nil {
		return err
	}
	r.Answers.Voice = c
	return nil
}

func soundDevice(name string) error { return sound.Config{Loudspeaker: name}.Validate() }

// parsePanel reads "298 1080", a panel's width in millimetres and in pixels, as millimetres to a pixel.
func parsePanel(s string) (float64, error) {
	var mm, pixels float64
	if n, err := fmt.Sscanf(s, "%g %g", &mm, &pixels); n != 2 || err != nil || mm < 50 || mm > 2000 || pixels < 320 || pixels > 10000 {
		return 0, errors.New("298 1080")
	}
	return float64(int(mm/pixels*10000+0.5)) / 10000, nil
}

// devices asks where each device is.
func (r *round) devices(ctx context.Context, f Found) (yaml.MapSlice, error) {
	var section yaml.MapSlice
	add := func(id string, keys ...yaml.MapItem) {
		section = append(section, yaml.MapItem{Key: id, Value: yaml.MapSlice(keys)})
	}
	reader, err := r.talk.choose(ctx, "ask.idcard", append(f.Readers, f.Serial...), false, anything)
	if err != nil {
		return nil, err
	}
	add("idcard", item("port", reader))
	port, err := r.talk.choose(ctx, "ask.printer", append(f.Printers, f.Serial...), false, anything)
	if err != nil {
		return nil, err
	}
	model, err := r.talk.choose(ctx, "ask.printer.model", printer.Models(), false, func(s string) error { _, err := printer.Model(s); return err })
	if err != nil {
		return nil, err
	}
	add("printer", item("port", port), item("model", model))
	camera, err := r.talk.choose(ctx, "ask.doccam", f.Cameras, false, anything)
	if err != nil {
		return nil, err
	}
	key := "device"
	if strings.HasPrefix(camera, "http") {
		key = "url"
	}
	add("doccam", item(key, camera))
	if scanner, err := r.talk.choose(ctx, "ask.scanner", f.Serial, true, anything); err != nil {
		return nil, err
	} else if scanner != "" {
		add("scanner", item("port", scanner))
	}
	lamps, err := r.talk.choose(ctx, "ask.lamps", f.Serial, true, anything)
	if err != nil || lamps == "" {
		return section, err
	}
	relays, err := r.relays(ctx)
	add("lamps", item("port", lamps), item("relays", relays))
	return section, err
}

func item(key string, value any) yaml.MapItem { return yaml.MapItem{Key: key, Value: value} }

// relays asks which relay lights the lamp beside which device; 0 is none.
func (r *round) relays(ctx context.Context) (yaml.MapSlice, error) {
	var relays yaml.MapSlice
	for i, id := range lampsOf {
		n, err := r.talk.ask(ctx, "ask.relay", strconv.Itoa(i+1), func(s string) error { _, err := strconv.ParseUint(s, 10, 8); return err },
			"device", r.talk.word("device."+string(id)))
		if err != nil {
			return nil, err
		}
		if no, err := strconv.Atoi(n); err == nil && no > 0 {
			relays = append(relays, item(string(id), no))
		}
	}
	return relays, nil
}

// begin writes the config and starts the terminal with it.
func (r *round) begin(ctx context.Context) error {
	if err := r.writeConfig(); err != nil {
		return err
	}
	return r.machine.Start(ctx)
}

// writeConfig puts the answers into the config file, once the daemon's own reader has taken it. What stood there before and
// was different is kept beside it, with the time in its name.
func (r *round) writeConfig() error {
	b, err := yaml.MarshalWithOptions(r.settings(), yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	b = append([]byte("# Written by provisioning init. When it is run again it keeps what stands here beside this file.\n"), b...)
	before, err := os.ReadFile(r.Config)
	if err == nil && bytes.Equal(before, b) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("config: %w", err)
	}
	trial := r.Config + ".trial"
	if err := replace(trial, b, 0o640); err != nil {
		return err
	}
	defer os.Remove(trial)
	if _, err := config.Read(trial); err != nil {
		return err
	}
	if before != nil {
		if err := replace(r.Config+"."+r.machine.Now().UTC().Format("20060102T150405Z"), before, 0o640); err != nil {
			return err
		}
	}
	if err := replace(r.Config, b, 0o640); err != nil {
		return err
	}
	if r.GID >= 0 {
		return os.Chown(r.Config, 0, r.GID)
	}
	return nil
}

// settings is the config file's content.
func (r *round) settings() yaml.MapSlice {
	a := r.Answers
	s := yaml.MapSlice{
		item("terminal", a.Terminal), item("mode", a.Mode), item("pack", filepath.Join(r.Packs, a.Pack)), item("data", r.Data), item("identity", r.Site.Identity),
	}
	if a.Hall != (Hall{}) {
		s = append(s, item("hall", a.Hall))
	}
	s = append(s, item("central", yaml.MapSlice{item("url", a.Central)}))
	if _, err := identity.PacksRoot(r.Site.Identity); err == nil {
		s = append(s, item("packs", yaml.MapSlice{item("repository", "central"), item("every", time.Hour.String())}))
	}
	s = append(s, item("devices", a.Devices))
	if a.Screen.MMPerPixel > 0 {
		s = append(s, item("screen", a.Screen))
	}
	if a.Voice != (sound.Config{}) {
		s = append(s, item("voice", a.Voice))
	}
	return s
}

// test tries the devices. In a dialogue it is tried again for as long as the technician wants.
func (r *round) test(ctx context.Context) error {
	r.passed = true
	if r.Answers.Test == TestNone {
		return nil
	}
	for {
		passed, err := r.machine.Test(ctx, r.Answers.Test == TestAlone)
		if err != nil {
			return err
		}
		r.passed = passed
		if passed || r.talk == nil {
			return nil
		}
		again, err := r.talk.agree(ctx, "retest")
		if err != nil || !again {
			return err
		}
	}
}

func (r *round) report(ctx context.Context) error { return r.machine.Report(ctx) }
