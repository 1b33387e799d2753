package framing

import (
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

func sheet(dx, dy float64) device.Quad {
	return device.Quad{{X: .2 + dx, Y: .2 + dy}, {X: .7 + dx, Y: .2 + dy}, {X: .7 + dx, Y: .8 + dy}, {X: .2 + dx, Y: .8 + dy}}
}

func good(dx float64) device.Sight { return device.Sight{Quad: sheet(dx, 0)} }

func flawed(q device.Quad, flaws ...device.Flaw) device.Sight {
	return device.Sight{Quad: q, Flaws: flaws}
}

var empty = flawed(device.Quad{}, device.NoPage)

// watch shows a sight n times and tells how often the page was called settled, and the last guide.
func watch(f *Framer, n int, s device.Sight) (settled int, last view.Guide) {
	for range n {
		g, now := f.See(s)
		if now {
			settled++
		}
		last = g
	}
	return settled, last
}

func TestAGoodStillPageIsTakenOnce(t *testing.T) {
	var f Framer
	if n, g := watch(&f, hold-1, good(0)); n != 0 || g.Held >= 1 || g.Held <= 0.8 {
		t.Fatalf("settled %d times too early, held %.2f", n, g.Held)
	}
	if n, g := watch(&f, 1, good(0)); n != 1 || g.Held != 1 {
		t.Fatalf("not settled: %d, held %.2f", n, g.Held)
	}
	f.Taken()
	if n, g := watch(&f, 10*hold, good(0)); n != 0 || g.Hint != view.HintSame || g.Held != 0 {
		t.Errorf("the same page lying still: settled %d times, says %s", n, g.Hint)
	}
}

// TestAPageThrownAwayIsNotToldToGo: it is to be laid better, and is not taken again as it lies.
func TestAPageThrownAwayIsNotToldToGo(t *testing.T) {
	var f Framer
	watch(&f, hold, good(0))
	f.Taken()
	f.Look(true)
	if n, g := watch(&f, 3*hold, good(0)); n != 0 || g.Hint != view.HintAgain {
		t.Errorf("settled %d times, says %s", n, g.Hint)
	}
	if n, _ := watch(&f, hold+another, good(.1)); n != 1 {
		t.Errorf("laid better, it settled %d times", n)
	}
}

func TestThePageAfterIsTakenToo(t *testing.T) {
	for name, change := range map[string]device.Sight{"taken away": empty, "put elsewhere": good(.1)} {
		var f Framer
		watch(&f, hold, good(0))
		f.Taken()
		watch(&f, another, change)
		if n, _ := watch(&f, hold, good(0)); n != 1 {
			t.Errorf("%s: the next page settled %d times", name, n)
		}
	}
}

func TestOneMistakenGlanceMakesNoOtherPage(t *testing.T) {
	var f Framer
	watch(&f, hold, good(0))
	f.Taken()
	for range 5 {
		watch(&f, another-1, empty)
		if n, _ := watch(&f, hold, good(0)); n != 0 {
			t.Fatal("the same page would be taken twice")
		}
	}
}

func TestAPageTakenUnseenIsTheOneThatIsSeenNext(t *testing.T) {
	var f Framer
	f.Taken() // by hand, before the first glance
	if n, _ := watch(&f, 3*hold, good(0)); n != 0 {
		t.Error("a page that was taken by hand would be taken again by itself")
	}
}

func TestAPageThatCreepsOrIsFlawedDoesNotSettle(t *testing.T) {
	var f Framer
	for i := range 5 * hold {
		if _, now := f.See(good(float64(i) * .004)); now {
			t.Fatal("a page that creeps was called still")
		}
	}
	for range 5 {
		watch(&f, hold-1, good(0))
		if n, _ := watch(&f, 1, flawed(sheet(0, 0), "dark")); n != 0 {
			t.Fatal("a dark page settled")
		}
	}
}

// TestAPageThatIsMovedIsAskedToLieStill: a hand that shifts it is told so, a corner that trembles is not.
func TestAPageThatIsMovedIsAskedToLieStill(t *testing.T) {
	var f Framer
	for i := range 2 * patience {
		f.See(good(float64(i) * .02))
	}
	if g, _ := f.See(good(2 * patience * .02)); g.Hint != "hint.moving" || g.Held != 0 {
		t.Errorf("says %s, held %.2f", g.Hint, g.Held)
	}
	if _, g := watch(&f, patience+1, good(2*patience*.02)); g.Hint != view.HintStill {
		t.Errorf("lying still again, it says %s", g.Hint)
	}
	for i := range 5 * patience {
		if g, _ := f.See(good(2*patience*.02 + float64(i%2)*.006)); g.Hint == "hint.moving" {
			t.Fatal("a corner that trembles is called a move")
		}
	}
}

// TestABlurredShotOfAPageThatLayElsewhereWasMoved, and one of a page that lay there was not; a sharp one is as it is.
func TestABlurredShotOfAPageThatLayElsewhereWasMoved(t *testing.T) {
	var f Framer
	watch(&f, 3, good(0))
	f.Taken()
	for _, c := range []struct {
		at    float64
		flaws []device.Flaw
		moved bool
	}{{.05, []device.Flaw{device.Blurred}, true}, {.002, []device.Flaw{device.Blurred}, false}, {.05, nil, false}} {
		s := f.Shot(flawed(sheet(c.at, 0), c.flaws...))
		if got := slices.Contains(s.Flaws, device.Moving); got != c.moved || len(s.Flaws) < len(c.flaws) {
			t.Errorf("%v at %.3f: %v", c.flaws, c.at, s.Flaws)
		}
	}
}

func TestDarknessIsToldBeforeTheMissingPage(t *testing.T) {
	var f Framer
	if _, g := watch(&f, patience, flawed(device.Quad{}, device.NoPage, device.Dark)); g.Hint != "hint.dark" {
		t.Errorf("with the lamp out it says %s", g.Hint)
	}
}

func TestTheHintDoesNotFlicker(t *testing.T) {
	var f Framer
	_, g := watch(&f, patience, empty)
	if g.Hint != "hint.no_page" {
		t.Fatalf("says %q over an empty bed", g.Hint)
	}
	for range 10 {
		for range patience - 1 {
			if g, _ := f.See(flawed(sheet(0, 0), "dark")); g.Hint != "hint.no_page" {
				t.Fatalf("changed to %q after a moment", g.Hint)
			}
		}
		f.See(empty)
	}
	if _, g := watch(&f, patience, flawed(sheet(0, 0), "dark")); g.Hint != "hint.dark" {
		t.Errorf("still says %q", g.Hint)
	}
}

func TestOnlyTheWorstIsSaidAndWhereToMove(t *testing.T) {
	for _, c := range []struct {
		seen device.Sight
		says string
	}{
		{flawed(sheet(0, 0), "shadow", "covered"), "hint.covered"},
		{flawed(sheet(0, 0), "unsure", "dark"), "hint.unsure"},
		{flawed(sheet(-.2, 0), "unsure", device.CutOff), view.HintRight},
		{flawed(sheet(0, 0), "unsure", "two_pages"), "hint.two_pages"},
		{flawed(sheet(-.2, 0), device.CutOff, "dark"), view.HintRight},
		{flawed(sheet(.3, 0), device.CutOff), view.HintLeft},
		{flawed(sheet(.28, 0), device.CutOff), view.HintLeft}, // a glance put its corners before the edge
		{flawed(sheet(-.2, .18), device.CutOff), view.HintRight},
		{flawed(sheet(0, -.2), device.CutOff), view.HintNear},
		{flawed(sheet(0, .2), device.CutOff), view.HintAway},
		{flawed(sheet(-.2, -.2), device.CutOff), "hint.cut_off"},
		{flawed(sheet(0, 0), device.CutOff), "hint.cut_off"},
		{good(0), view.HintStill},
	} {
		var f Framer
		if _, g := watch(&f, patience, c.seen); g.Hint != c.says {
			t.Errorf("%v at %v: says %s, want %s", c.seen.Flaws, c.seen.Quad, g.Hint, c.says)
		}
	}
}
