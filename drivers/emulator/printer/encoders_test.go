package printer

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// TestSlipsOfOtherEncodersAreUnderstood prints what two public encoders make (drivers/printer/judge/encoders.mjs): nobody who
// wrote them knew this printer, or the driver.
func TestSlipsOfOtherEncodersAreUnderstood(t *testing.T) {
	for name, title := range map[string]string{
		"receiptline-escpos":      "社会救助受理回执",
		"receiptline-generic":     "社会救助受理回执",
		"receipt-printer-encoder": "SA-20240001",
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name+".hex"))
			if err != nil {
				t.Fatal(err)
			}
			p := newPrinter(t)
			h := plugged(t, p)
			h.send(unhex(t, strings.ReplaceAll(string(text), "\n", ""))...)
			h.send(0x1D, 0x72, 1)
			h.expect(0)
			if r := p.Report(); r.Slips != 1 || r.Unrecognised != nil {
				t.Errorf("report %+v", r)
			}
			if got := scan(t, p); got != "SA-20240001" {
				t.Errorf("zbar reads %q", got)
			}
			if !shows(p, title, 2) {
				t.Errorf("%s is not on the paper", title)
			}
			if name != "receipt-printer-encoder" && !shows(p, "刘桂兰", 1) {
				t.Error("刘桂兰 is not on the paper")
			}
		})
	}
}

func TestSlipsOfOtherEncodersAreWhatTheyMakeToday(t *testing.T) {
	cmd := exec.Command("node", "../../printer/judge/encoders.mjs")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("encoders.mjs (make install-test installs what it needs): %v\n%s", err, complaints.String())
	}
	var made map[string]string
	if err := json.Unmarshal(out, &made); err != nil {
		t.Fatal(err)
	}
	if len(made) != 3 {
		t.Errorf("%d slips", len(made))
	}
	for name, slip := range made {
		kept, err := os.ReadFile(filepath.Join("testdata", name+".hex"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.ReplaceAll(string(kept), "\n", "") != slip {
			t.Errorf("testdata/%s.hex is not what the encoder makes", name)
		}
	}
}

// shows reports whether the slip has the text on it somewhere, that many times as large, bold or plain.
func shows(p *Printer, text string, times int) bool {
	plain, bold := newBitmap(0, 0), newBitmap(0, 0)
	for _, r := range text {
		cell := p.pens.cell(r, fontA, r > 0x7F)
		plain, bold = beside(plain, cell.scaled(times, times)), beside(bold, cell.emboldened().scaled(times, times))
	}
	for y := 0; y+plain.h <= p.lastSlip.h; y++ {
		for x := 0; x+plain.w <= Dots80; x++ {
			if matches(p.lastSlip, x, y, plain) || matches(p.lastSlip, x, y, bold) {
				return true
			}
		}
	}
	return false
}

func beside(a, b *bitmap) *bitmap {
	out := newBitmap(a.w+b.w, max(a.h, b.h))
	out.place(0, 0, a)
	out.place(a.w, 0, b)
	return out
}

func matches(paper *bitmap, x, y int, b *bitmap) bool {
	for row := range b.h {
		at := (y+row)*paper.w + x
		if !bytes.Equal(paper.dots[at:at+b.w], b.dots[row*b.w:(row+1)*b.w]) {
			return false
		}
	}
	return true
}

func TestCodePagesPrintTheirOwnCharacters(t *testing.T) {
	for page, want := range map[byte]map[byte]rune{
		0: {0xC4: '─'}, katakanaPage: {0x95: '─', 0x9C: '╭', 0xB1: 'ｱ', 0xE0: geta}, 17: {0x80: 'А'}, 99: {0x80: geta},
	} {
		for b, r := range want {
			if got := single(page, b); got != r {
				t.Errorf("page %d, byte %02X: %c, want %c", page, b, got, r)
			}
		}
	}
	if single(2, 0x81) != charmap.CodePage850.DecodeByte(0x81) {
		t.Error("page 2 is not 850")
	}
}

func TestRulesAreSeenInNarrowCells(t *testing.T) {
	p := newPrinter(t)
	for _, r := range "─│╭┼" {
		if !bytes.Contains(p.pens.cell(r, fontA, false).dots, []byte{1}) {
			t.Errorf("%c leaves no dot", r)
		}
	}
}
