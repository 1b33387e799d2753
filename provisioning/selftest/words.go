package selftest

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"

	"yimen/drivers/device"
)

//go:embed words.yaml
var wordFile []byte

// say gives a phrase with its arguments filled in. An id without a phrase stands for itself.
func say(id string, args map[string]string) string {
	var words map[string]string
	if err := yaml.Unmarshal(wordFile, &words); err != nil {
		return id
	}
	phrase, ok := words[id]
	if !ok {
		return id
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(phrase)
}

// testSlip has something of everything that a slip may hold.
func testSlip() device.Slip {
	return device.Slip{Rows: []device.Row{
		device.Text{Text: say("slip.title", nil), Align: device.Centre, Size: 2, Bold: true},
		device.Text{Text: say("slip.text", nil), Size: 1},
		device.Text{Text: say("slip.rare", nil), Size: 1},
		device.Columns{Left: say("slip.left", nil), Right: say("slip.right", nil)},
		device.Rule{},
		device.QR{Data: say("slip.code", nil), Dots: 160},
		device.Feed{Lines: 2},
	}}
}

// Tell writes one Step on a line of its own, as people read it.
func Tell(out io.Writer, s Step) error {
	if s.Ask != "" {
		_, err := fmt.Fprintf(out, "→ %s\n", say("ask."+string(s.Ask), nil))
		return err
	}
	r := s.Result
	_, err := fmt.Fprintf(out, "  %s%s%s\n", padded(say("device."+string(r.Device), nil), 14), padded(say("outcome."+string(r.Outcome), nil), 10), say("remark."+r.Remark, r.Args))
	if err == nil && r.Cause != "" {
		_, err = fmt.Fprintf(out, "  %s(%s)\n", padded("", 24), r.Cause)
	}
	return err
}

// Conclude writes the last line.
func Conclude(out io.Writer, r Report) error {
	id := "summary.failed"
	if r.Passed {
		id = "summary.passed"
	}
	_, err := fmt.Fprintln(out, say(id, nil))
	return err
}

// padded fills s up to so many columns; a Chinese character takes two.
func padded(s string, columns int) string {
	for _, r := range s {
		columns--
		if r >= 0x2E80 {
			columns--
		}
	}
	return s + strings.Repeat(" ", max(columns, 1))
}
