package flow

import (
	"fmt"
	"slices"
	"strings"

	"yimen/kiosk/policy/page"
	"yimen/kiosk/policy/wording"
)

// Inspector checks what a page says of flows against the stages, papers and words of the merged pack.
type Inspector struct {
	Page     *page.Page
	Stage    func(code string) bool
	Paper    func(code string) bool
	Document func(code string) ([]wording.Text, bool) // its words
	Profiles []string
	Text     func(path string, t wording.Text)
	Citation func(path string, c wording.Citation)
}

// AStage wants words for both who waits and who works.
func (i Inspector) AStage(path string, s *Stage) {
	i.Text(path+".name", s.Name)
	i.Text(path+".plain", s.Plain)
	if s.Over && !s.Decided {
		i.Page.At(path, "stage %s: what is over is decided", s.Code)
	}
}

// Flow wants every stage, paper and step that it names to be there, and every stage but the first to be reached.
func (i Inspector) Flow(path string, f *Flow) {
	i.Text(path+".name", f.Name)
	i.Citation(path+".citation", f.Citation)
	_, profile, _ := strings.Cut(f.ID, "/")
	if !slices.Contains(i.Profiles, profile) {
		i.Page.At(path+".id", "flow %s: name the variant, a slash and the profile, one of %v", f.ID, i.Profiles)
	}
	reached := []string{f.Begins()}
	for _, m := range f.Moves {
		reached = append(reached, m.To)
	}
	i.stages(path+".begin", []string{f.Begins()}, reached)
	for n, m := range f.Moves {
		i.move(fmt.Sprintf("%s.moves[%d]", path, n), f, m, reached)
	}
	for n, d := range f.Dues {
		at := fmt.Sprintf("%s.dues[%d]", path, n)
		i.stages(at, []string{d.Stage}, reached)
		i.Citation(at+".citation", d.Citation)
		if d.Days < 1 || d.Days > 400 {
			i.Page.At(at, "due after %d days: from 1 to 400", d.Days)
		}
		if _, ok := f.Posted(d.Stage); d.Notice && !ok {
			i.Page.At(at, "stage %s has no notice after which it could be due", d.Stage)
		}
	}
	i.clock(path, f, reached)
	i.notices(path, f, reached)
	seen := map[string]bool{}
	for n, c := range f.Chapters {
		at := fmt.Sprintf("%s.chapters[%d]", path, n)
		i.Text(at+".name", c.Name)
		i.Citation(at+".citation", c.Citation)
		for k, s := range c.Steps {
			i.Text(fmt.Sprintf("%s.steps[%d].name", at, k), s.Name)
			if s.ID == "" || seen[s.ID] {
				i.Page.At(at, "step %q: each has a name of its own in the flow", s.ID)
			}
			seen[s.ID] = true
		}
	}
}

func (i Inspector) clock(path string, f *Flow, reached []string) {
	if f.Clock.Days != 0 {
		i.stages(path+".clock", []string{f.Clock.From}, reached)
		i.Citation(path+".clock.citation", f.Clock.Citation)
		i.paper(path+".clock.paper", f.Clock.Paper)
		if f.Clock.Days < 0 || f.Clock.Extended != 0 && f.Clock.Extended <= f.Clock.Days {
			i.Page.At(path+".clock", "an extended time is longer than the time")
		}
		if f.Clock.Extended != 0 && f.Clock.Paper == "" {
			i.Page.At(path+".clock", "an extension is told by a document: name its paper")
		}
	}
}

// The longest that a public notice hangs, in days: one before a decision, and one of a result.
const (
	mostNoticed   = 60
	mostAnnounced = 366
)

// notices wants each public notice to have days, words and a stage that is reached, and no stage two of them.
func (i Inspector) notices(path string, f *Flow, reached []string) {
	if _, ok := f.Posted(Publicity); ok != slices.Contains(reached, Publicity) {
		i.Page.At(path, "flow %s: a notice has days and a stage %s, or neither", f.ID, Publicity)
	}
	seen := map[string]bool{}
	if f.Notice.Days != 0 {
		i.notice(path+".notice", f.Notice, reached)
		seen[Publicity] = true
		if f.Notice.Stage != "" || f.Notice.Result {
			i.Page.At(path+".notice", "this one is put up at %s, before a decision: write any other under notices", Publicity)
		}
	}
	for n, post := range f.Notices {
		at := fmt.Sprintf("%s.notices[%d]", path, n)
		i.notice(at, post, reached)
		if post.Stage == "" || seen[post.Stage] {
			i.Page.At(at, "stage %q: each notice has a stage of its own", post.Stage)
		}
		seen[post.Stage] = true
	}
}

func (i Inspector) notice(path string, n Notice, reached []string) {
	if n.Stage != "" {
		i.stages(path+".stage", []string{n.Stage}, reached)
	}
	i.Citation(path+".citation", n.Citation)
	i.paper(path+".paper", n.Paper)
	most := int64(mostNoticed)
	if n.Result {
		most = mostAnnounced
	}
	if n.Days < 1 || n.Days > most {
		i.Page.At(path, "a notice of %d days: from 1 to %d", n.Days, most)
	}
	if n.Paper == "" {
		i.Page.At(path, "name the paper with the notice's words")
	}
}

func (i Inspector) move(path string, f *Flow, m Move, reached []string) {
	i.Text(path+".title", m.Title)
	i.stages(path, slices.Concat(m.From, m.After, []string{m.To}), reached)
	i.paper(path+".paper", m.Paper)
	if !slices.Contains(Roles(), m.By) {
		i.Page.At(path+".by", "by %q: one of %v", m.By, Roles())
	}
	for _, s := range m.Steps {
		if _, _, ok := f.Step(s); !ok {
			i.Page.At(path+".steps", "no chapter of this flow has a step %q", s)
		}
	}
	twins := 0
	for _, other := range f.Moves {
		if other.ID() == m.ID() {
			twins++
		}
	}
	if twins > 1 {
		i.Page.At(path, "two moves begin at %s: write them as one", m.ID())
	}
}

func (i Inspector) stages(path string, codes, reached []string) {
	for _, code := range codes {
		switch {
		case !i.Stage(code):
			i.Page.At(path, "there is no stage %q", code)
		case !slices.Contains(reached, code):
			i.Page.At(path, "no move leads to stage %s", code)
		}
	}
}

func (i Inspector) paper(path, code string) {
	if code != "" && !i.Paper(code) {
		i.Page.At(path, "there is no paper %q", code)
	}
}

// Given lists the names that every document of the office may use without anybody filling them in.
func Given() []string {
	return []string{"no", "case", "office", "name", "number", "item", "hotline", "slip_no", "submitted", "date", "due", "basis", "remedy", "first", "last"}
}

// APaper wants a document with its words, and in those no name that nobody fills.
func (i Inspector) APaper(path string, p *Paper) {
	known := Given()
	for n, a := range p.Asks {
		at := fmt.Sprintf("%s.asks[%d]", path, n)
		i.Text(at+".label", a.Label)
		if a.ID == "" || slices.Contains(known, a.ID) {
			i.Page.At(at, "paper %s: %q: a name of its own, and none that is given anyway", p.Code, a.ID)
		}
		if !slices.Contains(Inputs(), a.Input) {
			i.Page.At(at+".input", "input %q: one of %v", a.Input, Inputs())
		}
		known = append(known, a.ID)
	}
	words, ok := i.Document(p.Code)
	if !ok {
		i.Page.At(path, "paper %s: there is no document of that id with its words", p.Code)
	}
	names := map[string]bool{}
	for _, t := range words {
		for _, text := range t {
			wording.FillBy(text, func(name string) (string, bool) {
				names[name] = true
				if !slices.Contains(known, name) {
					i.Page.At(path, "paper %s: nothing fills {%s}; its words may say %v", p.Code, name, known)
				}
				return "", true
			})
		}
	}
	if p.Remedies && !names["remedy"] {
		i.Page.At(path, "paper %s is a refusal and does not say {remedy}", p.Code)
	}
}
