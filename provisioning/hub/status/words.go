package status

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed words.yaml
var wordsYAML []byte

// words are the page's phrases, by id.
type words map[string]string

func readWords() (words, error) {
	w := words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &w, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("words of the fleet's page: %w", err)
	}
	return w, nil
}

// say gives a phrase with its {names} filled in by pairs. A phrase that does not exist is told by its id: a word of a
// newer terminal must not take the page away.
func (w words) say(id string, pairs ...string) string {
	phrase, found := w[id]
	if !found {
		_, word, _ := strings.Cut(id, ".")
		return word
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		phrase = strings.ReplaceAll(phrase, "{"+pairs[i]+"}", pairs[i+1])
	}
	return phrase
}

// span says how long something is, in its largest unit.
func (w words) span(d time.Duration) string {
	unit, n := "seconds", int64(d/time.Second)
	switch {
	case d >= 48*time.Hour:
		unit, n = "days", int64(d/(24*time.Hour))
	case d >= 2*time.Hour:
		unit, n = "hours", int64(d/time.Hour)
	case d >= 2*time.Minute:
		unit, n = "minutes", int64(d/time.Minute)
	}
	return w.say("span."+unit, "n", strconv.FormatInt(max(0, n), 10))
}
