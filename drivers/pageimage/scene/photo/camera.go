// Package photo takes the pictures of scenes: a camera with a bent lens, light, shadow and glare, and what focus, movement
// and sensor do to them. What lies before the camera are layers; it does not know what they are.
package photo

import "math"

// Point is a place: pixels in a frame, or millimetres on the desk or on a sheet. Pixels count from their edges.
type Point struct{ X, Y float64 }

// At is the point at x, y.
func At(x, y float64) Point { return Point{x, y} }

// Plus adds q to p.
func (p Point) Plus(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Minus takes q from p.
func (p Point) Minus(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Times gives a point k times as far from the origin.
func (p Point) Times(k float64) Point { return Point{p.X * k, p.Y * k} }

// Distance gives how far p and q lie apart.
func (p Point) Distance(q Point) float64 { return math.Hypot(p.X-q.X, p.Y-q.Y) }

// Turned gives p turned clockwise, as seen on the desk, by an angle.
func (p Point) Turned(angle float64) Point {
	sin, cos := math.Sincos(angle)
	return Point{p.X*cos - p.Y*sin, p.X*sin + p.Y*cos}
}

// Camera looks down at the desk, whose middle it sees in the middle of its frame. The desk's x runs to the right and
// its y downwards, as in the frame.
type Camera struct {
	width, height float64 // pixels
	focal         float64 // pixels
	bend          float64 // radial distortion at the frame's corner, as a part of the radius there
	At            Point   // where it hangs, on the desk
	Above         float64 // how high, in millimetres
	rot           [9]float64
}

// NewCamera hangs a camera above millimetres high that is tilted and sees perMM pixels of a millimetre in its middle.
func NewCamera(width, height int, perMM, above, tiltX, tiltY, bend float64) Camera {
	sx, cx := math.Sincos(tiltX)
	sy, cy := math.Sincos(tiltY)
	c := Camera{width: float64(width), height: float64(height), Above: above, bend: bend,
		rot: [9]float64{cy, 0, sy, sx * sy, cx, -sx * cy, -cx * sy, sx, cx * cy}}
	away := above / c.rot[8] // along the axis, from the lens to the desk
	c.focal = perMM * away
	c.At = Point{-away * c.rot[6], -away * c.rot[7]}
	return c
}

// Frame gives where a place on the desk lies in the frame, in pixels.
func (c *Camera) Frame(p Point) Point {
	x, y, z := p.X-c.At.X, p.Y-c.At.Y, c.Above
	r := &c.rot
	d := c.focal / (r[6]*x + r[7]*y + r[8]*z)
	u, v := (r[0]*x+r[1]*y+r[2]*z)*d, (r[3]*x+r[4]*y+r[5]*z)*d
	k := 1 + c.bend*(u*u+v*v)/c.cornerSquared()
	return Point{u*k + c.width/2, v*k + c.height/2}
}

func (c *Camera) cornerSquared() float64 { return (c.width*c.width + c.height*c.height) / 4 }

// Desk gives which place on the desk is seen at a place of the frame.
func (c *Camera) Desk(p Point) Point {
	u, v := p.X-c.width/2, p.Y-c.height/2
	k, n := 1.0, c.bend/c.cornerSquared()
	for range 4 { // a bend of 2 % is undone to a thousandth of a pixel
		k = 1 + n*(u*u+v*v)/(k*k)
	}
	u, v = u/k, v/k
	r, f := &c.rot, c.focal // the ray is R transposed times (u, v, f)
	t := c.Above / (r[2]*u + r[5]*v + r[8]*f)
	return Point{c.At.X + (r[0]*u+r[3]*v+r[6]*f)*t, c.At.Y + (r[1]*u+r[4]*v+r[7]*f)*t}
}

// Zoom makes all that the camera sees k times as large.
func (c *Camera) Zoom(k float64) { c.focal *= k }
