package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os/exec"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Chromium is a headless Chromium with one page.
type Chromium struct {
	ctx  context.Context
	stop []context.CancelFunc

	mu         sync.Mutex
	complaints []string
}

// ErrNoChromium says what to install.
var ErrNoChromium = errors.New("no Chromium here: install Debian's package chromium")

// OpenChromium starts a browser of its own with an empty profile in dir and opens url in a window of w×h pixels.
func OpenChromium(ctx context.Context, dir, url string, w, h int64) (*Chromium, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, ErrNoChromium
	}
	c := &Chromium{}
	alloc, stop := chromedp.NewExecAllocator(ctx, chromedp.ExecPath(path), chromedp.UserDataDir(dir),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	c.stop = append(c.stop, stop)
	c.ctx, stop = chromedp.NewContext(alloc)
	c.stop = append(c.stop, stop)
	if err := chromedp.Do(c.ctx, chromedp.EmulateViewport(w, h)); err != nil {
		c.Close()
		return nil, err
	}
	go c.hear(chromedp.Console(c.ctx))
	if err := chromedp.Do(c.ctx, chromedp.Navigate(url)); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// hear keeps what the page complains of: errors thrown and errors written to the console.
func (c *Chromium) hear(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return // the browser has ended
		}
		if m.Type != chromedp.ConsoleException && m.Type != chromedp.ConsoleError {
			continue
		}
		c.mu.Lock()
		c.complaints = append(c.complaints, fmt.Sprintf("%s (%s:%d)", m.Text, m.URL, m.Line+1))
		c.mu.Unlock()
	}
}

// Complaints are the errors that the page has reported so far.
func (c *Chromium) Complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.complaints)
}

// Close ends the browser.
func (c *Chromium) Close() {
	for i := len(c.stop) - 1; i >= 0; i-- {
		c.stop[i]()
	}
}

// within makes a context of the page that ends with ctx.
func (c *Chromium) within(ctx context.Context) (context.Context, context.CancelFunc) {
	page, stop := context.WithTimeout(c.ctx, time.Minute)
	end := context.AfterFunc(ctx, stop)
	return page, func() { end(); stop() }
}

// Eval evaluates an expression in the page.
func (c *Chromium) Eval(ctx context.Context, js string) (json.RawMessage, error) {
	page, stop := c.within(ctx)
	defer stop()
	s, err := chromedp.Run(page, chromedp.Evaluate[string]("JSON.stringify("+js+")"))
	return json.RawMessage(s), err
}

// Tap clicks by the browser's own input events.
func (c *Chromium) Tap(ctx context.Context, at Point) error {
	page, stop := c.within(ctx)
	defer stop()
	return chromedp.Do(page, chromedp.MouseClickXY(at.X, at.Y))
}

// Draw drags along a path.
func (c *Chromium) Draw(ctx context.Context, path []Point) error {
	page, stop := c.within(ctx)
	defer stop()
	held := chromedp.MouseOption(func(p *input.DispatchMouseEventParams) { p.Buttons = 1 })
	steps := []chromedp.Action[chromedp.Void]{
		chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, path[0].X, path[0].Y, chromedp.ButtonLeft, held),
	}
	for _, p := range path[1:] {
		steps = append(steps, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, p.X, p.Y, chromedp.ButtonLeft, held))
	}
	last := path[len(path)-1]
	steps = append(steps, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, last.X, last.Y, chromedp.ButtonLeft))
	return chromedp.Do(page, steps...)
}

// Picture takes a screenshot.
func (c *Chromium) Picture(ctx context.Context) ([]byte, error) {
	page, stop := c.within(ctx)
	defer stop()
	return chromedp.Run(page, chromedp.CaptureScreenshot())
}
