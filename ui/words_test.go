package ui

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"yimen/kiosk/journey/view"
)

// used lists the phrases that something shows: templates by t "id", the renderer by the ids in its source, the
// journey by its own list, and the ethnic groups of GB/T 3304, which are read from cards.
func used(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, id := range view.Phrases() {
		ids[id] = "kiosk/journey"
	}
	collect := func(path, pattern string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(b), -1) {
			ids[m[1]] = path
		}
	}
	screens, err := filepath.Glob("screens/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range screens {
		collect(path, `\(?\bt "([^"]+)"`)
	}
	collect("render.go", `"((?:trouble|language|date|ethnic)\.[a-z.]+)"`)
	collect("aloud.go", `"(aloud\.[a-z.]+)"`)
	return ids
}

// TestEveryPhraseIsWordedAndUsed holds the languages to what is shown: nothing missing, nothing left over.
func TestEveryPhraseIsWordedAndUsed(t *testing.T) {
	all, err := loadWords(wordFiles)
	if err != nil {
		t.Fatal(err)
	}
	ids := used(t)
	for id, where := range ids {
		if _, ok := all[fallback][id]; !ok {
			t.Errorf("%s uses %s, which has no words", where, id)
		}
	}
	for id := range all[fallback] {
		shown, spoken := strings.CutSuffix(id, aloud)
		if spoken && ids[shown] != "" {
			continue // what is said instead
		}
		if ids[id] == "" && !regexp.MustCompile(`^ethnic\.\d\d$`).MatchString(id) {
			t.Errorf("words/%s.yaml: %s is used nowhere", fallback, id)
		}
	}
}

// TestEveryIconNamedIsDrawn follows the names in the templates and in the packs; an unknown one would show as a
// paper. An icon that nothing names is left over.
func TestEveryIconNamedIsDrawn(t *testing.T) {
	icons, err := loadIcons()
	if err != nil {
		t.Fatal(err)
	}
	screens, _ := filepath.Glob("screens/*.html")
	packs, _ := filepath.Glob("../kiosk/policy/packs/*/*.yaml")
	if len(screens) == 0 || len(packs) == 0 {
		t.Fatalf("%d screens and %d packs to look at", len(screens), len(packs))
	}
	named := regexp.MustCompile(`icon "([a-z]+)"|"Icon" "([a-z]+)"|icon: *([a-z]+)`)
	left := maps.Clone(icons)
	delete(left, "paper") // what an unknown name shows as
	for _, path := range append(screens, packs...) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			name := m[1] + m[2] + m[3]
			if _, ok := icons[name]; !ok {
				t.Errorf("%s names the icon %s", path, name)
			}
			delete(left, name)
		}
	}
	for name := range left {
		t.Errorf("nothing names the icon %s", name)
	}
}

// TestLanguagesThatDifferAreRefused names the file and the phrase.
func TestLanguagesThatDifferAreRefused(t *testing.T) {
	model := "a: 一 {n}\nb: 二\n"
	for name, c := range map[string]struct{ english, want string }{
		"missing":         {"a: one {n}\n", "b is missing"},
		"left over":       {"a: one {n}\nb: two\nc: three\n", "c is not in"},
		"other arguments": {"a: one {m}\nb: two\n", "a takes other arguments"},
		"twice":           {"a: one {n}\nb: two\nb: deux\n", "b"},
		"no words":        {"[", "en.yaml"},
	} {
		files := fstest.MapFS{"words/zh-CN.yaml": {Data: []byte(model)}, "words/en.yaml": {Data: []byte(c.english)}}
		if _, err := loadWords(files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := loadWords(fstest.MapFS{"words/en.yaml": {Data: []byte("a: one\n")}}); err == nil {
		t.Error("a catalogue without the fallback language was taken")
	}
}
