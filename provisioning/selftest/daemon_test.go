package selftest

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yimen/drivers/device"
)

// slow is a reader on which nobody lays a card.
type slow struct{ asked chan struct{} }

func (s slow) Read(ctx context.Context) (device.Card, error) {
	close(s.asked)
	<-ctx.Done()
	return device.Card{}, ctx.Err()
}

// daemon serves self-tests of one reader out of folder data, and gives the switch for visits.
func daemon(t *testing.T, data string, r CardReader) (visit *atomic.Bool) {
	t.Helper()
	l, err := Listen(data)
	if err != nil {
		t.Fatal(err)
	}
	visit = &atomic.Bool{}
	d := Devices{Cards: r, Statuses: func() map[device.ID]device.Status {
		return map[device.ID]device.Status{device.IDCardReader: {State: device.Online}}
	}}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, Answer(func() bool { return !visit.Load() }, d, func(Report) {})) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("serving ended with %v", err)
		}
	})
	return visit
}

func ignore(Step) {}

func TestDaemonRefusesDuringAVisit(t *testing.T) {
	data := t.TempDir()
	r := slow{make(chan struct{})}
	daemon(t, data, r).Store(true)
	if _, err := Ask(t.Context(), data, 20*time.Second, ignore); !errors.Is(err, ErrVisit) {
		t.Errorf("error %v", err)
	}
	select {
	case <-r.asked:
		t.Error("a resident's reader was used")
	default:
	}
}

func TestVisitThatBeginsBreaksTheSelftestOff(t *testing.T) {
	data := t.TempDir()
	r := slow{make(chan struct{})}
	visit := daemon(t, data, r)
	go func() { <-r.asked; visit.Store(true) }()
	report, err := Ask(t.Context(), data, 20*time.Second, ignore)
	if !errors.Is(err, ErrVisit) || report.Passed || len(report.Results) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestOneSelftestAtATime(t *testing.T) {
	data := t.TempDir()
	r := slow{make(chan struct{})}
	daemon(t, data, r)
	ctx, leave := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() { _, err := Ask(ctx, data, longestWait, ignore); first <- err }()
	<-r.asked
	if _, err := Ask(t.Context(), data, time.Minute, ignore); !errors.Is(err, ErrBusy) {
		t.Errorf("error %v", err)
	}
	leave()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("who left hears %v", err)
	}
}

func TestStepsArriveWhileTheDaemonTries(t *testing.T) {
	data := t.TempDir()
	daemon(t, data, slow{make(chan struct{})})
	var steps []Step
	report, err := Ask(t.Context(), data, time.Second, func(s Step) { steps = append(steps, s) })
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != 2 || steps[0].Ask != device.IDCardReader || steps[1].Result == nil || steps[1].Result.Remark != "nothing-came" {
		t.Errorf("steps %+v", steps)
	}
	if report.Passed || len(report.Results) != 1 {
		t.Errorf("report %+v", report)
	}
}

func TestSocketIsForThisUserAloneAndGoesWithTheDaemon(t *testing.T) {
	data := filepath.Join(t.TempDir(), strings.Repeat("long/", 30)) // longer than a socket's name may be
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Ask(t.Context(), data, time.Second, ignore); !errors.Is(err, ErrNoDaemon) {
		t.Errorf("without a socket: %v", err)
	}
	for range 2 {
		l, err := Listen(data)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(data, Socket))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(data, Socket)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("after the end: %v", err)
		}
	}
}

func TestSocketOfADeadDaemonIsNoDaemon(t *testing.T) {
	data := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(data, Socket), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	if _, err := Ask(t.Context(), data, time.Second, ignore); !errors.Is(err, ErrNoDaemon) {
		t.Errorf("error %v", err)
	}
	daemon(t, data, slow{make(chan struct{})}) // and the next one takes its place
	if _, err := Ask(t.Context(), data, time.Second, ignore); err != nil {
		t.Errorf("error %v", err)
	}
}
