package checklist

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/dossier/paper"
	"yimen/kiosk/typeface"
)

func TestEveryLineSaysSomethingAndTheTableFits(t *testing.T) {
	l, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range l.Sections {
		for _, line := range s.Lines {
			if line.Text == "" {
				t.Errorf("a line of %s says nothing", s.Title)
			}
		}
	}
	var sum float64
	for _, w := range widths {
		sum += w
	}
	if sum != paper.Width {
		t.Errorf("the columns take %g mm of %g", sum, paper.Width)
	}
	if len(l.Head) != len(widths) {
		t.Errorf("%d headings for %d columns", len(l.Head), len(widths))
	}
}

func TestTheChecklistIsPrintedWhole(t *testing.T) {
	faces, err := typeface.Load(typeface.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer faces.Close()
	l, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := l.PDF(faces, "150102-0001", "示例街道便民服务大厅", time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "checklist.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	flat := bytes.Join(bytes.Fields(text), nil)
	for _, want := range []string{"150102-0001", "示例街道便民服务大厅", "P28", "是/否", "检查人（两人）签字"} {
		if !bytes.Contains(flat, []byte(want)) {
			t.Errorf("%q is not on the paper", want)
		}
	}
	lines := 0
	for _, s := range l.Sections {
		lines += len(s.Lines)
		for _, line := range s.Lines {
			if begin := []rune(line.Text); !strings.Contains(string(flat), strings.ReplaceAll(string(begin[:min(8, len(begin))]), " ", "")) {
				t.Errorf("%q is not on the paper", line.Text)
			}
		}
	}
	t.Logf("%d lines", lines)
}
