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
// memory a few times a household and not once a figure. It is for one goroutine.
type Book struct {
	lines []Line // become the result's own
	words []Word // become the result's own
	notes []note // of each line
	used  []Used
	text  []byte
	ends  []int // of the text's pieces

	long, wordy int // lines and words of the last trace
}

// note is what a line has besides until the book is closed.
type note struct {
	part        Part
	words, used span
	gave        policy.Number
	figure      bool // gave counts
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

// Open begins a new trace, with as much room as the last one took.
func (b *Book) Open() {
	b.notes, b.used = b.notes[:0], b.used[:0]
	b.lines, b.words = make([]Line, 0, max(b.long, 8)), make([]Word, 0, max(b.wordy, 16))
}

// Write adds a line with the words that its wording names. Gave, GaveWord and Used add to it until the next.
func (b *Book) Write(p Part, s Step, say ...Word) *Book {
	from := len(b.words)
	b.words = append(b.words, say...)
	b.lines = append(b.lines, Line{Rule: s.Rule, Subject: s.Subject, Outcome: s.Outcome, Sentence: Sentence{wording: s.Wording},
		Citation: *s.Citation, Example: s.Example})
	b.notes = append(b.notes, note{part: p, words: span{from, len(b.words)}})
	return b
}

// Gave says what came of the line last written.
func (b *Book) Gave(n policy.Number) *Book {
	if i := len(b.notes) - 1; i >= 0 {
		b.notes[i].gave, b.notes[i].figure = n, true
	}
	return b
}

// GaveWord is Gave for what is no number.
func (b *Book) GaveWord(s string) *Book {
	if i := len(b.lines) - 1; i >= 0 {
		b.lines[i].Result = s
	}
	return b
}

// Used says what the line last written used.
func (b *Book) Used(all ...Used) {
	if i := len(b.notes) - 1; i >= 0 {
		from := len(b.used)
		b.used = append(b.used, all...)
		b.notes[i].used = span{from, len(b.used)}
	}
}

// Has reports whether a part has a line of the rule.
func (b *Book) Has(p Part, rule string) bool {
	for i := range b.notes {
		if b.notes[i].part == p && b.lines[i].Rule == rule {
			return true
		}
	}
	return false
}

// Others reports whether a part has a line of any rule but that one.
func (b *Book) Others(p Part, rule string) bool {
	for i := range b.notes {
		if b.notes[i].part == p && b.lines[i].Rule != rule {
			return true
		}
	}
	return false
}

// Close puts the lines into the result, which shares nothing with the book afterwards.
func (b *Book) Close(r *Result) {
	lines, words, inputs := b.lines, b.words, b.inputs()
	b.lines, b.words, b.long, b.wordy = nil, nil, len(lines), len(words)
	for i := range b.notes {
		n := &b.notes[i]
		lines[i].Sentence.say = words[n.words.from:n.words.to:n.words.to]
		if n.used.to > n.used.from {
			lines[i].Inputs = inputs[n.used.from:n.used.to:n.used.to]
		}
	}
	if r.Lines = lines; !b.mixed() {
		return
	}
	r.Lines, r.Flags, r.Hints = b.of(Working, lines), b.of(Flag, lines), b.of(Hint, lines)
	if r.Lines == nil {
		r.Lines = []Line{}
	}
}

// mixed reports whether there are lines of more than the working.
func (b *Book) mixed() bool {
	return slices.ContainsFunc(b.notes, func(n note) bool { return n.part != Working })
}

// of gives the lines of a part; nil where it has none.
func (b *Book) of(p Part, lines []Line) (list []Line) {
	for i := range b.notes {
		if b.notes[i].part == p {
			list = append(list, lines[i])
		}
	}
	return list
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
	for i := range b.notes {
		if n := &b.notes[i]; n.figure {
			b.end(n.gave.Append(b.text))
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
	for i := range b.notes {
		if b.notes[i].figure {
			b.lines[i].Result = piece()
		}
	}
	return list
}

// end takes a text that has grown by a piece.
func (b *Book) end(text []byte) {
	b.text = text
	b.ends = append(b.ends, len(text))
}
