package scene

import (
	"image"
	"math"
	"math/rand/v2"

	"yimen/drivers/pageimage/scene/paper"
	"yimen/drivers/pageimage/scene/photo"
)

// stage is a scene before its picture is taken.
type stage struct {
	order  Order
	rnd    *rand.Rand
	camera photo.Camera
	perMM  float64 // pixels of the frame to a millimetre of the desk in the middle
	light  photo.Lighting
	noise  float64 // standard deviation in dark places, in levels

	page       *leaf // nil where there is none
	second     *leaf // nil where there is none
	secondKind paper.Kind
	things     []*thing

	defocus float64 // pixels
	drag    struct{ dx, dy, half int }
}

func arrange(o Order) *stage {
	st := &stage{order: o, rnd: rand.New(rand.NewPCG(o.Seed, 0x57a6e))}
	st.light = newLighting(st.rnd)
	st.noise = 1.2 + 1.6*st.rnd.Float64()
	if st.light.White < 180 {
		st.noise *= 1.7 // a camera makes up for missing light
	}
	st.place()
	st.clutter()
	st.trouble()
	st.expose()
	return st
}

// between gives a number from a to b.
func (st *stage) between(a, b float64) float64 { return a + (b-a)*st.rnd.Float64() }

func (st *stage) size() Point { return photo.At(float64(st.order.Size.X), float64(st.order.Size.Y)) }

// place hangs the camera so high that it sees a little more than an A4 page lying across, and lays the page down
// somewhere in its view.
func (st *stage) place() {
	size := st.size()
	perMM := st.between(0.88, 0.97) * min(size.X/297, size.Y/210)
	if st.order.Trouble == Coarse {
		perMM *= st.between(0.42, 0.6)
	}
	tilt := 2.5
	if st.rnd.IntN(4) == 0 {
		tilt = 8
	}
	above := st.between(360, 460)
	tiltX, tiltY := st.between(-tilt, tilt)*math.Pi/180, st.between(-tilt, tilt)*math.Pi/180
	bend := st.between(-0.012, 0.012)
	w, h := st.order.Paper.Size()
	turn := st.turning()
	relief := newRelief(st.order.State, w, h, st.light.Lamp-turn, st.rnd)
	across := math.Abs(w*math.Cos(turn)) + math.Abs(h*math.Sin(turn))
	down := math.Abs(w*math.Sin(turn)) + math.Abs(h*math.Cos(turn))
	for try := 1; ; try++ {
		st.perMM = perMM
		st.camera = photo.NewCamera(st.order.Size.X, st.order.Size.Y, perMM, above, tiltX, tiltY, bend)
		room := photo.At(max(size.X/perMM-across-8, 0), max(size.Y/perMM-down-8, 0))
		st.page = &leaf{w: w, h: h, turn: turn, relief: relief, camera: &st.camera, lamp: st.light.Lamp,
			middle: photo.At(st.between(-0.5, 0.5)*room.X, st.between(-0.5, 0.5)*room.Y)}
		if st.margin(st.page) > 0.008*size.X {
			break
		}
		if try%8 == 0 {
			perMM *= 0.985
		}
	}
	st.edges()
	if st.order.Nudged != 0 {
		st.page.middle = st.page.middle.Plus(photo.At(st.order.Nudged, 0).Turned(2 * turn))
	}
}

// turning gives how the page is turned: A4 lies across nearly always, or a camera of 8 megapixels sees too little of it.
func (st *stage) turning() float64 {
	quarter := st.rnd.IntN(4)
	if w, _ := st.order.Paper.Size(); w == 210 && quarter%2 == 0 && st.rnd.IntN(6) > 0 {
		quarter++
	}
	slant := 1.6 * st.rnd.NormFloat64()
	if st.rnd.IntN(8) == 0 {
		slant = st.between(-14, 14)
	}
	return float64(quarter)*math.Pi/2 + slant*math.Pi/180
}

// edges gives the page the edges of its kind.
func (st *stage) edges() {
	switch st.order.Paper {
	case paper.Card:
		st.page.round = 3.18 // ISO/IEC 7810
	case paper.Receipt, paper.Thermal:
		for range 140 {
			st.page.torn = append(st.page.torn, 0.55*st.rnd.Float64())
		}
	}
}

// corners gives where a sheet's corners are seen, clockwise from its own top left.
func (st *stage) corners(l *leaf) [4]Point {
	var out [4]Point
	for i, q := range l.whole() {
		out[i] = st.camera.Frame(l.desk(q))
	}
	return out
}

// margin gives how far inside the frame the outermost corner of a sheet lies, in pixels; negative is outside.
func (st *stage) margin(l *leaf) float64 {
	least := math.Inf(1)
	for _, c := range st.corners(l) {
		least = min(least, st.within(c))
	}
	return least
}

func (st *stage) within(p Point) float64 {
	size := st.size()
	return min(p.X, p.Y, size.X-p.X, size.Y-p.Y)
}

// free tells whether a thing keeps some millimetres away from the page, whose outline is given.
func (st *stage) free(t *thing, outline []Point, away float64) bool {
	if st.page.inside(st.page.own(t.middle)) > 0 {
		return false
	}
	for _, p := range outline {
		if d, _ := t.distance(p); d < away {
			return false
		}
	}
	return true
}

// outline gives places on the desk along a sheet's edges, step millimetres apart.
func (l *leaf) outline(step float64) []Point {
	var out []Point
	for i, a := range l.whole() {
		b := l.whole()[(i+1)%4]
		n := math.Ceil(a.Distance(b) / step)
		for k := range int(n) {
			out = append(out, l.desk(a.Plus(b.Minus(a).Times(float64(k)/n))))
		}
	}
	return out
}

// somewhere gives a place on the desk within the view.
func (st *stage) somewhere() Point {
	size := st.size()
	return st.camera.Desk(photo.At(st.between(0, 1)*size.X, st.between(0, 1)*size.Y))
}

// clutter lays things beside the page, in some scenes, and now and then a hand that keeps away from it.
func (st *stage) clutter() {
	outline := st.page.outline(4)
	for range st.rnd.IntN(5) - 1 {
		for range 30 {
			if t := newClutter(st.somewhere(), st.light.Lamp, st.rnd); st.free(t, outline, 4) {
				st.things = append(st.things, t)
				break
			}
		}
	}
	if st.rnd.IntN(8) == 0 {
		for range 30 {
			if t := newHand(st.somewhere(), st.between(0.2, 2.9), st.light.Lamp, st.rnd); st.free(t, outline, 5) {
				st.things = append(st.things, t)
				break
			}
		}
	}
}

// expose sets the camera's exposure so that the lightest place of the page is as light as it was ordered.
func (st *stage) expose() {
	most := 0.0
	if st.page != nil {
		for _, p := range st.page.outline(10) {
			at := st.camera.Frame(p)
			_, shade := st.page.seen(p)
			most = max(most, st.light.Falls(at, st.size())*max(1, shade))
		}
	} else {
		most = 1 + st.light.Slope
	}
	most *= max(st.light.Cast[0], st.light.Cast[1], st.light.Cast[2])
	st.light.White = 255 * photo.Encoded(photo.Linear(st.light.White)/most)
}

// layers gives what lies on each other, the lowest first.
func (st *stage) layers() []photo.Layer {
	out := []photo.Layer{newGround(st.order.Ground, rand.New(rand.NewPCG(st.order.Seed, 0x9e0d)))}
	if st.second != nil {
		out = append(out, st.second)
	}
	if st.page != nil {
		out = append(out, st.page)
	}
	for _, t := range st.things {
		out = append(out, t)
	}
	return out
}

// leaves gives the sheets, the page first.
func (st *stage) leaves() []*leaf {
	var out []*leaf
	if st.page != nil {
		out = append(out, st.page)
	}
	if st.second != nil {
		out = append(out, st.second)
	}
	return out
}

// blur takes the sharpness from a picture and gives the standard deviation of what it did, in pixels.
func (st *stage) blur(img *image.YCbCr) float64 {
	lens := photo.Soften(img)
	const drawing = 0.14 // the variance of taking a page from its picture
	sum := lens*lens + drawing
	if st.defocus > 0 {
		s := photo.Defocus(img, st.defocus)
		sum += s * s
	}
	if d := st.drag; d.half > 0 {
		s := photo.Drag(img, d.dx, d.dy, d.half)
		sum += s * s
	}
	return math.Sqrt(sum)
}
