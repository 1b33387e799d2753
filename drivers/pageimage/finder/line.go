package finder

import (
	"cmp"
	"math"
	"slices"
)

// line is a straight line through the working picture, nx·x + ny·y = d with a normal of length 1, and what can be seen
// of a page's edge along it.
type line struct {
	nx, ny, d  float64
	covered    float64 // samples of segments that lie on it
	begin, end float64 // the stretch along it from the first segment to the last
	border     bool    // the picture's own border: the page may go on beyond

	from  float64 // where the first place lies along it
	sight [2]seen // for a page on the side that the normal points to, and for one on the other
}

// seen sums up, for each place along a line from its beginning, how much the places before it look like a page's edge,
// in hundredths of a place.
type seen struct{ step, ridge []int32 }

// along is the distance of a place along the line.
func (l line) along(x, y float64) float64 { return l.nx*y - l.ny*x }

// off is the distance of a place from the line, positive on the normal's side.
func (l line) off(x, y float64) float64 { return l.nx*x + l.ny*y - l.d }

// at is the place t along the line and s off it.
func (l line) at(t, s float64) (x, y float64) {
	return -l.ny*t + l.nx*(l.d+s), l.nx*t + l.ny*(l.d+s)
}

// meet is where two lines cross.
func (l line) meet(m line) (x, y float64, ok bool) {
	det := l.nx*m.ny - l.ny*m.nx
	if math.Abs(det) < 0.2 {
		return 0, 0, false
	}
	return (l.d*m.ny - m.d*l.ny) / det, (l.nx*m.d - m.nx*l.d) / det, true
}

const (
	mostGathered = 160 // lines that are looked at, the longest first
	mostLines    = 90  // of these kept, those first that look most like an edge of a page
	reach        = 3.0
	turn         = 0.05 // radians by which a segment may lean against its line
)

// lines gathers segments that lie on one line, the longest first.
func lines(found []segment, width, height int) []line {
	slices.SortStableFunc(found, func(a, b segment) int { return cmp.Compare(b.length, a.length) })
	found = found[:min(len(found), 1500)]
	least := 0.06 * float64(min(width, height))
	taken := make([]bool, len(found))
	var all []line
	for i, s := range found {
		if taken[i] || len(all) >= 2*mostGathered {
			continue
		}
		l := through(s)
		for range 2 { // once more with the line that the first round made
			l = gather(l, s, found, taken)
		}
		l.begin, l.end = math.Inf(1), math.Inf(-1)
		for j, o := range found {
			if !taken[j] && l.holds(o) {
				taken[j] = true
				l.covered += o.length
				a, b := l.along(o.x0, o.y0), l.along(o.x1, o.y1)
				l.begin, l.end = min(l.begin, a, b), max(l.end, a, b)
			}
		}
		taken[i] = true
		if l.covered >= least {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(b.covered, a.covered) })
	return all[:min(len(all), mostGathered)]
}

func through(s segment) line {
	nx, ny := -(s.y1-s.y0)/s.length, (s.x1-s.x0)/s.length
	return line{nx: nx, ny: ny, d: nx*s.x0 + ny*s.y0}
}

func (l line) holds(s segment) bool {
	return math.Abs(l.off(s.x0, s.y0)) < reach && math.Abs(l.off(s.x1, s.y1)) < reach &&
		math.Abs(l.off(s.x1, s.y1)-l.off(s.x0, s.y0)) < turn*s.length+1.5
}

// gather fits a line anew to every segment on it that is still free, each weighing its length.
func gather(l line, seed segment, found []segment, taken []bool) line {
	var n, sx, sy, sxx, sxy, syy float64
	add := func(x, y, w float64) {
		n, sx, sy = n+w, sx+w*x, sy+w*y
		sxx, sxy, syy = sxx+w*x*x, sxy+w*x*y, syy+w*y*y
	}
	for j, s := range found {
		if !taken[j] && (s == seed || l.holds(s)) {
			add(s.x0, s.y0, s.length)
			add(s.x1, s.y1, s.length)
		}
	}
	mx, my := sx/n, sy/n
	angle := 0.5 * math.Atan2(2*(sxy/n-mx*my), (sxx/n-mx*mx)-(syy/n-my*my)) // of the longer axis
	nx, ny := -math.Sin(angle), math.Cos(angle)
	return line{nx: nx, ny: ny, d: nx*mx + ny*my}
}

// borders are the picture's four sides: a page that goes on beyond is bounded by them.
func borders(width, height int) []line {
	w, h := float64(width-1), float64(height-1)
	return []line{
		{nx: 1, d: 0, covered: h, border: true}, {nx: 1, d: w, covered: h, border: true},
		{ny: 1, d: 0, covered: w, border: true}, {ny: 1, d: h, covered: w, border: true},
	}
}

const (
	pace   = 2.0 // samples from place to place along a line
	beside = 4.0 // samples off the line where paper and bed are compared
	blend  = 4   // places before and after over which that is evened out
)

// look sees along the line how the picture differs on its two sides.
func (l *line) look(w working) {
	from, to := l.span(w.luma.width, w.luma.height)
	n := max(int((to-from)/pace), 0)
	l.from = from
	for side := range l.sight {
		l.sight[side] = seen{make([]int32, n+1), make([]int32, n+1)}
	}
	places := make([]contrast, n+1) // running sums
	for i := range n {
		places[i+1] = places[i].plus(l.compare(w, from+float64(i)*pace))
	}
	for i := range n {
		a, b := max(i-blend, 0), min(i+blend+1, n)
		step, ridge := places[b].minus(places[a]).judge(b - a)
		for side := range l.sight {
			l.sight[side].step[i+1] = l.sight[side].step[i] + step[side]
			l.sight[side].ridge[i+1] = l.sight[side].ridge[i] + ridge
		}
	}
}

// contrast is how much the normal's side of a line differs from the other: luma, chroma, and by how much what is on
// the line is darker or brighter than both.
type contrast struct{ luma, cb, cr, ridge int }

func (a contrast) plus(b contrast) contrast {
	return contrast{a.luma + b.luma, a.cb + b.cb, a.cr + b.cr, a.ridge + b.ridge}
}

func (a contrast) minus(b contrast) contrast {
	return contrast{a.luma - b.luma, a.cb - b.cb, a.cr - b.cr, a.ridge - b.ridge}
}

func (l *line) compare(w working, t float64) contrast {
	x, y := l.at(t, beside)
	la, ba, ra := w.colour(x, y)
	x, y = l.at(t, -beside)
	lb, bb, rb := w.colour(x, y)
	low, high := 255, 0
	for s := -2.0; s <= 2; s++ {
		x, y = l.at(t, s)
		v := w.luma.at(x, y)
		low, high = min(low, v), max(high, v)
	}
	return contrast{la - lb, ba - bb, ra - rb, max(min(la, lb)-low, high-max(la, lb), 0)}
}

// judge weighs n places in a row, in hundredths: how much they look like an edge of a page on the normal's side, and on
// the other, and like a ridge, where both sides differ from what is between, as where a sheet's own shadow parts it from
// a bed of its colour. Twice the contrast is less than twice as sure.
func (a contrast) judge(n int) (step [2]int32, ridge int32) {
	const half, hue = 6, 9 // luma and chroma that count half
	weigh := func(v, half int) int32 {
		if v <= n {
			return 0
		}
		return int32(110 * v / (v + half*n))
	}
	colour := weigh(max(a.cb, -a.cb)+max(a.cr, -a.cr)-2*n, hue)
	return [2]int32{max(weigh(a.luma, half), colour), max(weigh(-a.luma, half), colour)}, weigh(a.ridge-2*n, half)
}

// promising keeps the lines that look most like an edge of a page where their segments lie.
func promising(all []line) []line {
	worth := func(l line) float64 {
		return l.covered * max(l.support(l.begin, l.end, 0), l.support(l.begin, l.end, 1))
	}
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(worth(b), worth(a)) })
	return all[:min(len(all), mostLines)]
}

// span is the stretch of the line that lies within the picture.
func (l line) span(width, height int) (from, to float64) {
	dx, dy := -l.ny, l.nx
	x0, y0 := l.at(0, 0)
	from, to = math.Inf(-1), math.Inf(1)
	for _, c := range [2][3]float64{{x0, dx, float64(width - 1)}, {y0, dy, float64(height - 1)}} {
		if math.Abs(c[1]) < 1e-9 {
			if c[0] < -0.5 || c[0] > c[2]+0.5 {
				return 0, 0
			}
			continue
		}
		a, b := -c[0]/c[1], (c[2]-c[0])/c[1]
		from, to = max(from, min(a, b)), min(to, max(a, b))
	}
	return from, max(to, from)
}

// support is how much of the stretch between two places along the line looks like an edge, 0 to 1, for a page on the
// given side (0: the normal's). A sheet's shadow counts a third.
func (l line) support(a, b float64, side int) float64 {
	if l.border {
		return 0.2
	}
	s := l.sight[side]
	n := len(s.step) - 1
	i, j := int(math.Round((min(a, b)-l.from)/pace)), int(math.Round((max(a, b)-l.from)/pace))
	whole := 100 * float64(max(j-i, 1))
	i, j = min(max(i, 0), n), min(max(j, 0), n)
	steps, ridges := float64(s.step[j]-s.step[i]), float64(s.ridge[j]-s.ridge[i])
	other := l.sight[1-side]
	against := float64(other.step[j] - other.step[i])
	// A page on a brighter bed is possible, though paper is mostly what is bright.
	return min((max(steps, 0.7*against)+0.35*max(ridges-max(steps, against), 0))/whole, 1)
}

// runsOn is how much of the line looks like an edge beyond both ends of a stretch, 0 to 1: a page's edge ends at its
// corners, the stripes of a cloth do not.
func (l line) runsOn(a, b float64) float64 {
	if l.border {
		return 0
	}
	const gap = 5
	reach := max(0.2*(b-a), 12)
	n := len(l.sight[0].step) - 1
	seen, whole := 0, 0
	for _, s := range [2][2]float64{{a - gap - reach, a - gap}, {b + gap, b + gap + reach}} {
		i, j := int(math.Round((s[0]-l.from)/pace)), int(math.Round((s[1]-l.from)/pace))
		i, j = min(max(i, 0), n), min(max(j, 0), n)
		whole += j - i
		seen += int(max(l.sight[0].step[j]-l.sight[0].step[i], l.sight[1].step[j]-l.sight[1].step[i]))
	}
	if whole == 0 {
		return 0
	}
	return min(float64(seen)/float64(100*whole), 1)
}
