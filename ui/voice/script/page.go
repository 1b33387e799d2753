package script

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"yimen/ui/voice"
)

// The templates say by these attributes how an element is read out; hidden, inert and aria-hidden count as they do for
// everybody. What no wording of ours is (a name, a number) counts as the resident's own unless it stands in public.
const (
	ownHere   = "data-own"      // what concerns the resident
	open      = "data-public"   // texts of a pack that were drawn as they are
	unspoken  = "data-unspoken" // not read with the screen; its buttons are when they have the focus
	otherwise = "data-aloud"    // a marked wording to say instead of what the element holds
)

// named are the attributes that name a thing, the first one that it has (see package voice).
var named = []string{"data-do", "data-undo", "data-voice", "data-key", "data-code", "data-way", "data-tool", "data-part", "data-step"}

// deepest nesting and most prompts that a screen may have: our templates stay far below.
const (
	deepest = 64
	most    = 4000
)

// reader walks over one screen.
type reader struct {
	lang   string
	out    voice.Script
	levels []level
}

// level is an open element.
type level struct {
	silent   bool // it is not there for anybody
	unspoken bool
	own      bool
	public   bool
	replaced bool   // otherwise was said for it
	thing    string // it is one, by its name
}

// Read finds what a screen that was drawn with marks has to say.
func Read(html []byte, lang string) (voice.Script, error) {
	r := &reader{lang: lang, out: voice.Script{Things: map[string][]voice.Prompt{}}, levels: []level{{}}}
	d := xml.NewDecoder(bytes.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return r.out, nil
		}
		if err != nil {
			return voice.Script{}, fmt.Errorf("read the screen: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(r.levels) > deepest || len(r.out.Screen) > most {
				return voice.Script{}, errors.New("read the screen: too deep or too long")
			}
			r.levels = append(r.levels, r.begin(t))
		case xml.EndElement:
			if len(r.levels) > 1 {
				r.levels = r.levels[:len(r.levels)-1]
			}
		case xml.CharData:
			r.text(string(t))
		}
	}
}

// begin is the level inside an element, by what is around it.
func (r *reader) begin(e xml.StartElement) level {
	l := r.levels[len(r.levels)-1]
	has := func(name string) (string, bool) {
		i := slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == name })
		if i < 0 {
			return "", false
		}
		return e.Attr[i].Value, true
	}
	set := func(on *bool, name string) {
		if _, ok := has(name); ok {
			*on = true
		}
	}
	set(&l.silent, "hidden")
	set(&l.silent, "inert")
	if hidden, _ := has("aria-hidden"); hidden == "true" || e.Name.Local == "svg" {
		l.silent = true
	}
	set(&l.unspoken, unspoken)
	set(&l.own, ownHere)
	set(&l.public, open)
	if name := thing(has); name != "" {
		l.thing = name
		r.out.Things[name] = append([]voice.Prompt{}, r.out.Things[name]...)
		if label, ok := has("aria-label"); ok {
			r.say(l, label)
		}
	}
	if said, ok := has(otherwise); ok && said != "" && !l.replaced {
		r.say(l, said)
		l.replaced = true
	}
	return l
}

// thing is the name of an element that can have the focus, by its attributes; empty where it has none.
func thing(has func(string) (string, bool)) string {
	for _, name := range named {
		value, ok := has(name)
		if !ok {
			continue
		}
		id := strings.TrimPrefix(name, "data-") + ":" + value
		if name == "data-do" || name == "data-voice" {
			if v, ok := has("data-value"); ok {
				id += "=" + v
			}
		}
		return id
	}
	return ""
}

func (r *reader) text(s string) {
	if l := r.levels[len(r.levels)-1]; !l.replaced {
		r.say(l, s)
	}
}

// say takes down what stands in s: marked wordings, and between them what is none.
func (r *reader) say(l level, s string) {
	if l.silent {
		return
	}
	for s != "" {
		at := strings.IndexRune(s, begins)
		if at < 0 {
			at = len(s)
		}
		if plain := strings.Join(strings.Fields(noMarks.Replace(s[:at])), " "); plain != "" {
			r.add(l, voice.Prompt{Lang: r.lang, Text: plain, Own: !l.public})
		}
		s = s[at:]
		if p, rest, ok := cut(s); ok {
			r.add(l, p)
			s = rest
		} else if s != "" {
			s = s[len(string(begins)):]
		}
	}
}

func (r *reader) add(l level, p voice.Prompt) {
	if !strings.ContainsFunc(p.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return // a dot between two things
	}
	// What stands on a key tells what somebody types.
	p.Own = p.Own || l.own || strings.HasPrefix(l.thing, "key:")
	if l.thing != "" {
		r.out.Things[l.thing] = append(r.out.Things[l.thing], p)
	}
	if !l.unspoken {
		r.out.Screen = append(r.out.Screen, p)
	}
}
