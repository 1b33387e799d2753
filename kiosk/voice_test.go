package main

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/policy"
	"yimen/ui"
	"yimen/ui/voice"
	"yimen/ui/voice/reading"
	"yimen/ui/voice/sound"
)

// TestEveryNoticeIsSaidWhole: whoever cannot read hears before anything is asked who wants to know what, and why (P01); the
// consent to having a face compared too (P03).
func TestEveryNoticeIsSaidWhole(t *testing.T) {
	called, err := ui.Somebody()
	if err != nil {
		t.Fatal(err)
	}
	book, err := reading.Ours(called)
	if err != nil {
		t.Fatal(err)
	}
	packs, err := filepath.Glob("policy/packs/CN-*")
	if err != nil || len(packs) == 0 {
		t.Fatal(packs, err)
	}
	for _, dir := range packs {
		p, err := policy.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, item := range p.Items() {
			d, ok := p.Document(item.Notice)
			if !ok {
				continue
			}
			seen++
			for _, lang := range []string{"zh-CN", "en"} {
				shown, _ := policy.DocumentDigest(d, lang, map[string]string{
					"office": p.Text("office_name").In(lang), "hotline": p.Text("hotline").In(lang), "item": item.Name.In(lang),
				})
				for _, text := range append([]string{shown.Title}, shown.Paragraphs...) {
					if _, err := book.Read(voice.Prompt{Lang: lang, Text: text}); err != nil {
						t.Errorf("%s, item %s: %s: %v", p.ID, item.Code, text, err)
					}
				}
			}
		}
		if seen == 0 {
			t.Errorf("%s has no notice", p.ID)
		}
	}
}

func TestATerminalWithoutWhatSpeaksSaysSoAndServes(t *testing.T) {
	if v, err := openVoice(sound.Config{}, slog.New(slog.DiscardHandler)); v != nil || err != nil {
		t.Errorf("no device: %v, %v", v, err)
	}
	t.Setenv("PATH", t.TempDir()) // neither espeak-ng nor aplay
	v, err := openVoice(sound.Config{Loudspeaker: "default", Earpiece: "wav:" + t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	tried := sounds{v}
	if got := tried.Devices(); !slices.Equal(got, []device.ID{device.Earpiece, device.Loudspeaker}) {
		t.Errorf("there should be %v", got)
	}
	for _, id := range tried.Devices() {
		if err := tried.Sound(t.Context(), id); err == nil || !strings.Contains(err.Error(), "espeak-ng") {
			t.Errorf("%s: %v", id, err)
		}
	}
	if st := v.State(); st.Ready {
		t.Errorf("%+v", st)
	}
}
