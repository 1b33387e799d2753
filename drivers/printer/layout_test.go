package printer

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"yimen/drivers/device"
)

// boxes draws every character as a black box of the promised width, and remembers the lines.
type boxes struct {
	lines []string
	wider int // dots by which every picture breaks the promise
}

func (b *boxes) RasterLine(text string, dots int, bold bool) (device.Bitmap, error) {
	b.lines = append(b.lines, text)
	return black(width(text, 1)*dots/hanziDots+b.wider, dots*5/4), nil
}

// jobOf lays slip out on paper of dots.
func jobOf(t *testing.T, dots int, ras LineRasterizer, rows ...device.Row) []byte {
	t.Helper()
	b, err := renderer{dots: dots, ras: ras}.job(device.Slip{Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// texts gives the lines that the printer's own font prints, as GBK.
func texts(job []byte) (lines []string) {
	body := bytes.TrimPrefix(job, []byte{0x1B, 0x40, 0x1C, 0x26})
	for _, l := range bytes.SplitAfter(body, []byte{0x0A}) {
		if bytes.HasSuffix(l, []byte{0x0A}) {
			lines = append(lines, string(bytes.TrimSuffix(l, []byte{0x0A})))
		}
	}
	return lines
}

func TestLongLineIsBrokenAndNothingIsLost(t *testing.T) {
	long := strings.Repeat("收件", 40) + strings.Repeat("abcde", 30)
	for _, dots := range []int{384, 416, 576} {
		for size := 1; size <= 3; size++ {
			var all string
			lines := renderer{dots: dots}.wrap(long, size)
			for _, l := range lines {
				if w := width(l, size); w > dots {
					t.Errorf("%d dots, size %d: a line of %d", dots, size, w)
				}
				all += l
			}
			if all != long || len(lines) < 2 {
				t.Errorf("%d dots, size %d: %d lines hold %q", dots, size, len(lines), all)
			}
		}
	}
}

func TestMarkDoesNotBeginALine(t *testing.T) {
	for text, want := range map[string]string{
		"一二三四。五六": "一二三|四。五六",
		"一二三四五。六": "一二三四|五。六",
		"一二三四。。。": "一二三|四。。。",
		"。。。。。。":  "。。。|。。。",
		"一二三四五六":  "一二三四|五六",
	} {
		got := strings.Join(renderer{dots: 4 * hanziDots}.wrap(text, 1), "|")
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestRareNameIsDrawnAndTheRestIsText(t *testing.T) {
	ras := &boxes{}
	job := jobOf(t, 576, ras, device.Text{Text: "申请人"}, device.Text{Text: "王𠮷䶮"}, device.Columns{Left: "姓名", Right: "㛃𬭎"})
	if got := strings.Join(ras.lines, "|"); got != "王𠮷䶮|姓名|㛃𬭎" {
		t.Errorf("drew %s", got)
	}
	want, _ := gbk("申请人")
	if lines := texts(job); len(lines) == 0 || lines[0] != string(want) {
		t.Errorf("text %q", lines)
	}
}

func TestRasterStripsAreShort(t *testing.T) {
	var e encoder
	e.raster(black(576, 1000))
	rows := 0
	for b := e.out; len(b) > 0; {
		if !bytes.HasPrefix(b, []byte{0x1D, 0x76, 0x30, 0, 72, 0}) {
			t.Fatalf("% X", b[:8])
		}
		n := int(b[6]) | int(b[7])<<8
		if n > stripRows || n*72 > wakeZeros {
			t.Errorf("strip of %d rows", n)
		}
		rows += n
		b = b[8+72*n:]
	}
	if rows != 1000 {
		t.Errorf("%d rows", rows)
	}
}

func TestTextFromOutsideCannotCommandThePrinter(t *testing.T) {
	job := jobOf(t, 576, nil, device.Text{Text: "a\x1b@\x1dV\x00b\x10\x04\x01c\u0085d"}, device.Columns{Left: "\x1bp", Right: "x\ty"})
	lines := texts(job)
	if lines[0] != "a@Vbcd" || !strings.HasPrefix(lines[1], "p ") || !strings.HasSuffix(lines[1], "x y") {
		t.Errorf("%q", lines)
	}
	if n := bytes.Count(job, []byte{0x1D, 'V'}); n != 1 {
		t.Errorf("%d cuts", n)
	}
}

func TestColumnsReachBothEdges(t *testing.T) {
	for _, dots := range []int{384, 576} {
		l := texts(jobOf(t, dots, nil, device.Columns{Left: "编号", Right: "SA-1"}))[0]
		if len(l)*asciiDots != dots || !strings.HasSuffix(l, "SA-1") {
			t.Errorf("%d dots: %q", dots, l)
		}
	}
	if l := texts(jobOf(t, 384, nil, device.Columns{Left: strings.Repeat("长", 12), Right: strings.Repeat("9", 10)})); len(l) < 2 {
		t.Errorf("both on one line: %q", l)
	}
}

func TestDrawnColumnsReachBothEdges(t *testing.T) {
	job := jobOf(t, 384, &boxes{}, device.Columns{Left: "𠮷", Right: "䶮"})
	i := bytes.Index(job, []byte{0x1D, 0x76, 0x30, 0})
	row := job[i+8:][:48]
	want := append(append([]byte{0xFF, 0xFF, 0xFF}, make([]byte, 42)...), 0xFF, 0xFF, 0xFF)
	if !bytes.Equal(row, want) {
		t.Errorf("row % X", row)
	}
}

func TestDrawnColumnsThatAreTooWideGoBelowEachOther(t *testing.T) {
	job := jobOf(t, 384, &boxes{wider: 60}, device.Columns{Left: "𠮷𠮷𠮷𠮷𠮷𠮷𠮷", Right: "𠮷𠮷𠮷𠮷𠮷𠮷"})
	if n := bytes.Count(job, []byte{0x1D, 0x76, 0x30, 0}); n != 2 {
		t.Errorf("%d pictures", n)
	}
}

func TestLineWiderThanPromisedIsBrokenNotCut(t *testing.T) {
	ras := &boxes{wider: 100}
	jobOf(t, 384, ras, device.Text{Text: strings.Repeat("𠮷", 16)})
	if got := strings.Join(ras.lines[1:], ""); got != strings.Repeat("𠮷", 16) {
		t.Errorf("drew %q", ras.lines)
	}
}

func TestSlipThatCannotBeDrawnIsAnErrorBeforeAnythingIsSent(t *testing.T) {
	for name, row := range map[string]device.Row{
		"no rasterizer": device.Text{Text: "𠮷"},
		"empty QR code": device.QR{Dots: 200},
		"endless QR":    device.QR{Data: strings.Repeat("x", 3000), Dots: 200},
		"unknown row":   nil,
	} {
		if _, err := (renderer{dots: 384}).job(device.Slip{Rows: []device.Row{row}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	short := rasterizerFunc(func(string, int, bool) (device.Bitmap, error) { return device.Bitmap{Width: 24, Height: 24}, nil })
	if _, err := (renderer{dots: 384, ras: short}).job(device.Slip{Rows: []device.Row{device.Text{Text: "𠮷"}}}); err == nil {
		t.Error("a picture without bytes is printed")
	}
	broken := rasterizerFunc(func(string, int, bool) (device.Bitmap, error) { return device.Bitmap{}, errors.New("no font") })
	if _, err := (renderer{dots: 384, ras: broken}).job(device.Slip{Rows: []device.Row{device.Text{Text: "𠮷"}}}); err == nil {
		t.Error("a line that cannot be drawn is left out")
	}
}

type rasterizerFunc func(string, int, bool) (device.Bitmap, error)

func (f rasterizerFunc) RasterLine(text string, dots int, bold bool) (device.Bitmap, error) {
	return f(text, dots, bold)
}

func TestPastedPictureKeepsItsDots(t *testing.T) {
	pic := device.Bitmap{Width: 11, Height: 2, Bits: []byte{0xA5, 0xFF, 0x81, 0x3F}} // 5 bits of padding are dirty
	for left := range 20 {
		page := white(40, 2)
		paste(page, pic, left)
		for y := range 2 {
			for x := range 40 {
				in := x - left
				want := in >= 0 && in < pic.Width && dot(pic, in, y)
				if dot(page, x, y) != want {
					t.Fatalf("left %d: dot %d, %d is %v", left, x, y, !want)
				}
			}
		}
	}
}

func dot(b device.Bitmap, x, y int) bool { return b.Bits[y*b.Stride()+x/8]&(0x80>>(x%8)) != 0 }

func TestQRIsAsWideAsWantedOrAsThePaperAllows(t *testing.T) {
	for _, c := range []struct{ paper, want, module int }{{576, 200, 9}, {576, 5, 1}, {576, 5000, 16}, {384, 5000, 13}, {58, 200, 2}} {
		job := jobOf(t, c.paper, nil, device.QR{Data: "SA-20240001", Dots: c.want}) // 21 modules
		if !bytes.Contains(job, []byte{0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, byte(c.module)}) {
			t.Errorf("%+v: other modules", c)
		}
	}
	if _, err := (renderer{dots: 20}).job(device.Slip{Rows: []device.Row{device.QR{Data: "SA-20240001", Dots: 200}}}); err == nil {
		t.Error("a code wider than the paper is no error")
	}
}

func TestRasterQRIsReadByAnIndependentReader(t *testing.T) {
	if _, err := exec.LookPath("zbarimg"); err != nil {
		t.Fatal("zbar-tools is missing: provisioning/packaging/apt/test.txt has it")
	}
	const data = "https://example.invalid/q/150102-0001-00000007"
	for _, dots := range []int{200, 384, 576} {
		job, err := renderer{dots: dots, rasterQR: true}.job(device.Slip{Rows: []device.Row{device.QR{Data: data, Dots: 240}}})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "qr.png")
		draw(t, job, file, dots)
		out, err := exec.Command("zbarimg", "-q", "--raw", file).Output()
		if err != nil || strings.TrimSpace(string(out)) != data {
			t.Errorf("%d dots: read %q, %v", dots, out, err)
		}
	}
}

// draw puts the rasters of job into a PNG.
func draw(t *testing.T, job []byte, file string, dots int) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, dots, 600))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for y := 40; ; {
		i := bytes.Index(job, []byte{0x1D, 0x76, 0x30, 0})
		if i < 0 {
			break
		}
		w, rows := int(job[i+4]), int(job[i+6])|int(job[i+7])<<8
		b := device.Bitmap{Width: 8 * w, Height: rows, Bits: job[i+8:][:w*rows]}
		for r := range rows {
			for x := range b.Width {
				if dot(b, x, r) {
					img.SetGray(x, y+r, color.Gray{})
				}
			}
		}
		y += rows
		job = job[i+8+w*rows:]
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
