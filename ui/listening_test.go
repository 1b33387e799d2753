package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"testing"

	"yimen/ui/voice"
	"yimen/ui/voice/sound"
)

// mute is a terminal that could be heard and knows no word: its voice stands as somebody set it, and says nothing.
type mute struct{}

func (mute) Read(voice.Prompt) ([]voice.Piece, error) { return nil, errors.New("unknown") }
func (mute) Find(context.Context, string, string, string) (sound.Clip, error) {
	return sound.Clip{}, fs.ErrNotExist
}
func (mute) Speak(context.Context, voice.Piece, int) (sound.Clip, error) {
	return sound.Clip{}, errors.New("unknown")
}
func (mute) Has(sound.Channel) bool                                { return true }
func (mute) Try(context.Context, sound.Channel) error              { return nil }
func (mute) Play(context.Context, sound.Channel, sound.Clip) error { return nil }

// speaking gives a Speaker that runs until the test ends.
func speaking(t *testing.T) *voice.Speaker {
	t.Helper()
	s := voice.New(voice.Parts{Reader: mute{}, Recordings: mute{}, Engine: mute{}, Out: mute{}}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return s
}

// TestEveryScreenFitsWithTheVoice measures each screen as those see it who can have it read out, and while it is.
func TestEveryScreenFitsWithTheVoice(t *testing.T) {
	tab := browse(t)
	desk, s := newStage(t, samples()[0].view), speaking(t)
	url := serveBy(t, desk, func(server *Server) { server.Voice = s })
	judged := func(name string) {
		t.Helper()
		picture(t, tab, name)
		for _, fault := range ask[[]string](t, tab, judge) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	for _, p := range panels() {
		open(t, tab, url, p)
		for i, sample := range samples() {
			for _, f := range turns(i, sample.view) {
				if f.panel != p {
					continue
				}
				v := sample.view
				v.Look, v.Lang, v.Visit = f.look, f.lang, sample.name+"-"+f.name()
				arrived(t, tab, desk.show(v))
				until(t, tab, fmt.Sprintf(`document.querySelector("#screen:not(.heard) [data-voice]") !== null && document.querySelector("#screen").dataset.visit === %q`, v.Visit))
				judged(v.Visit + "-voice")
				s.Do(v.Visit, voice.ControlOn)
				until(t, tab, `document.querySelector("#screen.heard") !== null`)
				judged(v.Visit + "-heard")
				if v.Cover != nil {
					continue
				}
				s.Do(v.Visit, voice.ControlSheet)
				until(t, tab, `document.querySelector("#cover-voice") !== null`)
				judged(v.Visit + "-dials")
				s.Do(v.Visit, voice.ControlSheetEnd)
				until(t, tab, `document.querySelector("#cover-voice") === null`)
			}
		}
	}
}
