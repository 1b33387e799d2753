package scene

import "math"

// point is a place: pixels in a frame, or millimetres on the desk or on a sheet. Pixels count from their edges.
type point struct{ x, y float64 }

func (p point) plus(q point) point       { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point      { return point{p.x - q.x, p.y - q.y} }
func (p point) times(k float64) point    { return point{p.x * k, p.y * k} }
func (p point) distance(q point) float64 { return math.Hypot(p.x-q.x, p.y-q.y) }

// turned gives p turned clockwise, as seen on the desk, by an angle.
func (p point) turned(angle float64) point {
	sin, cos := math.Sincos(angle)
	return point{p.x*cos - p.y*sin, p.x*sin + p.y*cos}
}

// camera looks down at the desk, whose middle it sees in the middle of its frame. The desk's x runs to the right and
// its y downwards, as in the frame.
type camera struct {
	width, height float64 // pixels
	focal         float64 // pixels
	bend          float64 // radial distortion at the frame's corner, as a part of the radius there
	at            point   // where it hangs, on the desk
	above         float64 // how high, in millimetres
	rot           [9]float64
}

// newCamera hangs a camera above millimetres high that is tilted and sees perMM pixels of a millimetre in its middle.
func newCamera(width, height int, perMM, above, tiltX, tiltY, bend float64) camera {
	sx, cx := math.Sincos(tiltX)
	sy, cy := math.Sincos(tiltY)
	c := camera{width: float64(width), height: float64(height), above: above, bend: bend,
		rot: [9]float64{cy, 0, sy, sx * sy, cx, -sx * cy, -cx * sy, sx, cx * cy}}
	away := above / c.rot[8] // along the axis, from the lens to the desk
	c.focal = perMM * away
	c.at = point{-away * c.rot[6], -away * c.rot[7]}
	return c
}

// frame gives where a place on the desk lies in the frame, in pixels.
func (c *camera) frame(p point) point {
	x, y, z := p.x-c.at.x, p.y-c.at.y, c.above
	r := &c.rot
	d := c.focal / (r[6]*x + r[7]*y + r[8]*z)
	u, v := (r[0]*x+r[1]*y+r[2]*z)*d, (r[3]*x+r[4]*y+r[5]*z)*d
	k := 1 + c.bend*(u*u+v*v)/c.cornerSquared()
	return point{u*k + c.width/2, v*k + c.height/2}
}

func (c *camera) cornerSquared() float64 { return (c.width*c.width + c.height*c.height) / 4 }

// desk gives which place on the desk is seen at a place of the frame.
func (c *camera) desk(p point) point {
	u, v := p.x-c.width/2, p.y-c.height/2
	k, n := 1.0, c.bend/c.cornerSquared()
	for range 4 { // a bend of 2 % is undone to a thousandth of a pixel
		k = 1 + n*(u*u+v*v)/(k*k)
	}
	u, v = u/k, v/k
	r, f := &c.rot, c.focal // the ray is R transposed times (u, v, f)
	t := c.above / (r[2]*u + r[5]*v + r[8]*f)
	return point{c.at.x + (r[0]*u+r[3]*v+r[6]*f)*t, c.at.y + (r[1]*u+r[4]*v+r[7]*f)*t}
}

// raised gives the place of the desk in front of which a point is seen that stands z millimetres above p.
func (c *camera) raised(p point, z float64) point {
	return p.plus(p.minus(c.at).times(z / (c.above - z)))
}
