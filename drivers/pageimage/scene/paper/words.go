package paper

import (
	_ "embed"
	"math/rand/v2"
	"strings"
)

//go:embed words.txt
var wordsFile string

// words are the pieces of text by section.
type words map[string][]string

func readWords() words {
	w := words{}
	section := ""
	for line := range strings.Lines(wordsFile) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		default:
			w[section] = append(w[section], line)
		}
	}
	return w
}

// any picks one piece of a section.
func (w words) any(r *rand.Rand, section string) string {
	return w[section][r.IntN(len(w[section]))]
}
