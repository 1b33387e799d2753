package ui

import (
	"log/slog"
	"testing"

	"yimen/kiosk/journey/view"
	"yimen/ui/voice"
	pronounced "yimen/ui/voice/reading"
)

// book is how texts are pronounced on a terminal.
func book(t testing.TB) *pronounced.Book {
	t.Helper()
	called, err := Somebody()
	if err != nil {
		t.Fatal(err)
	}
	b, err := pronounced.Ours(called)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fed is what the engine would be given for prompts, own ones only if asked for.
func fed(b *pronounced.Book, prompts []voice.Prompt, own bool) (given []string, unread []voice.Prompt) {
	for _, p := range prompts {
		if p.Own && !own {
			continue
		}
		pieces, err := b.Read(p)
		if err != nil {
			unread = append(unread, p)
		}
		for _, piece := range pieces {
			given = append(given, piece.Text)
		}
	}
	return given, unread
}

func scriptOf(t testing.TB, v view.View) voice.Script {
	t.Helper()
	r, err := newRenderer(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.script(v)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEveryScreenHasSomethingToSay: and its wordings are on the lists, so that they can be said; samples have texts of
// their own besides, which no pack has.
func TestEveryScreenHasSomethingToSay(t *testing.T) {
	b := book(t)
	r, err := newRenderer(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh-CN", "en"} {
		for _, s := range samples() {
			s.view.Lang = lang
			said, err := r.script(s.view)
			if err != nil {
				t.Errorf("%s: %v", s.name, err)
				continue
			}
			given, unread := fed(b, said.Screen, false)
			if len(given) == 0 {
				t.Errorf("%s in %s has nothing to say", s.name, lang)
			}
			for _, p := range unread {
				if p.ID != "" && len(p.Args) == 0 {
					t.Errorf("%s in %s: %s is not said", s.name, lang, p.ID)
				}
			}
		}
	}
}
