package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/desk"
	"yimen/kiosk/journey"
	"yimen/kiosk/outbox"
)

// told is what systemd's end of the notify socket hears next; ok is false when it hears nothing for a while.
func told(t *testing.T, c *net.UnixConn, patience time.Duration) (word string, ok bool) {
	t.Helper()
	must(t, c.SetReadDeadline(time.Now().Add(patience)))
	b := make([]byte, 256)
	n, err := c.Read(b)
	return string(b[:n]), err == nil
}

// supervisedTerminal is a terminal of a desk, an outbox and a page, which systemd watches with a patience of 150 ms.
// supervise lets systemd watch a terminal, whose desk serves or hangs.
func supervisedTerminal(t *testing.T, page http.HandlerFunc) (_ *terminal, url string, heard *net.UnixConn) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "notify")
	heard, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	must(t, err)
	t.Cleanup(func() { heard.Close() })
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv("WATCHDOG_USEC", "150000")
	log := slog.New(slog.DiscardHandler)
	box, err := outbox.Open(t.Context(), t.TempDir(), outbox.Config{}, log)
	must(t, err)
	t.Cleanup(func() { box.Close() })
	server := httptest.NewServer(page)
	t.Cleanup(server.Close)
	d := desk.New(&journey.Config{Languages: []string{"zh-CN"}, Zone: time.UTC, Idle: journey.DefaultIdle()}, desk.Hands{
		Devices: func() map[device.ID]device.Status { return nil }, Keeper: roomy{}, Now: time.Now, NewID: newID,
	}, log)
	return &terminal{desk: d, box: box}, server.URL + "/", heard
}

// roomy is a keeper that has room and is asked for nothing else.
type roomy struct{ desk.Keeper }

func (roomy) Room() error { return nil }

// supervise lets systemd watch a terminal, whose desk serves or hangs.
func supervise(t *testing.T, of *terminal, page string, serve bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{}, 2)
	go func() { _ = of.supervised(ctx, page, slog.New(slog.DiscardHandler)); ended <- struct{}{} }()
	go func() {
		if serve {
			_ = of.desk.Run(ctx)
		}
		ended <- struct{}{}
	}()
	t.Cleanup(func() { stop(); <-ended; <-ended })
}

func TestSystemdHearsThatTheDaemonIsReadyAndWell(t *testing.T) {
	terminal, page, heard := supervisedTerminal(t, func(http.ResponseWriter, *http.Request) {})
	supervise(t, terminal, page, true)
	for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1"} {
		if word, ok := told(t, heard, 20*time.Second); word != want {
			t.Fatalf("heard %q (%v), want %q", word, ok, want)
		}
	}
}

func TestADaemonThatIsNotWellDoesNotSaySo(t *testing.T) {
	for name, c := range map[string]struct {
		serve bool
		page  http.HandlerFunc
	}{
		"a desk that hangs": {false, func(http.ResponseWriter, *http.Request) {}},
		"a page that fails": {true, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }},
	} {
		t.Run(name, func(t *testing.T) {
			terminal, page, heard := supervisedTerminal(t, c.page)
			supervise(t, terminal, page, c.serve)
			if word, _ := told(t, heard, 20*time.Second); word != "READY=1" {
				t.Fatalf("heard %q", word)
			}
			if word, ok := told(t, heard, 500*time.Millisecond); ok {
				t.Errorf("heard %q", word)
			}
		})
	}
}

func TestWithoutAPatienceNobodyIsTold(t *testing.T) {
	for usec, watched := range map[string]bool{"": false, "x": false, "-1": false, "0": false, "30000000": true} {
		if every, ok := watchdog(usec); ok != watched || ok && every != 10*time.Second {
			t.Errorf("%q: %v %v", usec, every, ok)
		}
	}
}
