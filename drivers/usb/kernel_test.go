package usb

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// The tests in this file meet a real kernel, on whose USB a bench at YIMEN_BENCH has put its emulated devices.

var (
	reader  = Port{Name: Name{Vendor: 0x0400, Product: 0xc35a}}
	printer = Port{Name: Name{Printer: true}}
	relays  = Port{Name: Name{Vendor: 0x1d6b, Product: 0x0105}}
)

// onBench gives the bench, with everything plugged in and well.
func onBench(t *testing.T) bench {
	t.Helper()
	panel := os.Getenv("YIMEN_BENCH")
	if panel == "" {
		t.Skip("no emulated devices on this machine's USB: YIMEN_BENCH names no bench (make bench-vm does)")
	}
	b := bench(strings.TrimSuffix(panel, "/") + "/api/")
	for _, what := range []string{"unplug", "plug"} { // so that nothing of an earlier test is left
		for _, id := range []string{"idcard", "printer", "lamps"} {
			b.say(t, what, `{"device":%q}`, id)
		}
		for _, p := range []Port{reader, printer, relays} {
			eventually(t, what+" "+p.String(), func() bool { return there(p) == (what == "plug") })
		}
	}
	eventually(t, "usblp has the printer", func() bool { return len(glob(t, "/dev/usb/lp*")) == 1 })
	return b
}

func there(p Port) bool {
	_, err := p.Name.find(sysfs())
	return err == nil
}

// bench is the address of a bench's API.
type bench string

func (b bench) say(t *testing.T, what, format string, args ...any) {
	t.Helper()
	a, err := http.Post(string(b)+what, "application/json", strings.NewReader(fmt.Sprintf(format, args...)))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var said any
	if err := json.NewDecoder(a.Body).Decode(&said); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v %v", what, said, err)
	}
}

// spoil switches a fault on for so many times, and off when the test ends.
func (b bench) spoil(t *testing.T, id, fault string, times int) {
	t.Helper()
	b.say(t, "fault", `{"device":%q,"fault":%q,"on":true,"times":%d}`, id, fault, times)
	t.Cleanup(func() { b.cure(t, id, fault) })
}

func (b bench) cure(t *testing.T, id, fault string) {
	t.Helper()
	b.say(t, "fault", `{"device":%q,"fault":%q,"on":false}`, id, fault)
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 1500 {
		if holds() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("not within patience: %s", what)
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	all, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func open(t *testing.T, p wire.Port) wire.Conn {
	t.Helper()
	c, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// firmware-notes/sam-v "Commands", "Replies": SAM status.
var (
	status = []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x11, 0xFF, 0xED}
	well   = []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4, 0, 0, 0x90, 0x94}
)

// asks puts a question to the reader and wants its answer whole.
func asks(t *testing.T, c wire.Conn) {
	t.Helper()
	c.SetWriteDeadline(time.Now().Add(time.Minute))
	if _, err := c.Write(status); err != nil {
		t.Fatal(err)
	}
	hears(t, c)
}

func hears(t *testing.T, c wire.Conn) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(time.Minute))
	got := make([]byte, len(well))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, well) {
		t.Fatalf("% X, %v", got, err)
	}
}

func TestReaderIsHeardThroughABadBus(t *testing.T) {
	b := onBench(t)
	c := open(t, reader)
	for _, fault := range []string{"", "usb-stall-in", "usb-short", "usb-slow", "usb-stall-in", ""} {
		if fault != "" {
			b.spoil(t, "idcard", fault, 1)
		}
		asks(t, c)
	}
}

func TestRequestGoesOnAfterAHalt(t *testing.T) {
	b := onBench(t)
	c := open(t, reader)
	for range 5 { // each halt changes which packet both sides take for the next
		b.spoil(t, "idcard", "usb-stall-out", 1)
		asks(t, c)
		asks(t, c)
	}
}

func TestDeviceThatHaltsForEverIsGone(t *testing.T) {
	b := onBench(t)
	c := open(t, reader)
	b.spoil(t, "idcard", "usb-stall-out", 0)
	if _, err := c.Write(status); err != nil {
		t.Fatal(err)
	}
	c.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, device.ErrGone) || !strings.Contains(err.Error(), "stall") {
		t.Error(err)
	}
}

func TestDeadlineOnARealBusLosesNothing(t *testing.T) {
	b := onBench(t)
	b.spoil(t, "idcard", "usb-nak-in", 0) // before there is a transfer that waits for an answer
	c := open(t, reader)
	if _, err := c.Write(status); err != nil {
		t.Fatal(err)
	}
	c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if n, err := c.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%d, %v", n, err)
	}
	b.cure(t, "idcard", "usb-nak-in")
	hears(t, c)

	b.spoil(t, "idcard", "usb-nak-out", 0)
	if _, err := c.Write(status); err != nil { // is on its way
		t.Fatal(err)
	}
	c.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	if n, err := c.Write(status); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("%d, %v", n, err)
	}
	b.cure(t, "idcard", "usb-nak-out")
	hears(t, c)
	asks(t, c)
}

func TestCloseOfABusyDeviceDoesNotWaitForIt(t *testing.T) {
	b := onBench(t)
	b.spoil(t, "printer", "usb-nak-out", 0)
	for _, port := range []wire.Port{printer, LP{Name: printer.Name}} {
		c := open(t, port)
		ended := make(chan error)
		go func() { _, err := c.Write(make([]byte, 1<<20)); ended <- err }()
		time.Sleep(100 * time.Millisecond)
		if err := c.Close(); err != nil {
			t.Errorf("%s: %v", port, err)
		}
		if err := <-ended; !errors.Is(err, device.ErrGone) {
			t.Errorf("%s: write ended by %v", port, err)
		}
	}
}

func TestUnpluggedMidTransferIsGoneAndComesBack(t *testing.T) {
	b := onBench(t)
	for range 5 {
		c := open(t, reader)
		b.spoil(t, "idcard", "usb-unplug", 1)
		if _, err := c.Write(status); err != nil {
			t.Fatal(err)
		}
		c.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, device.ErrGone) {
			t.Errorf("unplugged: %v", err)
		}
		if _, err := c.Write(status); !errors.Is(err, device.ErrGone) {
			t.Errorf("write after it: %v", err)
		}
		c.Close()
		eventually(t, "reader is off the bus", func() bool { return !there(reader) })
		b.say(t, "plug", `{"device":"idcard"}`)
		eventually(t, "reader is back", func() bool { return there(reader) })
	}
}

func TestKernelDriversGetTheirDevicesBack(t *testing.T) {
	onBench(t)
	for _, c := range []struct {
		port Port
		node string
	}{{printer, "/dev/usb/lp*"}, {relays, "/dev/serial/by-id/*Relay_board*"}} {
		for range 3 {
			eventually(t, "kernel has "+c.node, func() bool { return len(glob(t, c.node)) == 1 })
			conn := open(t, c.port)
			eventually(t, "kernel has no "+c.node, func() bool { return len(glob(t, c.node)) == 0 })
			conn.Close()
		}
		eventually(t, "kernel has "+c.node+" again", func() bool { return len(glob(t, c.node)) == 1 })
	}
}

func TestSerialBridgeSpeaksWithoutItsKernelDriver(t *testing.T) {
	onBench(t)
	c := open(t, relays)
	c.SetReadDeadline(time.Now().Add(time.Minute))
	// firmware-notes/relay-board "Frames": switch relay 1 on, which is echoed.
	on := []byte{1, 5, 0, 0, 0xFF, 0, 0x8C, 0x3A}
	if _, err := c.Write(on); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(on))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, on) {
		t.Errorf("% X, %v", got, err)
	}
}

func TestDeviceInUseSaysSo(t *testing.T) {
	onBench(t)
	for _, b := range []struct {
		first, second wire.Port
		want          error
	}{
		{reader, reader, device.ErrBusy},
		{printer, printer, device.ErrBusy},
		{printer, LP{Path: "/dev/usb/lp0"}, device.ErrGone}, // the file itself is away
		{LP{Name: printer.Name}, LP{Path: "/dev/usb/lp0"}, device.ErrBusy},
	} {
		c := open(t, b.first)
		if _, err := b.second.Open(); device.Kind(err) != b.want {
			t.Errorf("%s beside %s: %v", b.second, b.first, err)
		}
		c.Close()
		eventually(t, "usblp has the printer", func() bool { return len(glob(t, "/dev/usb/lp*")) == 1 })
	}
}

func TestPortStatusIsThePrintersBothWays(t *testing.T) {
	b := onBench(t)
	for _, port := range []wire.Port{printer, LP{Name: printer.Name}} {
		c := open(t, port)
		for want, paper := range map[byte]bool{0x18: true, 0x30: false} {
			if paper {
				b.cure(t, "printer", "paper-out")
			} else {
				b.spoil(t, "printer", "paper-out", 0)
			}
			if got, err := c.(interface{ PortStatus() (byte, error) }).PortStatus(); err != nil || got&0x20 != want&0x20 {
				t.Errorf("%s: %02x, want %02x, %v", port, got, want, err)
			}
		}
		c.Close()
	}
}

// TestUserWithoutTheRightReadsTheRule runs itself as a user who may not open the reader.
func TestUserWithoutTheRightReadsTheRule(t *testing.T) {
	if os.Getenv("YIMEN_UNPRIVILEGED") != "" {
		for _, p := range []wire.Port{reader, LP{Path: "/dev/usb/lp0"}} {
			_, err := p.Open()
			fmt.Println(err)
		}
		return
	}
	onBench(t)
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	self := exec.Command(os.Args[0], "-test.run=^TestUserWithoutTheRightReadsTheRule$")
	self.Env = append(os.Environ(), "YIMEN_UNPRIVILEGED=1")
	self.Dir = "/"
	self.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := self.CombinedOutput()
	if err != nil || !strings.Contains(string(out), rule(found{vendor: 0x400, product: 0xc35a})) || !strings.Contains(string(out), "group lp") {
		t.Errorf("%s, %v", out, err)
	}
}

func TestOpeningAndClosingLeavesNothingBehind(t *testing.T) {
	onBench(t)
	times := 20
	if os.Getenv("YIMEN_SOAK") != "" {
		times = 1000
	}
	for _, port := range []wire.Port{reader, LP{Path: "/dev/usb/lp0"}} {
		cycle := func() {
			c, err := port.Open()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}
		cycle() // what the runtime and libusb open once stays open
		files, goroutines, threads := len(glob(t, "/proc/self/fd/*")), runtime.NumGoroutine(), len(glob(t, "/proc/self/task/*"))
		for range times {
			cycle()
		}
		eventually(t, "goroutines as before", func() bool { return runtime.NumGoroutine() <= goroutines })
		if n := len(glob(t, "/proc/self/fd/*")); n > files {
			t.Errorf("%s: %d descriptors, %d before", port, n, files)
		}
		if n := len(glob(t, "/proc/self/task/*")); n > threads+runtime.GOMAXPROCS(0)+2 {
			t.Errorf("%s: %d threads, %d before", port, n, threads)
		}
		t.Logf("%s %d times: %d descriptors and %d threads before, %d and %d after", port, times, files, threads,
			len(glob(t, "/proc/self/fd/*")), len(glob(t, "/proc/self/task/*")))
	}
}
