// Package reading knows how texts are pronounced: its lists hold every text that a terminal may say, the Chinese ones with
// their syllables, written by a program and read by people. A text that is on no list is not said, so nothing that somebody
// wrote, and no name, can be said as if it were ours.
package reading

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yimen/ui/voice"
)

//go:embed lists/*.txt
var lists embed.FS

// ErrUnread says that nobody has written down how a text is pronounced.
var ErrUnread = errors.New("no list has this text")

const (
	chinese = "zh-CN"
	english = "en"

	mostText  = 4000 // bytes of a text, and of what is said for it
	mostTexts = 50_000
	mostValue = 240 // bytes that stand for a {name}
	mostNames = 12  // in a text that is known again
	deepest   = 3   // texts within texts
	// plain is how many letters of its own a text with {names} needs to be known again when they are filled in.
	plain = 3
)

// Book is the lists of all languages. It does not change once made and may be used by many goroutines.
type Book struct {
	read map[string]map[string]string // by language, then text: what is said, with {names} left
	open map[string][]open            // by language: texts with {names}, those with the most letters of their own first
	// called is how a person is called whose name stands in a text, by language.
	called map[string]string
	// characters are the readings of single ones, numbered syllables: said only of what somebody writes.
	characters map[rune]string
}

// open is a text whose {names} have been filled in by somebody else.
type open struct {
	text   string
	match  *regexp.Regexp
	names  []string
	letter int // letters of its own
}

// Ours is the book of ui/words and the packs that this edition came with. called says by language what is said instead of
// a person's name; it is on the lists itself.
func Ours(called map[string]string) (*Book, error) {
	b := &Book{read: map[string]map[string]string{}, open: map[string][]open{}, called: called}
	files, err := fs.Glob(lists, "lists/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list the readings: %w", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".txt")
		f, err := lists.Open(file)
		if err != nil {
			return nil, fmt.Errorf("open the readings: %w", err)
		}
		err = b.add(name[strings.LastIndexByte(name, '.')+1:], f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("readings %s: %w", name, err)
		}
	}
	if b.characters, err = readCharacters(characters); err != nil {
		return nil, fmt.Errorf("readings of characters: %w", err)
	}
	b.order()
	return b, nil
}

// add reads a list: a text a line, a Chinese one with a tab and what is said for it.
func (b *Book) add(lang string, r io.Reader) error {
	known := b.read[lang]
	if known == nil {
		known = map[string]string{}
		b.read[lang] = known
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 2*mostText)
	for no := 1; lines.Scan(); no++ {
		text, said, _ := strings.Cut(lines.Text(), "\t")
		if lang != chinese {
			said = text
		}
		if text == "" || said == "" || !utf8.ValidString(text) || len(text) > mostText || len(known) == mostTexts {
			return fmt.Errorf("line %d: want a text, a tab and its reading, and not too many", no)
		}
		if lang == chinese && !sayable.MatchString(said) {
			return fmt.Errorf("line %d: %q are no numbered syllables", no, said)
		}
		known[text] = said
	}
	return lines.Err()
}

// sayable is what a Chinese reading consists of: numbered syllables, pauses, {names}, numbers and Latin letters.
var sayable = regexp.MustCompile(`^((([a-zü]{1,6}[1-5])|\{\w+\}|[0-9][0-9,.]*%?|[A-Za-z]+)[,.]?( |$))+$`)

var named = regexp.MustCompile(`\{\w+\}`)

// order prepares the texts with {names} to be known again when they are filled in.
func (b *Book) order() {
	for lang, known := range b.read {
		for text := range known {
			names := named.FindAllString(text, -1)
			own := []rune(named.ReplaceAllString(text, ""))
			if len(names) == 0 || len(names) > mostNames || len(own) < plain {
				continue
			}
			parts := named.Split(text, -1)
			for i, part := range parts {
				parts[i] = regexp.QuoteMeta(part)
			}
			match := regexp.MustCompile(`^` + strings.Join(parts, `(.+?)`) + `$`)
			for i, name := range names {
				names[i] = strings.Trim(name, "{}")
			}
			b.open[lang] = append(b.open[lang], open{text, match, names, len(own)})
		}
		slices.SortFunc(b.open[lang], func(x, y open) int {
			if x.letter != y.letter {
				return y.letter - x.letter
			}
			return strings.Compare(x.text, y.text)
		})
	}
}

// Read gives what is said for p, or ErrUnread. It never says anything that p does not.
func (b *Book) Read(p voice.Prompt) ([]voice.Piece, error) {
	return b.prompt(p, deepest)
}

func (b *Book) prompt(p voice.Prompt, deep int) ([]voice.Piece, error) {
	lang := p.Lang
	if b.read[lang] == nil {
		return nil, fmt.Errorf("language %s: %w", lang, ErrUnread)
	}
	text := strings.Join(strings.Fields(p.Text), " ")
	if p.Typed {
		return b.typed(lang, text)
	}
	if deep == 0 || text == "" || len(text) > mostText {
		return nil, ErrUnread
	}
	if said, ok := b.read[lang][text]; ok {
		return b.fill(lang, said, p.Args, deep)
	}
	if pieces, err := b.value(lang, "", text, deep); err == nil {
		return pieces, nil
	}
	return b.again(p, text, deep)
}

// ours are the {names} for which only what the hall or a pack says stands, besides persons: a text that was filled in by
// somebody else is said to everybody only if it has no other.
var ours = []string{"office", "hall", "hotline", "phone", "item", "desk", "body", "date", "n", "year", "month", "day", "now", "of", "name"}

// again finds the text that text is, with its {names} filled in.
func (b *Book) again(p voice.Prompt, text string, deep int) ([]voice.Piece, error) {
	lang := p.Lang
	for _, o := range b.open[lang] {
		if !p.Own && slices.ContainsFunc(o.names, func(name string) bool { return !slices.Contains(ours, name) }) {
			continue
		}
		found := o.match.FindStringSubmatch(text)
		if found == nil || slices.ContainsFunc(found[1:], func(value string) bool { return len(value) > mostValue }) {
			continue
		}
		var args []voice.Arg
		for i, name := range o.names {
			args = append(args, voice.Arg{Name: name, Value: found[i+1]})
		}
		if pieces, err := b.fill(lang, b.read[lang][o.text], args, deep); err == nil {
			return pieces, nil
		}
	}
	return nil, ErrUnread
}

// persons are the {names} for which a person's name stands: nobody's is said.
var persons = []string{"name", "who"}

// value is what is said for what stands for {name}: a text of its own, a number, a date, a telephone number.
func (b *Book) value(lang, name, value string, deep int) ([]voice.Piece, error) {
	value = strings.TrimSpace(value)
	if value == "" || strings.ContainsRune(value, '*') {
		return nil, ErrUnread
	}
	if said, ok := number(lang, name, value); ok {
		return []voice.Piece{{Lang: lang, Text: said}}, nil
	}
	if slipNumber.MatchString(value) {
		return groups(lang, value), nil
	}
	if name == "" {
		return nil, ErrUnread
	}
	if pieces, err := b.prompt(voice.Prompt{Lang: lang, Text: value}, deep-1); err == nil {
		return pieces, nil
	}
	if called := b.called[lang]; called != "" && slices.Contains(persons, name) {
		return b.prompt(voice.Prompt{Lang: lang, Text: called}, deep-1)
	}
	return nil, ErrUnread
}
