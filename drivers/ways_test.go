package drivers

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// hall is a bench (drivers/bench) with emulated devices, and the terminal that is connected to them in one of the ways there
// are.
type hall struct {
	panel  string
	config Config
}

// ways to the same devices. The bench at YIMEN_BENCH has put its devices on this machine's USB, which takes a virtual machine
// (make bench-vm); the other ways need nothing.
var ways = map[string]func(*testing.T) hall{
	"pty": func(t *testing.T) hall { return startBench(t, func(tty string) string { return "serial:" + tty }) },
	"tcp": func(t *testing.T) hall {
		return startBench(t, func(tty string) string { return "tcp:" + serialServer(t, "serial:"+tty) })
	},
	"usb": func(t *testing.T) hall { return onUSB(t, "usb:") },
	"lp":  func(t *testing.T) hall { return onUSB(t, "lp:") },
}

// startBench starts a bench whose devices are on ttys, each of which is reached by the port that port makes of it.
func startBench(t *testing.T, port func(tty string) string) hall {
	if os.Getenv("YIMEN_BENCH") != "" {
		t.Skip("YIMEN_BENCH has another way to its devices")
	}
	t.Parallel() // with the other ways to a bench of their own
	program := filepath.Join(t.TempDir(), "bench")
	if out, err := exec.Command("go", "build", "-o", program, "yimen/drivers/bench").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	bench := exec.CommandContext(t.Context(), program, "-dir", t.TempDir(), "-frame", "320x240", "-fps", "1", "-print-speed", "3000")
	bench.Cancel = func() error { return bench.Process.Signal(os.Interrupt) }
	bench.Stderr = t.Output()
	out, err := bench.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bench.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bench.Wait() }) // the test's context has ended
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var at struct{ Panel, IDCard, Printer, Scanner string }
	if err := json.Unmarshal(line, &at); err != nil {
		t.Fatal(err)
	}
	return hall{panel: at.Panel, config: Config{
		IDCard: &IDCard{Port: port(at.IDCard)}, Printer: &Printer{Port: port(at.Printer)}, Scanner: &Scanner{Port: port(at.Scanner)},
	}}
}

// serialServer is a transparent serial server: it hands a line on to whoever connects, as long as both ends are there.
func serialServer(t *testing.T, line string) (addr string) {
	port, err := portOf(line, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			if line, err := port.Open(); err == nil {
				join(client, line)
			}
			client.Close()
		}
	}()
	return l.Addr().String()
}

// join hands bytes on both ways until either end is gone.
func join(a, b wire.Conn) {
	done := make(chan struct{}, 2)
	hand := func(to, from wire.Conn) { io.Copy(to, from); done <- struct{}{} }
	go hand(a, b)
	go hand(b, a)
	<-done
	a.Close()
	b.Close()
	<-done
}

// onUSB is the bench whose devices are plugged into this machine.
func onUSB(t *testing.T, printer string) hall {
	panel := os.Getenv("YIMEN_BENCH")
	if panel == "" {
		t.Skip("no emulated devices on this machine's USB: YIMEN_BENCH names no bench (make bench-vm does)")
	}
	h := hall{panel: strings.TrimSuffix(panel, "/") + "/", config: Config{IDCard: &IDCard{Port: "usb:"}, Printer: &Printer{Port: printer}}}
	h.plug(t, "scanner")
	var engines []string
	eventually(t, "scanner on the USB", func() bool {
		engines, _ = filepath.Glob("/dev/serial/by-id/*QR_engine*")
		return len(engines) == 1
	})
	h.config.Scanner = &Scanner{Port: "serial:" + engines[0]}
	return h
}

// call asks the bench for something.
func (h hall) call(t *testing.T, method, path, body string) map[string]any {
	t.Helper()
	q, err := http.NewRequest(method, h.panel+"api/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var said map[string]any
	if err := json.NewDecoder(a.Body).Decode(&said); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s %s: %d %v %v", method, path, body, a.StatusCode, said, err)
	}
	return said
}

func (h hall) plug(t *testing.T, id device.ID) {
	t.Helper()
	h.call(t, "POST", "plug", fmt.Sprintf(`{"device":%q}`, id))
}

func (h hall) unplug(t *testing.T, id device.ID) {
	t.Helper()
	h.call(t, "POST", "unplug", fmt.Sprintf(`{"device":%q}`, id))
}

// printed is what the printer has received and cut since its paper was taken.
func (h hall) printed(t *testing.T) (bytes, slips float64) {
	t.Helper()
	report := h.call(t, "GET", "state", "")["printer"].(map[string]any)
	return report["bytes"].(float64), report["slips"].(float64)
}

// terminal opens the devices with everything plugged in and nothing lying anywhere, and waits until they are online.
func (h hall) terminal(t *testing.T) (*Terminal, context.Context) {
	t.Helper()
	h.call(t, "DELETE", "card", "")
	h.call(t, "DELETE", "code", "")
	h.call(t, "POST", "paper/tear", "")
	for _, id := range []device.ID{device.IDCardReader, device.Printer, device.Scanner} {
		h.plug(t, id)
	}
	term, err := Open(h.config, nil, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	ended := make(chan error, 1)
	go func() { ended <- term.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	h.until(t, ctx, "all online", func() bool {
		for _, s := range term.Statuses() {
			if !s.Ready() {
				return false
			}
		}
		return true
	})
	return term, ctx
}

// until waits until what holds.
func (h hall) until(t *testing.T, ctx context.Context, what string, holds func() bool) {
	t.Helper()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within patience: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// promises hold whatever the way.
var promises = []struct {
	name string
	hold func(*testing.T, hall)
}{
	{"a card is read", cardIsRead},
	{"a slip is printed and proven", slipIsProven},
	{"a code is scanned", codeIsScanned},
	{"a printer that is unplugged under a slip proves nothing, and prints when it is back", printerComesBack},
	{"a reader that is unplugged as it begins to read gives this card or none, and reads when it is back", readerComesBack},
	{"a scanner that is unplugged is gone, and scans when it is back", scannerComesBack},
}

func TestDevicesDoTheSameWhateverTheWayToThem(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			h := way(t)
			for _, p := range promises {
				t.Run(p.name, func(t *testing.T) { p.hold(t, h) })
			}
		})
	}
}

// lay lays the card of the specimen and reads it.
func (h hall) lay(t *testing.T, ctx context.Context, term *Terminal) {
	t.Helper()
	h.call(t, "POST", "card", `{"id":"specimen"}`)
	card, err := term.IDCard().Read(ctx)
	if err != nil || card.Name.Reveal() != "张测试" || card.Number != "11010519491231002X" || len(card.Photo) != 1024 {
		t.Errorf("another card with a photo of %d bytes, %v", len(card.Photo), err)
	}
}

func cardIsRead(t *testing.T, h hall) {
	term, ctx := h.terminal(t)
	h.lay(t, ctx, term)
	h.call(t, "DELETE", "card", "")
	h.until(t, ctx, "card is seen to leave", func() bool { return term.IDCard().Media() == device.MediaNotPresent })
}

// receipt is a slip of so many lines.
func receipt(lines int) (s device.Slip) {
	for i := range lines {
		s.Rows = append(s.Rows, device.Columns{Left: "受理编号", Right: fmt.Sprintf("SA-%08d", i)})
	}
	s.Rows = append(s.Rows, device.QR{Data: "SA-20240001", Dots: 200})
	return s
}

func slipIsProven(t *testing.T, h hall) {
	term, ctx := h.terminal(t)
	for n := range 3 {
		p, err := term.Printer().Print(ctx, receipt(5))
		if err != nil || !p.Confirmed || p.Paper != device.PaperFull {
			t.Errorf("%+v, %v", p, err)
		}
		if _, slips := h.printed(t); slips != float64(n+1) {
			t.Errorf("%v slips, want %d", slips, n+1)
		}
	}
}

func codeIsScanned(t *testing.T, h hall) {
	term, ctx := h.terminal(t)
	h.scan(t, ctx, term)
}

func (h hall) scan(t *testing.T, ctx context.Context, term *Terminal) {
	t.Helper()
	h.call(t, "POST", "code", `{"text":"SA-20240001"}`)
	code, err := term.Scanner().Read(ctx)
	if err != nil || code.Text.Reveal() != "SA-20240001" {
		t.Errorf("another code, %v", err)
	}
	h.call(t, "DELETE", "code", "")
}

func printerComesBack(t *testing.T, h hall) {
	term, ctx := h.terminal(t)
	ended := make(chan error, 1)
	go func() {
		p, err := term.Printer().Print(ctx, receipt(500))
		if p.Confirmed {
			err = fmt.Errorf("confirmed, %v", err)
		}
		ended <- err
	}()
	h.until(t, ctx, "slip is on its way", func() bool { bytes, _ := h.printed(t); return bytes > 2*1024 })
	h.unplug(t, device.Printer)
	if err := <-ended; device.Kind(err) != device.ErrUnconfirmed && device.Kind(err) != device.ErrGone {
		t.Errorf("under the slip: %v", err)
	}
	h.until(t, ctx, "printer is away", func() bool { return term.Printer().Status().State == device.NoDevice })
	h.plug(t, device.Printer)
	h.until(t, ctx, "printer is back", func() bool { return term.Printer().Status().Ready() })
	if p, err := term.Printer().Print(ctx, receipt(5)); err != nil || !p.Confirmed {
		t.Errorf("back again: %+v, %v", p, err)
	}
}

func readerComesBack(t *testing.T, h hall) {
	term, ctx := h.terminal(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		card, err := term.IDCard().Read(ctx)
		if err == nil && card.Number != "11010519491231002X" || err != nil && device.Kind(err) != device.ErrGone {
			t.Errorf("unplugged: number %s, %v", card.Number.MaskNumber(), err)
		}
	}()
	h.call(t, "POST", "card", `{"id":"specimen"}`)
	h.unplug(t, device.IDCardReader)
	<-ended
	h.until(t, ctx, "reader is away", func() bool { return term.IDCard().Status().State == device.NoDevice })
	h.plug(t, device.IDCardReader)
	h.until(t, ctx, "reader is back", func() bool { return term.IDCard().Status().Ready() })
	h.lay(t, ctx, term)
}

func scannerComesBack(t *testing.T, h hall) {
	term, ctx := h.terminal(t)
	h.unplug(t, device.Scanner)
	h.until(t, ctx, "scanner is away", func() bool { return term.Scanner().Status().State == device.NoDevice })
	h.plug(t, device.Scanner)
	h.until(t, ctx, "scanner is back", func() bool { return term.Scanner().Status().Ready() })
	h.scan(t, ctx, term)
}
