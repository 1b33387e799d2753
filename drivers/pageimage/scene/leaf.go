package scene

import (
	"image"
	"math"

	"yimen/drivers/pageimage/scene/photo"
)

// leaf is a sheet of paper on the desk. Its own places are millimetres from its top left, as it reads.
type leaf struct {
	picture *image.RGBA
	perMM   float64 // of the picture
	w, h    float64
	middle  Point   // on the desk
	turn    float64 // clockwise
	relief  *relief
	camera  *photo.Camera
	lamp    float64 // the direction that the light comes from
	round   float64 // radius of its corners
	torn    []float64
	ear     *ear
}

// ear is a corner that was folded over. What remains of the sheet lies where nx·x + ny·y > c.
type ear struct{ nx, ny, c float64 }

func (e *ear) beyond(q Point) float64 { return e.nx*q.X + e.ny*q.Y - e.c }

// opposite mirrors a place in the fold.
func (e *ear) opposite(q Point) Point {
	d := 2 * e.beyond(q)
	return photo.At(q.X-d*e.nx, q.Y-d*e.ny)
}

// whole gives the sheet's corners on itself, clockwise from its top left.
func (l *leaf) whole() [4]Point {
	return [4]Point{{}, photo.At(l.w, 0), photo.At(l.w, l.h), photo.At(0, l.h)}
}

// own gives the sheet's place that lies on a place of the desk, were it flat.
func (l *leaf) own(p Point) Point {
	return p.Minus(l.middle).Turned(-l.turn).Plus(photo.At(l.w/2, l.h/2))
}

// seen gives the sheet's place that is seen in front of a place of the desk, and the light that falls there.
func (l *leaf) seen(p Point) (q Point, shade float64) {
	q = l.own(p)
	if l.relief == nil {
		return q, 1
	}
	z, shade := l.relief.at(q)
	return l.own(p.Minus(p.Minus(l.camera.At).Times(z / l.camera.Above))), shade
}

// desk is the inverse of seen.
func (l *leaf) desk(q Point) Point {
	flat := q.Minus(photo.At(l.w/2, l.h/2)).Turned(l.turn).Plus(l.middle)
	p := flat
	for range 30 { // a contraction: sheets rise by a hundredth of the camera's height
		at, _ := l.seen(p)
		d := q.Minus(at)
		if math.Abs(d.X)+math.Abs(d.Y) < 1e-7 {
			break
		}
		p = p.Plus(d.Turned(l.turn))
	}
	return p
}

// inside gives how far a place lies from the sheet's edge, in millimetres, negative outside.
func (l *leaf) inside(q Point) float64 {
	top, low := 0.0, 0.0
	if n := len(l.torn); n > 0 {
		x := max(0, min(q.X/l.w, 1)) * float64(n-2)
		f := x - math.Floor(x)
		top = l.torn[int(x)]*(1-f) + l.torn[int(x)+1]*f
		low = l.torn[n-1-int(x)]*(1-f) + l.torn[n-2-int(x)]*f
	}
	e := min(q.X, l.w-q.X, q.Y-top, l.h-low-q.Y)
	if l.round > 0 {
		dx, dy := l.round-min(q.X, l.w-q.X), l.round-min(q.Y, l.h-q.Y)
		if dx > 0 && dy > 0 {
			e = l.round - math.Hypot(dx, dy)
		}
	}
	if l.ear != nil {
		e = min(e, l.ear.beyond(q))
	}
	return e
}

// rim is how near to the sheet's edge it is drawn with care, and how far beyond it its shadow reaches, in millimetres.
const rim = 14.0

// Hides tells whether nothing below the sheet can be seen from p to q, which lie near to each other.
func (l *leaf) Hides(p, q Point) bool {
	a, _ := l.seen(p)
	b, _ := l.seen(q)
	return l.ear == nil && min(l.inside(a), l.inside(b)) > 4
}

// Paint draws the sheet and its shadow into n pixels of a row from x0 on. The desk is seen from p on, in steps of d.
func (l *leaf) Paint(row *photo.Row, x0, n int, p, d Point) {
	a, shadeA := l.seen(p)
	b, shadeB := l.seen(p.Plus(d.Times(float64(n))))
	near := max(l.inside(a), l.inside(b))
	if near < -rim {
		return
	}
	step, shadeStep := b.Minus(a).Times(1/float64(n)), (shadeB-shadeA)/float64(n)
	if l.ear == nil && min(l.inside(a), l.inside(b)) > 4 {
		l.paintInner(row, x0, n, a, step, shadeA, shadeStep)
		return
	}
	perMM := 1 / max(math.Hypot(d.X, d.Y), 1e-9)
	z, _ := l.relief.at(a)
	for i := range n {
		q := a.Plus(step.Times(float64(i)))
		cover := max(0, min(1, l.inside(q)*perMM+0.5))
		if cover < 1 {
			row.Dim(x0+i, l.shadow(q, z))
		}
		if cover > 0 {
			r, g, b, k := l.colour(q)
			row.Blend(x0+i, r, g, b, cover)
			row.Light[x0+i] = float32(cover*k*(shadeA+shadeStep*float64(i)))*row.Base[x0+i] + float32(1-cover)*row.Light[x0+i]
		}
	}
}

// shadow gives how much light is left beside the sheet, whose edge stands up by z.
func (l *leaf) shadow(q Point, z float64) float64 {
	sin, cos := math.Sincos(l.lamp)
	wide := 1.1 + 1.3*z
	q.X, q.Y = q.X+cos*wide*0.35, q.Y+sin*wide*0.35
	out := -l.inside(q)
	if out > wide {
		return 1
	}
	t := 1 - max(out, 0)/wide
	return 1 - 0.38*t*t
}

// colour gives what is at a place of the sheet, and how light it is there where a corner is folded over it.
func (l *leaf) colour(q Point) (r, g, b byte, light float64) {
	if l.ear != nil {
		if m := l.ear.opposite(q); min(m.X, l.w-m.X, m.Y, l.h-m.Y) > 0 {
			return 236, 236, 232, 0.96 // the back
		} else if m.X > -2 && m.X < l.w+2 && m.Y > -2 && m.Y < l.h+2 {
			r, g, b = l.sample(q)
			return r, g, b, 0.82 // the flap's shadow
		}
	}
	r, g, b = l.sample(q)
	return r, g, b, 1
}

// sample blends the four pixels of the picture around a place.
func (l *leaf) sample(q Point) (r, g, b byte) {
	w, h := l.picture.Rect.Dx(), l.picture.Rect.Dy()
	x := max(0, min(q.X*l.perMM-0.5, float64(w)-1.001))
	y := max(0, min(q.Y*l.perMM-0.5, float64(h)-1.001))
	var out [3]byte
	l.mix(out[:], int(x*65536), int(y*65536))
	return out[0], out[1], out[2]
}

// mix is sample for places in 65536ths of a pixel that lie within the picture.
func (l *leaf) mix(out []byte, u, v int) {
	o := (v>>16)*l.picture.Stride + (u>>16)*4
	p, q := l.picture.Pix[o:o+8:o+8], l.picture.Pix[o+l.picture.Stride:][:8:8]
	fx, fy := (u>>8)&255, (v>>8)&255
	for c := range 3 {
		above := int(p[c])<<8 + (int(p[c+4])-int(p[c]))*fx
		below := int(q[c])<<8 + (int(q[c+4])-int(q[c]))*fx
		out[c] = byte((above<<8 + (below-above)*fy + 1<<15) >> 16)
	}
}

func (l *leaf) paintInner(row *photo.Row, x0, n int, q, step Point, shade, shadeStep float64) {
	k := l.perMM * 65536
	u, v, du, dv := int(q.X*k)-1<<15, int(q.Y*k)-1<<15, int(step.X*k), int(step.Y*k)
	for i := x0; i < x0+n; i++ {
		l.mix(row.RGB[3*i:3*i+3], u, v)
		row.Light[i] = row.Base[i] * float32(shade)
		u, v, shade = u+du, v+dv, shade+shadeStep
	}
}
