package selftest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/drivers"
	"yimen/drivers/device"
	"yimen/drivers/emulator"
	"yimen/drivers/emulator/doccam"
	"yimen/drivers/emulator/idcard"
	"yimen/drivers/emulator/lamps"
	"yimen/drivers/emulator/printer"
	"yimen/drivers/emulator/scanner"
)

// site is a terminal's devices on loopback ports, and the terminal's own drivers for them.
type site struct {
	t       *testing.T
	reader  *idcard.Reader
	printer *printer.Printer
	camera  *doccam.Camera
	scanner *scanner.Engine
	lamps   *lamps.Board
	cfg     drivers.Config
}

// font is read once for all sites.
var font = sync.OnceValues(func() (*emulator.Typeface, error) { return emulator.LoadTypeface(emulator.NotoCollection) })

func newSite(t *testing.T) *site {
	t.Helper()
	typeface, err := font()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, reader: idcard.NewReader(), lamps: lamps.New()}
	if s.scanner, err = scanner.New(scanner.Newland); err != nil {
		t.Fatal(err)
	}
	if s.printer, err = printer.New(typeface, printer.Dots80); err != nil {
		t.Fatal(err)
	}
	s.printer.DotTime = 0
	if s.camera, err = doccam.New(image.Pt(320, 240), 20); err != nil {
		t.Fatal(err)
	}
	eye := httptest.NewServer(http.HandlerFunc(s.camera.ServeStream))
	t.Cleanup(func() { eye.CloseClientConnections(); eye.Close() })
	s.cfg = drivers.Config{
		IDCard: &drivers.IDCard{Port: s.serve(s.reader.Serve)}, Printer: &drivers.Printer{Port: s.serve(s.printer.Serve)},
		DocCam: &drivers.DocCam{URL: eye.URL}, Scanner: &drivers.Scanner{Port: s.serve(s.scanner.Serve)},
		Lamps: &drivers.Lamps{Port: s.serve(s.lamps.Serve), Relays: map[device.ID]int{device.IDCardReader: 1, device.Printer: 3}},
	}
	s.reader.Lay(liu)
	if err := s.scanner.Hold([]byte("990000196203150022")); err != nil {
		t.Fatal(err)
	}
	return s
}

// serve puts a device on a socket, for one connection after the other.
func (s *site) serve(device func(context.Context, io.ReadWriter) error) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = device(s.t.Context(), c)
			c.Close()
		}
	}()
	s.t.Cleanup(func() { l.Close(); <-ended })
	return "tcp:" + l.Addr().String()
}

// blocks draws what the printer's font lacks as black squares.
type blocks struct{}

func (blocks) RasterLine(text string, dots int, _ bool) (device.Bitmap, error) {
	b := device.Bitmap{Width: dots * len([]rune(text)), Height: dots}
	b.Bits = bytes.Repeat([]byte{0xFF}, b.Stride()*b.Height)
	return b, nil
}

// run opens the devices and tries them; told is what a person reads.
func (s *site) run(wait time.Duration) (report Report, told string) {
	s.t.Helper()
	terminal, err := drivers.Open(s.cfg, blocks{}, slog.New(slog.DiscardHandler))
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- terminal.Run(ctx) }()
	defer func() { stop(); <-ended }()
	var out strings.Builder
	report, err = Run(ctx, Of(terminal), wait, func(step Step) {
		if err := Tell(&out, step); err != nil {
			s.t.Error(err)
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return report, out.String()
}

var liu = idcard.Card{Name: "刘桂兰", Sex: "2", Ethnic: "01", Birth: "19620315", Number: "990000196203150022", Issuer: "测试公安局", ValidFrom: "20160510", ValidTo: "20360510"}

func TestEveryDeviceIsTriedAndACardIsShownMasked(t *testing.T) {
	s := newSite(t)
	report, told := s.run(30 * time.Second)
	if !report.Passed || len(report.Results) != 5 {
		t.Errorf("report %+v", report)
	}
	if s.lamps.Lit() != [lamps.Channels]bool{} {
		t.Errorf("lamps are left lit: %v", s.lamps.Lit())
	}
	for _, want := range []string{"身份证阅读器", "刘**，990*************22", "320×240", "打印机答复：测试小票已打完", "2 个灯", "共 18 个字"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not in\n%s", want, told)
		}
	}
	b, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{told, string(b)} {
		if strings.Contains(text, "桂") || strings.Contains(text, "19620315") {
			t.Errorf("a person's data stands in %s", text)
		}
	}
	if r := s.printer.Report(); r.Slips != 1 || r.Unrecognised != nil {
		t.Errorf("the printer got %+v", r)
	}
}

func TestWhatIsWrongIsToldByWhatCanBeDone(t *testing.T) {
	for name, c := range map[string]struct {
		spoil  func(*site) error
		remark map[device.ID]string
	}{
		"no paper":       {func(s *site) error { return s.printer.Faults.Set("paper-out", emulator.UntilOff) }, map[device.ID]string{device.Printer: "paper-out"}},
		"open cover":     {func(s *site) error { return s.printer.Faults.Set("cover-open", emulator.UntilOff) }, map[device.ID]string{device.Printer: "needs-hand"}},
		"near end":       {func(s *site) error { return s.printer.Faults.Set("paper-low", emulator.UntilOff) }, map[device.ID]string{device.Printer: "printed-low"}},
		"one-way line":   {func(s *site) error { s.cfg.Printer.Model = "mute-58"; return nil }, map[device.ID]string{device.Printer: "unconfirmed"}},
		"silent reader":  {func(s *site) error { return s.reader.Faults.Set("silent", emulator.UntilOff) }, map[device.ID]string{device.IDCardReader: "silent"}},
		"locked reader":  {func(s *site) error { return s.reader.Faults.Set("locked", emulator.UntilOff) }, map[device.ID]string{device.IDCardReader: "defective"}},
		"no card":        {func(s *site) error { s.reader.Take(); return nil }, map[device.ID]string{device.IDCardReader: "nothing-came"}},
		"no camera":      {func(s *site) error { s.cfg.DocCam.URL = "http://127.0.0.1:1/"; return nil }, map[device.ID]string{device.DocCam: "gone"}},
		"no reader":      {func(s *site) error { s.cfg.IDCard.Port = "serial:/nowhere/tty"; return nil }, map[device.ID]string{device.IDCardReader: "gone"}},
		"no code":        {func(s *site) error { s.scanner.Drop(); return nil }, map[device.ID]string{device.Scanner: "nothing-came"}},
		"garbled code":   {func(s *site) error { return s.scanner.Faults.Set("garbage", emulator.UntilOff) }, map[device.ID]string{device.Scanner: "unreadable"}},
		"silent scanner": {func(s *site) error { return s.scanner.Faults.Set("silent", emulator.UntilOff) }, map[device.ID]string{device.Scanner: "silent"}},
		"silent board":   {func(s *site) error { return s.lamps.Faults.Set("silent", emulator.UntilOff) }, map[device.ID]string{device.Lamps: "silent"}},
		"stuck relay":    {func(s *site) error { return s.lamps.Faults.Set("stuck", emulator.UntilOff) }, map[device.ID]string{device.Lamps: "defective"}},
		"broken picture": {func(s *site) error { return s.camera.Faults.Set("truncated", emulator.UntilOff) }, map[device.ID]string{device.DocCam: "broken-picture"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			if err := c.spoil(s); err != nil {
				t.Fatal(err)
			}
			report, told := s.run(2 * time.Second)
			if len(report.Results) != 5 {
				t.Errorf("report %+v", report)
			}
			all := true
			for _, r := range report.Results {
				want, wrong := c.remark[r.Device]
				if wrong && r.Remark != want || !wrong && r.Outcome != Passed {
					t.Errorf("%s: %+v, want %q", r.Device, r, want)
				}
				all = all && r.Outcome == Passed
			}
			if report.Passed != all || name != "near end" && all {
				t.Errorf("passed is %v of %+v", report.Passed, report.Results)
			}
			for _, id := range c.remark {
				if !strings.Contains(told, say("remark."+id, nil)) {
					t.Errorf("%q is not told:\n%s", id, told)
				}
			}
		})
	}
}

func TestOnlyWhoWasAskedForSomethingCanHaveBroughtNothing(t *testing.T) {
	for id, want := range map[device.ID]string{
		device.IDCardReader: "nothing-came", device.Scanner: "nothing-came", device.Printer: "silent", device.Lamps: "silent", device.DocCam: "silent",
	} {
		if r := failed(id, context.DeadlineExceeded); r.Remark != want || r.Outcome != Failed {
			t.Errorf("%s: %+v", id, r)
		}
	}
}

func TestEveryRemarkHasItsPhrase(t *testing.T) {
	ids := []string{"remark.failed", "remark.broken-picture", "remark.unconfirmed", "remark.card", "remark.frame", "remark.printed", "remark.printed-low", "remark.code", "remark.lamps",
		"outcome." + string(Passed), "outcome." + string(Failed), "outcome." + string(Unsure), "ask.idcard", "ask.scanner",
		"slip.title", "slip.text", "slip.rare", "slip.left", "slip.right", "slip.code", "summary.passed", "summary.failed"}
	for _, r := range remarks {
		ids = append(ids, "remark."+r.remark)
	}
	for _, d := range []device.ID{device.IDCardReader, device.Printer, device.DocCam, device.Scanner, device.Lamps} {
		ids = append(ids, "device."+string(d))
	}
	for _, id := range ids {
		if say(id, nil) == id {
			t.Errorf("%s has no phrase", id)
		}
	}
}

// packs is what a daemon says of its packs.
type packs struct{ trouble error }

func (p packs) InForce() (string, error) { return "2026.01-1", p.trouble }

func TestARefusedPackIsToldToStaffWithTheEditionThatStays(t *testing.T) {
	for trouble, want := range map[error]Outcome{nil: Passed, errors.New("no two have signed"): Failed} {
		var said bytes.Buffer
		report, err := Run(t.Context(), Devices{Packs: packs{trouble}}, time.Second, func(s Step) {
			if err := Tell(&said, s); err != nil {
				t.Error(err)
			}
		})
		if err != nil || len(report.Results) != 1 || report.Results[0].Outcome != want || report.Passed != (want == Passed) {
			t.Errorf("%v: %+v, %v", trouble, report, err)
		}
		if text := said.String(); !strings.Contains(text, "政策包") || !strings.Contains(text, "2026.01-1") || trouble != nil && !strings.Contains(text, "no two have signed") {
			t.Errorf("staff read %q", text)
		}
	}
}
