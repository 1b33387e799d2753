package ui

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"yimen/kiosk/journey/view"
)

// panel is a screen the software must fit.
type panel struct {
	name          string
	width, height int64
}

// panels are 23.8 inch ones, standing and lying, of 0.27 mm a pixel.
func panels() []panel { return []panel{{"portrait", 1080, 1920}, {"landscape", 1920, 1080}} }

const pitch = 0.27 // mm per pixel

// serve starts a Server for what s shows and gives its address.
func serve(t testing.TB, s Source) string {
	t.Helper()
	return serveBy(t, s, func(*Server) {})
}

// serveHand starts a Server that has its handwriting read.
func serveHand(t testing.TB, s Source, hand Hand) string {
	t.Helper()
	return serveBy(t, s, func(server *Server) { server.Hand = hand })
}

// serveWith starts a Server that has handwriting read and keys spelled.
func serveWith(t testing.TB, s Source, hand Hand, speller Speller) string {
	t.Helper()
	return serveBy(t, s, func(server *Server) { server.Hand, server.Speller = hand, speller })
}

// serveBy starts a Server after something was set.
func serveBy(t testing.TB, s Source, set func(*Server)) string {
	t.Helper()
	server, err := New(Config{MMPerPixel: pitch}, s, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	set(server)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- server.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String() + "/"
}

// browse opens Chromium; it ends with the test, which fails if the page writes a warning or an error meanwhile.
func browse(t testing.TB) context.Context {
	t.Helper()
	return browseAnd(t, func(m chromedp.ConsoleMessage) { t.Errorf("the page complains: %s %s", m.Text, m.URL) })
}

// ignoreConsole is for tests that take the server away: the browser then complains rightly.
func ignoreConsole(chromedp.ConsoleMessage) {}

// browseAnd opens Chromium and hands over its warnings and errors.
func browseAnd(t testing.TB, complaint func(chromedp.ConsoleMessage)) context.Context {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("chromium is missing: install the Debian package chromium (make test does)")
	}
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath("chromium"), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1"), // names that somebody made to point here
	}
	for _, f := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"} {
		flags = append(flags, chromedp.Flag(f, true))
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), flags...)
	t.Cleanup(cancel)
	tab, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(tab); err != nil { // the browser lives as long as the context of this first call
		t.Fatal(err)
	}
	messages := chromedp.Console(tab)
	var complaints sync.WaitGroup
	complaints.Go(func() {
		for m, err := range messages {
			if err == nil && m.Type != chromedp.ConsoleLog && m.Type != chromedp.ConsoleDebug && m.Type != chromedp.ConsoleInfo {
				complaint(m)
			}
		}
	})
	t.Cleanup(func() { cancel(); complaints.Wait() })
	return tab
}

// open loads the page on a panel.
func open(t testing.TB, tab context.Context, url string, p panel) {
	t.Helper()
	do(t, tab, chromedp.EmulateViewport(p.width, p.height), withoutMotion(), chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("#screen")))
}

// withoutMotion asks for no animation, so that pictures are of something at rest.
func withoutMotion() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	})
}

func do(t testing.TB, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates a script, waits if it promises, and reads its value.
func ask[T any](t testing.TB, tab context.Context, script string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// until waits until a condition of the page holds.
func until(t testing.TB, tab context.Context, condition string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, 20*time.Second)
	defer cancel()
	for {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition)) // fails while the page loads anew
		if err == nil && holds {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("the page never came to %s: %v", condition, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// arrived waits until the page shows the View and is at rest.
func arrived(t testing.TB, tab context.Context, v view.View) {
	t.Helper()
	until(t, tab, fmt.Sprintf(`document.querySelector('#screen')?.dataset.seq === "%d" && document.fonts.status === "loaded" && [...document.images].every(i => i.complete || i.closest(".live"))`, v.Seq))
}

// picture keeps what the screen looks like if YIMEN_SCREENS names a folder.
func picture(t testing.TB, tab context.Context, name string) {
	t.Helper()
	dir := os.Getenv("YIMEN_SCREENS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
