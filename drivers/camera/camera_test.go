package camera

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
)

func shot(n int, fill byte) []byte {
	b := bytes.Repeat([]byte{fill}, n)
	b[0], b[1], b[n-2], b[n-1] = 0xFF, 0xD8, 0xFF, 0xD9
	return b
}

func counted(b []byte) string {
	return fmt.Sprintf("--fr\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n", len(b), b)
}

func delimited(b []byte) string {
	return fmt.Sprintf("--fr\r\nContent-Type: image/jpeg\r\n\r\n%s\r\n", b)
}

// pictures gives the fill byte of each picture that the splitter finds in stream.
func pictures(t testing.TB, stream, contentType string) (fills string) {
	t.Helper()
	s, err := newSplitter(strings.NewReader(stream), contentType)
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, at, err := s.next()
		if err != nil {
			return fills
		}
		if at.IsZero() {
			t.Error("a picture without its time")
		}
		fills += string(p[2])
	}
}

func TestEveryWholePictureIsFoundAndNoBrokenOne(t *testing.T) {
	a, b, c := shot(5000, 'a'), shot(70000, 'b'), shot(300, '\n')
	const mixed = "multipart/x-mixed-replace; boundary=fr"
	for name, x := range map[string]struct{ contentType, stream, want string }{
		"counted":                   {mixed, counted(a) + counted(b) + counted(c), "ab\n"},
		"delimited":                 {mixed, delimited(a) + delimited(b) + delimited(c) + "--fr\r\n", "ab\n"},
		"mixed":                     {mixed, delimited(a) + counted(b) + delimited(a) + "--fr\r\n", "aba"},
		"dashes in the name":        {"multipart/x-mixed-replace;boundary=--fr", counted(a) + delimited(b) + "--fr\r\n", "ab"},
		"quoted name":               {`multipart/x-mixed-replace; boundary="fr"`, counted(a), "a"},
		"words before":              {mixed, "hello\r\n\r\n" + counted(a), "a"},
		"bare line feeds":           {mixed, strings.ReplaceAll(delimited(a)+delimited(a)+"--fr\n", "\r\n", "\n"), "aa"},
		"padding":                   {mixed, counted(append(bytes.Clone(a), make([]byte, 90)...)) + counted(b), "ab"},
		"truncated in the middle":   {mixed, delimited(a[:900]) + delimited(b) + "--fr\r\n", "b"},
		"length too short":          {mixed, strings.Replace(counted(a), "5000", "900", 1) + counted(b), "b"},
		"length is nonsense":        {mixed, strings.Replace(counted(a), "5000", "-1", 1) + counted(b), "ab"},
		"oversized part":            {mixed, delimited(shot(partLimit+9, 'x')) + delimited(a) + "--fr\r\n", "a"},
		"oversized length":          {mixed, strings.Replace(counted(a), "5000", "999999999", 1) + counted(b), "ab"},
		"stream cut in a picture":   {mixed, counted(a) + counted(b)[:200], "a"},
		"a boundary within a frame": {mixed, counted(append([]byte{0xFF, 0xD8, 'q'}, []byte("\r\n--fr\r\n\r\n\xFF\xD9")...)), "q"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pictures(t, x.stream, x.contentType); got != x.want {
				t.Errorf("found %q, want %q", got, x.want)
			}
		})
	}
}

func TestWhatIsNoStreamIsRefused(t *testing.T) {
	for _, ct := range []string{"", "image/jpeg", "multipart/x-mixed-replace", `multipart/x-mixed-replace; boundary="--"`} {
		if _, err := newSplitter(strings.NewReader(""), ct); !errors.Is(err, device.ErrProtocol) {
			t.Errorf("%q: %v", ct, err)
		}
	}
}

func TestSplitterAllocatesNothingPerFrame(t *testing.T) {
	for _, part := range []string{counted(shot(60000, 'a')), delimited(shot(60000, 'b'))} {
		s, err := newSplitter(&loop{text: part}, "multipart/x-mixed-replace; boundary=fr")
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(50, func() {
			if _, _, err := s.next(); err != nil {
				t.Fatal(err)
			}
		}); n > 0 {
			t.Errorf("%.1f allocations", n)
		}
	}
}

// loop gives text for ever.
type loop struct {
	text string
	at   int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.text[l.at:])
	l.at = (l.at + n) % len(l.text)
	return n, nil
}

// cable is a listener at the other end of the pipes that it dials.
type cable struct {
	conns chan net.Conn
	cut   chan struct{}
}

func (c *cable) dial(context.Context, string, string) (net.Conn, error) {
	host, dev := net.Pipe()
	select {
	case c.conns <- dev:
		return host, nil
	case <-c.cut:
		return nil, io.ErrClosedPipe
	}
}

func (c *cable) Accept() (net.Conn, error) {
	select {
	case conn := <-c.conns:
		return conn, nil
	case <-c.cut:
		return nil, net.ErrClosed
	}
}

func (c *cable) Close() error   { close(c.cut); return nil }
func (c *cable) Addr() net.Addr { return &net.UnixAddr{Name: "cable"} }

// on runs handle as a camera, which is told how many streams were opened so far, and body beside a Camera that looks at it.
func on(t *testing.T, handle func(w http.ResponseWriter, visit int), body func(t *testing.T, c *Camera)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var visits atomic.Int32
		wire := &cable{make(chan net.Conn), make(chan struct{})}
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=fr")
			handle(w, int(visits.Add(1)))
		})}
		go srv.Serve(wire)
		c := New(device.DocCam, HTTP{"http://camera/stream", wire.dial}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		body(t, c)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
		srv.Close()
		time.Sleep(time.Minute) // a handler that sleeps must have ended before the bubble's clock stands still
	})
}

// frames writes one picture after the other until the client leaves.
func frames(w http.ResponseWriter) {
	for i := 0; ; i++ {
		if _, err := io.WriteString(w, counted(shot(2000, 'a'+byte(i%26)))); err != nil {
			return
		}
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// mute sends what was written so far and then says nothing for a while.
func mute(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush()
	time.Sleep(2 * frozen)
}

func TestFrameIsFromAfterTheAsking(t *testing.T) {
	on(t, func(w http.ResponseWriter, _ int) { frames(w) }, func(t *testing.T, c *Camera) {
		for range 20 {
			asked := time.Now()
			f, err := c.Next(t.Context(), asked)
			if err != nil || !f.At.After(asked) {
				t.Fatalf("frame of %v before the asking, %v", asked.Sub(f.At), err)
			}
		}
	})
}

func TestBadMomentsAreNoOutage(t *testing.T) {
	one := func(w http.ResponseWriter) { io.WriteString(w, counted(shot(100, 'a'))) }
	for name, first := range map[string]func(w http.ResponseWriter){
		"stream is cut":        one,
		"cut within a picture": func(w http.ResponseWriter) { io.WriteString(w, counted(shot(100, 'a'))[:90]) },
		"stream stands still":  func(w http.ResponseWriter) { one(w); mute(w) },
		"server says nothing":  func(http.ResponseWriter) { time.Sleep(2 * frozen) },
		"camera is away":       func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		"no stream":            func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) },
		"half pictures":        func(w http.ResponseWriter) { halves(w) },
	} {
		t.Run(name, func(t *testing.T) {
			on(t, func(w http.ResponseWriter, visit int) {
				if visit <= 2 {
					first(w)
					return
				}
				frames(w)
			}, func(t *testing.T, c *Camera) {
				c.Watch(func(s device.Status) {
					if s.State != device.Online {
						t.Errorf("told as %+v", s)
					}
				})
				if _, err := c.Next(t.Context(), time.Now().Add(10*time.Second)); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func halves(w http.ResponseWriter) {
	for range 100 {
		io.WriteString(w, counted(shot(900, 'a')[:500]))
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		time.Sleep(40 * time.Millisecond)
	}
}

func TestCameraThatIsAwayIsSaidToBeAndComesBack(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(w http.ResponseWriter)
		want   error
	}{
		"no camera":    {func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }, device.ErrGone},
		"no stream":    {func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) }, device.ErrProtocol},
		"says nothing": {func(http.ResponseWriter) { time.Sleep(2 * frozen) }, device.ErrSilent},
		"stands still": {mute, device.ErrSilent},
		"only halves":  {halves, device.ErrProtocol},
		"one picture":  {func(w http.ResponseWriter) { w.Header().Set("Content-Type", "image/jpeg") }, device.ErrProtocol},
		"ends at once": {func(http.ResponseWriter) {}, device.ErrGone},
	} {
		t.Run(name, func(t *testing.T) {
			var well atomic.Bool
			on(t, func(w http.ResponseWriter, _ int) {
				if well.Load() {
					frames(w)
				} else {
					c.handle(w)
				}
			}, func(t *testing.T, cam *Camera) {
				_, err := cam.Next(t.Context(), time.Now())
				var f *device.Fault
				if !errors.Is(err, c.want) || !errors.As(err, &f) || f.Device != device.DocCam {
					t.Errorf("got %v", err)
				}
				if s := cam.Status(); s.Ready() || !errors.Is(s.Cause, c.want) {
					t.Errorf("status %+v", s)
				}
				well.Store(true)
				time.Sleep(time.Minute)
				if _, err := cam.Next(t.Context(), time.Now()); err != nil || !cam.Status().Ready() {
					t.Errorf("back again: %v, status %+v", err, cam.Status())
				}
			})
		})
	}
}

func TestFrameIsKeptForNobodyAfterwards(t *testing.T) {
	on(t, func(w http.ResponseWriter, _ int) { frames(w) }, func(t *testing.T, c *Camera) {
		if _, err := c.Next(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if f, _ := c.live.peek(); f.JPEG != nil {
			t.Error("a frame is kept although nobody looks")
		}
	})
}

func TestHandedOutFrameIsNeverWrittenTo(t *testing.T) {
	on(t, func(w http.ResponseWriter, _ int) { frames(w) }, func(t *testing.T, c *Camera) {
		first, err := c.Next(t.Context(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		kept := bytes.Clone(first.JPEG)
		for range 5 {
			if _, err := c.Next(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(kept, first.JPEG) {
			t.Error("the frame has changed")
		}
	})
}

func FuzzSplitter(f *testing.F) {
	for _, s := range []string{counted(shot(40, 'a')), delimited(shot(40, 'b')) + "--fr\r\n", "--fr\r\n\r\n", "--fr--\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		s, err := newSplitter(bytes.NewReader(stream), "multipart/x-mixed-replace; boundary=fr")
		if err != nil {
			t.Fatal(err)
		}
		for {
			p, _, err := s.next()
			if err != nil {
				return
			}
			if !bytes.Contains(stream, p) || len(p) < 4 {
				t.Fatalf("a picture that is not in the stream: % X", p)
			}
		}
	})
}
