package photo

import "math"

// gridStep is how many pixels lie between the points at which light is reckoned; nothing in it has a sharper edge.
const gridStep = 16

// field is something that changes slowly over the frame.
type field struct {
	nx     int
	values []float32
}

func newField(width, height int, at func(p Point) float64) *field {
	f := &field{nx: width/gridStep + 2}
	for j := range height/gridStep + 2 {
		for i := range f.nx {
			f.values = append(f.values, float32(at(Point{float64(i * gridStep), float64(j * gridStep)})))
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

// Shadow is a dark place with a soft edge, cast by someone who stands before the lamp.
type Shadow struct {
	Middle Point   // pixels
	Wide   float64 // pixels
	Turn   float64
	Soft   float64 // pixels
	Left   float64 // light that is left in it
}

// At gives how much light is left at a pixel.
func (s *Shadow) At(p Point) float64 {
	q := p.Minus(s.Middle).Turned(-s.Turn)
	d := max(math.Abs(q.X)-s.Wide, -q.Y) // a band with an end: a head or an arm
	return 1 - (1-s.Left)*smooth(0.5-d/s.Soft)
}

// Glare is the picture of a lamp in a shining surface.
type Glare struct {
	Middle     Point   // pixels
	Wide, High float64 // pixels
	Turn       float64
	Strength   float64 // light added in its middle; 1 turns black to white
}

// At gives the light added at a pixel.
func (g *Glare) At(p Point) float64 {
	q := p.Minus(g.Middle).Turned(-g.Turn)
	d := math.Hypot(q.X/g.Wide, q.Y/g.High)
	return g.Strength * math.Exp(-d*d*d)
}

func smooth(t float64) float64 {
	t = max(0, min(1, t))
	return t * t * (3 - 2*t)
}

// Lighting is all light of a frame.
type Lighting struct {
	Lamp     float64 // the direction that most light comes from
	Slope    float64 // by how much one side is lighter than the middle
	Vignette float64 // light missing at the corners
	Shadow   *Shadow
	Glare    *Glare
	Cast     [3]float64 // the lamp's colour, green is 1
	White    float64    // luma of white paper in the middle, 0 to 255
}

// Falls gives the light at a pixel, 1 is even light.
func (l *Lighting) Falls(p, size Point) float64 {
	sin, cos := math.Sincos(l.Lamp)
	x, y := 2*p.X/size.X-1, 2*p.Y/size.Y-1
	v := (1 + l.Slope*(x*cos+y*sin)) * (1 - l.Vignette*(x*x+y*y)/2)
	if l.Shadow != nil {
		v *= l.Shadow.At(p)
	}
	return v
}

// Added gives the reflected light at a pixel.
func (l *Lighting) Added(p Point) float64 {
	if l.Glare == nil {
		return 0
	}
	return l.Glare.At(p)
}
