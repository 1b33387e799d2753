package drivers

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"yimen/drivers/device"
	"yimen/drivers/idcard"
	"yimen/drivers/lamps"
	"yimen/drivers/printer"
	"yimen/drivers/scanner"
	"yimen/drivers/serial"
	"yimen/drivers/wire"
)

// cable is a pty behind a link, so that it can be pulled and plugged in again like a device with a stable name.
type cable struct {
	link          string
	device        func(master *os.File) // what hangs at the other end; well when nil
	master, slave *os.File              // the slave is held open, since a master without any slave reads nothing but errors
}

func (c *cable) plug(t *testing.T) {
	t.Helper()
	blocking, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Dup(int(blocking.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	blocking.Close()
	if err := unix.SetNonblock(fd, true); err != nil { // else Close waits for the read, and nothing is ever pulled
		t.Fatal(err)
	}
	master := os.NewFile(uintptr(fd), "master")
	os.Remove(c.link)
	if err := os.Symlink(slave.Name(), c.link); err != nil {
		t.Fatal(err)
	}
	c.master, c.slave = master, slave
	if c.device == nil {
		go well(master)
	} else {
		go c.device(master)
	}
}

func (c *cable) pull() {
	c.master.Close()
	c.slave.Close()
}

// well is a printer that answers every question about its state by "well".
func well(rw io.ReadWriter) {
	b := make([]byte, 256)
	for {
		n, err := rw.Read(b)
		if err != nil {
			return
		}
		for i := range max(n-2, 0) {
			if b[i] == 0x10 && b[i+1] == 4 {
				rw.Write([]byte{0x12})
			}
		}
	}
}

// descriptors counts what this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestUnpluggingLeavesNoGoroutineAndNoDescriptor(t *testing.T) {
	const cycles = 1000
	c := &cable{link: filepath.Join(t.TempDir(), "printer.tty")}
	port := serial.Port{Path: c.link}
	seen := 0
	cycle := func() {
		c.plug(t)
		ctx, cancel := context.WithCancel(t.Context())
		pulled := false
		err := wire.Keep(ctx, port, time.Millisecond, func(ctx context.Context, conn wire.Conn) error {
			conn.Write([]byte{0x10, 4, 1})
			if n, err := conn.Read(make([]byte, 1)); n == 1 && err == nil {
				seen++
			}
			c.pull()
			pulled = true
			_, err := conn.Read(make([]byte, 1))
			return err
		}, func(err error) {
			if pulled {
				cancel()
			}
			if !errors.Is(err, device.ErrGone) {
				t.Errorf("lost by %v", err)
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("ended by %v", err)
		}
	}
	cycle() // what the runtime opens once stays open
	goroutines, open := runtime.NumGoroutine(), descriptors(t)
	for range cycles {
		cycle()
	}
	if seen != cycles+1 {
		t.Errorf("%d of %d cables carried a byte", seen, cycles+1)
	}
	eventually(t, "goroutines", func() bool { return runtime.NumGoroutine() <= goroutines })
	if n := descriptors(t); n > open {
		t.Errorf("%d descriptors, %d before", n, open)
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 200 {
		if holds() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%s: not within patience", what)
}

func TestTerminalStartsWithEverythingAwayAndSeesWhatComes(t *testing.T) {
	dir := t.TempDir()
	c := &cable{link: filepath.Join(dir, "printer.tty")}
	term, err := Open(Config{
		IDCard:  &IDCard{Port: "serial:" + filepath.Join(dir, "idcard.tty")},
		Printer: &Printer{Port: "serial:" + c.link},
		DocCam:  &DocCam{URL: "http://127.0.0.1:1/stream"},
	}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	online := make(chan device.ID, 1)
	term.Watch(func(id device.ID, s device.Status) {
		if s.State == device.Online {
			online <- id
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- term.Run(ctx) }()
	c.plug(t)
	defer c.pull()
	if id := <-online; id != device.Printer {
		t.Errorf("%s is online", id)
	}
	eventually(t, "away", func() bool {
		s := term.Statuses()
		return s[device.IDCardReader].State == device.NoDevice && s[device.DocCam].State == device.NoDevice && s[device.Printer].Ready()
	})
	if _, err := term.IDCard().Read(ctx); !errors.Is(err, device.ErrGone) {
		t.Errorf("reader that is away: %v", err)
	}
	if _, err := term.DocCam().Capture(ctx); !errors.Is(err, device.ErrGone) {
		t.Errorf("camera that is away: %v", err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
}

func TestStatusSaysWhyADeviceIsAway(t *testing.T) {
	t.Parallel() // with the seconds that others wait
	const nobody = "usb:fffe:fffe"
	term, err := Open(Config{
		IDCard: &IDCard{Port: nobody}, Printer: &Printer{Port: nobody}, Scanner: &Scanner{Port: nobody}, Lamps: &Lamps{Port: nobody},
	}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- term.Run(ctx) }()
	for _, id := range []device.ID{device.IDCardReader, device.Printer, device.Scanner, device.Lamps} {
		eventually(t, string(id)+" is known to be away", func() bool { return term.Statuses()[id].State == device.NoDevice })
		if why := term.Statuses()[id].Cause; !errors.Is(why, device.ErrGone) || !strings.Contains(why.Error(), "USB bus") {
			t.Errorf("%s: %v", id, why)
		}
	}
	cancel()
	<-done
}

func TestEveryKindHasTwoModelsThatCanBeUsed(t *testing.T) {
	for kind, k := range map[string]struct {
		names []string
		use   func(name string) (sound bool, err error)
	}{
		"printer": {printer.Models(), func(name string) (bool, error) {
			cfg, err := printer.Model(name)
			_, usb := portOf("usb:", 0, cfg.USB)
			return cfg.Dots >= 192 && usb == nil, err
		}},
		"idcard": {idcard.Models(), func(name string) (bool, error) {
			cfg, err := idcard.Model(name)
			_, usb := portOf("usb:", 0, cfg.USB)
			return (cfg.AfterRead == idcard.WaitRemoval || cfg.AfterRead == idcard.AllowReread) && usb == nil, err
		}},
		"scanner": {scanner.Models(), func(name string) (bool, error) {
			cfg, err := scanner.Model(name)
			return len(cfg.On.Send) > 0 && len(cfg.Off.Send) > 0 && (len(cfg.On.Answer) > 0) == (len(cfg.Off.Answer) > 0), err
		}},
		"lamps": {lamps.Models(), func(name string) (bool, error) {
			cfg, err := lamps.Model(name)
			return cfg.Count > 0, err
		}},
	} {
		if len(k.names) < 2 {
			t.Errorf("%s: models %v", kind, k.names)
		}
		for _, name := range k.names {
			if sound, err := k.use(name); err != nil || !sound {
				t.Errorf("%s %s: %v", kind, name, err)
			}
		}
	}
}
