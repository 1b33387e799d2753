package scene

import (
	"math"
	"slices"

	"yimen/drivers/pageimage/scene/photo"
)

// Limits between what must be kept, what must be refused, and what either may be done with. Blur is the standard
// deviation of the smear at the page: strokes of print of 2 mm lie a quarter of a millimetre apart, and of such a pattern
// a smear of 0.12 mm leaves a sixtieth at most of the contrast that one of 0.05 mm leaves, and one of 0.22 nothing.
const (
	MostBlur, LeastBlur   = 0.12, 0.22   // millimetres
	MostGlare, LeastGlare = 0.001, 0.008 // part of the page on which black print comes out white
	MostDPI, LeastDPI     = 203, 190     // dots to the inch: at least the first, or below the second (DA/T 31-2017: 200)
	MostWhite, LeastWhite = 105, 75      // luma of white paper: at least the first, or below the second
	MostEven, LeastEven   = 0.60, 0.50   // luma of the paper's darkest part over that of its lightest, likewise
	MostOutside           = 2.0          // millimetres: a corner that lies so far outside is missing
	LeastCovered          = 6.0          // millimetres of an edge that a finger hides
)

// Truth is what is true of a scene. Without a page, all but Order is zero.
type Truth struct {
	Order   Order
	Page    bool
	Corners [4]Point // of the page, in pixels of the frame, clockwise from its top left as it reads; may lie outside
	Missing [4]bool  // corners that cannot be seen: outside, covered or folded over
	Other   *[4]Point

	Width, Height float64 // of the page, as it reads
	DPI           float64 // pixels to the inch of the shortest side
	Blur          float64 // smear at the page, millimetres: of lens, focus and movement
	Glare         float64 // part of the page on which black print comes out white
	White         float64 // luma of white paper, in the middle of all its places
	Even          float64 // luma of the darkest part of white paper over that of the lightest
	Hidden        float64 // part of the page that is outside, covered or folded over
	Covered       float64 // the longest part of an edge that is covered or folded over, millimetres
	Near          bool    // a corner so near to the frame's edge, or to a thing, that either answer is right
}

// Point is a place in a frame, in pixels.
type Point = photo.Point

// Verdict is what is to be done with a frame.
type Verdict int

// The verdicts.
const (
	Either Verdict = iota // between the limits
	Keep
	Refuse
)

// Lacking gives what is beyond the limits for certain. Outside stands for every way in which a corner can be missing,
// Finger for all that lies over an edge, Focus for every blur.
func (t *Truth) Lacking() []Trouble {
	if !t.Page {
		return []Trouble{NoPage}
	}
	var out []Trouble
	add := func(is bool, what Trouble) {
		if is {
			out = append(out, what)
		}
	}
	add(slices.Contains(t.Missing[:], true), Outside)
	add(t.Covered >= LeastCovered, Finger)
	add(t.Blur >= LeastBlur, Focus)
	add(t.Glare >= LeastGlare, Glare)
	add(t.DPI < LeastDPI, Coarse)
	add(t.White < LeastWhite, Dark)
	add(t.Even < LeastEven, Shadow)
	add(t.Other != nil, Two)
	add(t.Order.Trouble == Blank, Blank)
	return out
}

// Verdict tells whether a frame is to be kept or refused.
func (t *Truth) Verdict() Verdict {
	switch {
	case len(t.Lacking()) > 0:
		return Refuse
	case t.Near || t.Covered > 0 || t.Blur > MostBlur || t.Glare > MostGlare || t.DPI < MostDPI || t.White < MostWhite || t.Even < MostEven:
		return Either
	}
	return Keep
}

// lost gives the part of the page on which a reflection turns black print white.
func (st *stage) lost(g *photo.Glare) float64 {
	if g == nil {
		return 0
	}
	lost, all := 0, 0
	for _, q := range st.page.grid(60) {
		if all++; g.At(st.camera.Frame(st.page.desk(q))) > 0.86 { // luma 238
			lost++
		}
	}
	return float64(lost) / float64(all)
}

// grid gives places all over a sheet, n along its longer side.
func (l *leaf) grid(n int) []Point {
	step := max(l.w, l.h) / float64(n)
	var out []Point
	for y := step / 2; y < l.h; y += step {
		for x := step / 2; x < l.w; x += step {
			out = append(out, photo.At(x, y))
		}
	}
	return out
}

// covered tells whether something lies over a place of the page, or the page is folded away there.
func (st *stage) covered(q Point) bool {
	if st.page.ear != nil && st.page.ear.beyond(q) < 0 {
		return true
	}
	p := st.page.desk(q)
	for _, t := range st.things {
		if d, _ := t.distance(p); d < 0 {
			return true
		}
	}
	return false
}

// truth measures a stage whose picture was blurred by spread pixels.
func (st *stage) truth(spread float64) Truth {
	t := Truth{Order: st.order, Page: st.page != nil}
	if !t.Page {
		return t
	}
	l := st.page
	t.Width, t.Height = l.w, l.h
	c := st.corners(l)
	t.Corners = c
	if st.second != nil {
		o := st.corners(st.second)
		t.Other = &o
	}
	least := math.Inf(1)
	for i := range c {
		side := [4]float64{l.w, l.h, l.w, l.h}[i]
		least = min(least, c[i].Distance(c[(i+1)%4])/side)
	}
	t.DPI, t.Blur = least*25.4, spread/least
	t.Glare = st.lost(st.light.Glare)
	st.measureCorners(&t, c, least)
	st.measureLight(&t)
	hidden, all := 0, 0
	for _, q := range l.grid(80) {
		if all++; st.covered(q) || st.within(st.camera.Frame(l.desk(q))) < 0 {
			hidden++
		}
	}
	t.Hidden = float64(hidden) / float64(all)
	t.Covered = st.longestCovered()
	return t
}

// measureCorners finds out which corners can be seen; perMM is pixels to a millimetre of the page.
func (st *stage) measureCorners(t *Truth, c [4]Point, perMM float64) {
	l := st.page
	for i, q := range l.whole() {
		in := q.Plus(photo.At(l.w/2, l.h/2).Minus(q).Times(3 / math.Hypot(l.w/2, l.h/2))) // 3 mm towards the middle
		out := -st.within(c[i]) / perMM
		covered, coveredIn := st.covered(q), st.covered(in)
		t.Missing[i] = out >= MostOutside || covered && coveredIn
		t.Near = t.Near || out > -0.5 || covered || coveredIn
	}
}

// measureLight finds out how light white paper is on the page.
func (st *stage) measureLight(t *Truth) {
	exposure := photo.Linear(st.light.White) / photo.Linear(243)
	cast := st.light.Cast
	var lumas []float64
	for _, q := range st.page.grid(24) {
		p := st.page.desk(q)
		at := st.camera.Frame(p)
		_, shade := st.page.seen(p)
		light := photo.Linear(243) * exposure * shade * st.light.Falls(at, st.size())
		luma := 0.299*photo.Encoded(light*cast[0]) + 0.587*photo.Encoded(light*cast[1]) + 0.114*photo.Encoded(light*cast[2])
		lumas = append(lumas, 255*luma)
	}
	slices.Sort(lumas)
	n := len(lumas)
	t.White, t.Even = lumas[n/2], lumas[n/20]/lumas[n-1-n/20]
}

// longestCovered gives the longest part of an edge on which something lies, in millimetres, one from the edge itself.
func (st *stage) longestCovered() float64 {
	l := st.page
	const in = 1.0
	most := 0.0
	edges := [4][2]Point{{photo.At(0, in), photo.At(l.w, in)}, {photo.At(l.w-in, 0), photo.At(l.w-in, l.h)},
		{photo.At(0, l.h-in), photo.At(l.w, l.h-in)}, {photo.At(in, 0), photo.At(in, l.h)}}
	for _, e := range edges {
		run := 0.0
		for s, long := 0.0, e[0].Distance(e[1]); s < long; s++ {
			if run++; !st.covered(e[0].Plus(e[1].Minus(e[0]).Times(s / long))) {
				run = 0
			}
			most = max(most, run)
		}
	}
	return most
}

// Upright gives the quarter turns, clockwise, by which the page lies in the frame: 0 reads upright.
func (t *Truth) Upright() int {
	dx, dy := t.Corners[1].X-t.Corners[0].X, t.Corners[1].Y-t.Corners[0].Y // the way a line runs
	return int(math.Round(math.Atan2(dy, dx)/(math.Pi/2))) & 3
}
