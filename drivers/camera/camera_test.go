package camera

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yimen/drivers/device"
)

func jpeg(n int, fill byte) []byte {
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
	a, b, c := jpeg(5000, 'a'), jpeg(70000, 'b'), jpeg(300, '\n')
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
		"oversized part":            {mixed, delimited(jpeg(partLimit+9, 'x')) + delimited(a) + "--fr\r\n", "a"},
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
	for _, part := range []string{counted(jpeg(60000, 'a')), delimited(jpeg(60000, 'b'))} {
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

// serve runs handle as a camera and gives a Camera that looks at it, running until the test ends.
func serve(t *testing.T, handle func(w http.ResponseWriter, visit int)) *Camera {
	t.Helper()
	var visits atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=fr")
		handle(w, int(visits.Add(1)))
	}))
	c := New(device.DocCam, srv.URL, slog.New(slog.DiscardHandler))
	c.retry, c.frozen = 10*time.Millisecond, 200*time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
		srv.Close()
	})
	return c
}

// frames writes one picture after the other until the client leaves.
func frames(w io.Writer) {
	for i := 0; ; i++ {
		if _, err := io.WriteString(w, counted(jpeg(2000, 'a'+byte(i%26)))); err != nil {
			return
		}
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestFrameIsFromAfterTheAsking(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ int) { frames(w) })
	for range 20 {
		asked := time.Now()
		f, err := c.Next(t.Context(), asked)
		if err != nil || !f.At.After(asked) {
			t.Fatalf("frame of %v before the asking, %v", asked.Sub(f.At), err)
		}
	}
}

func TestCutStreamIsOpenedAgain(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, visit int) {
		if visit == 1 {
			io.WriteString(w, counted(jpeg(100, 'a')))
			return
		}
		frames(w)
	})
	if _, err := c.Next(t.Context(), time.Now().Add(100*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if s := c.Status(); s.State != device.Online {
		t.Errorf("status %v", s.State)
	}
}

func TestFrozenStreamIsOpenedAgain(t *testing.T) {
	thawed := make(chan struct{})
	c := serve(t, func(w http.ResponseWriter, visit int) {
		if visit == 1 {
			io.WriteString(w, counted(jpeg(100, 'a')))
			w.(http.Flusher).Flush()
			<-thawed
			return
		}
		frames(w)
	})
	t.Cleanup(func() { close(thawed) })
	if _, err := c.Next(t.Context(), time.Now().Add(300*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
}

func TestCameraThatIsAwayIsSaidToBe(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(w http.ResponseWriter, visit int)
		want   error
	}{
		"no camera":    {func(w http.ResponseWriter, _ int) { w.WriteHeader(http.StatusServiceUnavailable) }, device.ErrGone},
		"no stream":    {func(w http.ResponseWriter, _ int) { w.WriteHeader(http.StatusNotFound) }, device.ErrProtocol},
		"says nothing": {func(w http.ResponseWriter, _ int) { time.Sleep(400 * time.Millisecond) }, device.ErrSilent},
		"stands still": {func(w http.ResponseWriter, _ int) { w.(http.Flusher).Flush(); time.Sleep(400 * time.Millisecond) }, device.ErrSilent},
		"only halves": {func(w http.ResponseWriter, _ int) {
			for range 100 {
				io.WriteString(w, counted(jpeg(900, 'a')[:500]))
				w.(http.Flusher).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		}, device.ErrProtocol},
		"one picture":  {func(w http.ResponseWriter, _ int) { w.Header().Set("Content-Type", "image/jpeg") }, device.ErrProtocol},
		"ends at once": {func(w http.ResponseWriter, _ int) {}, device.ErrGone},
	} {
		t.Run(name, func(t *testing.T) {
			cam := serve(t, c.handle)
			_, err := cam.Next(t.Context(), time.Now())
			var f *device.Fault
			if !errors.Is(err, c.want) || !errors.As(err, &f) || f.Device != device.DocCam {
				t.Errorf("got %v", err)
			}
			if s := cam.Status(); s.Ready() || !errors.Is(s.Cause, c.want) {
				t.Errorf("status %+v", s)
			}
		})
	}
}

func TestFrameIsKeptForNobodyAfterwards(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ int) { frames(w) })
	if _, err := c.Next(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	if f, _ := c.peek(); f.JPEG != nil {
		t.Error("a frame is kept although nobody looks")
	}
}

func TestHandedOutFrameIsNeverWrittenTo(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ int) { frames(w) })
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
}

func FuzzSplitter(f *testing.F) {
	for _, s := range []string{counted(jpeg(40, 'a')), delimited(jpeg(40, 'b')) + "--fr\r\n", "--fr\r\n\r\n", "--fr--\r\n"} {
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
