package main

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
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
	v := visit("rare")
	v.Browser, v.Bench = window{session}, &visitor.Bench{Panel: h.Panel}
	if keep := os.Getenv("YIMEN_SCREENS"); keep != "" {
		d.dir = filepath.Join(keep, t.Name())
		v.Before = func(ctx context.Context, s visitor.Seen) error { return d.screen(ctx, v.Browser, s) }
	}
	must(t, d.clean())

	ctx := within(t, 5*time.Minute)
	last, err := v.Play(ctx)
	must(t, err)
	must(t, d.slip(ctx, v.Bench))
	_, err = d.bureau(ctx, h, number(last.Text))
	must(t, err)
	judge(t, d.dir, "王𠮷䶮")

	for _, moment := range []string{"while the window is open", "after its end"} {
		if left := filesBelow(t, session.Display.Home); len(left) > 0 {
			t.Errorf("%s its folders hold %q", moment, left)
		}
		session.Close()
	}
}

// driversOwn is written by WebKitWebDriver, which asks the desktop's settings for a proxy.
const driversOwn = "run/dconf/user"

// filesBelow are the files, sockets and links in the folder and in those below it, save the driver's own.
func filesBelow(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path != filepath.Join(folder, driversOwn) {
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

// Picture is what the panel shows, once what the page holds has been painted.
func (w window) Picture(ctx context.Context) ([]byte, error) {
	w.painted()
	return w.session.Screenshot(), ctx.Err()
}

// painted returns when what the page holds now has been painted.
func (w window) painted() {
	w.session.Eval("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))", nil)
}
