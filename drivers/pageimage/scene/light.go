package scene

import (
	"math"
	"math/rand/v2"
)

// gridStep is how many pixels lie between the points at which light is reckoned; nothing in it has a sharper edge.
const gridStep = 16

// field is something that changes slowly over the frame.
type field struct {
	nx     int
	values []float32
}

func newField(width, height int, at func(p point) float64) *field {
	f := &field{nx: width/gridStep + 2}
	for j := range height/gridStep + 2 {
		for i := range f.nx {
			f.values = append(f.values, float32(at(point{float64(i * gridStep), float64(j * gridStep)})))
		}
	}
	return f
}

// row writes the values along a row of pixels.
func (f *field) row(dst []float32, y int) {
	j, t := y/gridStep, (float32(y%gridStep)+0.5)/gridStep
	a, b := f.values[j*f.nx:], f.values[(j+1)*f.nx:]
	for x := range dst {
		i, s := x/gridStep, (float32(x%gridStep)+0.5)/gridStep
		left, right := a[i]*(1-t)+b[i]*t, a[i+1]*(1-t)+b[i+1]*t
		dst[x] = left*(1-s) + right*s
	}
}

// shadowed is a dark place with a soft edge, cast by someone who stands before the lamp.
type shadowed struct {
	middle point   // pixels
	wide   float64 // pixels
	turn   float64
	soft   float64 // pixels
	left   float64 // light that is left in it
}

func (s *shadowed) at(p point) float64 {
	q := p.minus(s.middle).turned(-s.turn)
	d := max(math.Abs(q.x)-s.wide, -q.y) // a band with an end: a head or an arm
	return 1 - (1-s.left)*smooth(0.5-d/s.soft)
}

// glare is the picture of a lamp in a shining surface.
type glare struct {
	middle     point   // pixels
	wide, high float64 // pixels
	turn       float64
	strength   float64 // light added in its middle; 1 turns black to white
}

func (g *glare) at(p point) float64 {
	q := p.minus(g.middle).turned(-g.turn)
	d := math.Hypot(q.x/g.wide, q.y/g.high)
	return g.strength * math.Exp(-d*d*d)
}

func smooth(t float64) float64 {
	t = max(0, min(1, t))
	return t * t * (3 - 2*t)
}

// lighting is all light of a frame.
type lighting struct {
	lamp     float64 // the direction that most light comes from
	slope    float64 // by how much one side is lighter than the middle
	vignette float64 // light missing at the corners
	shadow   *shadowed
	glare    *glare
	cast     [3]float64 // the lamp's colour, green is 1
	white    float64    // luma of white paper in the middle, 0 to 255
}

// falls gives the light at a pixel, 1 is even light.
func (l *lighting) falls(p, size point) float64 {
	sin, cos := math.Sincos(l.lamp)
	x, y := 2*p.x/size.x-1, 2*p.y/size.y-1
	v := (1 + l.slope*(x*cos+y*sin)) * (1 - l.vignette*(x*x+y*y)/2)
	if l.shadow != nil {
		v *= l.shadow.at(p)
	}
	return v
}

// added gives the reflected light at a pixel.
func (l *lighting) added(p point) float64 {
	if l.glare == nil {
		return 0
	}
	return l.glare.at(p)
}

func newLighting(rnd *rand.Rand) lighting {
	l := lighting{lamp: rnd.Float64() * 2 * math.Pi, slope: 0.16 * rnd.Float64(), vignette: 0.18 * rnd.Float64(),
		cast: [3]float64{1, 1, 1}, white: 190 + 45*rnd.Float64()}
	switch rnd.IntN(6) {
	case 0:
		l.cast = [3]float64{1.22, 1, 0.68} // a bulb
	case 1:
		l.cast = [3]float64{0.86, 1, 1.12} // a window
	case 2:
		l.cast = [3]float64{0.92, 1, 0.84} // an old tube
	}
	switch rnd.IntN(6) {
	case 0:
		l.slope = 0.2 + 0.18*rnd.Float64()
	case 1:
		l.white = 120 + 50*rnd.Float64()
	}
	return l
}
