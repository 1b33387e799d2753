package finder

import (
	"cmp"
	"math"
	"slices"

	"yimen/drivers/pageimage/eye"
)

const (
	leastSheet  = 0.012 // parts of the picture that a sheet fills at least: an identity card on a bed for A3
	leastSecond = 0.008 // and one beside it, that may lie half under something
	leastOdds   = 0.3   // mean log-odds of paper inside one beside another
	mostOdds    = 5     // log-odds that a field counts at most
	mostBeyond  = 0.04  // parts of the picture's longer side by which a corner may lie outside
)

// sheet gives the largest part of a map that looks like paper, and its outlines, in fields, that which fits best first. There
// are none where nothing does.
func sheet(m eye.Map) (part []int32, outlines []quad) {
	none := make([]bool, len(m.Paper))
	part = largest(m, none)
	if float64(len(part)) < leastSheet*float64(len(m.Paper)) {
		return nil, nil
	}
	return part, newSums(m, none).outlines(part, m)
}

// besides tells whether another sheet lies beside a page, in fields, that was found in a part of the map.
func besides(m eye.Map, page quad, part []int32) bool {
	taken := make([]bool, len(m.Paper))
	near, nearer := page.grown(1.5), page.grown(3.5)
	for i := range taken {
		taken[i] = near.holds(middle(i, m.Width))
	}
	for _, i := range part { // what the page leaves out of its part is no sheet unless it lies further off
		taken[i] = taken[i] || nearer.holds(middle(int(i), m.Width))
	}
	for range mostOthers {
		other := largest(m, taken)
		if float64(len(other)) < leastSecond*float64(len(m.Paper)) {
			return false
		}
		s := newSums(m, taken)
		q := s.fit(around(other, m.Width))
		x, y := q.middle().X, q.middle().Y
		if s.inside(q) > leastOdds*q.area() && !page.holds(x, y) && !q.holds(page.middle().X, page.middle().Y) {
			return true
		}
		for _, i := range other {
			taken[i] = true
		}
	}
	return false
}

// mostOthers is how many parts of a map are taken for a sheet beside the page before there is none.
const mostOthers = 2

// middle gives the middle of a field.
func middle(i, width int) (x, y float64) { return float64(i%width) + 0.5, float64(i/width) + 0.5 }

// largest gives the fields of the largest part that looks like paper and is not taken.
func largest(m eye.Map, taken []bool) []int32 {
	seen := make([]bool, len(m.Paper))
	var best, part []int32
	for i := range m.Paper {
		if seen[i] || taken[i] || m.Paper[i] <= 0 {
			continue
		}
		part = append(part[:0], int32(i))
		seen[i] = true
		for k := 0; k < len(part); k++ {
			j := int(part[k])
			x, y := j%m.Width, j/m.Width
			for _, d := range [4][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
				u, v := x+d[0], y+d[1]
				if u < 0 || v < 0 || u >= m.Width || v >= m.Height {
					continue
				}
				if n := v*m.Width + u; !seen[n] && !taken[n] && m.Paper[n] > 0 {
					seen[n] = true
					part = append(part, int32(n))
				}
			}
		}
		if len(part) > len(best) {
			best, part = part, best
		}
	}
	return best
}

// around gives the smallest rectangle, turned as it may be, around some fields.
func around(part []int32, width int) quad {
	best, least := quad{}, math.Inf(1)
	ends := rowEnds(part, width)
	for k := range 18 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 36)
		u0, u1, v0, v1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, p := range ends {
			u, v := cos*p.X+sin*p.Y, cos*p.Y-sin*p.X
			u0, u1, v0, v1 = min(u0, u), max(u1, u), min(v0, v), max(v1, v)
		}
		if size := (u1 - u0) * (v1 - v0); size < least {
			least = size
			for j, p := range [4][2]float64{{u0, v0}, {u1, v0}, {u1, v1}, {u0, v1}} {
				best[j] = point{cos*p[0] - sin*p[1], sin*p[0] + cos*p[1]}
			}
		}
	}
	return best
}

// rowEnds gives the left end of the first and the right end of the last of the fields in each row.
func rowEnds(part []int32, width int) []point {
	var rows [][2]int // 0, 0 where none
	for _, i := range part {
		x, y := int(i)%width, int(i)/width
		for len(rows) <= y {
			rows = append(rows, [2]int{})
		}
		if r := &rows[y]; r[1] == 0 {
			*r = [2]int{x, x + 1}
		} else {
			r[0], r[1] = min(r[0], x), max(r[1], x+1)
		}
	}
	var out []point
	for y, r := range rows {
		if r[1] > 0 {
			out = append(out, point{float64(r[0]), float64(y) + 0.5}, point{float64(r[1]), float64(y) + 0.5})
		}
	}
	return out
}

// outlines gives the quadrangles that fit a part of the map, the best first.
func (s sums) outlines(part []int32, m eye.Map) []quad {
	all := []quad{s.fit(around(part, m.Width))}
	if s.corners(all[0]) > enough {
		return all
	}
	try := func(q quad) {
		q = s.fit(q)
		if !slices.ContainsFunc(all, func(o quad) bool { return q.distance(o) < 1 }) {
			all = append(all, q)
		}
	}
	sure := make([]int32, 0, len(part))
	for _, i := range part {
		if m.Paper[i] > 2 {
			sure = append(sure, i)
		}
	}
	if len(sure) > 20 {
		try(around(sure, m.Width))
	}
	if q, ok := s.cornered(); ok {
		try(q)
	}
	slices.SortStableFunc(all, func(a, b quad) int { return cmp.Compare(s.worth(b), s.worth(a)) })
	return all
}

// enough is the sum of the log-odds of four corners from which on no better outline is looked for.
const enough = 6

// corners sums up how much the corners of a quadrangle are seen.
func (s sums) corners(q quad) float64 {
	sum := 0.0
	for _, p := range q {
		sum += s.cornerAt(p)
	}
	return sum
}

// cornered gives the quadrangle of four corners seen that is worth most.
func (s sums) cornered() (quad, bool) {
	peaks := s.peaks()
	best, most := quad{}, math.Inf(-1)
	for a := range peaks {
		for b := a + 1; b < len(peaks); b++ {
			for c := b + 1; c < len(peaks); c++ {
				for d := c + 1; d < len(peaks); d++ {
					q := ordered(quad{peaks[a], peaks[b], peaks[c], peaks[d]})
					if !q.convex() {
						continue
					}
					if v := s.worth(q); v > most {
						best, most = q, v
					}
				}
			}
		}
	}
	return best, most > math.Inf(-1)
}

// ordered has the corners go round clockwise.
func ordered(q quad) quad {
	m := q.middle()
	slices.SortFunc(q[:], func(a, b point) int {
		return cmp.Compare(math.Atan2(a.Y-m.Y, a.X-m.X), math.Atan2(b.Y-m.Y, b.X-m.X))
	})
	return q
}

const mostPeaks = 9

// peaks are the places where corners are seen best.
func (s sums) peaks() []point {
	type peak struct {
		p point
		v float32
	}
	var all []peak
	for y := range s.height {
		for x := range s.width {
			v := s.corner[y*s.width+x]
			if v < -1 {
				continue
			}
			top := true
			for j := max(y-2, 0); j <= min(y+2, s.height-1) && top; j++ {
				for i := max(x-2, 0); i <= min(x+2, s.width-1); i++ {
					if o := s.corner[j*s.width+i]; o > v || o == v && j*s.width+i < y*s.width+x {
						top = false
						break
					}
				}
			}
			if top {
				all = append(all, peak{point{float64(x) + 0.5, float64(y) + 0.5}, v})
			}
		}
	}
	slices.SortFunc(all, func(a, b peak) int { return cmp.Compare(b.v, a.v) })
	var out []point
	for _, p := range all[:min(len(all), mostPeaks)] {
		out = append(out, p.p)
	}
	return out
}

const cornerWorth = 20.0

// worth is what speaks for a quadrangle: paper inside, and corners that can be seen.
func (s sums) worth(q quad) float64 {
	v := s.inside(q) + cornerWorth*s.corners(q)
	a, b := math.Hypot(q[1].X-q[0].X, q[1].Y-q[0].Y), math.Hypot(q[2].X-q[3].X, q[2].Y-q[3].Y)
	c, d := math.Hypot(q[3].X-q[0].X, q[3].Y-q[0].Y), math.Hypot(q[2].X-q[1].X, q[2].Y-q[1].Y)
	bent := 2 - min(a/b, b/a) - min(c/d, d/c)
	return v - 2*bent*q.area()
}

// cornerAt is how much a corner is seen at a place, between fields evenly.
func (s sums) cornerAt(p point) float64 {
	x, y := p.X-0.5, p.Y-0.5
	if x < 0 || y < 0 || x >= float64(s.width-1) || y >= float64(s.height-1) {
		return 0
	}
	i, j := int(x), int(y)
	fx, fy := x-float64(i), y-float64(j)
	at := func(i, j int) float64 { return max(min(float64(s.corner[j*s.width+i]), 3), -3) }
	return (at(i, j)*(1-fx)+at(i+1, j)*fx)*(1-fy) + (at(i, j+1)*(1-fx)+at(i+1, j+1)*fx)*fy
}

// sums are running sums of log-odds along each row of a map.
type sums struct {
	width, height int
	v             []float32
	corner        []float32
}

// newSums sums up what is not taken by another sheet: there is neither paper nor corner there.
func newSums(m eye.Map, taken []bool) sums {
	s := sums{m.Width, m.Height, make([]float32, (m.Width+1)*m.Height), slices.Clone(m.Corner)}
	for y := range m.Height {
		row := s.v[y*(m.Width+1):][:m.Width+1]
		for x, p := range m.Paper[y*m.Width:][:m.Width] {
			if i := y*m.Width + x; taken[i] {
				p, s.corner[i] = -mostOdds, -mostOdds
			}
			row[x+1] = row[x] + max(min(p, mostOdds), -mostOdds)
		}
	}
	return s
}

// until is the sum along a row from its beginning to x.
func until(row []float32, x float32) float32 {
	i := int(x)
	if x <= 0 {
		return 0
	}
	if i >= len(row)-1 {
		return row[len(row)-1]
	}
	return row[i] + (x-float32(i))*(row[i+1]-row[i])
}

// inside sums the log-odds of what lies within a quad; what lies outside of the picture counts nothing. Each row is cut
// twice, or edges that lie across would count in steps.
func (s sums) inside(q quad) float64 {
	sum := float32(0)
	for i, a := range q { // an edge that goes down bounds what lies to its left, one that goes up what lies to its right
		b := q[(i+1)%4]
		sign := float32(0.5)
		if a.Y > b.Y {
			a, b, sign = b, a, -sign
		}
		from, to := max(int(math.Ceil(2*a.Y-0.5)), 0), min(int(math.Ceil(2*b.Y-0.5)), 2*s.height)
		if from >= to {
			continue
		}
		slope := (b.X - a.X) / (b.Y - a.Y)
		x, step := float32(a.X+(float64(from)/2+0.25-a.Y)*slope), float32(slope/2)
		for k := from; k < to; k++ {
			sum += sign * until(s.v[k/2*(s.width+1):][:s.width+1], x)
			x += step
		}
	}
	return float64(sum)
}

// fit moves the corners and the edges of a quad for as long as more paper comes to lie inside, or less of what is none.
func (s sums) fit(q quad) quad {
	best := s.worth(q)
	beyond := mostBeyond * float64(max(s.width, s.height))
	within := func(q quad) bool {
		for _, p := range q {
			if p.X < -beyond || p.Y < -beyond || p.X > float64(s.width)+beyond || p.Y > float64(s.height)+beyond {
				return false
			}
		}
		return q.convex()
	}
	for _, step := range [5]float64{3, 1.5, 0.7, 0.3, 0.15} {
		still := 0 // moves in a row that were none: after all of them no other is left
		for n := 0; n < 8*moves && still < moves; n++ {
			i, d := n%moves/4, [4]point{{step, 0}, {-step, 0}, {0, step}, {0, -step}}[n%4]
			next := q.moved(i, d)
			if v := s.worth(next); v > best+1e-6 && within(next) {
				q, best, still = next, v, 0
			} else {
				still++
			}
		}
	}
	return q
}

// moves is how many there are of a quad: of four corners and four edges, four ways.
const moves = 8 * 4

// moved gives the quad with corner i moved, or from four on edge i-4.
func (q quad) moved(i int, d point) quad {
	k := i % 4
	q[k].X, q[k].Y = q[k].X+d.X, q[k].Y+d.Y
	if i >= 4 {
		k = (k + 1) % 4
		q[k].X, q[k].Y = q[k].X+d.X, q[k].Y+d.Y
	}
	return q
}

// grown gives the quad with its edges moved outwards.
func (q quad) grown(by float64) quad {
	var edges [4]line
	for i, a := range q {
		edges[i] = between(a, q[(i+1)%4])
		edges[i].d -= by
	}
	for i := range q {
		if p, ok := edges[(i+3)%4].meet(edges[i]); ok {
			q[i] = p
		}
	}
	return q
}
