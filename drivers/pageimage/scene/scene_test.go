package scene

import (
	"bytes"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"math"
	"slices"
	"testing"

	"yimen/drivers/pageimage/scene/paper"
	"yimen/drivers/pageimage/scene/photo"
)

func open(t testing.TB) *Studio {
	t.Helper()
	s, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func made(t testing.TB, s *Studio, o Order) (Scene, *image.YCbCr) {
	t.Helper()
	sc, err := s.Make(o)
	if err != nil {
		t.Fatal(err)
	}
	img, err := stdjpeg.Decode(bytes.NewReader(sc.Frame))
	if err != nil {
		t.Fatal(err)
	}
	return sc, img.(*image.YCbCr)
}

// luma is the picture's luma between pixels.
func luma(img *image.YCbCr, p Point) float64 {
	x, y := p.X-0.5, p.Y-0.5
	i, j := int(math.Floor(x)), int(math.Floor(y))
	at := func(i, j int) float64 { return float64(img.YCbCrAt(i, j).Y) }
	fx, fy := x-float64(i), y-float64(j)
	return (at(i, j)*(1-fx)+at(i+1, j)*fx)*(1-fy) + (at(i, j+1)*(1-fx)+at(i+1, j+1)*fx)*fy
}

// crossing walks from inside a page outwards and gives the place where the luma has fallen half way.
func crossing(img *image.YCbCr, from, unit Point, reach float64) Point {
	inner, outer := luma(img, from), luma(img, from.Plus(unit.Times(reach)))
	for s := 0.0; s < reach; s += 0.05 {
		if p := from.Plus(unit.Times(s)); luma(img, p) < (inner+outer)/2 {
			return p
		}
	}
	return from
}

// edgeLine measures the edge that leads from corner a to corner b, near to a, on pixels alone.
func edgeLine(img *image.YCbCr, a, b, inward Point, perMM float64) (p, along Point) {
	unit := b.Minus(a).Times(1 / a.Distance(b))
	var first, last Point
	for _, mm := range []float64{6, 7, 8, 9, 10, 11} { // past round corners
		start := a.Plus(unit.Times(mm * perMM)).Plus(inward.Times(2.5 * perMM))
		hit := crossing(img, start, inward.Times(-1), 5*perMM)
		if mm < 9 {
			first = first.Plus(hit.Times(1.0 / 3))
		} else {
			last = last.Plus(hit.Times(1.0 / 3))
		}
	}
	return first, last.Minus(first)
}

func meet(p, u, q, v Point) Point {
	k := ((q.X-p.X)*v.Y - (q.Y-p.Y)*v.X) / (u.X*v.Y - u.Y*v.X)
	return p.Plus(u.Times(k))
}

func TestCornersLieWhereTruthSays(t *testing.T) {
	s := open(t)
	for _, c := range []struct {
		kind  paper.Kind
		state State
	}{{paper.A4, Flat}, {paper.A5, Folded}, {paper.Booklet, Bound}, {paper.Card, Flat}, {paper.Thermal, Curled}} {
		o := Order{Seed: 5, Size: FiveMega, Paper: c.kind, State: c.state, Ground: DarkMat, Trouble: Nothing}
		sc, img := made(t, s, o)
		var corner [4]Point
		for i, p := range sc.Truth.Corners {
			corner[i] = photo.At(p.X, p.Y)
		}
		perMM := sc.Truth.DPI / 25.4
		for i := range corner {
			a, next, prev := corner[i], corner[(i+1)%4], corner[(i+3)%4]
			toNext, toPrev := next.Minus(a).Times(1/a.Distance(next)), prev.Minus(a).Times(1/a.Distance(prev))
			p, u := edgeLine(img, a, next, toPrev, perMM)
			q, v := edgeLine(img, a, prev, toNext, perMM)
			// 8 mm from the corner a folded or curled edge has left its line a little, and a torn one waves
			if d := meet(p, u, q, v).Distance(a) / perMM; d > 0.5 {
				t.Errorf("%s, %s, corner %d: pixels say %v, truth says %v, %.2f mm apart", c.kind, c.state, i, meet(p, u, q, v), a, d)
			}
		}
	}
}

func TestBlurIsAsLargeAsTruthSays(t *testing.T) {
	s := open(t)
	for _, tr := range []Trouble{Nothing, Focus} {
		for _, seed := range []uint64{3, 4} {
			o := Order{Seed: seed, Size: FiveMega, Paper: paper.A5, State: Flat, Ground: DarkMat, Trouble: tr}
			sc, img := made(t, s, o)
			a, b, d := sc.Truth.Corners[0], sc.Truth.Corners[1], sc.Truth.Corners[3]
			perMM := sc.Truth.DPI / 25.4
			mid := photo.At(a.X+0.15*(b.X-a.X), a.Y+0.15*(b.Y-a.Y))
			in := photo.At(d.X-a.X, d.Y-a.Y).Times(1 / math.Hypot(d.X-a.X, d.Y-a.Y))
			got := edgeSpread(img, mid, in, perMM, max(0.4, 3.2*sc.Truth.Blur))
			if math.Abs(got-sc.Truth.Blur) > 0.2*sc.Truth.Blur+0.02 { // the test's own sampling smears too
				t.Errorf("%s, seed %d: the edge is smeared by %.3f mm, truth says %.3f", tr, seed, got, sc.Truth.Blur)
			}
		}
	}
}

// edgeSpread measures the standard deviation of an edge's smear in millimetres, on its light side alone, for in the dark
// lies the page's shadow: a third of the light is gained within one of it.
func edgeSpread(img *image.YCbCr, mid, in Point, perMM, reach float64) float64 {
	along := photo.At(-in.Y, in.X)
	sum, n := 0.0, 0.0
	for k := -20.0; k <= 20; k++ {
		at := mid.Plus(along.Times(k * 2))
		dark, light := luma(img, at.Minus(in.Times(reach*perMM))), luma(img, at.Plus(in.Times(2.2*perMM)))
		var half, most float64
		for x := -reach * perMM; x < 2.2*perMM; x += 0.05 {
			v := (luma(img, at.Plus(in.Times(x))) - dark) / (light - dark)
			if v < 0.5 {
				half = x
			}
			if v < 0.8413 {
				most = x
			}
		}
		sum, n = sum+most-half, n+1
	}
	return sum / n / perMM
}

func TestOrdersAreCarriedOut(t *testing.T) {
	for _, tr := range Troubles() {
		for seed := range uint64(12) {
			o := Deal(seed, EightMega)
			o.Trouble = tr
			truth := arranged(o)
			want := map[Trouble]Trouble{Corner: Outside, DogEar: Outside, Motion: Focus}[tr]
			if want == "" {
				want = tr
			}
			if !slices.Contains(truth.Lacking(), want) || truth.Verdict() != Refuse {
				t.Errorf("%s, seed %d, %s: %v is lacking, verdict %d", tr, seed, o.Paper, truth.Lacking(), truth.Verdict())
			}
		}
	}
}

// arranged is the truth of a scene whose picture is not taken.
func arranged(o Order) Truth {
	st := arrange(o)
	sum := 0.64 + st.defocus*st.defocus
	if n := float64(2*st.drag.half + 1); n > 1 {
		sum += (n*n - 1) / 12
	}
	return st.truth(math.Sqrt(sum))
}

func TestScenesWithoutTroubleAreNearlyAllToBeKept(t *testing.T) {
	kept, all := 0, 0
	for seed := range uint64(120) {
		o := Deal(seed, EightMega)
		if o.Trouble != Nothing {
			continue
		}
		truth := arranged(o)
		if all++; truth.Verdict() == Keep {
			kept++
		} else {
			t.Logf("seed %d: %+v", seed, truth)
		}
	}
	if all < 50 || kept < all*85/100 {
		t.Errorf("%d of %d are to be kept", kept, all)
	}
}

func TestDealTakesTurns(t *testing.T) {
	seen := map[any]int{}
	for seed := range uint64(400) {
		o := Deal(ExamSeeds+seed, EightMega)
		for _, k := range []any{o.Ground, o.Paper, o.State, o.Trouble} {
			seen[k]++
		}
	}
	for _, g := range Grounds() {
		if seen[g] != 100 {
			t.Errorf("%s: %d of 400", g, seen[g])
		}
	}
	for _, k := range paper.Kinds() {
		if seen[k] < 40 {
			t.Errorf("%s: %d of 400", k, seen[k])
		}
	}
	for _, tr := range append(Troubles(), Nothing) {
		if seen[tr] < 5 {
			t.Errorf("%s: %d of 400", tr, seen[tr])
		}
	}
	if seen[Nothing] < 200 {
		t.Errorf("%d of 400 have no trouble", seen[Nothing])
	}
}

func TestTheSameOrderIsTheSameScene(t *testing.T) {
	s := open(t)
	o := Deal(7, Preview)
	a, _ := made(t, s, o)
	b, _ := made(t, s, o)
	if !bytes.Equal(a.Frame, b.Frame) || a.Truth.Corners != b.Truth.Corners {
		t.Error("two scenes of an order differ")
	}
	o.Picture = 1
	c, _ := made(t, s, o)
	if bytes.Equal(a.Frame, c.Frame) {
		t.Error("two pictures of a scene have the same noise")
	}
	if a.Truth.Corners != c.Truth.Corners {
		t.Error("the page moved by itself")
	}
}

func TestANudgedPageLiesElsewhereAndAllElseStays(t *testing.T) {
	o := Order{Seed: 11, Size: Preview, Paper: paper.A5, State: Crumpled, Ground: Wood, Trouble: Nothing}
	before := arranged(o)
	o.Nudged = 4
	after := arranged(o)
	perMM := before.DPI / 25.4
	for i, p := range before.Corners {
		q := after.Corners[i]
		if d := math.Hypot(p.X-q.X, p.Y-q.Y) / perMM; math.Abs(d-4) > 0.6 {
			t.Errorf("corner %d moved by %.2f mm", i, d)
		}
	}
}

func TestGlareIsWhiteAndAsLargeAsTruthSays(t *testing.T) {
	s := open(t)
	o := Order{Seed: 2, Size: FiveMega, Paper: paper.A4, State: Flat, Ground: Wood, Trouble: Glare}
	sc, img := made(t, s, o)
	white := 0
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if img.YCbCrAt(x, y).Y > 252 {
				white++
			}
		}
	}
	perMM := sc.Truth.DPI / 25.4
	page := 210 * 297 * perMM * perMM
	if got := float64(white) / page; got < 0.5*sc.Truth.Glare || got > 2.5*sc.Truth.Glare {
		t.Errorf("%.4f of the page is white, truth says %.4f", got, sc.Truth.Glare)
	}
}

func TestPageReadsTheWayTruthSays(t *testing.T) {
	st := arrange(Order{Seed: 21, Size: Preview, Paper: paper.A5, State: Flat, Ground: Wood, Trouble: Nothing})
	for quarter := range 4 {
		st.page.turn = float64(quarter)*math.Pi/2 + 0.05
		truth := st.truth(1)
		if truth.Upright() != quarter {
			t.Errorf("turned by %d quarters: truth says %d", quarter, truth.Upright())
		}
	}
}

func TestGroundsDiffer(t *testing.T) {
	s := open(t)
	seen := map[color.Color]bool{}
	for _, g := range Grounds() {
		_, img := made(t, s, Order{Seed: 1, Size: image.Pt(160, 120), Paper: paper.Card, State: Flat, Ground: g, Trouble: NoPage})
		seen[img.At(80, 60)] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d colours for 4 grounds", len(seen))
	}
}
