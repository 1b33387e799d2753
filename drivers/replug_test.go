package drivers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"yimen/drivers/device"
	"yimen/drivers/scanner"
)

// plugs is all cables of some terminals, which are pulled and plugged in again all at once.
type plugs struct {
	dir    string
	cables []*cable
	used   sync.WaitGroup // each device that answered since it was plugged in
	camera *httptest.Server
	seen   atomic.Bool // the camera may be seen
}

// answering is a device that gives to each request of size bytes what answer says, and reports the first.
func (p *plugs) answering(size int, answer func(req []byte) []byte) func(*os.File) {
	return func(master *os.File) {
		first := sync.OnceFunc(p.used.Done)
		req := make([]byte, size)
		for {
			if _, err := io.ReadFull(master, req); err != nil {
				return
			}
			if _, err := master.Write(answer(req)); err == nil {
				first()
			}
		}
	}
}

// add lays a cable to a device and gives the port at its end.
func (p *plugs) add(device func(*os.File)) (port string) {
	c := &cable{link: filepath.Join(p.dir, fmt.Sprint(len(p.cables), ".tty")), device: device}
	p.cables = append(p.cables, c)
	return "serial:" + c.link
}

// wired gives the config of a terminal with every device there is, whose camera is the one that p has.
func (p *plugs) wired(t *testing.T) Config {
	t.Helper()
	engine, err := scanner.Model("newland")
	if err != nil {
		t.Fatal(err)
	}
	return Config{
		IDCard: &IDCard{Port: p.add(p.answering(10, func(req []byte) []byte {
			sw := byte(0x90)
			if req[7] == 0x20 {
				sw = 0x80 // no card lies there
			}
			return []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 4, 0, 0, sw, 4 ^ sw}
		}))},
		Printer: &Printer{Port: p.add(p.answering(3, func([]byte) []byte { return []byte{0x12} }))},
		Scanner: &Scanner{Port: p.add(p.answering(len(engine.Off.Send), func(req []byte) []byte {
			if bytes.Equal(req, engine.Off.Send) {
				return engine.Off.Answer
			}
			return nil
		}))},
		Lamps: &Lamps{Port: p.add(p.answering(8, func([]byte) []byte {
			return []byte{1, 1, 1, 0, 0x51, 0x88} // all relays are off
		}))},
		DocCam: &DocCam{URL: p.camera.URL},
	}
}

// film is the camera's stream.
func (p *plugs) film(w http.ResponseWriter, r *http.Request) {
	if !p.seen.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	first := sync.OnceFunc(p.used.Done)
	w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=fr")
	for r.Context().Err() == nil {
		fmt.Fprintf(w, "--fr\r\nContent-Length: 5\r\n\r\n\xFF\xD8.\xFF\xD9\r\n")
		if http.NewResponseController(w).Flush() == nil {
			first()
		}
		select {
		case <-r.Context().Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// plugIn plugs everything in and waits until each device of so many terminals has been spoken to.
func (p *plugs) plugIn(t *testing.T, terminals int) {
	p.used.Add(len(p.cables) + terminals)
	p.seen.Store(true)
	for _, c := range p.cables {
		c.plug(t)
	}
	p.used.Wait()
}

func (p *plugs) pull() {
	for _, c := range p.cables {
		c.pull()
	}
	p.seen.Store(false)
	p.camera.CloseClientConnections()
}

// TestTerminalLosesNothingByPulledCables pulls and plugs in every device of ten running terminals at once. A round takes the
// seconds that drivers wait before they look again, so the thousand cycles are for make soak.
func TestTerminalLosesNothingByPulledCables(t *testing.T) {
	const terminals = 10
	rounds := 2
	if os.Getenv("YIMEN_SOAK") != "" {
		rounds = 1000 / terminals
	}
	p := &plugs{dir: t.TempDir()}
	p.camera = httptest.NewServer(http.HandlerFunc(p.film))
	defer p.camera.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var running errgroup.Group
	var all []*Terminal
	for range terminals {
		term, err := Open(p.wired(t), nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, term)
		running.Go(func() error { return term.Run(ctx) })
	}
	p.plugIn(t, terminals)
	eventually(t, "all online", func() bool {
		for _, term := range all {
			for _, s := range term.Statuses() {
				if s.State != device.Online {
					return false
				}
			}
		}
		return true
	})
	open, goroutines := descriptors(t), runtime.NumGoroutine()
	for range rounds {
		p.pull()
		// Of each cable two ends here and two descriptors of its driver.
		eventually(t, "ports let go", func() bool { return descriptors(t) <= open-4*len(p.cables) })
		p.plugIn(t, terminals)
	}
	eventually(t, "descriptors as before", func() bool { return descriptors(t) <= open })
	eventually(t, "goroutines as before", func() bool { return runtime.NumGoroutine() <= goroutines })
	t.Logf("%d cycles: %d descriptors, %d before; %d goroutines, %d before", rounds*terminals, descriptors(t), open, runtime.NumGoroutine(), goroutines)
	p.pull()
	cancel()
	if err := running.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
}
