package printer

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
)

// reading is what npm npos understood of a job (judge/read.mjs).
type reading struct {
	Commands []struct {
		Name           string // empty for text
		Offset, Length int
	}
	Rasters []struct {
		Width int
		Rows  []string // of 0 and 1
	}
}

// judged has the job read by a parser whose authors never saw this driver.
func judged(t *testing.T, job []byte) (r reading) {
	t.Helper()
	cmd := exec.Command("node", "judge/read.mjs")
	cmd.Stdin = bytes.NewReader(job)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("judge/read.mjs (make install-test installs what it needs): %v\n%s", err, complaints.String())
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// chequered draws every line as the same pattern, of which no row is like the next.
func chequered(text string, dots int, _ bool) (device.Bitmap, error) {
	b := white(width(text, 1)*dots/hanziDots, dots)
	for i := range b.Bits {
		b.Bits[i] = byte(i*37 + 11)
	}
	return b, nil
}

func TestSlipsAreReadByAParserThatNobodyHereWrote(t *testing.T) {
	slip := device.Slip{Rows: []device.Row{
		device.Text{Text: "收件回执", Align: device.Centre, Size: 2, Bold: true},
		device.Text{Text: "王𠮷䶮", Size: 1},
		device.Columns{Left: "编号", Right: "SA-20240001"},
		device.Rule{},
		device.QR{Data: "SA-20240001", Dots: 160},
		device.Feed{Lines: 2},
	}}
	for _, model := range []string{"generic-80", "generic-58"} {
		t.Run(model, func(t *testing.T) {
			cfg, err := Model(model)
			if err != nil {
				t.Fatal(err)
			}
			job, err := renderer{dots: cfg.Dots, rasterQR: cfg.RasterQR, ras: rasterizerFunc(chequered)}.job(slip)
			if err != nil {
				t.Fatal(err)
			}
			r := judged(t, job)
			text := whole(t, r, job)
			for _, want := range []string{"收件回执", "编号", "SA-20240001"} {
				if b, ok := gbk(want); !ok || !bytes.Contains(text, b) {
					t.Errorf("%s is not among the text that it found", want)
				}
			}
			if len(r.Rasters) == 0 {
				t.Fatal("it found no picture")
			}
			pattern, err := chequered("王𠮷䶮", hanziDots, false)
			if err != nil {
				t.Fatal(err)
			}
			for y := range pattern.Height {
				if want := dotsOf(pattern, y); !strings.HasPrefix(r.Rasters[0].Rows[y], want) {
					t.Fatalf("row %d of the rare name reads\n%s, want\n%s", y, r.Rasters[0].Rows[y], want)
				}
			}
			if cfg.RasterQR {
				if got := zbar(t, r); got != "SA-20240001" {
					t.Errorf("zbar reads %q out of the pictures that it found", got)
				}
			}
		})
	}
}

// whole holds that every byte of the job belongs to a command that the notes name, or to text, and gives the text.
func whole(t *testing.T, r reading, job []byte) (text []byte) {
	t.Helper()
	known := []string{"", "ESC @", "FS &", "ESC a", "GS !", "ESC E", "ESC J", "ESC d", "GS v0", "GS (k", "GS V"}
	at := 0
	for _, c := range r.Commands {
		if c.Offset != at || !slices.Contains(known, c.Name) {
			t.Errorf("%q at %d, want a known command at %d", c.Name, c.Offset, at)
		}
		if at = c.Offset + c.Length; at > len(job) {
			t.Fatalf("%q at %d is cut off", c.Name, c.Offset)
		}
		if c.Name == "" {
			text = append(text, job[c.Offset:at]...)
		}
	}
	if at != len(job) {
		t.Errorf("it read %d of %d bytes", at, len(job))
	}
	return text
}

// dotsOf is a row as the judge writes it.
func dotsOf(b device.Bitmap, y int) string {
	var s strings.Builder
	for x := range b.Width {
		if dot(b, x, y) {
			s.WriteByte('1')
		} else {
			s.WriteByte('0')
		}
	}
	return s.String()
}

// zbar reads the code in the pictures, put below each other.
func zbar(t *testing.T, r reading) string {
	t.Helper()
	const margin = 40
	paper := image.NewGray(image.Rect(0, 0, 576+2*margin, 1200))
	for i := range paper.Pix {
		paper.Pix[i] = 0xFF
	}
	y := margin
	for _, picture := range r.Rasters {
		for _, row := range picture.Rows {
			for x, d := range row {
				if d == '1' {
					paper.SetGray(margin+x, y, color.Gray{})
				}
			}
			y++
		}
	}
	file := filepath.Join(t.TempDir(), "paper.png")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, paper); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "-q", "--raw", file).Output()
	if err != nil {
		t.Fatalf("zbarimg (Debian package zbar-tools): %v", err)
	}
	return strings.TrimSpace(string(out))
}
