// Package checklist prints what must be looked at on site because no program can see it: each line is answered and signed by
// whoever looked.
package checklist

import (
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"

	"yimen/kiosk/dossier/paper"
	"yimen/kiosk/typeface"
)

//go:embed checklist.yaml
var file []byte

// List is the checklist.
type List struct {
	Title    string    `yaml:"title"`
	Intro    string    `yaml:"intro"`
	Terminal string    `yaml:"terminal"` // the words, as all here
	Hall     string    `yaml:"hall"`
	Printed  string    `yaml:"printed"`
	Head     []string  `yaml:"head"`
	Reviewer string    `yaml:"reviewer"`
	Owner    string    `yaml:"owner"`
	Software string    `yaml:"software"`
	Sections []Section `yaml:"sections"`
}

// Section is lines that are looked at together.
type Section struct {
	Title string `yaml:"title"`
	Lines []Line `yaml:"lines"`
}

// Line is one thing to look at.
type Line struct {
	Duty string `yaml:"duty"` // the privacy duty that it answers: P14; may be empty
	Text string `yaml:"text"`
}

// Read reads the checklist.
func Read() (List, error) {
	var l List
	if err := yaml.UnmarshalWithOptions(file, &l, yaml.Strict()); err != nil {
		return List{}, fmt.Errorf("checklist: %w", err)
	}
	return l, nil
}

// widths of the columns in millimetres; together the width of a page's text.
var widths = []float64{12, 87, 14, 18, 34}

// PDF lays the checklist out for one terminal on A4.
func (l List) PDF(faces *typeface.Faces, terminal, hall string, at time.Time) ([]byte, error) {
	b := paper.New(faces, paper.Running{HeadLeft: l.Title, HeadRight: terminal, Foot: func(page, of int) string { return strconv.Itoa(page) + " / " + strconv.Itoa(of) }})
	b.Para(l.Title, paper.Type{Size: 20, Weight: paper.Bold, Align: paper.AlignCentre})
	b.Space(4)
	b.Fields([]paper.Field{{Label: l.Terminal, Value: terminal}, {Label: l.Printed, Value: at.Format(time.DateOnly)}, {Label: l.Hall, Value: hall}})
	b.Space(3)
	b.Para(l.Intro, paper.Type{Size: paper.Body, Indent: 2})
	var head []paper.Cell
	for _, h := range l.Head {
		head = append(head, paper.Cell{Text: h, Head: true})
	}
	no := 0
	for _, s := range l.Sections {
		b.Space(5)
		b.Room(40) // a heading does not stand alone
		b.Chapter(s.Title)
		var rows [][]paper.Cell
		for _, line := range s.Lines {
			no++
			rows = append(rows, []paper.Cell{{Text: strconv.Itoa(no)}, {Text: line.Text}, {Text: line.Duty}, {}, {}})
		}
		b.Table(widths, head, rows)
	}
	b.Space(8)
	b.Room(40)
	for _, text := range []string{l.Software, l.Reviewer, l.Owner} {
		b.Para(text, paper.Type{Size: paper.Body})
		b.Space(9)
	}
	return b.PDF(paper.About{Title: l.Title, At: at})
}
