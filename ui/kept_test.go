package ui

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/memory"
	"github.com/chromedp/chromedp"

	"yimen/kiosk/journey/flows"
	"yimen/kiosk/journey/journeytest"
)

// alive is what a page holds when all that can be collected was collected.
type alive struct{ documents, nodes, listeners int64 }

func counted(t *testing.T, tab context.Context) (n alive) {
	t.Helper()
	do(t, tab, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for range 2 { // what the first lets go of, the second collects
			if _, err := cdp.Call(ctx, tab, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
				return fmt.Errorf("collect garbage: %w", err)
			}
		}
		c, err := cdp.Call(ctx, tab, memory.GetDOMCounters, cdp.Empty{})
		n = alive{int64(c.Documents), int64(c.Nodes), int64(c.JsEventListeners)}
		return err
	}))
	return n
}

// TestThePageKeepsNoScreenThatHasGone plays visits one after the other before one page, with every kind of field, picture and
// pad: what it holds on the first screen does not grow with them. A screen that something still refers to would be one of a
// resident who has left.
func TestThePageKeepsNoScreenThatHasGone(t *testing.T) {
	c := openCounter(t)
	tab := browseAnd(t, gone)
	open(t, tab, serve(t, c.desk), panels()[0])
	round := func() alive {
		for _, f := range flows.All() {
			like := journeytest.At(t, c.cfg)
			like.Event(flows.Standing())
			like.Transcript = nil
			f.Play(like)
			c.walk(like.Transcript, len(like.Transcript)-1)
			c.away(tab, f.Name)
		}
		return counted(t, tab)
	}
	first := round() // what is made once is made
	var last alive
	const more = 3
	for range more {
		last = round()
	}
	// A small screen has 100 elements. The browser itself holds one that has just gone for a while, and no more of them with
	// more rounds; one that is kept in each round stands there as often as there were rounds.
	const screen = 100
	if last.nodes > first.nodes+(more-1)*screen || last.listeners > first.listeners+screen/2 || last.documents > first.documents+1 {
		t.Errorf("after one round of visits the page holds %+v, after %d more %+v", first, more, last)
	}
}
