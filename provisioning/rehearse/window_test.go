package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"yimen/provisioning/visitor"
	"yimen/ui/shell/shelltest"
)

func TestAVisitIsTappedThroughTheRealWindow(t *testing.T) {
	h := startHall(t, nil)
	session := shelltest.Start(t, filepath.Join(programs(t), "shell"), h.Screen)
	d := &player{out: io.Discard, dir: t.TempDir(), began: time.Now()}
	if err := d.clean(); err != nil {
		t.Fatal(err)
	}
	v := visit("rare")
	v.Browser, v.Bench, v.Before = window{session}, &visitor.Bench{Panel: h.Panel}, keepPicture(session)

	ctx := within(t, 5*time.Minute)
	v.Told = func(s visitor.Seen) {
		if s.Screen != "scan" {
			return
		}
		o, _ := exec.Command("sh", "-c", "ss -tn state established dst "+h.Screen[7:len(h.Screen)-1]).CombinedOutput()
		t.Logf("%s %v\n%s", s.Seq, s.Offers, o)
	}
	last, err := v.Play(ctx)
	if err != nil {
		var x any
		session.Eval(`return [document.querySelector("#screen").outerHTML.slice(0,200), performance.getEntriesByType("resource").slice(-12).map(e=>e.name+" "+e.startTime+" "+e.responseEnd), [...document.images].map(i=>i.src), performance.now()]`, &x)
		t.Log(x)
		t.Fatal(err)
	}
	if err := d.bureau(ctx, h, number(last.Text)); err != nil {
		t.Error(err)
	}
	for _, moment := range []string{"while the window is open", "after its end"} {
		if left := filesBelow(t, session.Display.Home); len(left) > 0 {
			t.Errorf("%s its folders hold %q", moment, left)
		}
		session.Close()
	}
}

// keepPicture keeps what each screen looks like if YIMEN_SCREENS names a folder.
func keepPicture(session *shelltest.Session) func(context.Context, visitor.Seen) error {
	dir, shots := os.Getenv("YIMEN_SCREENS"), 0
	if dir == "" {
		return nil
	}
	return func(_ context.Context, s visitor.Seen) error {
		shots++
		name := fmt.Sprintf("window-%02d-%s.png", shots, s.Screen)
		return os.WriteFile(filepath.Join(dir, name), session.Screenshot(), 0o644)
	}
}

// filesBelow are the files, sockets and links in the folder and in those below it.
func filesBelow(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// window is the terminal's own window as a visitor's browser. What the window does not do in a long while fails the
// test at once, so the only errors are those of ctx.
type window struct{ session *shelltest.Session }

// Eval evaluates an expression in the page.
func (w window) Eval(ctx context.Context, js string) (json.RawMessage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var value json.RawMessage
	w.session.Eval("return "+js, &value)
	return value, nil
}

// Tap is a line that ends where it begins.
func (w window) Tap(ctx context.Context, at visitor.Point) error {
	return w.Draw(ctx, []visitor.Point{at})
}

// Draw presses, moves and releases by WebDriver's pointer. The page is as large as the panel, one CSS pixel to a pixel.
func (w window) Draw(ctx context.Context, path []visitor.Point) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	line := make([]shelltest.Point, len(path))
	for i, p := range path {
		line[i] = shelltest.Point{X: p.X / shelltest.PanelWidth, Y: p.Y / shelltest.PanelHeight}
	}
	w.session.Draw("html", line...)
	return nil
}

// Picture is what the panel shows.
func (w window) Picture(ctx context.Context) ([]byte, error) {
	return w.session.Screenshot(), ctx.Err()
}
