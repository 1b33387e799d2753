package eye

import (
	"math"

	"yimen/drivers/pageimage/scene"
)

// turned gives a look at the scene with the camera turned about its middle: scenes' own papers lie nearly straight.
// Beyond the picture stands what is at its border.
func (l look) turned(angle float64) look {
	sin, cos := math.Sincos(angle)
	out := look{small: l.small.turned(sin, cos), cb: l.cb.turned(sin, cos), cr: l.cr.turned(sin, cos), truth: l.truth, angle: angle}
	size := l.truth.Order.Size
	mx, my := float64(size.X)/2, float64(size.Y)/2
	turn := func(q scene.Point) scene.Point {
		x, y := q.X-mx, q.Y-my
		return scene.Point{X: cos*x - sin*y + mx, Y: sin*x + cos*y + my}
	}
	for i, c := range l.truth.Corners {
		q := turn(c)
		out.truth.Corners[i] = q
		out.truth.Missing[i] = l.truth.Missing[i] || q.X < 0 || q.Y < 0 || q.X > 2*mx || q.Y > 2*my
	}
	if l.truth.Other != nil {
		var other [4]scene.Point
		for i, c := range l.truth.Other {
			other[i] = turn(c)
		}
		out.truth.Other = &other
	}
	return out
}

// turned turns a plane of a picture that is 4 to 3.
func (p Plane) turned(sin, cos float64) Plane {
	out := Plane{make([]byte, p.Width*p.Height), p.Width, p.Width, p.Height}
	mx, my := float64(p.Width)/2, float64(p.Height)/2
	k := float64(p.Height) * 4 / 3 / float64(p.Width) // chroma may be sampled unevenly
	for y := range p.Height {
		for x := range p.Width {
			dx, dy := (float64(x)+0.5-mx)*k, float64(y)+0.5-my
			u, v := (cos*dx+sin*dy)/k+mx-0.5, cos*dy-sin*dx+my-0.5
			i, j := int(math.Floor(u)), int(math.Floor(v))
			fx, fy := u-float64(i), v-float64(j)
			at := func(i, j int) float64 { return float64(p.sample(i, j)) }
			out.Pix[y*p.Width+x] = byte((at(i, j)*(1-fx)+at(i+1, j)*fx)*(1-fy) + (at(i, j+1)*(1-fx)+at(i+1, j+1)*fx)*fy + 0.5)
		}
	}
	return out
}

// forget takes back what a lesson says of fields that the turned picture did not have.
func (l mapLesson) forget(angle float64) {
	sin, cos := math.Sincos(angle)
	w, h := float64(l.across), float64(l.down)
	for at := range l.paper {
		dx, dy := float64(at%l.across)+0.5-w/2, float64(at/l.across)+0.5-h/2
		u, v := cos*dx+sin*dy+w/2, cos*dy-sin*dx+h/2
		if u < 0 || v < 0 || u > w || v > h {
			l.paper[at], l.corner[at] = -1, -1
		}
	}
}
