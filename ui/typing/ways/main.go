// Command ways finds out how each of the 87,887 characters of GB 18030-2022 can be entered at the terminal, by asking what
// reads and spells there, and writes the list of those that only the keys of strokes reach, to be printed for the hall.
package main

import (
	"bufio"
	"cmp"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"

	"yimen/kiosk/typeface"
	"yimen/ui/typing/likeness"
	"yimen/ui/typing/spelling"
	"yimen/ui/typing/zinnia"
)

// Debian's dictionaries of rime-data. They say what may be typed; what then is offered, the engine says.
const (
	soundsFile  = "/usr/share/rime-data/luna_pinyin.dict.yaml"
	strokesFile = "/usr/share/rime-data/stroke.dict.yaml"
)

func main() {
	bin := flag.String("bin", "bin", "folder of the built programs, of the index of handwriting and of the schemas")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *bin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ways:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin string, out io.Writer) error {
	written, err := writable(filepath.Join(bin, "handwriting.index"))
	if err != nil {
		return err
	}
	sounds, err := dictionary(soundsFile)
	if err != nil {
		return err
	}
	strokes, err := dictionary(strokesFile)
	if err != nil {
		return err
	}
	engine := &spelling.Process{Program: filepath.Join(bin, "pinyin"), Data: filepath.Join(bin, "spelling")}
	defer engine.Close()
	spelled, err := spellable(ctx, engine, sounds)
	if err != nil {
		return err
	}
	l, err := survey(ctx, engine, typeface.Level3(), written, spelled, strokes)
	if err != nil {
		return err
	}
	return l.print(out)
}

// set is a set of characters.
type set map[rune]bool

// writable are the characters that handwriting can give.
func writable(index string) (set, error) {
	looks, err := likeness.Open(index)
	if err != nil {
		return nil, err
	}
	model, err := zinnia.Open(zinnia.File)
	if err != nil {
		return nil, err
	}
	known := set{}
	for _, r := range append(looks.Characters(), model.Characters()...) {
		known[r] = true
	}
	return known, nil
}

// dictionary reads the single characters of a dictionary of librime with the keys for each, in its order.
func dictionary(file string) (map[rune][]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open the dictionary: %w", err)
	}
	defer f.Close()
	keys, err := parseDictionary(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return keys, nil
}

// parseDictionary reads the lines behind the head, which ends with a line of three dots: text, keys, and maybe a weight, with
// tabulators between.
func parseDictionary(r io.Reader) (map[rune][]string, error) {
	keys := map[rune][]string{}
	lines := bufio.NewScanner(r)
	head := true
	for lines.Scan() {
		if head {
			head = lines.Text() != "..."
			continue
		}
		text, rest, found := strings.Cut(lines.Text(), "\t")
		code, _, _ := strings.Cut(rest, "\t")
		if !found || strings.HasPrefix(text, "#") || utf8.RuneCountInString(text) != 1 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" || code == "" {
			continue
		}
		c, _ := utf8.DecodeRuneInString(text)
		keys[c] = append(keys[c], code)
	}
	return keys, lines.Err()
}

// speller is what spells at the terminal.
type speller interface {
	Spell(context.Context, spelling.Request) (spelling.Answer, error)
}

// offered are the single characters that are offered for keys in a field for names, where the rare ones are too.
func offered(ctx context.Context, s speller, way spelling.Way, keys string) (set, error) {
	a, err := s.Spell(ctx, spelling.Request{Way: way, Keys: keys[:min(len(keys), spelling.MostKeys)], Chosen: []spelling.Offer{}, Name: true})
	if err != nil {
		return nil, fmt.Errorf("spell: %w", err)
	}
	found := set{}
	for _, o := range a.Offers {
		if utf8.RuneCountInString(o.Text) == 1 {
			c, _ := utf8.DecodeRuneInString(o.Text)
			found[c] = true
		}
	}
	return found, nil
}

// spellable are the characters that some sound offers.
func spellable(ctx context.Context, s speller, sounds map[rune][]string) (set, error) {
	all := set{}
	asked := map[string]bool{}
	for _, codes := range sounds {
		for _, sound := range codes {
			if asked[sound] {
				continue
			}
			asked[sound] = true
			found, err := offered(ctx, s, spelling.Pinyin, sound)
			if err != nil {
				return nil, err
			}
			for c := range found {
				all[c] = true
			}
		}
	}
	return all, nil
}

// entry is a character with the keys that give it.
type entry struct {
	Character rune
	Keys      string
}

// list says how the characters can be entered.
type list struct {
	All, Written, Spelled, Both int
	Strokes                     []entry // by strokes alone
	None                        []rune  // in no way
}

// survey asks the strokes about every character that neither handwriting nor pinyin gives.
func survey(ctx context.Context, s speller, all []rune, written, spelled set, strokes map[rune][]string) (list, error) {
	l := list{All: len(all)}
	offers := map[string]set{} // by keys: several characters share them
	for _, c := range all {
		if written[c] {
			l.Written++
		}
		if spelled[c] {
			l.Spelled++
		}
		if written[c] && spelled[c] {
			l.Both++
		}
		if written[c] || spelled[c] {
			continue
		}
		keys, err := reaching(ctx, s, c, strokes[c], offers)
		if err != nil {
			return list{}, err
		}
		if keys == "" {
			l.None = append(l.None, c)
		} else {
			l.Strokes = append(l.Strokes, entry{c, keys})
		}
	}
	slices.SortStableFunc(l.Strokes, func(a, b entry) int {
		return cmp.Or(cmp.Compare(len(a.Keys), len(b.Keys)), cmp.Compare(a.Keys, b.Keys), cmp.Compare(a.Character, b.Character))
	})
	return l, nil
}

// reaching gives the first of the keys for which the character is offered, or nothing.
func reaching(ctx context.Context, s speller, c rune, codes []string, offers map[string]set) (string, error) {
	for _, keys := range codes {
		if offers[keys] == nil {
			found, err := offered(ctx, s, spelling.Strokes, keys)
			if err != nil {
				return "", err
			}
			offers[keys] = found
		}
		if offers[keys][c] {
			return keys, nil
		}
	}
	return "", nil
}

//go:embed list.txt
var sheet string

// print writes the list as it is printed.
func (l list) print(out io.Writer) error {
	marks := strings.NewReplacer("h", "一", "s", "丨", "p", "丿", "n", "丶", "z", "乙") // as on the keys
	t, err := template.New("list").Funcs(template.FuncMap{
		"marks": marks.Replace, "char": func(r rune) string { return string(r) }, "point": func(r rune) string { return fmt.Sprintf("U+%04X", r) },
	}).Parse(sheet)
	if err != nil {
		return fmt.Errorf("read the sheet: %w", err)
	}
	b := bufio.NewWriter(out)
	if err := t.Execute(b, l); err != nil {
		return fmt.Errorf("print the list: %w", err)
	}
	return b.Flush()
}
