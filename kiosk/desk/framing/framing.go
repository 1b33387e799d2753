// Package framing watches a page being laid down, glance by glance: it says the one thing to put right, without
// flickering, and tells when a good page has lain still long enough to be taken. Pure.
package framing

import (
	"math"
	"slices"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

const (
	patience  = 3    // glances that must agree before another hint is shown
	hold      = 12   // glances for which a page must lie good and still
	stillness = 0.01 // of the picture, by which a corner may tremble
	moved     = 0.04 // of the picture, by which a corner must move until it is another page, or laid anew
	another   = 5    // glances that must show so: one may be mistaken
)

// Framer holds what was seen so far. The zero value has seen nothing. It is not for several goroutines.
type Framer struct {
	hint    string // shown
	coming  string // seen, not shown yet
	agreed  int    // glances that say coming
	anchor  device.Quad
	held    int          // glances since the page lies at anchor
	taken   *device.Quad // where the page lay that was taken last; nil once it was changed
	last    device.Quad  // where a page was seen last
	moves   int          // glances in a row in which it moved
	changed int          // glances that show another page than the taken one
	again   bool         // the picture of the taken page was thrown away
	unseen  bool         // nothing was seen of the page that is taken: where it lies is learnt from the next glance
}

// Taken notes that a picture is being taken of what lies there now: it is not called still again before it was changed.
func (f *Framer) Taken() {
	f.held, f.changed = 0, 0
	f.unseen = f.last == device.Quad{}
	at := f.last
	f.taken = &at
}

// Look begins a live picture. again: what was taken last was thrown away, and is to be laid better.
func (f *Framer) Look(again bool) { f.again = again }

// See takes in one glance. settled tells, once for each page, that it has lain good and still long enough.
func (f *Framer) See(s device.Sight) (g view.Guide, settled bool) {
	f.compare(s)
	s = f.restless(s)
	f.last = s.Quad
	good := len(s.Flaws) == 0 && f.taken == nil
	switch {
	case !good:
		f.held = 0
	case f.held == 0 || apart(f.anchor, s.Quad) > stillness:
		f.anchor, f.held = s.Quad, 1
	default:
		f.held++
	}
	if f.held == hold {
		settled = true
	}
	f.say(f.worst(s))
	return view.Guide{Quad: s.Quad, Hint: f.hint, Held: math.Min(1, float64(f.held)/hold)}, settled
}

// restless adds that a page is moving where it moved from glance to glance, so often that it is no trembling of its corners.
func (f *Framer) restless(s device.Sight) device.Sight {
	if s.Quad == (device.Quad{}) || f.last == (device.Quad{}) || apart(f.last, s.Quad) <= stillness {
		f.moves = 0
		return s
	}
	if f.moves++; f.moves >= patience {
		s.Flaws = append(slices.Clone(s.Flaws), device.Moving)
	}
	return s
}

// Shot judges a picture that was taken as against the glance before it: one that is blurred, of a page that lay elsewhere a
// moment ago, was moved. That is what can be told to whoever held it.
func (f *Framer) Shot(s device.Sight) device.Sight {
	moved := f.last != device.Quad{} && s.Quad != device.Quad{} && apart(f.last, s.Quad) > stillness
	if at := slices.Index(s.Flaws, device.Blurred); moved && at >= 0 {
		s.Flaws = slices.Insert(slices.Clone(s.Flaws), at, device.Moving) // the more pressing
	}
	return s
}

// compare forgets the page that was taken when another lies there.
func (f *Framer) compare(s device.Sight) {
	if f.taken == nil {
		return
	}
	if f.unseen && s.Quad != (device.Quad{}) {
		*f.taken, f.unseen = s.Quad, false
	}
	if s.Quad != (device.Quad{}) && apart(*f.taken, s.Quad) <= moved {
		f.changed = 0
		return
	}
	if f.changed++; f.changed >= another {
		f.taken = nil
	}
}

// say shows what patience glances in turn have said.
func (f *Framer) say(hint string) {
	if hint != f.coming {
		f.coming, f.agreed = hint, 0
	}
	if f.agreed++; f.agreed >= patience {
		f.hint = hint
	}
}

// worst is the one thing to put right: the first flaw, in the order in which a person would put them right. Where it is too
// dark to see a page, it is the light.
func (f *Framer) worst(s device.Sight) string {
	if slices.Contains(s.Flaws, device.NoPage) && slices.Contains(s.Flaws, device.Dark) {
		return view.FlawHint(device.Dark)
	}
	known := slices.Contains(s.Flaws, device.CutOff) || slices.Contains(s.Flaws, device.TwoPages)
	for _, flaw := range device.Flaws() {
		if flaw == device.Unsure && known { // why the corners are in doubt says more than that they are
			continue
		}
		if slices.Contains(s.Flaws, flaw) {
			return hintOf(flaw, s.Quad)
		}
	}
	switch {
	case f.taken == nil:
		return view.HintStill
	case f.again:
		return view.HintAgain
	}
	return view.HintSame
}

// hintOf says what to do about a flaw; of a page that reaches over one edge of the picture, where to move it.
func hintOf(flaw device.Flaw, q device.Quad) string {
	if flaw != device.CutOff {
		return view.FlawHint(flaw)
	}
	for _, rim := range [2]float64{atEdge, nearEdge} {
		if over := beyond(q, rim); len(over) == 1 {
			return over[0]
		} else if len(over) > 1 {
			break // it takes more than one push
		}
	}
	return view.FlawHint(flaw)
}

// Parts of the picture: so near, a corner lies at its edge; and so near where none is nearer, for a glance finds the corners
// of a page that goes on beyond the edge a little before it.
const (
	atEdge   = 0.004
	nearEdge = 0.03
)

// beyond gives the pushes that bring a page back from the edges of the picture at which it has a corner.
func beyond(q device.Quad, rim float64) (over []string) {
	for _, push := range []struct {
		hint string
		at   func(device.Point) bool
	}{
		{view.HintRight, func(c device.Point) bool { return c.X < rim }},
		{view.HintLeft, func(c device.Point) bool { return c.X > 1-rim }},
		{view.HintNear, func(c device.Point) bool { return c.Y < rim }},
		{view.HintAway, func(c device.Point) bool { return c.Y > 1-rim }},
	} {
		if slices.ContainsFunc(q[:], push.at) {
			over = append(over, push.hint)
		}
	}
	return over
}

// apart is how far the corner that moved most lies from where it was, in parts of the picture.
func apart(a, b device.Quad) float64 {
	most := 0.0
	for i := range a {
		most = max(most, math.Hypot(a[i].X-b[i].X, a[i].Y-b[i].Y))
	}
	return most
}
