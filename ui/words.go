package ui

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// fallback is the language in which every phrase exists.
const fallback = "zh-CN"

//go:embed words/*.yaml
var wordFiles embed.FS

// words holds the screen's phrases: language tag, then phrase id. What a service says is not here but in the
// region's pack.
type words map[string]map[string]string

// loadWords reads every language and holds all of them to the same ids with the same arguments.
func loadWords(files fs.FS) (words, error) {
	names, err := fs.Glob(files, "words/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the languages: %w", err)
	}
	all := words{}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the words: %w", err)
		}
		var phrases map[string]string
		if err := yaml.Unmarshal(b, &phrases); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[strings.TrimSuffix(path.Base(name), ".yaml")] = phrases
	}
	if all[fallback] == nil {
		return nil, errors.New("words/" + fallback + ".yaml is missing")
	}
	return all, all.same()
}

// same reports every phrase that a language lacks, has too much, or words with other arguments.
func (w words) same() error {
	var faults []error
	for lang, phrases := range w {
		for id, phrase := range phrases {
			model, ok := w[fallback][id]
			if !ok {
				faults = append(faults, fmt.Errorf("words/%s.yaml: %s is not in %s.yaml", lang, id, fallback))
			} else if !slices.Equal(named(phrase), named(model)) {
				faults = append(faults, fmt.Errorf("words/%s.yaml: %s takes other arguments than in %s.yaml", lang, id, fallback))
			}
		}
		for id := range w[fallback] {
			if _, ok := phrases[id]; !ok {
				faults = append(faults, fmt.Errorf("words/%s.yaml: %s is missing", lang, id))
			}
		}
	}
	return errors.Join(faults...)
}

// languages lists the tags, the fallback first.
func (w words) languages() []string {
	tags := slices.Sorted(maps.Keys(w))
	return append([]string{fallback}, slices.DeleteFunc(tags, func(tag string) bool { return tag == fallback })...)
}

// say words id in lang with its arguments filled in; false if there is no such phrase.
func (w words) say(lang, id string, args map[string]string) (string, bool) {
	phrase, ok := w[lang][id]
	if !ok {
		return "", false
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(phrase), true
}

// named lists the {names} in a phrase, sorted, each once.
func named(phrase string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(phrase, "{")
		if !ok {
			slices.Sort(names)
			return slices.Compact(names)
		}
		name, after, _ := strings.Cut(rest, "}")
		names = append(names, name)
		phrase = after
	}
}
