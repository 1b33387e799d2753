package printer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image/png"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yimen/drivers/emulator"
)

// goldenSlip is firmware-notes/escpos "Golden slip".
const goldenSlip = "1b401c261b61011d21111b4501c9e7bbe1bec8d6facadcc0edbbd8d6b40a1d21" +
	"001b45001b6100cadcc0edb1e0bac53a53412d32303234303030310a1d763000" +
	"02000200ff0000ff1d286b0400314132001d286b03003143061d286b03003145" +
	"311d286b0e0031503053412d32303234303030311d286b03003151301b64031d" +
	"5642001d7201"

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newPrinter(t *testing.T) *Printer {
	t.Helper()
	typeface, err := emulator.LoadTypeface(emulator.NotoCollection)
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(typeface, Dots80)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// host is the other end of the printer's line.
type host struct {
	net.Conn
	t *testing.T
	// unplug ends the line and returns when the printer is off it.
	unplug func()
}

func plugged(t *testing.T, p *Printer) host {
	t.Helper()
	device, conn := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- p.Serve(t.Context(), device) }()
	unplug := sync.OnceFunc(func() {
		conn.Close()
		device.Close()
		if err := <-done; err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) && !errors.Is(err, context.Canceled) {
			t.Errorf("the printer ended with %v", err)
		}
	})
	t.Cleanup(unplug)
	return host{conn, t, unplug}
}

func (h host) send(b ...byte) {
	h.t.Helper()
	if _, err := h.Write(b); err != nil {
		h.t.Fatal(err)
	}
}

// expect reads the next answer, byte for byte.
func (h host) expect(want ...byte) {
	h.t.Helper()
	got := make([]byte, len(want))
	if err := h.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		h.t.Fatal(err)
	}
	if _, err := io.ReadFull(h, got); err != nil || !bytes.Equal(got, want) {
		h.t.Fatalf("answer % X (%v), want % X", got, err, want)
	}
}

// until asks for real-time status n until the answer is the wanted one.
func (h host) until(n, want byte) {
	h.t.Helper()
	answer := make([]byte, 1)
	for answer[0] != want {
		h.send(0x10, 0x04, n)
		if err := h.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			h.t.Fatal(err)
		}
		if _, err := io.ReadFull(h, answer); err != nil {
			h.t.Fatal(err)
		}
	}
}

// expectSilence makes sure that nothing is answered.
func (h host) expectSilence() {
	h.t.Helper()
	if err := h.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		h.t.Fatal(err)
	}
	b := make([]byte, 16)
	if n, err := h.Read(b); n > 0 || err == nil {
		h.t.Fatalf("answer % X, want none", b[:n])
	}
}

// gbk is text as a driver sends it.
func gbk(t *testing.T, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGoldenSlipComesOut(t *testing.T) {
	slip := unhex(t, goldenSlip)
	if sum := sha256.Sum256(slip); hex.EncodeToString(sum[:]) != "33650a0b19a133c26faa559729772dbc5e43d065cfca0a783fae5d56d79db7a4" {
		t.Fatalf("the golden slip was copied wrongly")
	}
	p := newPrinter(t)
	h := plugged(t, p)
	h.send(slip...)
	h.expect(0x00)
	if r := p.Report(); r.Bytes != 134 || r.Slips != 1 || r.Unrecognised != nil {
		t.Errorf("report %+v", r)
	}
	if !bytes.Equal(p.Received(), slip) {
		t.Error("the bytes kept are not the bytes sent")
	}
	title := newBitmap(Dots80, 48)
	for i, r := range []rune("社会救助受理回执") {
		title.place((Dots80-8*48)/2+i*48, 0, p.pens.cell(r, fontA, true).emboldened().scaled(2, 2))
	}
	if !bytes.Equal(p.lastSlip.dots[:Dots80*48], title.dots) {
		t.Error("the title is not bold, double and in the middle")
	}
	raster := p.lastSlip.dots[(48+30)*Dots80:]
	if bytes.Count(raster[:8], []byte{1}) != 8 || bytes.Count(raster[8:Dots80], []byte{1}) != 0 || bytes.Count(raster[Dots80:Dots80+8], []byte{1}) != 0 || bytes.Count(raster[Dots80+8:Dots80+16], []byte{1}) != 8 {
		t.Error("the raster is not FF 00 / 00 FF")
	}
	// title, line, raster, 21 modules of 6 dots, three lines of feed, and the way to the knife
	if want := 48 + 30 + 2 + 21*6 + 3*30 + toCutter; p.lastSlip.h != want {
		t.Errorf("the slip is %d dots long, want %d", p.lastSlip.h, want)
	}
	if got := scan(t, p); got != "SA-20240001" {
		t.Errorf("zbar reads %q from the paper", got)
	}
}

// scan reads the code on the paper with zbar, a judge that shares no code with us.
func scan(t *testing.T, p *Printer) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p.Paper()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "png:-")
	cmd.Stdin = &b
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("zbarimg (Debian package zbar-tools): %v", err)
	}
	return strings.TrimSpace(string(out))
}

func TestPointOfSaleHelloGetsOneByte(t *testing.T) {
	h := plugged(t, newPrinter(t))
	h.send(0x1B, 0x40, 0x1B, 0x3D, 0x01, 0x10, 0x04, 0x01)
	h.expect(0x16)
	h.expectSilence()
}

func TestIdentityIsTold(t *testing.T) {
	h := plugged(t, newPrinter(t))
	h.send(0x1D, 0x49, 0x42)
	h.expect(append([]byte("_YIMEN"), 0)...)
	h.send(0x1D, 0x49, 0x43, 0x1D, 0x49, 0x02)
	h.expect(append([]byte("_BENCH-80\x00"), 0x02)...)
}

// line is what one line of text looks like, in the given style.
func printed(t *testing.T, b ...byte) *bitmap {
	t.Helper()
	p := newPrinter(t)
	h := plugged(t, p)
	h.send(append(b, '\n', 0x1D, 0x72, 1)...)
	h.expect(0)
	return p.paper
}

func TestChineseNeedsItsModeAndTwoBytes(t *testing.T) {
	p := newPrinter(t)
	want := newBitmap(Dots80, lineSpacing)
	want.place(0, 0, p.pens.cell('刘', fontA, true))
	if got := printed(t, append([]byte{0x1C, 0x26}, gbk(t, "刘")...)...); !bytes.Equal(got.dots, want.dots) {
		t.Error("刘 in kanji mode is not 刘")
	}
	if got := printed(t, gbk(t, "刘")...); bytes.Equal(got.dots, want.dots) {
		t.Error("刘 without kanji mode is printed all the same")
	}
	rare, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("𠮷"))
	if err != nil || len(rare) != 4 {
		t.Fatalf("% X, %v", rare, err)
	}
	got := printed(t, append([]byte{0x1C, 0x26}, rare...)...)
	wrong := newBitmap(Dots80, lineSpacing)
	x := 0
	for _, c := range []struct {
		r    rune
		wide bool
	}{{geta, true}, {rune(rare[1]), false}, {geta, true}, {rune(rare[3]), false}} {
		cell := p.pens.cell(c.r, fontA, c.wide)
		wrong.place(x, 0, cell)
		x += cell.w
	}
	if !bytes.Equal(got.dots, wrong.dots) {
		t.Error("a four-byte character is not torn apart")
	}
	half := gbk(t, "刘")
	if got := printed(t, 0x1C, 0x26, half[0], 0x1B, 'E', 0, half[1]); bytes.Equal(got.dots, want.dots) {
		t.Error("a character survives a command in its middle")
	}
}

func TestNarrowPaperBreaksLinesEarlier(t *testing.T) {
	typeface, err := emulator.LoadTypeface(emulator.NotoCollection)
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(typeface, Dots58)
	if err != nil {
		t.Fatal(err)
	}
	h := plugged(t, p)
	h.send(append(bytes.Repeat([]byte{'x'}, 33), '\n', 0x1D, 0x72, 1)...)
	h.expect(0)
	if p.paper.w != 384 || p.paper.h != 2*lineSpacing {
		t.Errorf("paper of %d by %d dots, want two lines of 384", p.paper.w, p.paper.h)
	}
}

func TestRowThatPrintersLackIsNotPrinted(t *testing.T) {
	m := mode{kanjiOn: true}
	if r, n, _ := m.decode([]byte{0xFE, 0x9F}); r != geta || n != 2 { // 䶮
		t.Errorf("FE 9F is printed as %c, %d bytes", r, n)
	}
}

func TestSizeAndAlignment(t *testing.T) {
	p := newPrinter(t)
	a := p.pens.cell('A', fontA, false)
	for label, c := range map[string]struct {
		sent []byte
		x    int
		w, h int
	}{
		"plain":                  {[]byte{'A'}, 0, 1, 1},
		"centre":                 {[]byte{0x1B, 'a', 1, 'A'}, (Dots80 - 12) / 2, 1, 1},
		"right, wide":            {[]byte{0x1B, 'a', 2, 0x1D, '!', 0x10, 'A'}, Dots80 - 24, 2, 1},
		"double":                 {[]byte{0x1D, '!', 0x11, 'A'}, 0, 2, 2},
		"ESC ! high":             {[]byte{0x1B, '!', 0x10, 'A'}, 0, 1, 2},
		"ESC $":                  {[]byte{0x1B, '$', 200, 0, 'A'}, 200, 1, 1},
		"ESC \\, back":           {[]byte{0x1B, '$', 200, 0, 0x1B, '\\', 0xF6, 0xFF, 'A'}, 190, 1, 1},
		"initialised once more":  {[]byte{0x1D, '!', 0x11, 0x1B, 'a', 2, 0x1B, '@', 'A'}, 0, 1, 1},
		"behind a margin of 100": {[]byte{0x1D, 'L', 100, 0, 'A'}, 100, 1, 1},
	} {
		t.Run(label, func(t *testing.T) {
			want := newBitmap(Dots80, max(lineSpacing, 24*c.h))
			want.place(c.x, 0, a.scaled(c.w, c.h))
			if got := printed(t, c.sent...); !bytes.Equal(got.dots, want.dots) {
				t.Errorf("% X is printed otherwise", c.sent)
			}
		})
	}
}

func TestGraphicsAndBitImage(t *testing.T) {
	want := newBitmap(Dots80, 24)
	want.fill(0, 0, 8, 24)
	stored := append([]byte{0x1D, '(', 'L', 10 + 24, 0, 0x30, 0x70, 0x30, 1, 1, 0x31, 8, 0, 24, 0}, bytes.Repeat([]byte{0xFF}, 24)...)
	for label, sent := range map[string][]byte{
		"GS ( L":    append(stored, 0x1D, '(', 'L', 2, 0, 0x30, 0x32),
		"GS v 0":    append([]byte{0x1D, 'v', '0', 0, 1, 0, 24, 0}, bytes.Repeat([]byte{0xFF}, 24)...),
		"GS v 0 ×2": append([]byte{0x1D, 'v', '0', 3, 1, 0, 12, 0}, bytes.Repeat([]byte{0xF0}, 12)...),
		"ESC *":     append([]byte{0x1B, '*', 33, 8, 0}, bytes.Repeat([]byte{0xFF}, 24)...),
	} {
		if got := printed(t, sent...); !bytes.Equal(got.dots[:Dots80*24], want.dots) {
			t.Errorf("%s does not print a black bar of 8 by 24", label)
		}
	}
	print := []byte{0x1D, '(', 'L', 2, 0, 0x30, 0x32}
	if got := printed(t, append(append(stored, print...), print...)...); got.h != 24+lineSpacing {
		t.Errorf("a stored picture is printed again: %d dots of paper", got.h)
	}
}

func TestBoldIsBlacker(t *testing.T) {
	plain, bold := printed(t, 'A'), printed(t, 0x1B, 'E', 1, 'A')
	extra := 0
	for i := range plain.dots {
		if plain.dots[i] == 1 && bold.dots[i] == 0 {
			t.Fatal("bold lacks a dot of plain")
		}
		extra += int(bold.dots[i] - plain.dots[i])
	}
	if extra == 0 {
		t.Error("bold is no blacker than plain")
	}
}

func TestLongTextIsBroken(t *testing.T) {
	if got := printed(t, bytes.Repeat([]byte{'x'}, 49)...); got.h != 2*lineSpacing {
		t.Errorf("49 characters take %d dots of paper, want two lines", got.h)
	}
}

func TestUnknownCommandsAreNamed(t *testing.T) {
	p := newPrinter(t)
	h := plugged(t, p)
	h.send(0x1B, 'Z', 0x1D, '(', 'E', 1, 0, 9, 0x1D, 0x72, 1)
	h.expect(0)
	if r := p.Report(); strings.Join(r.Unrecognised, ",") != "1B 5A,1D 28 45" {
		t.Errorf("unrecognised: %q", r.Unrecognised)
	}
}

func TestPrintingTakesTime(t *testing.T) {
	typeface, err := emulator.LoadTypeface(emulator.NotoCollection)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		p, err := New(typeface, Dots80)
		if err != nil {
			t.Fatal(err)
		}
		p.DotTime = time.Millisecond
		h := plugged(t, p)
		began := time.Now()
		h.send(0x1B, 'J', 200, 0x1D, 0x72, 1)
		h.expect(0)
		if took := time.Since(began); took != 200*time.Millisecond {
			t.Errorf("200 dots took %v", took)
		}
		if err := p.Faults.Set(Slow, emulator.UntilOff); err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		h.send(0x1B, 'J', 200, 0x1D, 0x72, 1)
		h.expect(0)
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("200 dots took %v on a slow day", took)
		}
	})
}

func TestSlipIsShownUntilSomethingElseIsPrinted(t *testing.T) {
	p := newPrinter(t)
	h := plugged(t, p)
	h.send(unhex(t, goldenSlip)...)
	h.expect(0)
	h.send('\n', 0x1D, 0x72, 1) // blank paper behind the cut
	h.expect(0)
	if got := scan(t, p); got != "SA-20240001" {
		t.Errorf("zbar reads %q", got)
	}
	h.send('x', '\n', 0x1D, 0x72, 1)
	h.expect(0)
	if got, want := p.Paper().Rect.Dy(), 2*lineSpacing+2*paperMargin; got != want {
		t.Errorf("the paper is %d dots long, want the %d since the cut", got, want)
	}
}

func TestTornPaperIsGone(t *testing.T) {
	p := newPrinter(t)
	h := plugged(t, p)
	h.send(unhex(t, goldenSlip)...)
	h.expect(0)
	p.Tear()
	if r := p.Report(); r.Bytes != 0 || r.Slips != 0 || p.Paper().Rect.Dy() != 2*paperMargin {
		t.Errorf("after the paper was taken: %+v, %v", r, p.Paper().Rect)
	}
}
