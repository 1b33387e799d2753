package finder

import (
	"math"
	"sync"

	"yimen/drivers/pageimage/eye"
)

const (
	doubt  = -5             // log-odds that a place counts at least: a finger over the edge does not move it
	ending = eye.Places / 6 // places next to each corner
)

// side is what was seen along one edge.
type side struct {
	line
	seen float64    // how sure it lies there, 0 to 1
	ends [2]float64 // the same next to its beginning and its end
}

// snapped gives the corners of an outline as the picture shows them.
func snapped(w working, m eye.Map, q quad, p paper) (quad, [4]side) {
	step := w.picture().Step()
	q, _ = snap(w, m, q, p, 2*step) // from afar
	q, sides := snap(w, m, q, p, step)
	for range mostSnaps {
		was := q
		if q, sides = snap(w, m, q, p, step); q.distance(was) < 1.5 {
			break
		}
	}
	return q, sides
}

const mostSnaps = 2

// distance is the largest way of a corner.
func (q quad) distance(o quad) float64 {
	most := 0.0
	for i, p := range q {
		most = max(most, math.Hypot(p.X-o[i].X, p.Y-o[i].Y))
	}
	return most
}

// snap moves each edge of a quad to where the picture shows one.
func snap(w working, m eye.Map, q quad, p paper, step float64) (quad, [4]side) {
	var sides [4]side
	two := func(first int) {
		for i := first; i < 4; i += 2 {
			sides[i] = sideAt(w, m, q[i], q[(i+1)%4], p, step)
		}
	}
	var other sync.WaitGroup
	other.Go(func() { two(1) })
	two(0)
	other.Wait()
	out := q
	for i := range q {
		if c, ok := sides[(i+3)%4].meet(sides[i].line); ok {
			out[i] = c
		}
	}
	if !out.convex() || !w.reaches(out) {
		return q, sides
	}
	return out, sides
}

// reaches tells whether no corner lies further outside of the picture than one may.
func (w working) reaches(q quad) bool {
	beyond := mostBeyond * float64(max(w.luma.width, w.luma.height))
	for _, p := range q {
		if p.X < -beyond || p.Y < -beyond || p.X > float64(w.luma.width)+beyond || p.Y > float64(w.luma.height)+beyond {
			return false
		}
	}
	return true
}

// sideAt looks for an edge along the line from a to b.
func sideAt(w working, m eye.Map, a, b point, p paper, step float64) side {
	odds := w.picture().Edge(m, p.seen(), eye.Point(a), eye.Point(b), step)
	from, to := straightest(odds)
	l := between(a, b)
	at := func(off int) float64 { return (float64(off) + 0.5 - eye.Across/2) * step }
	return side{
		line: between(point{a.X + l.nx*at(from), a.Y + l.ny*at(from)}, point{b.X + l.nx*at(to), b.Y + l.ny*at(to)}),
		seen: seen(odds, from, to, 0, eye.Places),
		ends: [2]float64{seen(odds, from, to, 0, ending), seen(odds, from, to, eye.Places-ending, eye.Places)},
	}
}

// ended is the part of an edge next to a corner that is straight even where a page is curled.
const ended = 0.3

// bent gives where the parts of two edges next to corner i meet.
func (w working) bent(m eye.Map, q quad, i int, p paper) (point, bool) {
	c, next, prev := q[i], q[(i+1)%4], q[(i+3)%4]
	along := point{c.X + ended*(next.X-c.X), c.Y + ended*(next.Y-c.Y)}
	down := point{c.X + ended*(prev.X-c.X), c.Y + ended*(prev.Y-c.Y)}
	step := w.picture().Step()
	return sideAt(w, m, c, along, p, step).meet(sideAt(w, m, down, c, p, step).line)
}

// straightest gives the straight line with the best odds: the distances at which it begins and ends. Lines as steep as each
// other lie side by side, and are summed up together.
func straightest(odds []float32) (from, to int) {
	const n = eye.Across
	var clipped [eye.Places * n]int32
	for i, v := range odds {
		clipped[i] = int32(100 * max(v, doubt))
	}
	most := int32(math.MinInt32)
	for steep := 1 - n; steep < n; steep++ {
		first, end := max(0, -steep), min(n, n-steep) // where lines as steep may begin
		var sums [n]int32
		at, step := 1<<15+(steep<<16)/(2*eye.Places), (steep<<16)/eye.Places
		for k := 0; k < len(clipped); k += n {
			row := clipped[k+first+at>>16:][:end-first]
			for i, v := range row {
				sums[i] += v
			}
			at += step
		}
		for i, sum := range sums[:end-first] {
			if begin := first + i; sum > most || sum == most && begin < from {
				most, from, to = sum, begin, begin+steep
			}
		}
	}
	return from, to
}

// seen is the mean likelihood that the places from k to l have the edge on a line, or next to it, 0 to 1.
func seen(odds []float32, from, to, k, l int) float64 {
	sum := 0.0
	for i := k; i < l; i++ {
		at := from + ((to-from)*(2*i+1)+eye.Places)/(2*eye.Places)
		for d := max(at-2, 0); d <= min(at+2, eye.Across-1); d++ {
			sum += math.Exp(float64(odds[i*eye.Across+d]))
		}
	}
	return sum / float64(l-k)
}
