package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os/exec"
	"slices"

	"yimen/drivers/device"
	"yimen/ui"
	"yimen/ui/voice"
	"yimen/ui/voice/espeak"
	"yimen/ui/voice/reading"
	"yimen/ui/voice/sound"
)

// openVoice makes what reads screens out; nil where the config names no way out. Where a program is missing that speaks or
// plays, nothing can be heard until it is there and the daemon starts anew: the self-test says so, and residents are served.
func openVoice(c sound.Config, log *slog.Logger) (*voice.Speaker, error) {
	if c.Loudspeaker == "" && c.Earpiece == "" {
		return nil, nil
	}
	called, err := ui.Somebody()
	if err != nil {
		return nil, err
	}
	book, err := reading.Ours(called)
	if err != nil {
		return nil, err
	}
	out, err := sound.Open(c)
	if err != nil {
		return nil, err
	}
	parts := voice.Parts{Reader: book, Recordings: sound.Recordings{Folder: c.Recordings}, Engine: &espeak.Engine{Program: espeak.Program}, Out: out}
	if _, err := exec.LookPath(espeak.Program); err != nil {
		parts.Out = mute{out, fmt.Errorf("what speaks is missing: %w", err)}
	}
	return voice.New(parts, log), nil
}

// mute is ways out by which nothing is heard, and why.
type mute struct {
	*sound.Out
	why error
}

// Try implements voice.Out.
func (m mute) Try(context.Context, sound.Channel) error { return m.why }

// Play implements voice.Out.
func (m mute) Play(context.Context, sound.Channel, sound.Clip) error { return m.why }

// statuses is how the devices are, and the ways in which the voice is heard.
func (t *terminal) statuses() map[device.ID]device.Status {
	all := maps.Clone(t.devices.Statuses())
	if t.voice == nil {
		return all
	}
	for ch, works := range t.voice.Works() {
		st := device.Status{State: device.Online}
		if !works {
			st.State = device.NoDevice
		}
		all[soundDevices[ch]] = st
	}
	return all
}

// soundDevices are the voice's ways out as devices.
var soundDevices = map[sound.Channel]device.ID{sound.Loudspeaker: device.Loudspeaker, sound.Earpiece: device.Earpiece}

// sounds is the voice as the self-test tries it.
type sounds struct{ voice *voice.Speaker }

// Devices implements selftest.Sounds.
func (s sounds) Devices() []device.ID {
	var all []device.ID
	for ch := range s.voice.Works() {
		all = append(all, soundDevices[ch])
	}
	slices.Sort(all)
	return all
}

// Sound implements selftest.Sounds.
func (s sounds) Sound(ctx context.Context, id device.ID) error {
	for ch, device := range soundDevices {
		if device == id {
			return s.voice.Tone(ctx, ch)
		}
	}
	return sound.ErrNone
}
