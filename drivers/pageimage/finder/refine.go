package finder

import (
	"image"
	"math"
	"slices"
)

const (
	stations = 60   // along each edge where its exact place is looked for
	margin   = 0.02 // parts of an edge at its corners that are left out: they are bent and torn
	corner   = 0.34 // part of an edge, from its corner, that tells where the corner lies: sheets are bent
)

// place is where an edge was found: how far along from corner to corner, and where in samples.
type place struct{ t, x, y float64 }

// refine looks for each edge again in the full picture, within what the small one left open, and gives the corners in
// samples of the small one.
func refine(img *image.YCbCr, w working, c candidate, all []line) [4]point {
	full := plane{img.Y, img.YStride, img.Rect.Dx(), img.Rect.Dy()}
	var begin, end [4]line // of each edge, as it is near its two corners
	for i := range c.corners {
		l := all[c.lines[i]]
		begin[i], end[i] = l, l
		if l.border {
			continue
		}
		found := places(full, c.corners[i], c.corners[(i+1)%4], l, float64(w.by))
		whole, ok := fit(found, 1, float64(w.by))
		if !ok {
			continue
		}
		begin[i], end[i] = whole, whole
		near := func(from, to float64) (line, bool) {
			var some []place
			for _, p := range found {
				if p.t >= from && p.t <= to {
					some = append(some, p)
				}
			}
			return fit(some, corner, float64(w.by))
		}
		if l, ok := near(0, corner); ok && l.like(whole) {
			begin[i] = l
		}
		if l, ok := near(1-corner, 1); ok && l.like(whole) {
			end[i] = l
		}
	}
	out := c.corners
	for i := range out {
		x, y, ok := end[(i+3)%4].meet(begin[i])
		if ok && math.Hypot(x-out[i].x, y-out[i].y) < 4*reach {
			out[i] = point{x, y}
		}
	}
	return out
}

// like tells whether two lines run much the same way.
func (l line) like(m line) bool { return math.Abs(l.nx*m.nx+l.ny*m.ny) > 0.998 }

// places looks for the edge from a to b, and leaves out where it rises the other way: the paper is on one side all along.
func places(full plane, a, b point, l line, by float64) []place {
	var found []place
	var rises []float64
	dir := 0.0
	for k := range stations {
		t := margin + (1-2*margin)*(float64(k)+0.5)/stations
		x, y := a.x+t*(b.x-a.x), a.y+t*(b.y-a.y)
		if s, rise := steepest(full, x, y, l, by); rise != 0 {
			found, rises = append(found, place{t, x + l.nx*s, y + l.ny*s}), append(rises, rise)
			dir += min(max(rise, -30), 30)
		}
	}
	n := 0
	for i, p := range found {
		if (rises[i] > 0) == (dir > 0) {
			found[n] = p
			n++
		}
	}
	return found[:n]
}

// fit lays a line through the places, of which part of an edge should have that part of its stations: it leaves out what
// lies far off, and fits again.
func fit(found []place, part, by float64) (line, bool) {
	found = slices.Clone(found)
	for {
		if float64(len(found)) < max(part*stations/3, 5) {
			return line{}, false
		}
		l := fitted(found)
		offs := make([]float64, len(found))
		for i, p := range found {
			offs[i] = math.Abs(l.off(p.x, p.y))
		}
		limit := max(2.5*slices.Sorted(slices.Values(offs))[len(offs)/2], 0.5/by)
		n := 0
		for i, p := range found {
			if offs[i] <= limit {
				found[n] = p
				n++
			}
		}
		if n == len(found) {
			return l, true
		}
		found = found[:n]
	}
}

// steepest looks across the line at a place for the sharpest change of the full picture, and gives how far off it is
// in samples, and by how much luma rises there towards the normal's side; 0 where nothing changes.
func steepest(full plane, x, y float64, l line, by float64) (off, rise float64) {
	const across = 5 // samples
	n := int(across * by)
	profile := make([]float64, 2*n+1)
	for i := range profile {
		for k := -2; k <= 2; k++ { // along the edge too, against noise
			px := (x+0.5)*by + l.nx*float64(i-n) - l.ny*float64(k)*by/2
			py := (y+0.5)*by + l.ny*float64(i-n) + l.nx*float64(k)*by/2
			profile[i] += float64(full.at(px, py)) / 5
		}
	}
	half := max(int(by/2), 2)
	best, where := 0.0, 0
	for i := half; i < len(profile)-half; i++ {
		d := 0.0
		for k := 1; k <= half; k++ {
			d += profile[i+k] - profile[i-k]
		}
		d /= float64(half)
		weight := 1 - 0.3*math.Abs(float64(i-n))/float64(n)
		if math.Abs(d)*weight > math.Abs(best) {
			best, where = d*weight, i
		}
	}
	if math.Abs(best) < 4 {
		return 0, 0
	}
	return float64(where-n) / by, best
}

func fitted(found []place) line {
	var sx, sy, sxx, sxy, syy float64
	n := float64(len(found))
	for _, p := range found {
		sx, sy, sxx, sxy, syy = sx+p.x, sy+p.y, sxx+p.x*p.x, sxy+p.x*p.y, syy+p.y*p.y
	}
	mx, my := sx/n, sy/n
	angle := 0.5 * math.Atan2(2*(sxy/n-mx*my), (sxx/n-mx*mx)-(syy/n-my*my))
	nx, ny := -math.Sin(angle), math.Cos(angle)
	return line{nx: nx, ny: ny, d: nx*mx + ny*my}
}
