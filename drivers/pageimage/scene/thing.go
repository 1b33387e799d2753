package scene

import (
	"image/color"
	"math"
	"math/rand/v2"

	"yimen/drivers/pageimage/scene/photo"
)

// thing is what lies on desk and papers, or holds them: a hand, a pen, a phone, a cup. Its shape is a union of round
// bars, and of one box with round corners.
type thing struct {
	bars   []bar
	box    *box
	middle Point // on the desk
	lamp   float64
	high   float64 // millimetres over the desk: how far its shadow falls
}

// bar is all that lies within r of the line from a to b.
type bar struct {
	a, b   Point
	r      float64
	colour color.RGBA
}

// box is a rectangle turned about the thing's middle.
type box struct {
	halfW, halfH, round, turn float64
	colour, screen            color.RGBA
}

// distance gives how far a place lies outside the thing, negative inside, and the colour there.
func (t *thing) distance(p Point) (float64, color.RGBA) {
	best, c := math.Inf(1), color.RGBA{}
	for _, b := range t.bars {
		ab, ap := b.b.Minus(b.a), p.Minus(b.a)
		k := max(0, min(1, (ab.X*ap.X+ab.Y*ap.Y)/max(ab.X*ab.X+ab.Y*ab.Y, 1e-9)))
		d := p.Distance(b.a.Plus(ab.Times(k))) - b.r
		if d < best || d < 0 { // a later bar lies on those before it
			round := 0.62 + 0.38*math.Sqrt(max(0, min(1, -d/b.r)))
			best, c = min(best, d), dimmed(b.colour, round)
		}
	}
	if b := t.box; b != nil {
		q := p.Minus(t.middle).Turned(-b.turn)
		x, y := math.Abs(q.X)-b.halfW+b.round, math.Abs(q.Y)-b.halfH+b.round
		if d := math.Hypot(max(x, 0), max(y, 0)) + min(max(x, y), 0) - b.round; d < best {
			best, c = d, b.colour
			if d < -4 {
				c = b.screen
			}
		}
	}
	return best, c
}

func dimmed(c color.RGBA, k float64) color.RGBA {
	return color.RGBA{photo.Level(float64(c.R) * k), photo.Level(float64(c.G) * k), photo.Level(float64(c.B) * k), 255}
}

func (t *thing) Hides(Point, Point) bool { return false }

func (t *thing) Paint(row *photo.Row, x0, n int, p, d Point) {
	step := max(math.Hypot(d.X, d.Y), 1e-9)
	if first, _ := t.distance(p); first > float64(n)*step+2*t.high {
		return // a distance changes by no more than the way gone
	}
	perMM := 1 / step
	sin, cos := math.Sincos(t.lamp)
	away := photo.At(cos*t.high*0.7, sin*t.high*0.7) // the lamp's side is lit, the other dark
	for i := range n {
		at := p.Plus(d.Times(float64(i)))
		d, c := t.distance(at)
		if d < 1/perMM {
			row.Blend(x0+i, c.R, c.G, c.B, max(0, min(1, 0.5-d*perMM)))
			continue
		}
		if s, _ := t.distance(at.Plus(away)); s < t.high {
			k := 1 - max(s, -t.high)/t.high
			row.Dim(x0+i, 1-0.11*k*k)
		}
	}
}

// skins are colours of hands.
var skins = []color.RGBA{{224, 178, 150, 255}, {204, 152, 120, 255}, {178, 124, 92, 255}, {236, 196, 172, 255}}

// newHand gives a hand that comes in the direction from, whose foremost finger ends at tip.
func newHand(tip Point, from, lamp float64, rnd *rand.Rand) *thing {
	skin := skins[rnd.IntN(len(skins))]
	nail := color.RGBA{photo.Level(float64(skin.R) + 14), photo.Level(float64(skin.G) + 8), photo.Level(float64(skin.B) + 14), 255}
	back := photo.At(math.Cos(from), math.Sin(from))
	side := photo.At(-back.Y, back.X)
	at := func(along, across float64) Point { return tip.Plus(back.Times(along)).Plus(side.Times(across)) }
	t := &thing{middle: at(80, 25), lamp: lamp, high: 9, bars: []bar{
		{at(140, 28), at(420, 40), 31, skin}, {at(105, 12), at(125, 44), 38, skin}, {at(60, -34), at(110, 2), 10.5, skin}}}
	for i, length := range []float64{0, -6, 2, 16} { // where each finger's end lies behind the first one's
		x := 19 * float64(i)
		r := 8.2 - 0.6*float64(i)
		t.bars = append(t.bars,
			bar{at(length+r, x), at(85, 6+0.75*x), r, skin},
			bar{at(length+r*0.9, x), at(length+r*1.5, x), r * 0.52, nail})
	}
	return t
}

// newClutter gives a pen, a phone, a cup or an eraser with its middle at p.
func newClutter(p Point, lamp float64, rnd *rand.Rand) *thing {
	t := &thing{middle: p, lamp: lamp, high: 6}
	turn := rnd.Float64() * 2 * math.Pi
	along := photo.At(math.Cos(turn), math.Sin(turn))
	paint := []color.RGBA{{30, 30, 34, 255}, {178, 30, 36, 255}, {28, 60, 150, 255}, {230, 200, 40, 255}, {236, 236, 236, 255}}
	c := paint[rnd.IntN(len(paint))]
	switch rnd.IntN(4) {
	case 0:
		t.bars = []bar{{p.Plus(along.Times(-66)), p.Plus(along.Times(56)), 4.6, c},
			{p.Plus(along.Times(56)), p.Plus(along.Times(69)), 2.2, color.RGBA{190, 190, 194, 255}}}
	case 1:
		t.box = &box{36, 74, 8, turn, color.RGBA{20, 20, 22, 255}, color.RGBA{38, 44, 58, 255}}
	case 2:
		t.bars = []bar{{p, p, 40, color.RGBA{240, 240, 238, 255}}, {p, p, 36, color.RGBA{96, 54, 26, 255}},
			{p.Plus(along.Times(42)), p.Plus(along.Times(60)), 6, color.RGBA{240, 240, 238, 255}}}
		t.high = 14
	default:
		t.box = &box{20, 9, 2, turn, color.RGBA{244, 244, 240, 255}, c}
	}
	return t
}
