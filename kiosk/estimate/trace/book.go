package trace

import (
	"slices"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// Part says where in a result a line stands.
type Part uint8

const (
	Working Part = iota // Result.Lines
	Flag                // Result.Flags
	Hint                // Result.Hints
)

// Book is a trace being written. It keeps its room from one household to the next, so that a bulk reckoning asks for
// memory once a household and not once a figure; what Close gives shares nothing with it. It is for one goroutine.
type Book struct {
	entries []entry
	words   []Word
	wordy   int // words of the last trace
	used    []Used
	text    []byte
	ends    []int // of the text's pieces
}

// entry is a line being written.
type entry struct {
	Step
	part        Part
	words, used span
	gave        policy.Number
	word        string // instead of gave
	figure      bool   // gave counts
}

// span is a range of a book's words or figures, or of its text.
type span struct{ from, to int }

// Step is what a line is about.
type Step struct {
	Rule     string
	Subject  int // the member, 0 for the household
	Outcome  Outcome
	Wording  policy.Text
	Citation *policy.Citation
	Example  bool
}

// Used is a figure that a step used: a fact under its key or, where that is zero, something under its name.
type Used struct {
	Key   household.Key
	Name  string
	Value policy.Number
	Unit  string
}

// Taken is a figure that a step used, by the name of its parameter or table.
func Taken(name string, n policy.Number, unit string) Used {
	return Used{Name: name, Value: n, Unit: unit}
}

// Open begins a new trace. Its words become the result's own, so they get room anew, as much as the last trace took.
func (b *Book) Open() {
	b.entries, b.used = b.entries[:0], b.used[:0]
	b.words = make([]Word, 0, max(b.wordy, 16))
}

// Write adds a line with the words that its wording names. Gave, GaveWord and Used add to it until the next.
func (b *Book) Write(p Part, s Step, say ...Word) *Book {
	from := len(b.words)
	b.words = append(b.words, say...)
	b.entries = append(b.entries, entry{Step: s, part: p, words: span{from, len(b.words)}})
	return b
}

// Gave says what came of the line last written.
func (b *Book) Gave(n policy.Number) *Book {
	if e := b.last(); e != nil {
		e.gave, e.figure = n, true
	}
	return b
}

// GaveWord is Gave for what is no number.
func (b *Book) GaveWord(s string) *Book {
	if e := b.last(); e != nil {
		e.word = s
	}
	return b
}

// Used says what the line last written used.
func (b *Book) Used(all ...Used) {
	if e := b.last(); e != nil {
		from := len(b.used)
		b.used = append(b.used, all...)
		e.used = span{from, len(b.used)}
	}
}

func (b *Book) last() *entry {
	if len(b.entries) == 0 {
		return nil
	}
	return &b.entries[len(b.entries)-1]
}

// Has reports whether a part has a line of the rule.
func (b *Book) Has(p Part, rule string) bool {
	return slices.ContainsFunc(b.entries, func(e entry) bool { return e.part == p && e.Rule == rule })
}

// Others reports whether a part has a line of any rule but that one.
func (b *Book) Others(p Part, rule string) bool {
	return slices.ContainsFunc(b.entries, func(e entry) bool { return e.part == p && e.Rule != rule })
}

// Close puts the lines into the result.
func (b *Book) Close(r *Result) {
	words, inputs := b.words, b.inputs()
	b.words, b.wordy = nil, len(b.words)
	lines := make([]Line, 0, len(b.entries))
	for _, p := range []Part{Working, Flag, Hint} {
		first := len(lines)
		for i := range b.entries {
			if e := &b.entries[i]; e.part == p {
				lines = append(lines, e.line(words, inputs))
			}
		}
		if part := lines[first:len(lines):len(lines)]; p == Working {
			r.Lines = part
		} else if len(part) > 0 {
			b.put(r, p, part)
		}
	}
}

func (b *Book) put(r *Result, p Part, lines []Line) {
	if p == Flag {
		r.Flags = lines
		return
	}
	r.Hints = lines
}

func (e *entry) line(words []Word, inputs []Input) Line {
	l := Line{Rule: e.Rule, Subject: e.Subject, Outcome: e.Outcome, Result: e.word, Example: e.Example,
		Sentence: Sentence{e.Wording, words[e.words.from:e.words.to:e.words.to]}}
	if e.Citation != nil {
		l.Citation = *e.Citation
	}
	if e.used.to > e.used.from {
		l.Inputs = inputs[e.used.from:e.used.to:e.used.to]
	}
	return l
}

// inputs writes every figure into one text, of which each is a piece: those used, then what each line gave.
func (b *Book) inputs() []Input {
	b.text, b.ends = b.text[:0], b.ends[:0]
	for i := range b.used {
		u := &b.used[i]
		if u.Name == "" {
			b.end(u.Key.Append(b.text))
		}
		b.end(u.Value.Append(b.text))
	}
	for i := range b.entries {
		if e := &b.entries[i]; e.figure {
			b.end(e.gave.Append(b.text))
		}
	}
	text, from, n := string(b.text), 0, 0
	piece := func() string {
		s := text[from:b.ends[n]]
		from, n = b.ends[n], n+1
		return s
	}
	list := make([]Input, len(b.used))
	for i := range b.used {
		u := &b.used[i]
		list[i] = Input{Name: u.Name, Unit: u.Unit}
		if u.Name == "" {
			list[i].Name = piece()
		}
		list[i].Value = piece()
	}
	for i := range b.entries {
		if e := &b.entries[i]; e.figure {
			e.word = piece()
		}
	}
	return list
}

// end takes a text that has grown by a piece.
func (b *Book) end(text []byte) {
	b.text = text
	b.ends = append(b.ends, len(text))
}
