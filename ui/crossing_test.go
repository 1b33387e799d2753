package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"yimen/kiosk/desk"
	"yimen/kiosk/desk/desktest"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/flows"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// counter is a desk that serves behind a page, its devices a script and its clock the test's.
type counter struct {
	testing.TB
	desk    *desk.Desk
	devices *desktest.Devices
	cfg     *journey.Config
	held    int          // pages that held something while their visit went on
	since   atomic.Int64 // nanoseconds after the morning
	ids     atomic.Int64
}

func openCounter(t testing.TB) *counter {
	t.Helper()
	c := &counter{TB: t, devices: desktest.New(paperPicture(t)), cfg: flows.Config(t)}
	now := func() time.Time { return journeytest.Morning().Add(time.Duration(c.since.Load())) }
	newID := func() string { return fmt.Sprint("id", c.ids.Add(1)) }
	c.desk = desk.New(c.cfg, c.devices.Hands(now, newID), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = c.desk.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return c
}

// view is what the desk shows now.
func (c *counter) view() view.View {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return <-c.desk.Views(ctx)
}

// until waits until the desk shows what is wanted.
func (c *counter) until(what string, want func(view.View) bool) view.View {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var last view.View
	for v := range c.desk.Views(ctx) {
		if last = v; want(v) {
			return v
		}
	}
	c.Fatalf("no %s, but %s", what, last.Screen)
	return last
}

// pass lets time pass at once. The desk looks at its clock when it is told of anything.
func (c *counter) pass(d time.Duration) {
	c.since.Add(int64(d))
	c.desk.StandingChanged()
}

// play lets a move happen, and waits until the desk shows what a journey shows then.
func (c *counter) play(like *journeytest.Hands, m journeytest.Move) {
	c.Helper()
	before, was := c.view(), like.View().Seq
	like.Play(m)
	switch is := m.Is.(type) {
	case journey.Touch:
		is.Visit, is.Seq = before.Visit, before.Seq
		c.desk.Touch(is)
	case journey.Standing:
		c.devices.Stand(is)
		c.desk.StandingChanged()
	default:
		for end := time.Now().Add(20 * time.Second); !c.devices.Say(is); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				c.Fatalf("nobody waits for %T at %s", is, c.view().Screen)
			}
		}
	}
	if like.View().Seq != was {
		c.until("change after "+m.String(), func(v view.View) bool { return v.Seq != before.Seq && v.Screen == like.View().Screen })
	}
}

// walk plays the first n moves of a flow, as somebody who comes in the morning.
func (c *counter) walk(moves journeytest.Transcript, n int) view.View {
	c.Helper()
	c.since.Store(0)
	c.devices.Stand(flows.Standing())
	c.desk.StandingChanged()
	c.settle()
	like := journeytest.At(c.TB, c.cfg)
	like.Event(flows.Standing())
	for _, m := range moves[:n] {
		c.play(like, m)
	}
	return c.view()
}

// kept gives all that a page can keep, as one text.
const kept = `(async () => JSON.stringify([
	document.documentElement.outerHTML, [...document.querySelectorAll("input,textarea,output")].map(e => e.value),
	Object.entries(localStorage), Object.entries(sessionStorage), (await indexedDB.databases()).map(d => d.name), document.cookie, window.name,
	JSON.stringify(history.state), location.href,
	Object.getOwnPropertyNames(window).filter(n => typeof window[n] === "string").map(n => window[n]),
	(await Promise.all((await caches.keys()).map(async n => (await (await caches.open(n)).keys()).map(r => r.url)))),
]))()`

// held lists what the page holds of what the people of the flows gave.
func held(t testing.TB, tab context.Context) (secrets []string) {
	t.Helper()
	page := ask[string](t, tab, kept)
	for _, secret := range flows.Secrets() {
		quoted, err := json.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(page, secret) || strings.Contains(page, strings.Trim(string(quoted), `"`)) {
			secrets = append(secrets, secret)
		}
	}
	return secrets
}

// clean fails where the page holds anything that the people of the flows gave.
func clean(t testing.TB, tab context.Context, when string) {
	t.Helper()
	if secrets := held(t, tab); len(secrets) > 0 {
		t.Errorf("%s: the page holds %q", when, secrets)
	}
}

// passing are attributes of the page that say nothing of what is shown, but of when and to whom.
var passing = regexp.MustCompile(` (data-visit|data-seq|src)="[^"]*"`)

// drawn is the screen as the page has it now.
func drawn(t testing.TB, tab context.Context) string {
	t.Helper()
	return passing.ReplaceAllString(ask[string](t, tab, `document.getElementById("screen").outerHTML`), "")
}

// TestNothingOfAVisitIsInTheNextOnesPage walks away from each flow, in a soak at each of its steps, before a real browser: the
// page covers, forgets, and shows the next resident what a page shows that was opened only then. A second tab that stands
// still meanwhile touches nothing.
func TestNothingOfAVisitIsInTheNextOnesPage(t *testing.T) {
	c := openCounter(t)
	url := serve(t, c.desk)
	tab := browseAnd(t, gone)
	open(t, tab, url, panels()[0])
	fresh, cancel := chromedp.NewContext(tab)
	t.Cleanup(cancel)
	if err := chromedp.Do(fresh); err != nil { // the tab lives as long as the context of this first call
		t.Fatal(err)
	}
	for _, f := range flows.All() {
		if t.Failed() {
			return // the counter may be anywhere
		}
		t.Run(f.Name, func(t *testing.T) {
			c.TB = t
			like := journeytest.At(t, c.cfg)
			like.Event(flows.Standing())
			like.Transcript = nil
			f.Play(like)
			for _, n := range telling(like.Transcript) {
				c.crosses(tab, fresh, url, like.Transcript, n)
			}
		})
	}
	if c.held == 0 {
		t.Error("no page ever held what was given: nothing was looked at")
	}
}

// gone lets pass that a picture is not there any more: the visit that it belonged to is over.
func gone(chromedp.ConsoleMessage) {}

// telling are the steps at which somebody walks away: all in a soak, otherwise one past the middle, where most was given.
func telling(moves journeytest.Transcript) (at []int) {
	if os.Getenv("YIMEN_SOAK") == "" {
		return []int{len(moves) * 3 / 4}
	}
	for n := 1; n < len(moves); n++ {
		at = append(at, n)
	}
	return at
}

// coming is how many moves are made before anything is given.
func coming(moves journeytest.Transcript) int {
	return slices.IndexFunc(moves, func(m journeytest.Move) bool {
		touch, ok := m.Is.(journey.Touch)
		return !ok || touch.Do == view.DoAnswer
	})
}

// crosses walks away before move n, and has the next resident come for the same.
func (c *counter) crosses(tab, fresh context.Context, url string, moves journeytest.Transcript, n int) {
	c.Helper()
	at := fmt.Sprintf("walked away before move %d (%s)", n, moves[n])
	left := c.walk(moves, n)
	arrived(c.TB, tab, left)
	if len(held(c.TB, tab)) > 0 {
		c.held++
	}
	c.away(tab, at)
	c.stale(tab, left, at)
	v := c.walk(moves, coming(moves))
	arrived(c.TB, tab, v)
	clean(c.TB, tab, at+", and the next resident came")
	open(c.TB, fresh, url, panels()[0])
	arrived(c.TB, fresh, v)
	if got, want := drawn(c.TB, tab), drawn(c.TB, fresh); got != want {
		c.Errorf("%s: the next resident's page is\n%s\nwant\n%s", at, got, want)
	}
	do(c.TB, fresh, chromedp.Navigate("about:blank"))
	c.away(tab, at+", and the next resident too")
}

// away lets time pass until nobody is thought to stand there, and looks at the page on the way.
func (c *counter) away(tab context.Context, at string) {
	c.Helper()
	for range 60 {
		v := c.view()
		if v.Visit == "" {
			arrived(c.TB, tab, v)
			clean(c.TB, tab, at+", and the visit is over")
			return
		}
		if v.Screen == view.ScreenWiped || v.Screen == view.ScreenCovered {
			arrived(c.TB, tab, c.view())
			clean(c.TB, tab, at+", under "+string(v.Screen))
		}
		c.pass(45 * time.Second)
		c.settle()
	}
	c.Fatalf("%s: the visit does not end: %s", at, c.view().Screen)
}

// settle lets the desk look up from its work, and the devices hear that nobody waits.
func (c *counter) settle() {
	c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for range 3 {
		if err := c.desk.Answers(ctx); err != nil {
			c.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	if v := c.view(); v.Visit == "" { // what does not hear it is answered
		for _, late := range []journey.Happening{journey.Kept{}, journey.Printed{}, journey.PageMade{}, journey.BoardSeen{}, journey.CopyCounted{}} {
			c.devices.Say(late)
		}
	}
}

// stale touches, from the page, all that a view of a visit which is over had offered, and asks for its pictures.
func (c *counter) stale(tab context.Context, old view.View, at string) {
	c.Helper()
	before := c.view()
	for _, do := range old.Offers {
		if old.Visit == before.Visit {
			break
		}
		body, err := json.Marshal(journey.Touch{Visit: old.Visit, Seq: old.Seq, Do: do})
		if err != nil {
			c.Fatal(err)
		}
		if status := ask[int](c.TB, tab, fmt.Sprintf(`fetch("/touch", {method: "POST", headers: {"Content-Type": "application/json"}, body: %q}).then(r => r.status)`, body)); status != 204 {
			c.Errorf("%s: a touch of the page is answered with %d", at, status)
		}
	}
	c.settle()
	if now := c.view(); now.Seq != before.Seq {
		c.Errorf("%s: a tab that stood still did something: %+v", at, now)
	}
	for _, id := range pictures(old) {
		if status := ask[int](c.TB, tab, fmt.Sprintf(`fetch("/picture/%s").then(r => r.status)`, id)); status != 404 {
			c.Errorf("%s: the picture %s is answered with %d", at, id, status)
		}
	}
}

// pictures are those that a screen names.
func pictures(v view.View) (ids []string) {
	if v.Scan == nil {
		return nil
	}
	for _, p := range v.Scan.Pages {
		ids = append(ids, p.ID)
	}
	return slices.DeleteFunc(append(ids, v.Scan.Still, v.Scan.Cut), func(id string) bool { return id == "" })
}
