package shelltest

import (
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	patience = 60 * time.Second // for anything that must happen; a busy machine is slow
	pause    = 50 * time.Millisecond
)

// The terminal's panel, upright.
const (
	PanelWidth  = 1080
	PanelHeight = 1920
)

// Session is a window being used. Its methods wait until what they are about is on the screen, and fail the test after
// a long while; selectors are CSS.
type Session struct {
	Display *Display
	t       testing.TB
	driver  *driver
}

// Start opens the shell's window at url on a display of its own, of the panel's size.
func Start(t testing.TB, shell, url string) *Session {
	t.Helper()
	return StartOn(t, StartDisplay(t, PanelWidth, PanelHeight), shell, url)
}

// StartOn opens the shell's window at url on a display.
func StartOn(t testing.TB, display *Display, shell, url string) *Session {
	t.Helper()
	s := &Session{Display: display, t: t, driver: startDriver(t, display)}
	if err := s.driver.openSession(shell, url); err != nil {
		t.Fatalf("taking the window over: %v", err)
	}
	return s
}

// StartAt opens the shell's window at url by a WebKitWebDriver that somebody else has started, where a port of this
// machine leads: on another machine, whose paths shell is one of. Its Session has no Display, and takes no pictures.
func StartAt(t testing.TB, driverPort int, shell, url string) *Session {
	t.Helper()
	d := &driver{base: "http://127.0.0.1:" + itoa(driverPort), client: http.Client{Timeout: patience}, end: func() {}}
	s := &Session{t: t, driver: awaitDriver(t, d)}
	if err := s.driver.openSession(shell, url); err != nil {
		t.Fatalf("taking the window over: %v", err)
	}
	return s
}

// Close ends the window, which otherwise ends with the test.
func (s *Session) Close() { s.driver.end() }

// Find waits until an element is on the page.
func (s *Session) Find(css string) {
	s.t.Helper()
	s.on(css, "find", func(element) error { return nil })
}

// Gone waits until no such element is on the page.
func (s *Session) Gone(css string) {
	s.t.Helper()
	s.until("see the end of "+css, func() error {
		_, err := s.driver.find(css)
		if refusal := (*driverError)(nil); errors.As(err, &refusal) && refusal.Code == "no such element" {
			return nil
		} else if err != nil {
			return err
		}
		return errors.New("it is still there")
	})
}

// Tap taps the middle of an element, once it can be tapped.
func (s *Session) Tap(css string) {
	s.t.Helper()
	s.on(css, "tap", func(e element) error {
		return s.driver.do(http.MethodPost, "/element/"+string(e)+"/click", nil, nil)
	})
}

// Type types text into an element, as a keyboard would. WebKitWebDriver loses characters above U+FFFF.
func (s *Session) Type(css, text string) {
	s.t.Helper()
	s.on(css, "type into", func(e element) error {
		return s.driver.do(http.MethodPost, "/element/"+string(e)+"/value", map[string]string{"text": text}, nil)
	})
}

// Keys of a keyboard that are no characters, §17.4.2 of the protocol.
const (
	KeyTab   = "\uE004"
	KeyEnter = "\uE007"
	KeyRight = "\uE014"
	KeyDown  = "\uE015"
)

// Press presses and releases keys one after the other, wherever the focus is.
func (s *Session) Press(keys ...string) {
	s.t.Helper()
	var actions []map[string]any
	for _, key := range keys {
		actions = append(actions, map[string]any{"type": "keyDown", "value": key}, map[string]any{"type": "keyUp", "value": key})
	}
	source := map[string]any{"type": "key", "id": "keyboard", "actions": actions}
	s.until("press keys", func() error {
		return s.driver.do(http.MethodPost, "/actions", map[string]any{"actions": []any{source}}, nil)
	})
}

// Text is an element's text as the screen shows it.
func (s *Session) Text(css string) string {
	s.t.Helper()
	var text string
	s.on(css, "read", func(e element) error {
		return s.driver.do(http.MethodGet, "/element/"+string(e)+"/text", nil, &text)
	})
	return text
}

// WaitText waits until an element's text contains part.
func (s *Session) WaitText(css, part string) {
	s.t.Helper()
	var last string
	s.until("read "+part+" in "+css, func() error {
		e, err := s.driver.find(css)
		if err != nil {
			return err
		}
		if err := s.driver.do(http.MethodGet, "/element/"+string(e)+"/text", nil, &last); err != nil {
			return err
		}
		if !strings.Contains(last, part) {
			return errors.New("it says: " + last)
		}
		return nil
	})
}

// Point is a place within an element: 0, 0 is its top left corner and 1, 1 its bottom right.
type Point struct{ X, Y float64 }

// Draw draws a line across an element with the pointer pressed, as a signature or a dragged corner.
func (s *Session) Draw(css string, line ...Point) {
	s.t.Helper()
	s.on(css, "draw on", func(e element) error {
		var rect struct{ Width, Height float64 }
		if err := s.driver.do(http.MethodGet, "/element/"+string(e)+"/rect", nil, &rect); err != nil {
			return err
		}
		var actions []map[string]any
		for i, point := range line {
			actions = append(actions, map[string]any{
				"type": "pointerMove", "duration": 20, "origin": map[string]string{elementKey: string(e)},
				"x": math.Round((point.X - 0.5) * rect.Width), "y": math.Round((point.Y - 0.5) * rect.Height), // from the middle
			})
			if i == 0 {
				actions = append(actions, map[string]any{"type": "pointerDown", "button": 0})
			}
		}
		actions = append(actions, map[string]any{"type": "pointerUp", "button": 0})
		pointer := map[string]any{"type": "pointer", "id": "finger", "actions": actions}
		return s.driver.do(http.MethodPost, "/actions", map[string]any{"actions": []any{pointer}}, nil)
	})
}

// Eval runs the body of a JavaScript function in the page and stores what it returns in into, if that is not nil.
func (s *Session) Eval(body string, into any) {
	s.t.Helper()
	s.until("run a script", func() error {
		return s.driver.do(http.MethodPost, "/execute/sync", map[string]any{"script": body, "args": []any{}}, into)
	})
}

// Screenshot is the monitor as a PNG, taken from outside: WebKitWebDriver's own picture of the page never comes while
// hardware acceleration is off.
func (s *Session) Screenshot() []byte {
	s.t.Helper()
	return s.Display.Screenshot(s.t)
}

// on does something with an element, looking for it anew whenever the page changed under it.
func (s *Session) on(css, what string, do func(element) error) {
	s.t.Helper()
	s.until(what+" "+css, func() error {
		e, err := s.driver.find(css)
		if err != nil {
			return err
		}
		return do(e)
	})
}

// until tries until it works.
func (s *Session) until(what string, try func() error) {
	s.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(pause) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("could not %s: %v", what, err)
		}
	}
}
