package usbwire_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/doccam"
	"yimen/drivers/emulator/gadget"
	"yimen/drivers/emulator/idcard"
	"yimen/drivers/emulator/printer"
	"yimen/drivers/emulator/usb"
)

// echo says back what it hears.
func echo(_ context.Context, link io.ReadWriter) error {
	_, err := io.Copy(link, link)
	return err
}

// paper is a printer without paper that echoes.
type paper struct{}

func (paper) Serve(ctx context.Context, link io.ReadWriter) error { return echo(ctx, link) }
func (paper) PortStatus() byte                                    { return 0x38 }
func (paper) Forget()                                             {}

// flat is a scene of one colour.
type flat struct{}

func (flat) Begin() {}

func (flat) Next(size image.Point, yuyv bool) ([]byte, bool) {
	if yuyv {
		return bytes.Repeat([]byte{0x80, 0x80, 0x40, 0x80}, size.X*size.Y/2), true
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, image.NewGray(image.Rectangle{Max: size}), nil)
	return b.Bytes(), err == nil
}

// all are one of each device.
func all() map[string]*usb.Device {
	_, panel := gadget.NewTouch("5", 300, 500)
	return map[string]*usb.Device{
		"sam": gadget.NewSAM("1", echo), "printer": gadget.NewPrinter("2", paper{}), "serial": gadget.NewSerial("line", "3", 1, echo),
		"camera": gadget.NewCamera("4", flat{}, image.Pt(640, 480), 30), "touch": panel, "nameless": gadget.NewSAM("", echo),
	}
}

func TestEveryDeviceIsEnumeratedAsAKernelWould(t *testing.T) {
	for name, d := range all() {
		t.Run(name, func(t *testing.T) {
			h := plug(t, d)
			begin := h.must(0x80, 6, 1<<8, 0, 8, nil)
			h.send(3, 0, nil) // reset
			device := h.must(0x80, 6, 1<<8, 0, 64, nil)
			if len(begin) != 8 || len(device) != 18 || device[0] != 18 || device[17] != 1 || !bytes.Equal(begin, device[:8]) {
				t.Fatalf("device descriptor % X, first % X", device, begin)
			}
			for _, i := range device[14:17] {
				if i == 0 {
					continue
				}
				s := h.must(0x80, 6, 3<<8|uint16(i), 0x0409, 255, nil)
				if len(s) < 4 || int(s[0]) != len(s) || s[1] != 3 || len(s)%2 != 0 {
					t.Errorf("string %d: % X", i, s)
				}
			}
			if (device[16] == 0) != (name == "nameless") {
				t.Errorf("number of the serial number: %d", device[16])
			}
			if _, status := h.control(0x80, 6, 6<<8, 0, 10, nil); status != stalled {
				t.Errorf("the qualifier of a device with one speed: status %d", status)
			}
			head := h.must(0x80, 6, 2<<8, 0, 9, nil)
			whole := h.must(0x80, 6, 2<<8, 0, binary.LittleEndian.Uint16(head[2:]), nil)
			if len(whole) != int(binary.LittleEndian.Uint16(head[2:])) {
				t.Fatalf("configuration of %d bytes, it says % X", len(whole), head)
			}
			h.configure()
			if c := h.must(0x80, 6, 2<<8, 0, 9, nil); !bytes.Equal(c, head) {
				t.Errorf("after it is chosen the configuration begins with % X", c)
			}
			h.compare(whole)
		})
	}
}

// compare walks through a configuration's descriptors and compares them with what the protocol told beside.
func (h *host) compare(whole []byte) {
	h.t.Helper()
	h.mu.Lock()
	endpoints, interfaces := h.infos[len(h.infos)-2].body, h.infos[len(h.infos)-1].body
	h.mu.Unlock()
	told, left, seen := int(binary.LittleEndian.Uint32(interfaces)), 0, map[byte]bool{}
	var number byte
	n := 0
	for b := whole; len(b) > 0; b = b[b[0]:] {
		if b[0] < 2 || int(b[0]) > len(b) {
			h.t.Fatalf("descriptor % X of %d bytes", b[:2], len(b))
		}
		switch b[1] {
		case 4:
			if left != 0 {
				h.t.Errorf("interface %d lacks %d endpoints", number, left)
			}
			number, left = b[2], int(b[4])
			if n < told && (interfaces[4+n] != number || interfaces[36+n] != b[5] || interfaces[68+n] != b[6] || interfaces[100+n] != b[7]) {
				h.t.Errorf("interface %d is told otherwise", number)
			}
			n++
		case 5:
			left--
			at := int(b[2]>>7)*16 + int(b[2]&15)
			if endpoints[at] != b[3] || endpoints[32+at] != b[6] || endpoints[64+at] != number || !bytes.Equal(endpoints[96+2*at:98+2*at], b[4:6]) || seen[b[2]] {
				h.t.Errorf("endpoint %02X is told otherwise, or twice", b[2])
			}
			seen[b[2]] = true
		}
	}
	if left != 0 || n != told || int(whole[4]) != n {
		h.t.Errorf("%d interfaces, %d told, %d in the header; %d endpoints lack", n, told, whole[4], left)
	}
}

func TestCardIsReadOverUSB(t *testing.T) {
	reader := idcard.NewReader()
	reader.ByteTime = 0
	h := plug(t, gadget.NewSAM("1", reader.Serve))
	h.configure()
	find, _ := hex.DecodeString("AAAAAA96690003200122")
	h.write(0x02, find)
	if got := fmt.Sprintf("%X", h.read(0x81, 4096)); got != "AAAAAA9669000400008084" {
		t.Errorf("without a card: %s", got)
	}
	reader.Lay(idcard.Card{Name: "张测试", Sex: "2", Ethnic: "01", Birth: "19491231", Number: "11010519491231002X"})
	h.write(0x02, find[:4]) // in two packets
	h.write(0x02, find[4:])
	if got := fmt.Sprintf("%X", h.read(0x81, 4096)); !strings.HasPrefix(got, "AAAAAA9669000800009F") {
		t.Errorf("with a card: %s", got)
	}
}

func TestSlipIsPrintedOverUSBAndThePortTellsOfThePaper(t *testing.T) {
	typeface, err := emulator.LoadTypeface(emulator.NotoCollection)
	if err != nil {
		t.Fatal(err)
	}
	p, err := printer.New(typeface, printer.Dots80)
	if err != nil {
		t.Fatal(err)
	}
	h := plug(t, gadget.NewPrinter("2", p))
	h.configure()
	id := h.must(0xA1, 0, 0, 0, 1023, nil)
	if int(binary.BigEndian.Uint16(id)) != len(id) || !strings.Contains(string(id[2:]), "CMD:ESC/POS;") {
		t.Errorf("device id %q", id)
	}
	slip := "\x1B@hello\n\x1DV\x00\x1Dr\x01"
	h.write(0x03, []byte(slip))
	if got := h.read(0x81, 512); !bytes.Equal(got, []byte{0}) {
		t.Errorf("paper after the slip: % X", got)
	}
	if got := string(p.Received()); got != slip || p.Report().Slips != 1 {
		t.Errorf("printed %q, %+v", got, p.Report())
	}
	for fault, want := range map[emulator.Fault]byte{printer.PaperOut: 0x28, printer.CoverOpen: 0x00} {
		if got := h.must(0xA1, 1, 0, 0, 1, nil); got[0] != 0x18 {
			t.Errorf("well: port status %02X", got[0])
		}
		if err := p.Faults.Set(fault, emulator.UntilOff); err != nil {
			t.Fatal(err)
		}
		if got := h.must(0xA1, 1, 0, 0, 1, nil); got[0] != want {
			t.Errorf("%s: port status %02X, want %02X", fault, got[0], want)
		}
		h.write(0x03, []byte("waits")) // for paper, in the buffer
		for p.Report().Waiting == 0 {
			time.Sleep(time.Millisecond)
		}
		h.must(0x21, 2, 0, 0, 0, nil) // soft reset
		if r := p.Report(); r.Waiting != 0 {
			t.Errorf("after a soft reset %d bytes wait", r.Waiting)
		}
		if err := p.Faults.Set(fault, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// frame pulls one frame out of the stream, from header to header.
func (h *host) frame() (picture []byte, spoilt bool) {
	h.t.Helper()
	for {
		p := h.read(0x81, 16384)
		picture = append(picture, p[2:]...)
		if p[1]&2 != 0 {
			return picture, p[1]&0x40 != 0
		}
	}
}

func TestFramesArriveWhole(t *testing.T) {
	camera, err := doccam.New(image.Pt(800, 600), 50)
	if err != nil {
		t.Fatal(err)
	}
	d := gadget.NewCamera("4", camera.View(), camera.Size(), 50)
	h := plug(t, d)
	h.configure()
	negotiate := func(format, frame byte) []byte {
		want := make([]byte, 34)
		want[2], want[3] = format, frame
		h.must(0x21, 0x01, 1<<8, 1, 34, want)
		got := h.must(0xA1, 0x81, 1<<8, 1, 34, nil)
		h.must(0x21, 0x01, 2<<8, 1, 34, got)
		return got
	}
	for frame, size := range []image.Point{{X: 640, Y: 480}, {X: 800, Y: 600}} {
		got := negotiate(1, byte(frame+1))
		if got[2] != 1 || got[3] != byte(frame+1) || binary.LittleEndian.Uint32(got[4:]) != 200_000 {
			t.Errorf("promised % X", got)
		}
		for range 3 {
			picture, _ := h.frame()
			c, err := jpeg.DecodeConfig(bytes.NewReader(picture))
			if err != nil || c.Width != size.X || c.Height != size.Y || !bytes.HasSuffix(picture, []byte{0xFF, 0xD9}) {
				t.Fatalf("a frame of %d bytes, %dx%d: %v", len(picture), c.Width, c.Height, err)
			}
		}
	}
	negotiate(2, 1)
	if picture, _ := h.frame(); len(picture) != 640*480*2 {
		t.Errorf("YUYV of %d bytes", len(picture))
	}
	if err := d.Faults.Set(gadget.FrameError, 1); err != nil {
		t.Fatal(err)
	}
	_, first := h.frame()
	_, second := h.frame()
	if !first || second {
		t.Errorf("spoilt frames: %v, %v", first, second)
	}
	h.must(0x02, 1, 0, 0x81, 0, nil) // stop: clear the halt of an endpoint that is not halted
	id, answer := h.submit(0x81, 16384, nil)
	h.send(21, id, nil)
	if status, data, _ := h.result(answer); status != cancelled || len(data) != 0 {
		t.Errorf("after the stop: status %d, %d bytes", status, len(data))
	}
}

func TestCameraPromisesOnlyWhatItCanDo(t *testing.T) {
	h := plug(t, gadget.NewCamera("4", flat{}, image.Pt(640, 480), 10))
	h.configure()
	for _, ask := range [][]byte{make([]byte, 34), bytes.Repeat([]byte{0xFF}, 34), bytes.Repeat([]byte{0xFF}, 26)} {
		h.must(0x21, 0x01, 1<<8, 1, uint16(len(ask)), ask)
		got := h.must(0xA1, 0x81, 1<<8, 1, 34, nil)
		interval := binary.LittleEndian.Uint32(got[4:])
		if got[2] < 1 || got[2] > 2 || got[3] != 1 || interval != 1_000_000 && interval != 2_000_000 || binary.LittleEndian.Uint32(got[18:]) != 640*480*2 {
			t.Errorf("asked % X, promised % X", ask[:8], got)
		}
	}
	if _, status := h.control(0x21, 0x01, 1<<8, 1, 5, make([]byte, 5)); status != stalled {
		t.Errorf("half a record: status %d", status)
	}
	h.must(0x21, 0x01, 2<<8, 0x0200, 2, []byte{0xC0, 0xFF}) // brightness -64
	if got := h.must(0xA1, 0x81, 2<<8, 0x0200, 2, nil); !bytes.Equal(got, []byte{0xC0, 0xFF}) {
		t.Errorf("brightness % X", got)
	}
	if _, status := h.control(0xA1, 0x81, 3<<8, 0x0200, 2, nil); status != stalled {
		t.Errorf("contrast, which is not there: status %d", status)
	}
}

func TestFingersAreReportedOnceTheHostListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		panel, d := gadget.NewTouch("5", 300, 500)
		h := plug(t, d)
		h.configure()
		if err := panel.Tap(t.Context(), 0.5, 0.5); !errors.Is(err, gadget.ErrUnheard) {
			t.Errorf("nobody listens: %v", err)
		}
		h.send(15, 0, []byte{0x81}) // start receiving
		if p := <-h.spoken; p.kind != 17 || p.body[0] != success {
			t.Fatalf("not started: %+v", p)
		}
		if err := panel.Drag(t.Context(), gadget.Contact{ID: 3, X: 0, Y: 1}, 1, 0, 200*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		first := <-h.spoken
		if got := first.body[4:12]; !bytes.Equal(got, []byte{1, 3, 3, 0, 0, 0xFF, 0x7F, 0}) { // report, tip and in range, id, x, y, next finger
			t.Errorf("first report % X", got)
		}
		last := first
		synctest.Wait()
		for len(h.spoken) > 0 {
			last = <-h.spoken
		}
		if got := last.body[4:12]; !bytes.Equal(got, []byte{1, 0, 3, 0xFF, 0x7F, 0, 0, 0}) {
			t.Errorf("last report % X", got)
		}
		if err := panel.Report(t.Context(), gadget.Contact{ID: 1, Down: true}, gadget.Contact{ID: 2, X: 1, Y: 1, Down: true}); err != nil {
			t.Fatal(err)
		}
		if two := (<-h.spoken).body[4:]; !bytes.Equal(two[1:13], []byte{3, 1, 0, 0, 0, 0, 3, 2, 0xFF, 0x7F, 0xFF, 0x7F}) || two[len(two)-1] != 2 {
			t.Errorf("two fingers are reported as % X", two)
		}
		if err := panel.Report(t.Context(), gadget.Contact{X: 1.1}); err == nil {
			t.Error("a finger beside the panel was accepted")
		}
		h.send(16, 0, []byte{0x81})
		if p := <-h.spoken; p.kind != 17 {
			t.Errorf("after the stop: %+v", p)
		}
		if err := panel.Tap(t.Context(), 0.5, 0.5); !errors.Is(err, gadget.ErrUnheard) {
			t.Errorf("nobody listens any more: %v", err)
		}
	})
}

func TestSerialPortKeepsItsRateAndForgetsWhatWasSaidToNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := plug(t, gadget.NewSerial("line", "3", 1, echo))
		h.configure()
		rate := []byte{0x00, 0xC2, 0x01, 0x00, 0, 0, 8} // 115200 8N1
		h.must(0x21, 0x20, 0, 0, 7, rate)
		if got := h.must(0xA1, 0x21, 0, 0, 7, nil); !bytes.Equal(got, rate) {
			t.Errorf("rate % X", got)
		}
		if _, status := h.control(0x21, 0x20, 0, 0, 3, rate[:3]); status != stalled {
			t.Errorf("half a rate: status %d", status)
		}
		h.send(15, 0, []byte{0x83})
		<-h.spoken                       // started
		h.must(0x21, 0x22, 3, 0, 0, nil) // opened
		if p := <-h.spoken; !bytes.Equal(p.body[4:], []byte{0xA1, 0x20, 0, 0, 0, 0, 2, 0, 3, 0}) {
			t.Errorf("the port tells % X", p.body[4:])
		}
		h.write(0x01, []byte("proof"))
		if got := h.read(0x82, 512); string(got) != "proof" {
			t.Errorf("%q", got)
		}
		h.write(0x01, []byte("nobody fetches this"))
		synctest.Wait()
		h.must(0x21, 0x22, 0, 0, 0, nil) // closed
		h.must(0x21, 0x22, 3, 0, 0, nil)
		h.write(0x01, []byte("proof"))
		if got := h.read(0x82, 512); string(got) != "proof" {
			t.Errorf("%q", got)
		}
	})
}
