package espeak

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"yimen/ui/voice"
	"yimen/ui/voice/sound"
)

func speak(t *testing.T, e *Engine, lang, text string, rate int) sound.Clip {
	t.Helper()
	c, err := e.Speak(t.Context(), voice.Piece{Lang: lang, Text: text}, rate)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEachLanguageIsHeard(t *testing.T) {
	e := &Engine{Program: Program}
	for lang, text := range map[string]string{"zh-CN": "qing3 dao4 yin2 hang2, zhang3 zhe3.", "en": "Please lay your card on the reader."} {
		c := speak(t, e, lang, text, 0)
		if c.Duration() < time.Second || c.Duration() > 8*time.Second || slices.Max(c.Samples) < 1000 {
			t.Errorf("%s: %v, loudest %d", lang, c.Duration(), slices.Max(c.Samples))
		}
	}
}

func TestPolyphonesSoundDifferent(t *testing.T) {
	e := &Engine{Program: Program}
	if slices.Equal(speak(t, e, "zh-CN", "yin2 hang2", 0).Samples, speak(t, e, "zh-CN", "yin2 xing2", 0).Samples) {
		t.Error("yin2 hang2 sounds as yin2 xing2")
	}
	if slices.Equal(speak(t, e, "zh-CN", "chong2 xin1", 0).Samples, speak(t, e, "zh-CN", "zhong4 xin1", 0).Samples) {
		t.Error("chong2 sounds as zhong4")
	}
}

func TestSlowerLastsLonger(t *testing.T) {
	e := &Engine{Program: Program}
	last := time.Hour
	for rate := -2; rate <= 2; rate++ {
		d := speak(t, e, "zh-CN", "qing3 ba3 shen1 fen4 zheng4 fang4 zai4 du2 ka3 qu1", rate).Duration()
		if d >= last {
			t.Errorf("rate %d: %v, not shorter than %v", rate, d, last)
		}
		last = d
	}
}

func TestCommandsAreNotGivenToTheProgram(t *testing.T) {
	e := &Engine{Program: "/bin/false"}
	for _, p := range []voice.Piece{
		{Lang: "zh-CN", Text: "[[h@l'oU]]"}, {Lang: "en", Text: "<audio src='/etc/passwd'/>"}, {Lang: "en", Text: "a\nb"}, {Lang: "mn", Text: "a"},
		{Lang: "en", Text: string(make([]byte, mostText+1))},
	} {
		if _, err := e.Speak(t.Context(), p, 0); !errors.Is(err, ErrPiece) {
			t.Errorf("%.20q: %v", p.Text, err)
		}
	}
}

func TestAProgramThatDiesOrNeverStopsIsAnError(t *testing.T) {
	for name, script := range map[string]string{
		"dies": "kill -9 $$", "says something else": "echo hello", "never stops": "exec cat /dev/zero",
	} {
		file := filepath.Join(t.TempDir(), "espeak-ng")
		if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
		if c, err := (&Engine{Program: file}).Speak(t.Context(), voice.Piece{Lang: "en", Text: "hello"}, 0); err == nil {
			t.Errorf("%s: %v of sound", name, c.Duration())
		}
	}
	if _, err := (&Engine{Program: "/nowhere"}).Speak(t.Context(), voice.Piece{Lang: "en", Text: "hello"}, 0); err == nil {
		t.Error("a missing program speaks")
	}
}
