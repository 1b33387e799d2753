package reading

import (
	"errors"
	"strings"
	"testing"

	"yimen/ui/voice"
)

func TestWhatIsTypedIsSaidCharacterByCharacter(t *testing.T) {
	b, err := Ours(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, text, want string }{
		{chinese, "a", "en A."}, {chinese, "Q", "en Q."}, {chinese, "1", "zh-CN yao1."}, {chinese, "X", "zh-CN ai1 ke4 si1."}, {english, "1", "en 1."},
		{chinese, "李", "zh-CN li3."}, {chinese, "行", "zh-CN xing2, hang2."}, {chinese, "李四", "zh-CN li3. si4."}, {english, "李", "zh-CN li3."}, {chinese, "行一", "zh-CN xing2, hang2. yi1."},
		{chinese, "空格", "zh-CN kong4 ge2"}, {english, "Space", "en Space"},
		{chinese, "·", ""}, {chinese, "李\U00020000", ""}, {chinese, "{name}", ""}, {chinese, "", ""}, {chinese, strings.Repeat("李", mostValue), ""},
	} {
		pieces, err := b.Read(voice.Prompt{Lang: c.lang, Text: c.text, Own: true, Typed: true})
		if c.want == "" {
			if !errors.Is(err, ErrUnread) {
				t.Errorf("%q in %s: %q, %v; want it unread", c.text, c.lang, pieces, err)
			}
			continue
		}
		var got []string
		for _, p := range pieces {
			got = append(got, p.Lang+" "+p.Text)
		}
		if said := strings.Join(got, "; "); said != c.want || err != nil {
			t.Errorf("%q in %s: said %q, %v; want %q", c.text, c.lang, said, err, c.want)
		}
	}
}

// TestACharactersReadingIsForTypingAlone: as a text of the screen it stays unknown, for it may be somebody's name.
func TestACharactersReadingIsForTypingAlone(t *testing.T) {
	b, err := Ours(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, own := range []bool{false, true} {
		if pieces, err := b.Read(voice.Prompt{Lang: chinese, Text: "李", Own: own}); !errors.Is(err, ErrUnread) {
			t.Errorf("own %v: %q, %v", own, pieces, err)
		}
	}
}

func FuzzTyped(f *testing.F) {
	b, err := Ours(nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"a", "李四", "空格", "{name}", "[[x]]", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		pieces, err := b.Read(voice.Prompt{Lang: chinese, Text: text, Own: true, Typed: true})
		if (err == nil) == (len(pieces) == 0) {
			t.Errorf("%q: %q, %v", text, pieces, err)
		}
		for _, p := range pieces {
			if strings.ContainsAny(p.Text, "[]<>|\\`{}") {
				t.Errorf("%q is said as %q", text, p.Text)
			}
		}
	})
}
