package finder

import "math"

// line is a straight line through the working picture, nx·x + ny·y = d with a normal of length 1.
type line struct{ nx, ny, d float64 }

// between is the line from a to b, whose normal points to the right of one who walks it: inwards, where corners go round
// clockwise as one looks at the picture.
func between(a, b point) line {
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	nx, ny := -(b.Y-a.Y)/length, (b.X-a.X)/length
	return line{nx, ny, nx*a.X + ny*a.Y}
}

// meet is where two lines cross.
func (l line) meet(m line) (point, bool) {
	det := l.nx*m.ny - l.ny*m.nx
	if math.Abs(det) < 0.2 {
		return point{}, false
	}
	return point{(l.d*m.ny - m.d*l.ny) / det, (l.nx*m.d - m.nx*l.d) / det}, true
}
