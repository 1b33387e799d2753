package pageimage

import (
	"image"
	"math"

	"yimen/drivers/device"
)

const (
	likeness  = 0.08        // by which the sides of a page that is taken for a known paper may be off: corners set by hand
	mostFree  = 2480 * 3508 // pixels of a page of unknown size: as many as A4 has at 300 to the inch
	leastView = 0.4         // a lens's focal length in longer sides of its picture: wider,
	mostView  = 6.0         // or longer, is no document camera's, and the corners too rough to tell the shape from
	mostTilt  = 2.0         // times by which foreshortening may change a page's shape
)

// like tells whether a shape is the paper's, upright or lying.
func like(shape float64, p Paper) bool {
	upright := p.Width / p.Height
	near := func(a, b float64) bool { return max(a/b, b/a) <= 1+likeness }
	return near(shape, upright) || near(shape, 1/upright)
}

// odd tells whether corners that were found show another shape than the paper's that is known to lie there, with what a tilt
// foreshortens put right and without: of a small page there is little to tell the tilt from.
func odd(quad device.Quad, frame image.Rectangle, paper Paper) bool {
	corners, err := pixels(quad, frame)
	if err != nil {
		return true
	}
	across, down := sides(corners)
	return !like(shapeOf(corners, frame), paper) && !like(across/down, paper)
}

// freeSize gives a page of this shape as many pixels as the frame has of it, even ones each way, within mostFree.
func freeSize(c [4]device.Point, shape float64) image.Point {
	across, down := sides(c)
	width := math.Max(across, down*shape)
	width = math.Min(width, math.Sqrt(mostFree*shape))
	return image.Pt(even(width), even(width/shape))
}

// sides gives the mean lengths of the edges that run across and of those that run down.
func sides(c [4]device.Point) (across, down float64) {
	return (distance(c[0], c[1]) + distance(c[3], c[2])) / 2, (distance(c[0], c[3]) + distance(c[1], c[2])) / 2
}

// shapeOf gives the width of the page over its height, as the corners tell it. What a tilted camera foreshortens is put
// right where the perspective is strong enough to tell by how much; elsewhere the mean lengths of the sides say it as well.
func shapeOf(c [4]device.Point, frame image.Rectangle) float64 {
	across, down := sides(c)
	mean := across / down
	seen, ok := seenShape(c, frame)
	if !ok || max(seen/mean, mean/seen) > mostTilt {
		return mean
	}
	return seen
}

type vector [3]float64

func (a vector) cross(b vector) vector {
	return vector{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
func (a vector) dot(b vector) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func (a vector) less(k float64, b vector) vector {
	return vector{k*a[0] - b[0], k*a[1] - b[1], k*a[2] - b[2]}
}

// seenShape is the closed form for a rectangle seen by a camera with square pixels whose axis meets the middle of the
// picture: Zhang and He, Whiteboard scanning and image enhancement (2007), section 3.2, equations 11 to 21. It fails where
// two sides are parallel in the picture, for then nothing tells the focal length, and where the lens would be none.
func seenShape(c [4]device.Point, frame image.Rectangle) (shape float64, ok bool) {
	longer := float64(max(frame.Dx(), frame.Dy()))
	at := func(p device.Point) vector { // from the middle, in longer sides
		return vector{(p.X - float64(frame.Dx())/2) / longer, (p.Y - float64(frame.Dy())/2) / longer, 1}
	}
	m1, m2, m3, m4 := at(c[0]), at(c[1]), at(c[3]), at(c[2])
	k2 := m1.cross(m4).dot(m3) / m2.cross(m4).dot(m3)
	k3 := m1.cross(m4).dot(m2) / m3.cross(m4).dot(m2)
	n2, n3 := m2.less(k2, m1), m3.less(k3, m1) // the directions of the two sides
	ff := -(n2[0]*n3[0] + n2[1]*n3[1]) / (n2[2] * n3[2])
	if !(ff >= leastView*leastView && ff <= mostView*mostView) {
		return 0, false
	}
	length := func(n vector) float64 { return (n[0]*n[0]+n[1]*n[1])/ff + n[2]*n[2] }
	return math.Sqrt(length(n2) / length(n3)), true
}
