package report

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"

	"yimen/drivers/device"
	"yimen/provisioning/selftest"
)

//go:embed words.yaml
var wordFile []byte

// Line is one finding as people read it.
type Line struct {
	Name, Outcome, Text string
	Cause               string // for technicians; may be empty
	Bad                 bool   // it failed
}

// Words are the phrases of a report.
type Words map[string]string

// ReadWords reads the phrases.
func ReadWords() (Words, error) {
	var w Words
	if err := yaml.Unmarshal(wordFile, &w); err != nil {
		return nil, fmt.Errorf("report's words: %w", err)
	}
	return w, nil
}

// How many digits of a digest are written: all where it is kept, fewer where two people compare them aloud.
const (
	AllDigits = 64
	FewDigits = 16
)

// Line words one finding, with so many digits of its digests.
func (w Words) Line(i Item, digits int) Line {
	pairs := []string{}
	for name, value := range i.Args {
		if name == "digest" {
			value = grouped(value[:min(digits, len(value))])
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return Line{
		Name: w["item."+i.ID], Outcome: w["outcome."+string(i.Outcome)], Cause: i.Cause, Bad: i.Outcome == selftest.Failed,
		Text: strings.NewReplacer(pairs...).Replace(w["remark."+i.Remark]),
	}
}

// Summary is the last word.
func (w Words) Summary(r Report) string {
	word := w["not-ready"]
	if r.Ready {
		word = w["ready"]
	}
	return strings.ReplaceAll(w["summary"], "{word}", word)
}

// grouped parts a long word into groups of eight.
func grouped(s string) string {
	var b strings.Builder
	for i, r := range []rune(s) {
		if i > 0 && i%8 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Tell writes the report as people read it in a terminal.
func Tell(out io.Writer, r Report) error {
	w, err := ReadWords()
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s %s  %s\n", w["title"], r.Terminal, r.Hall, r.At.Format("2006-01-02 15:04:05"))
	for _, i := range r.Items {
		l := w.Line(i, AllDigits)
		fmt.Fprintf(&b, "  %s\n", strings.NewReplacer("{name}", l.Name, "{outcome}", l.Outcome, "{text}", l.Text).Replace(w["line"]))
		if l.Cause != "" {
			fmt.Fprintf(&b, "    (%s)\n", l.Cause)
		}
	}
	fmt.Fprintln(&b, w.Summary(r))
	_, err = io.WriteString(out, b.String())
	return err
}

// Slip lays the report out for the printer, with a line for whoever stands for it.
func (r Report) Slip() (device.Slip, error) {
	w, err := ReadWords()
	if err != nil {
		return device.Slip{}, err
	}
	rows := []device.Row{
		device.Text{Text: w["title"], Align: device.Centre, Size: 2, Bold: true},
		device.Columns{Left: w["terminal"], Right: r.Terminal},
		device.Columns{Left: w["at"], Right: r.At.Format("2006-01-02 15:04:05")},
	}
	if r.Hall != "" {
		rows = append(rows, device.Text{Text: r.Hall, Size: 1})
	}
	rows = append(rows, device.Rule{})
	for _, i := range r.Items {
		l := w.Line(i, AllDigits)
		rows = append(rows, device.Columns{Left: l.Name, Right: l.Outcome, Bold: l.Bad}, device.Text{Text: l.Text, Size: 1})
	}
	return device.Slip{Rows: append(rows, device.Rule{},
		device.Text{Text: w.Summary(r), Size: 1, Bold: true},
		device.Feed{Lines: 1}, device.Text{Text: w["signature"], Size: 1}, device.Feed{Lines: 2})}, nil
}
