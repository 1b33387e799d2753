package eye

import (
	"math"
	"math/rand/v2"

	"yimen/drivers/pageimage/scene"
)

// mapLesson is a picture's features, by fields, and what should be seen.
type mapLesson struct {
	across, down  int
	seen          []float32 // five of each field
	paper, corner []float32 // 0 to 1 of each field, negative where either is right
}

func newMapLesson(k look, fields int) mapLesson {
	x, t := features(k.small, k.cb, k.cr, fields), k.truth
	l := mapLesson{across: 2 * x.width, down: 2 * x.height}
	n := l.across * l.down
	l.seen, l.paper, l.corner = make([]float32, 5*n), make([]float32, n), make([]float32, n)
	for j := range l.down {
		for i := range l.across {
			for k := range 5 {
				l.seen[5*(j*l.across+i)+k] = x.plane(5*(2*(j%2)+i%2) + k)[(j/2)*x.width+i/2]
			}
		}
	}
	if !t.Page {
		return l
	}
	scaled := func(c [4]scene.Point) [4]scene.Point {
		for i := range c {
			c[i] = scene.Point{X: c[i].X / float64(t.Order.Size.X) * float64(l.across), Y: c[i].Y / float64(t.Order.Size.Y) * float64(l.down)}
		}
		return c
	}
	l.lay(scaled(t.Corners), t.Missing, t.Near)
	if t.Other != nil {
		l.lay(scaled(*t.Other), [4]bool{}, true)
	}
	if k.angle != 0 {
		l.forget(k.angle)
	}
	return l
}

// lay marks a sheet and its corners, those that are missing not, and those of which nobody can tell neither way.
func (l mapLesson) lay(sheet [4]scene.Point, missing [4]bool, either bool) {
	for at := range l.paper {
		i, j := float64(at%l.across), float64(at/l.across)
		in := 0
		for k := range 16 {
			if holds(sheet, i+(float64(k%4)+0.5)/4, j+(float64(k/4)+0.5)/4) {
				in++
			}
		}
		l.paper[at] = max(l.paper[at], float32(in)/16)
		for k, c := range sheet {
			off := math.Hypot(i+0.5-c.X, j+0.5-c.Y)
			switch {
			case missing[k]:
			case either && off < 3:
				l.corner[at] = -1
			case off < 1.2:
				l.corner[at] = 1
			case off < 2.5 && l.corner[at] == 0:
				l.corner[at] = -1
			}
		}
	}
}

func holds(c [4]scene.Point, x, y float64) bool {
	turn := 0
	for i, a := range c {
		b := c[(i+1)%4]
		if (b.X-a.X)*(y-a.Y)-(b.Y-a.Y)*(x-a.X) > 0 {
			turn++
		} else {
			turn--
		}
	}
	return turn == 4 || turn == -4
}

// varied mirrors and turns the picture one of eight ways, and changes its light.
func (l mapLesson) varied(rnd *rand.Rand) (grid, func(out grid) (float64, grid)) {
	way := rnd.IntN(8)
	w, h := l.across, l.down
	if way&4 != 0 {
		w, h = h, w
	}
	x := newGrid(mapIn, w/2, h/2)
	paper, corner := make([]float32, w*h), make([]float32, w*h)
	contrast, lift := float32(1+0.1*rnd.NormFloat64()), float32(0.15*rnd.NormFloat64())
	blue, red := float32(0.3*rnd.NormFloat64()), float32(0.3*rnd.NormFloat64())
	noise := float32(0.03 * rnd.Float64())
	bed, sheet := newTint(rnd, 0.3), newTint(rnd, 0.2)
	sheet.much /= 2
	for j := range h {
		for i := range w {
			u, v := i, j
			if way&4 != 0 {
				u, v = j, i
			}
			if way&1 != 0 {
				u = l.across - 1 - u
			}
			if way&2 != 0 {
				v = l.down - 1 - v
			}
			var s [5]float32
			copy(s[:], l.seen[5*(v*l.across+u):])
			p := max(l.paper[v*l.across+u], 0)
			bed.lay(&s, 1-p)
			sheet.lay(&s, p)
			at, k := (j/2)*x.width+i/2, 5*(2*(j%2)+i%2)
			x.plane(k)[at] = s[0]*contrast + lift + noise*float32(rnd.NormFloat64())
			x.plane(k + 1)[at] = s[1] * contrast
			x.plane(k + 2)[at] = s[2] * contrast
			x.plane(k + 3)[at] = s[3] + blue + noise*float32(rnd.NormFloat64())
			x.plane(k + 4)[at] = s[4] + red + noise*float32(rnd.NormFloat64())
			paper[j*w+i], corner[j*w+i] = l.paper[v*l.across+u], l.corner[v*l.across+u]
		}
	}
	return x, func(out grid) (float64, grid) { return mapLoss(out, paper, corner) }
}

// mapLoss gives how far what was seen is off, and by how much it should change.
func mapLoss(out grid, paper, corner []float32) (loss float64, d grid) {
	d = newGrid(out.channels, out.width, out.height)
	n := float32(len(paper))
	w := 2 * out.width
	for at := range paper {
		i, j := at%w, at/w
		cell, k := (j/2)*out.width+i/2, 2*(j%2)+i%2
		if paper[at] < 0 {
			continue
		}
		p := sigmoid(out.plane(k)[cell])
		heed := float32(1)
		if atEdge(paper, i, j, w) {
			heed = 3
		}
		d.plane(k)[cell] = heed * (p - paper[at]) / n
		loss += float64(heed) * entropy(p, paper[at]) / float64(n)
		if corner[at] >= 0 {
			q := sigmoid(out.plane(4 + k)[cell])
			weight := float32(0.5)
			if corner[at] > 0 {
				weight = 8
			}
			d.plane(4 + k)[cell] = weight * (q - corner[at]) / n
			loss += float64(weight) * entropy(q, corner[at]) / float64(n)
		}
	}
	return loss, d
}

// atEdge tells whether paper ends within two fields.
func atEdge(paper []float32, i, j, width int) bool {
	for _, d := range [8]int{-2, -1, 1, 2, -2 * width, -width, width, 2 * width} {
		if at := j*width + i + d; at >= 0 && at < len(paper) && (paper[at] > 0.5) != (paper[j*width+i] > 0.5) {
			return true
		}
	}
	return false
}

func sigmoid(v float32) float32 { return float32(1 / (1 + math.Exp(-float64(v)))) }

func entropy(p, t float32) float64 {
	return -float64(t)*math.Log(max(float64(p), 1e-7)) - float64(1-t)*math.Log(max(1-float64(p), 1e-7))
}

// tint is another colour for a bed or a sheet, that hides some of what was there.
type tint struct {
	much            float32
	luma, blue, red float32
}

func newTint(rnd *rand.Rand, often float64) tint {
	if rnd.Float64() > often {
		return tint{}
	}
	return tint{float32(0.3 + 0.65*rnd.Float64()), float32(-1.8 + 3.2*rnd.Float64()), float32(0.9 * rnd.NormFloat64()), float32(0.9 * rnd.NormFloat64())}
}

func (t tint) lay(s *[5]float32, part float32) {
	k := t.much * part
	s[0] += k * (t.luma - s[0])
	s[1] -= k * s[1]
	s[2] -= k * s[2]
	s[3] += k * (t.blue - s[3])
	s[4] += k * (t.red - s[4])
}
