package reading

import (
	"regexp"
	"slices"
	"strings"

	"yimen/ui/voice"
)

// fill puts what stands for each {name} into what is said.
func (b *Book) fill(lang, said string, args []voice.Arg, deep int) ([]voice.Piece, error) {
	var pieces []voice.Piece
	words := strings.Fields(said)
	for i, word := range words {
		word, pause := cutPause(word)
		name, isName := strings.CutPrefix(word, "{")
		name = strings.TrimSuffix(name, "}")
		switch {
		case isName:
			at := slices.IndexFunc(args, func(a voice.Arg) bool { return a.Name == name })
			if at < 0 {
				return nil, ErrUnread
			}
			more, err := b.argument(lang, args[at], around(words, i), deep)
			if err != nil {
				return nil, err
			}
			pieces = append(pieces, more...)
		case lang == chinese && literal.MatchString(word):
			pieces = append(pieces, voice.Piece{Lang: lang, Text: written(word, around(words, i))})
		case lang == chinese && latin.MatchString(word):
			pieces = append(pieces, voice.Piece{Lang: english, Text: word})
		case lang != chinese && strings.Contains(word, "{"):
			more, err := b.within(lang, word, args, deep)
			if err != nil {
				return nil, err
			}
			pieces = append(pieces, more...)
		default:
			pieces = append(pieces, voice.Piece{Lang: lang, Text: word})
		}
		pieces[len(pieces)-1].Text += pause
	}
	return joined(pieces), nil
}

var (
	literal = regexp.MustCompile(`^[0-9][0-9,.]*%?$`)
	latin   = regexp.MustCompile(`^[A-Z]+[a-z]*$`)
)

// cutPause takes the mark behind a word off, which is a pause and not part of a number.
func cutPause(word string) (rest, pause string) {
	if strings.HasSuffix(word, ",") || strings.HasSuffix(word, ".") {
		return word[:len(word)-1], word[len(word)-1:]
	}
	return word, ""
}

// neighbours are the syllables before and after a number: they decide how it is said.
type neighbours struct{ before, after string }

func around(words []string, at int) (n neighbours) {
	if at > 0 {
		n.before, _ = cutPause(words[at-1])
	}
	if at+1 < len(words) {
		n.after, _ = cutPause(words[at+1])
	}
	return n
}

func (b *Book) argument(lang string, a voice.Arg, n neighbours, deep int) ([]voice.Piece, error) {
	if a.Said != nil {
		return b.prompt(*a.Said, deep-1)
	}
	if lang == chinese && literal.MatchString(a.Value) && !slices.Contains(spelled, a.Name) {
		return []voice.Piece{{Lang: lang, Text: written(a.Value, n)}}, nil
	}
	return b.value(lang, a.Name, a.Value, deep)
}

// within fills a word of a language with spaces that a {name} is only part of, such as “{desk}”.
func (b *Book) within(lang, word string, args []voice.Arg, deep int) ([]voice.Piece, error) {
	at := named.FindStringIndex(word)
	if at == nil {
		return []voice.Piece{{Lang: lang, Text: word}}, nil
	}
	name := word[at[0]+1 : at[1]-1]
	i := slices.IndexFunc(args, func(a voice.Arg) bool { return a.Name == name })
	if i < 0 {
		return nil, ErrUnread
	}
	found, err := b.argument(lang, args[i], neighbours{}, deep)
	if err != nil {
		return nil, err
	}
	rest, err := b.within(lang, word[at[1]:], args, deep)
	if err != nil {
		return nil, err
	}
	found = joined(found)
	found[0].Text = word[:at[0]] + found[0].Text
	found[len(found)-1].Text += rest[0].Text
	return append(found, rest[1:]...), nil
}

// joined puts neighbouring pieces of one language together.
func joined(pieces []voice.Piece) (whole []voice.Piece) {
	for _, p := range pieces {
		if last := len(whole) - 1; last >= 0 && whole[last].Lang == p.Lang {
			whole[last].Text += " " + p.Text
			continue
		}
		whole = append(whole, p)
	}
	return whole
}
