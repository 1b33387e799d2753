package visitor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"time"
)

// Line is the page without a browser: it fetches the page as drawn and posts touches as the page would. For
// tests that need many visits, and for those that end a visit at a moment no browser would meet.
type Line struct {
	Screen string // the terminal's page, ending in a slash
	http   http.Client
}

// OpenLine takes the page's cookie, as the first look does.
func OpenLine(screen string) (*Line, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Line{Screen: screen, http: http.Client{Jar: jar, Timeout: 20 * time.Second}}, nil
}

var (
	attribute = regexp.MustCompile(`<div id="screen"[^>]*data-visit="([^"]*)" data-seq="([^"]*)" data-screen="([^"]*)"`)
	question  = regexp.MustCompile(`data-question="([^"]*)" data-input="([^"]*)"`)
	offer     = regexp.MustCompile(`data-do="([^"]*)"`)
	choice    = regexp.MustCompile(`data-do="answer" data-value="([^"]*)"`)
	standing  = regexp.MustCompile(`id="entry"[^>]*data-value="([^"]+)"`)
	tag       = regexp.MustCompile(`<[^>]*>`)
)

// page is the page as fetched.
type page struct {
	Seen
	html string
}

// Look fetches the page.
func (l *Line) Look(ctx context.Context) (Seen, error) {
	p, err := l.look(ctx)
	return p.Seen, err
}

func (l *Line) look(ctx context.Context) (page, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", l.Screen, nil)
	if err != nil {
		return page{}, err
	}
	resp, err := l.http.Do(req)
	if err != nil {
		return page{}, fmt.Errorf("look at the page: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return page{}, fmt.Errorf("look at the page: %w", err)
	}
	m := attribute.FindSubmatch(body)
	if m == nil {
		return page{}, fmt.Errorf("look at the page: %s: no screen in it", resp.Status)
	}
	p := page{html: string(body)}
	p.Visit, p.Seq, p.Screen = string(m[1]), string(m[2]), string(m[3])
	for _, o := range offer.FindAllStringSubmatch(p.html, -1) {
		p.Offers = append(p.Offers, o[1])
	}
	if q := question.FindStringSubmatch(p.html); q != nil {
		p.Question, p.Input = q[1], q[2]
	}
	p.Kept = strings.Count(p.html, `<li class="page">`)
	p.Text = html.UnescapeString(tag.ReplaceAllString(p.html, " "))
	return p, nil
}

// touch is journey.Touch as the page writes it.
type touch struct {
	Visit   string           `json:"visit"`
	Seq     json.Number      `json:"seq"`
	Do      string           `json:"do"`
	Value   string           `json:"value,omitempty"`
	Quad    []map[string]any `json:"quad,omitempty"`
	Strokes [][]any          `json:"strokes,omitempty"`
}

func (l *Line) post(ctx context.Context, s Seen, t touch) error {
	t.Visit, t.Seq = s.Visit, json.Number(s.Seq)
	return l.send(ctx, "touch", t)
}

// Voice asks the voice for something, such as on.
func (l *Line) Voice(ctx context.Context, s Seen, control string) error {
	return l.send(ctx, "voice", touch{Visit: s.Visit, Seq: json.Number(s.Seq), Do: control})
}

func (l *Line) send(ctx context.Context, to string, t touch) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, "POST", l.Screen+to, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Origin", strings.TrimSuffix(l.Screen, "/"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := l.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", to, t.Do, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent {
		return fmt.Errorf("%s %s: %s", to, t.Do, resp.Status)
	}
	return nil
}

// Do touches what a screen offers.
func (l *Line) Do(ctx context.Context, s Seen, do, value string) error {
	return l.post(ctx, s, touch{Do: do, Value: value})
}

// Press touches what a screen offers and waits until that view is gone: the terminal takes a touch before it acts on it, and
// who looks in between sees the screen that was left. Only for touches that change what is shown.
func (l *Line) Press(ctx context.Context, s Seen, do, value string) error {
	if err := l.Do(ctx, s, do, value); err != nil {
		return err
	}
	_, err := l.Until(ctx, "change after "+do, func(now Seen) bool { return now.Visit != s.Visit || now.Seq != s.Seq })
	return err
}

// Accept keeps the still with corners a little inside the picture.
func (l *Line) Accept(ctx context.Context, s Seen) error {
	at := func(x, y float64) map[string]any { return map[string]any{"x": x, "y": y} }
	return l.post(ctx, s, touch{Do: "accept", Quad: []map[string]any{at(.2, .1), at(.8, .1), at(.8, .9), at(.2, .9)}})
}

// Sign signs with one long stroke.
func (l *Line) Sign(ctx context.Context, s Seen) error {
	at := func(x, y float64, t int) map[string]any { return map[string]any{"x": x, "y": y, "t": t} }
	return l.post(ctx, s, touch{Do: "sign", Strokes: [][]any{{at(20, 20, 0), at(60, 40, 200), at(100, 20, 400)}}})
}

// Until looks until want is satisfied; the error says what stood there instead.
func (l *Line) Until(ctx context.Context, what string, want func(Seen) bool) (Seen, error) {
	var s Seen
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if s, err = l.Look(ctx); err == nil && want(s) {
			return s, nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return s, err
		}
	}
	if err != nil {
		return s, err
	}
	return s, fmt.Errorf("no %s, but %s: %q", what, s.Screen, firstWords(s.Text))
}
