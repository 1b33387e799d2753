package doccam

import (
	"image"
	"image/color"
	"math"
)

// Pose is how a page lies on the desk.
type Pose struct {
	Turn     int     `json:"turn"`     // quarter turns clockwise
	Angle    float64 `json:"angle"`    // degrees clockwise, beside the quarter turns
	Keystone float64 `json:"keystone"` // how much narrower the far edge looks, as a share of its width
	Fill     float64 `json:"fill"`     // share of the frame's free side that the page takes
	Right    float64 `json:"right"`    // share of the frame by which the page lies right of the middle
	Down     float64 `json:"down"`     // and below it
	Light    float64 `json:"light"`    // share of the lamp's light; 0 for all of it
	Hand     bool    `json:"hand"`     // fingers lie over the page's right edge
	Second   bool    `json:"second"`   // another sheet lies right of it, a little smaller
}

// LaidByHand is a page put down without care: a little crooked, seen a little from the front.
var LaidByHand = Pose{Angle: 1.8, Keystone: 0.035, Fill: 0.9}

// possible refuses poses that no page can take; comparisons with what is no number are false.
func (p Pose) possible() bool {
	return p.Turn >= 0 && p.Fill > 0 && p.Fill <= 4 && p.Keystone >= 0 && p.Keystone <= 0.5 && p.Angle >= -180 && p.Angle <= 180 &&
		p.Right >= -1 && p.Right <= 1 && p.Down >= -1 && p.Down <= 1 && p.Light >= 0 && p.Light <= 1
}

// corners gives the page's corners in the frame, clockwise from the page's own top left, for a page of w:h.
func (p Pose) corners(frame image.Point, w, h float64) [4][2]float64 {
	if p.Turn%2 != 0 {
		w, h = h, w
	}
	scale := p.Fill * math.Min(float64(frame.X)/w, float64(frame.Y)/h)
	w, h = w*scale/2, h*scale/2
	sin, cos := math.Sincos(p.Angle * math.Pi / 180)
	var lying [4][2]float64
	for i, c := range [4][2]float64{{-w, -h}, {w, -h}, {w, h}, {-w, h}} {
		x, y := c[0]*cos-c[1]*sin, c[0]*sin+c[1]*cos
		x *= 1 + p.Keystone*y/(2*h)
		lying[i] = [2]float64{float64(frame.X)*(0.5+p.Right) + x, float64(frame.Y)*(0.5+p.Down) + y}
	}
	var out [4][2]float64
	for i := range out {
		out[i] = lying[(i+p.Turn)%4]
	}
	return out
}

// beside is where another sheet lies.
func (p Pose) beside() Pose {
	p.Right, p.Fill, p.Angle = p.Right+0.46, 0.8*p.Fill, p.Angle-6
	return p
}

// homography is a projective map of the plane, row by row, its last element 1.
type homography [9]float64

// ontoPage maps frame coordinates to page coordinates for a page of w by h that lies at quad q. It is the
// closed form of Heckbert's square-to-quad map, inverted by its adjugate.
func ontoPage(q [4][2]float64, w, h float64) homography {
	dx1, dx2, sx := q[1][0]-q[2][0], q[3][0]-q[2][0], q[0][0]-q[1][0]+q[2][0]-q[3][0]
	dy1, dy2, sy := q[1][1]-q[2][1], q[3][1]-q[2][1], q[0][1]-q[1][1]+q[2][1]-q[3][1]
	det := dx1*dy2 - dx2*dy1
	g, k := (sx*dy2-dx2*sy)/det, (dx1*sy-sx*dy1)/det
	a, b, c := q[1][0]-q[0][0]+g*q[1][0], q[3][0]-q[0][0]+k*q[3][0], q[0][0]
	d, e, f := q[1][1]-q[0][1]+g*q[1][1], q[3][1]-q[0][1]+k*q[3][1], q[0][1]
	m := homography{
		(e - f*k) * w, (c*k - b) * w, (b*f - c*e) * w,
		(f*g - d) * h, (a - c*g) * h, (c*d - a*f) * h,
		d*k - e*g, b*g - a*k, a*e - b*d,
	}
	for i := range m {
		m[i] /= a*e - b*d
	}
	return m
}

func (m homography) at(x, y float64) (u, v float64) {
	z := m[6]*x + m[7]*y + m[8]
	return (m[0]*x + m[1]*y + m[2]) / z, (m[3]*x + m[4]*y + m[5]) / z
}

// photograph draws the desk, and the page on it if there is one, as the camera sees it.
func photograph(frame image.Point, page *image.RGBA, pose Pose) (*image.RGBA, [4]image.Point) {
	im := image.NewRGBA(image.Rectangle{Max: frame})
	drawDesk(im)
	var rounded [4]image.Point
	if page != nil {
		w, h := float64(page.Rect.Dx()), float64(page.Rect.Dy())
		if pose.Second {
			q := pose.beside().corners(frame, w, h)
			drawPage(im, page, ontoPage(q, w, h), bounds(q))
		}
		q := pose.corners(frame, w, h)
		drawPage(im, page, ontoPage(q, w, h), bounds(q))
		if pose.Hand {
			drawFingers(im, q)
		}
		for i, c := range q {
			rounded[i] = image.Pt(int(math.Round(c[0])), int(math.Round(c[1])))
		}
	}
	vignette(im)
	if pose.Light > 0 {
		dim(im, int(pose.Light*256))
	}
	return im, rounded
}

// drawFingers lays three fingers over the edge between the page's second and third corner.
func drawFingers(im *image.RGBA, q [4][2]float64) {
	along := [2]float64{q[2][0] - q[1][0], q[2][1] - q[1][1]}
	length := math.Hypot(along[0], along[1])
	thick, long := length/14, length/5
	in := [2]float64{-along[1] / length, along[0] / length} // across the edge
	skin := color.RGBA{198, 142, 112, 255}
	for finger := range 3 {
		t := 0.4 + 0.09*float64(finger)
		x, y := q[1][0]+t*along[0], q[1][1]+t*along[1]
		for d := -long; d <= long/2; d++ {
			disc(im, x+d*in[0], y+d*in[1], thick/2, skin)
		}
	}
}

// disc fills a circle.
func disc(im *image.RGBA, x, y, r float64, c color.RGBA) {
	for py := int(y - r); py <= int(y+r); py++ {
		for px := int(x - r); px <= int(x+r); px++ {
			if math.Hypot(float64(px)-x, float64(py)-y) <= r && image.Pt(px, py).In(im.Rect) {
				im.SetRGBA(px, py, c)
			}
		}
	}
}

// dim leaves k of 256 of the light.
func dim(im *image.RGBA, k int) {
	for i := range im.Pix {
		if i%4 != 3 {
			im.Pix[i] = uint8(int(im.Pix[i]) * k >> 8)
		}
	}
}

func bounds(q [4][2]float64) image.Rectangle {
	var r image.Rectangle
	for _, c := range q {
		r = r.Union(image.Rect(int(c[0])-30, int(c[1])-30, int(c[0])+31, int(c[1])+31))
	}
	return r
}

// drawDesk covers the frame with a dark mat.
func drawDesk(im *image.RGBA) {
	for y := range im.Rect.Dy() {
		for x := range im.Rect.Dx() {
			weave := uint8((x*7+y*3)%11/3 + (x*3-y*5+1<<20)%13/4)
			im.SetRGBA(x, y, color.RGBA{52 + weave, 58 + weave, 66 + weave, 255})
		}
	}
}

// Width of the page's shadow, and of the edge where page and desk mix, in pixels of the page.
const (
	shadow   = 16
	softEdge = 1.5
)

// drawPage lays the page into r of the frame, with soft edges and a narrow shadow.
func drawPage(im, page *image.RGBA, onto homography, r image.Rectangle) {
	r = r.Intersect(im.Rect)
	w, h := float64(page.Rect.Dx()), float64(page.Rect.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			u, v := onto.at(float64(x)+0.5, float64(y)+0.5)
			inside := math.Min(math.Min(u, w-u), math.Min(v, h-v)) // page pixels to the nearest edge
			if inside <= -shadow {
				continue
			}
			px := im.Pix[im.PixOffset(x, y):]
			shade := 1 - 0.45*(1+math.Min(inside, 0)/shadow)
			cover := math.Max(0, math.Min(1, inside/softEdge))
			c := sample(page, u, v)
			for i := range 3 {
				px[i] = uint8(float64(px[i])*shade*(1-cover) + float64(c[i])*cover)
			}
		}
	}
}

// sample is the page's colour at (u, v), between its pixels; beyond the page, that of its edge.
func sample(page *image.RGBA, u, v float64) [3]uint8 {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	u, v = max(0, min(u-0.5, float64(w-1))), max(0, min(v-0.5, float64(h-1)))
	x, y := min(int(u), w-2), min(int(v), h-2)
	fx, fy := uint32((u-float64(x))*256), uint32((v-float64(y))*256)
	a, b := page.Pix[y*page.Stride+x*4:], page.Pix[(y+1)*page.Stride+x*4:]
	mix := func(i int) uint8 {
		top := uint32(a[i])*(256-fx) + uint32(a[i+4])*fx
		low := uint32(b[i])*(256-fx) + uint32(b[i+4])*fx
		return uint8((top*(256-fy) + low*fy) >> 16)
	}
	return [3]uint8{mix(0), mix(1), mix(2)}
}

// vignette darkens the corners as a lens does.
func vignette(im *image.RGBA) {
	w, h := im.Rect.Dx(), im.Rect.Dy()
	for y := range h {
		for x := range w {
			dx, dy := float64(2*x-w)/float64(w), float64(2*y-h)/float64(h)
			k := uint32(256 - 22*(dx*dx+dy*dy))
			px := im.Pix[im.PixOffset(x, y):]
			px[0], px[1], px[2] = uint8(uint32(px[0])*k>>8), uint8(uint32(px[1])*k>>8), uint8(uint32(px[2])*k>>8)
		}
	}
}
