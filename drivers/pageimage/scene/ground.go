package scene

import (
	"image/color"
	"math"
	"math/rand/v2"

	"yimen/drivers/pageimage/scene/photo"
)

// Ground is what the papers lie on.
type Ground string

// The grounds.
const (
	WhiteDesk Ground = "white desk"
	DarkMat   Ground = "dark mat"
	Wood      Ground = "wood"
	Cloth     Ground = "patterned cloth"
)

// Grounds are all of them.
func Grounds() []Ground { return []Ground{WhiteDesk, DarkMat, Wood, Cloth} }

const (
	tileSide  = 1024 // samples; the tile is mirrored where it ends
	tilePerMM = 2.6
	grainSide = 512
	grainMM   = 11.0 // grains a millimetre
)

// ground is a surface: a coarse picture of it, and a fine grain that makes it lighter and darker.
type ground struct {
	tile  []byte // red, green, blue, unused
	grain []int8 // in 128ths
}

func newGround(kind Ground, rnd *rand.Rand) *ground {
	g := &ground{tile: make([]byte, 4*tileSide*tileSide), grain: make([]int8, grainSide*grainSide)}
	var look func(x, y float64) (r, g, b float64) // of a place in millimetres
	grain := 2.0
	long := 1 // how far a grain reaches along x
	switch kind {
	case DarkMat:
		look, grain = mat(rnd), 12
	case Wood:
		look, grain, long = wood(rnd), 6, 24
	case Cloth:
		look, grain, long = cloth(rnd), 14, 3
	default:
		look = desk(rnd)
	}
	for y := range tileSide {
		for x := range tileSide {
			r, gr, b := look(float64(x)/tilePerMM, float64(y)/tilePerMM)
			p := g.tile[4*(y*tileSide+x):][:4]
			p[0], p[1], p[2] = photo.Level(r), photo.Level(gr), photo.Level(b)
		}
	}
	v := 0.0
	for i := range g.grain {
		if i%long == 0 {
			v = rnd.NormFloat64() * grain
		}
		g.grain[i] = int8(max(-100, min(100, v)))
	}
	return g
}

// clouds gives smooth noise from -1 to 1 whose features are some millimetres wide and high.
func clouds(rnd *rand.Rand, wide, high float64) func(x, y float64) float64 {
	const n = 64
	values := make([]float64, n*n)
	for i := range values {
		values[i] = 2*rnd.Float64() - 1
	}
	at := func(i, j int) float64 { return values[(j&(n-1))*n+i&(n-1)] }
	return func(x, y float64) float64 {
		x, y = x/wide, y/high
		i, j := int(math.Floor(x)), int(math.Floor(y))
		fx, fy := x-float64(i), y-float64(j)
		fx, fy = fx*fx*(3-2*fx), fy*fy*(3-2*fy)
		return (at(i, j)*(1-fx)+at(i+1, j)*fx)*(1-fy) + (at(i, j+1)*(1-fx)+at(i+1, j+1)*fx)*fy
	}
}

// pick chooses one colour and shifts it a little.
func pick(rnd *rand.Rand, of ...color.RGBA) [3]float64 {
	c, d := of[rnd.IntN(len(of))], 8*rnd.NormFloat64()
	return [3]float64{float64(c.R) + d, float64(c.G) + d, float64(c.B) + d}
}

// desk is a laminated white table: nearly as light as paper, or as light.
func desk(rnd *rand.Rand) func(x, y float64) (r, g, b float64) {
	c := pick(rnd, color.RGBA{226, 226, 224, 255}, color.RGBA{234, 234, 236, 255}, color.RGBA{216, 214, 208, 255})
	broad, fine := clouds(rnd, 60, 60), clouds(rnd, 1.1, 1.1)
	return func(x, y float64) (float64, float64, float64) {
		d := 2*broad(x, y) + 1.2*fine(x, y)
		return c[0] + d, c[1] + d, c[2] + d
	}
}

// mat is dull and dark; some are cutting mats, with a grid of thin lines.
func mat(rnd *rand.Rand) func(x, y float64) (r, g, b float64) {
	c := pick(rnd, color.RGBA{40, 42, 46, 255}, color.RGBA{24, 26, 28, 255}, color.RGBA{28, 82, 66, 255}, color.RGBA{44, 56, 92, 255})
	lined := rnd.IntN(3) == 0
	broad := clouds(rnd, 40, 40)
	return func(x, y float64) (float64, float64, float64) {
		d := 3 * broad(x, y)
		if lined && (math.Mod(x, 10) < 0.45 || math.Mod(y, 10) < 0.45) {
			d += 70
		}
		return c[0] + d, c[1] + d, c[2] + d
	}
}

// wood has a grain that runs along x and gaps between its planks.
func wood(rnd *rand.Rand) func(x, y float64) (r, g, b float64) {
	c := pick(rnd, color.RGBA{150, 104, 66, 255}, color.RGBA{196, 158, 112, 255}, color.RGBA{92, 62, 44, 255}, color.RGBA{214, 186, 146, 255})
	plank := 60 + 80*rnd.Float64()
	wave, streak, fine := clouds(rnd, 160, 22), clouds(rnd, 90, 2.2), clouds(rnd, 30, 0.7)
	return func(x, y float64) (float64, float64, float64) {
		number := math.Floor(y / plank)
		ring := math.Sin((y+9*wave(x, y+37*number))*1.3 + 5*number)
		d := 12*ring + 13*streak(x+90*number, y) + 7*fine(x, y) + 9*math.Sin(2.4*number)
		if math.Mod(y, plank) < 0.7 {
			d -= 55
		}
		return c[0] + d, c[1] + 0.86*d, c[2] + 0.7*d
	}
}

// cloth is woven with checks, stripes or spots of another colour.
func cloth(rnd *rand.Rand) func(x, y float64) (r, g, b float64) {
	light := color.RGBA{232, 228, 220, 255}
	a := pick(rnd, light, light, color.RGBA{120, 150, 190, 255}, color.RGBA{206, 178, 150, 255})
	b := pick(rnd, color.RGBA{178, 44, 52, 255}, color.RGBA{46, 78, 140, 255}, color.RGBA{62, 120, 78, 255}, color.RGBA{222, 180, 60, 255})
	pitch, style := 8+26*rnd.Float64(), rnd.IntN(3)
	broad := clouds(rnd, 70, 50)
	return func(x, y float64) (float64, float64, float64) {
		t := 0.0
		wx, wy := math.Mod(x+2*broad(x, y)+500*pitch, pitch)/pitch, math.Mod(y+2*broad(y, x)+500*pitch, pitch)/pitch
		switch style {
		case 0: // checks
			if wx < 0.5 {
				t += 0.5
			}
			if wy < 0.5 {
				t += 0.5
			}
		case 1: // stripes
			if wx < 0.35 {
				t = 1
			}
		default: // flowers
			dx, dy := wx-0.5, wy-0.5
			if math.Hypot(dx, dy) < 0.2+0.09*math.Cos(5*math.Atan2(dy, dx)) {
				t = 1
			}
		}
		d := 7 * broad(x, y)
		return a[0]*(1-t) + b[0]*t + d, a[1]*(1-t) + b[1]*t + d, a[2]*(1-t) + b[2]*t + d
	}
}

// mirrored folds an index into the tile.
func mirrored(i int) int {
	i &= 2*tileSide - 1
	if i >= tileSide {
		i = 2*tileSide - 1 - i
	}
	return i
}

// Paint fills n pixels of a row from x0 on; the desk is seen from p on, in steps of d.
func (g *ground) Hides(Point, Point) bool { return true }

func (g *ground) Paint(row *photo.Row, x0, n int, p, d Point) {
	const half = 1 << 15
	const off = tileSide / tilePerMM / 2 // the tile's middle is the desk's, so that its ends are hardly ever seen
	p.X, p.Y = p.X+off, p.Y+off
	u, v := int(p.X*tilePerMM*65536), int(p.Y*tilePerMM*65536)
	du, dv := int(d.X*tilePerMM*65536), int(d.Y*tilePerMM*65536)
	gu, gv := int(p.X*grainMM*65536), int(p.Y*grainMM*65536)
	gdu, gdv := int(d.X*grainMM*65536), int(d.Y*grainMM*65536)
	for i := x0; i < x0+n; i++ {
		a, b := mirrored(u>>16), mirrored(u>>16+1)
		top, low := mirrored(v>>16)*tileSide, mirrored(v>>16+1)*tileSide
		fx, fy := (u>>8)&255, (v>>8)&255
		p00, p01 := g.tile[4*(top+a):][:3:3], g.tile[4*(top+b):][:3:3]
		p10, p11 := g.tile[4*(low+a):][:3:3], g.tile[4*(low+b):][:3:3]
		k := 128 + int(g.grain[(gv>>16&(grainSide-1))*grainSide+gu>>16&(grainSide-1)])
		o := row.RGB[3*i : 3*i+3 : 3*i+3]
		for c := range o {
			above := int(p00[c])<<8 + (int(p01[c])-int(p00[c]))*fx
			below := int(p10[c])<<8 + (int(p11[c])-int(p10[c]))*fx
			o[c] = byte(min((above<<8+(below-above)*fy+half)>>16*k>>7, 255))
		}
		u, v, gu, gv = u+du, v+dv, gu+gdu, gv+gdv
	}
}
