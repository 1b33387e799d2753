package reading

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"

	"yimen/ui/voice"
)

// characters are the readings of single characters, a line each: the character, a tab, its one or two usual readings.
// The primer writes them. They are no list of texts: a name of one character would be said to everybody.
//
//go:embed characters.txt
var characters string

// readCharacters reads such lines.
func readCharacters(lines string) (map[rune]string, error) {
	found := map[rune]string{}
	no := 0
	for line := range strings.Lines(lines) {
		no++
		text, said, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		r, size := utf8.DecodeRuneInString(text)
		if size != len(text) || r == utf8.RuneError || !sayable.MatchString(said) {
			return nil, fmt.Errorf("line %d: want a character, a tab and numbered syllables", no)
		}
		found[r] = said
	}
	return found, nil
}

// typed is how the words on a key are said, or what somebody may choose to write: a text of the lists as it is there, else
// character by character, each by all the readings that are written down for it, with a longer pause behind it. One that has
// none makes the whole unread: half a name would be another one.
func (b *Book) typed(lang, text string) ([]voice.Piece, error) {
	if text == "" || len(text) > mostValue {
		return nil, ErrUnread
	}
	if said, ok := b.read[lang][text]; ok && !named.MatchString(text) {
		return b.fill(lang, said, nil, deepest)
	}
	var pieces []voice.Piece
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' && (r != 'X' || lang != chinese):
			pieces = append(pieces, voice.Piece{Lang: english, Text: strings.ToUpper(string(r)) + "."})
		case r >= '0' && r <= '9' || r == 'X':
			pieces = append(pieces, voice.Piece{Lang: lang, Text: oneByOne(lang, string(r)) + "."})
		case b.characters[r] != "":
			pieces = append(pieces, voice.Piece{Lang: chinese, Text: b.characters[r] + "."})
		default:
			return nil, ErrUnread
		}
	}
	return joined(pieces), nil
}
