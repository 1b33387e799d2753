package zinnia

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"yimen/ui/typing/ink"
	"yimen/ui/typing/penman"
)

// library asks Zinnia's own program for the first ten characters of each ink, whose coordinates are whole thousandths.
func library(t *testing.T, inks []ink.Ink) [][]string {
	t.Helper()
	var in strings.Builder
	for _, x := range inks {
		in.WriteString("(character (width 1000)(height 1000)(strokes ")
		for _, s := range x {
			in.WriteString("(")
			for _, p := range s {
				fmt.Fprintf(&in, "(%.0f %.0f)", 1000*p.X, 1000*p.Y)
			}
			in.WriteString(")")
		}
		in.WriteString("))\n")
	}
	cmd := exec.Command("zinnia", "-m", File, "-n", "10")
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("zinnia (make install-test installs it): %v", err)
	}
	var answers [][]string
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Answer:") {
			answers = append(answers, nil)
		} else if fields := strings.Fields(line); len(fields) == 2 && len(answers) > 0 {
			answers[len(answers)-1] = append(answers[len(answers)-1], fields[0])
		}
	}
	return answers
}

func TestCandidatesAreThoseOfTheLibrary(t *testing.T) {
	m := chinese(t)
	b, all := writable(t, m)
	var inks []ink.Ink
	for _, h := range penman.Hands() {
		for _, r := range penman.Draw(all, 15, penman.DevelopmentSeed) {
			x := ink.Normalise(written(t, h, b, r))
			for _, s := range x {
				for i, p := range s { // to whole thousandths, as the program wants them
					s[i] = ink.Point{X: float64(int(1000*p.X)) / 1000, Y: float64(int(1000*p.Y)) / 1000}
				}
			}
			inks = append(inks, x)
		}
	}
	answers := library(t, inks)
	if len(answers) != len(inks) {
		t.Fatalf("the library answered %d of %d", len(answers), len(inks))
	}
	for i, x := range inks {
		var ours []string
		for _, c := range m.Classify(x, 10) {
			ours = append(ours, string(c.Character))
		}
		if !slices.Equal(ours, answers[i]) {
			t.Errorf("ink %d: %v here, %v in the library", i, ours, answers[i])
		}
	}
}
