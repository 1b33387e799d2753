package scene

import (
	"math"

	"yimen/drivers/pageimage/scene/paper"
	"yimen/drivers/pageimage/scene/photo"
)

// trouble does to a scene what was ordered.
func (st *stage) trouble() {
	switch st.order.Trouble {
	case Nothing:
		st.harmless()
	case Outside:
		st.pushOut()
	case Corner:
		st.coverCorner()
	case DogEar:
		st.foldCorner()
	case Finger:
		st.holdEdge()
	case Focus:
		st.defocus = st.between(0.26, 0.7) * st.perMM
	case Motion:
		st.dragged()
	case Glare:
		st.reflect(st.between(14, 40))
	case Dark:
		st.light.White = st.between(28, 62)
		st.noise = st.between(3, 7)
	case Shadow:
		st.castShadow(st.between(0.05, 0.14))
	case Two:
		st.secondPage()
	case NoPage:
		st.page = nil
	}
}

// harmless does what must not matter: a lens a little out of focus, a light shadow, a reflection beside the page.
func (st *stage) harmless() {
	if st.rnd.IntN(4) == 0 {
		st.defocus = st.between(0.03, 0.07) * st.perMM
	}
	switch st.rnd.IntN(6) {
	case 0:
		if st.light.Slope < 0.2 {
			st.castShadow(st.between(0.62, 0.85))
		}
	case 1:
		for range 30 {
			g := st.lampAt(st.somewhere(), st.between(10, 25))
			if st.lost(g) == 0 {
				st.light.Glare = g
				return
			}
		}
	}
}

// pushOut moves the page until one of its corners lies outside the frame.
func (st *stage) pushOut() {
	i := st.rnd.IntN(4)
	out := st.between(5, 40) * st.perMM
	for range 400 {
		c := st.corners(st.page)
		if st.within(c[i]) < -out {
			return
		}
		// away from the frame's middle, along the axis on which less is left
		x, y := c[i].X-st.size().X/2, c[i].Y-st.size().Y/2
		if math.Abs(x)/st.size().X > math.Abs(y)/st.size().Y {
			st.page.middle.X += math.Copysign(1, x)
		} else {
			st.page.middle.Y += math.Copysign(1, y)
		}
	}
}

// coverCorner lays a hand or a thing over one of the page's corners.
func (st *stage) coverCorner() {
	l := st.page
	i := st.rnd.IntN(4)
	q := l.whole()[i]
	corner := l.desk(q)
	inward := l.desk(photo.At(l.w/2, l.h/2)).Minus(corner)
	unit := inward.Times(1 / math.Hypot(inward.X, inward.Y))
	if st.rnd.IntN(2) == 0 {
		tip := corner.Plus(unit.Times(st.between(12, 24)))
		st.things = append(st.things, newHand(tip, math.Atan2(-inward.Y, -inward.X), l.lamp, st.rnd))
		return
	}
	for {
		t := newClutter(corner.Plus(unit.Times(st.between(-4, 8))), l.lamp, st.rnd)
		d, _ := t.distance(corner)
		in, _ := t.distance(corner.Plus(unit.Times(4)))
		if d < -2 && in < -1 {
			st.things = append(st.things, t)
			return
		}
	}
}

// foldCorner folds one of the page's corners over.
func (st *stage) foldCorner() {
	l := st.page
	leg := st.between(0.12, 0.3) * min(l.w, l.h)
	other := leg * st.between(0.7, 1.4)
	n := math.Hypot(leg, other)
	e := ear{other / n, leg / n, leg * other / n} // x/leg + y/other > 1, about the top left
	switch st.rnd.IntN(4) {
	case 1:
		e = ear{-e.nx, e.ny, e.c - e.nx*l.w}
	case 2:
		e = ear{-e.nx, -e.ny, e.c - e.nx*l.w - e.ny*l.h}
	case 3:
		e = ear{e.nx, -e.ny, e.c - e.ny*l.h}
	}
	l.ear = &e
}

// holdEdge lays a finger over an edge of the page, away from its corners.
func (st *stage) holdEdge() {
	l := st.page
	t := st.between(0.3, 0.7)
	i := st.rnd.IntN(4)
	edge := [4]Point{photo.At(l.w*t, 0), photo.At(l.w, l.h*t), photo.At(l.w*t, l.h), photo.At(0, l.h*t)}[i]
	inward := photo.At(0, 1).Turned(float64(i) * math.Pi / 2)
	tip := l.desk(edge.Plus(inward.Times(st.between(8, 18))))
	from := inward.Times(-1).Turned(l.turn + st.between(-0.3, 0.3))
	st.things = append(st.things, newHand(tip, math.Atan2(from.Y, from.X), l.lamp, st.rnd))
}

func (st *stage) dragged() {
	way := [4][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}}[st.rnd.IntN(4)]
	st.drag.dx, st.drag.dy = way[0], way[1]
	if way[1] < 0 {
		st.drag.dx, st.drag.dy = -way[0], 1
	}
	sigma := st.between(0.26, 0.6) * st.perMM / math.Hypot(float64(way[0]), float64(way[1]))
	st.drag.half = int(math.Ceil((math.Sqrt(12*sigma*sigma+1) - 1) / 2))
}

// lampAt gives a lamp's reflection at a place of the desk, about so many millimetres wide.
func (st *stage) lampAt(p Point, mm float64) *photo.Glare {
	return &photo.Glare{Middle: st.camera.Frame(p), Wide: mm * st.perMM, High: mm * st.perMM * st.between(0.35, 1),
		Turn: st.rnd.Float64() * math.Pi, Strength: st.between(1.1, 2.4)}
}

// reflect puts a lamp's reflection on the page, so large that more is lost than may be.
func (st *stage) reflect(mm float64) {
	for {
		q := photo.At(st.between(0.12, 0.88)*st.page.w, st.between(0.12, 0.88)*st.page.h)
		st.light.Glare = st.lampAt(st.page.desk(q), mm)
		if st.lost(st.light.Glare) > 1.5*LeastGlare {
			return
		}
		mm *= 1.1
	}
}

// castShadow lets someone stand before the lamp, so that so much light is left on a part of the page.
func (st *stage) castShadow(left float64) {
	q := photo.At(st.between(0.25, 0.75)*st.page.w, st.between(0.25, 0.75)*st.page.h)
	st.light.Shadow = &photo.Shadow{Middle: st.camera.Frame(st.page.desk(q)), Wide: st.between(25, 60) * st.perMM,
		Turn: st.rnd.Float64() * 2 * math.Pi, Soft: st.between(5, 40) * st.perMM, Left: left}
}

// secondPage lays another sheet beside the page.
func (st *stage) secondPage() {
	for try := range 500 {
		kinds := []paper.Kind{paper.A5, paper.Receipt, paper.Card, paper.Thermal}
		st.secondKind = kinds[st.rnd.IntN(len(kinds))]
		w, h := st.secondKind.Size()
		l := &leaf{w: w, h: h, turn: st.rnd.Float64() * 2 * math.Pi, camera: &st.camera, lamp: st.light.Lamp, middle: st.somewhere()}
		if st.margin(l) > 4*st.perMM && st.apart(l) {
			st.second = l
			return
		}
		if try%20 == 19 { // no room: see more of the desk
			st.perMM *= 0.95
			st.camera.Zoom(0.95)
		}
	}
}

// apart tells whether a sheet lies beside the page.
func (st *stage) apart(l *leaf) bool {
	for _, p := range l.outline(5) {
		if st.page.inside(st.page.own(p)) > -5 {
			return false
		}
	}
	for _, p := range st.page.outline(5) {
		if l.inside(l.own(p)) > -5 {
			return false
		}
	}
	return true
}
