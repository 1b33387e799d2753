package scene

import (
	"math"
	"math/rand/v2"
)

// relief is how a sheet that is not flat stands up from the desk, on a grid over the sheet.
type relief struct {
	step   float64 // millimetres between the points of the grid
	nx, ny int
	z      []float32 // millimetres
	shade  []float32 // light that falls there, flat is 1
}

// State is what happened to a sheet before it was laid down.
type State string

// The states.
const (
	Flat     State = "flat"
	Folded   State = "folded"   // into halves or thirds, and opened again
	Crumpled State = "crumpled" // into a ball, and smoothed
	Curled   State = "curled"   // off a roll
	Bound    State = "bound"    // two leaves that rise to a fold across the middle
)

// newRelief makes the shape of a sheet of w by h millimetres. The light comes from the direction lamp.
func newRelief(state State, w, h, lamp float64, rnd *rand.Rand) *relief {
	if state == Flat {
		return nil
	}
	const step = 2.0
	r := &relief{step: step, nx: int(w/step) + 3, ny: int(h/step) + 3}
	r.z, r.shade = make([]float32, r.nx*r.ny), make([]float32, r.nx*r.ny)
	rise := riseOf(state, w, h, rnd)
	for j := range r.ny {
		for i := range r.nx {
			r.z[j*r.nx+i] = float32(rise(float64(i-1)*step, float64(j-1)*step))
		}
	}
	r.light(lamp)
	return r
}

// riseOf gives the height of a sheet at a place of it, in millimetres.
func riseOf(state State, w, h float64, rnd *rand.Rand) func(x, y float64) float64 {
	switch state {
	case Folded:
		parts := 2 + rnd.IntN(2)
		high := 1.5 + 3*rnd.Float64()
		across := rnd.IntN(3) == 0 && h < 250
		return func(x, y float64) float64 {
			t := y / h
			if across {
				t = x / w
			}
			saw := math.Abs(math.Mod(t*float64(parts), 2) - 1) // down, up, down: a fold where it turns
			return high * saw
		}
	case Curled:
		high := 4 + 9*rnd.Float64()
		return func(_, y float64) float64 { t := 2*y/h - 1; return high * t * t }
	case Bound:
		high := 2.5 + 2.5*rnd.Float64()
		return func(_, y float64) float64 {
			t := math.Abs(y-h/2) / (h / 2)
			return high * math.Exp(-6*t) * min(1, 12*t+0.25)
		}
	}
	return crumpled(w, h, rnd)
}

// crumpled is the sum of many straight creases, each a ridge or a valley on both sides of a line.
func crumpled(w, h float64, rnd *rand.Rand) func(x, y float64) float64 {
	type crease struct{ nx, ny, at, high, wide float64 }
	creases := make([]crease, 26)
	for i := range creases {
		sin, cos := math.Sincos(rnd.Float64() * math.Pi)
		creases[i] = crease{cos, sin, cos*w*rnd.Float64() + sin*h*rnd.Float64(), 1.1 * rnd.NormFloat64(), 8 + 30*rnd.Float64()}
	}
	return func(x, y float64) float64 {
		z := 2.0
		for _, c := range creases {
			if d := math.Abs(x*c.nx+y*c.ny-c.at) / c.wide; d < 1 {
				z += c.high * (1 - d)
			}
		}
		return max(z, 0)
	}
}

// light reckons how a lamp from one side falls on the slopes.
func (r *relief) light(lamp float64) {
	sin, cos := math.Sincos(lamp)
	for j := range r.ny {
		for i := range r.nx {
			left, right := r.z[j*r.nx+max(i-1, 0)], r.z[j*r.nx+min(i+1, r.nx-1)]
			up, down := r.z[max(j-1, 0)*r.nx+i], r.z[min(j+1, r.ny-1)*r.nx+i]
			slope := (float64(right-left)*cos + float64(down-up)*sin) / (2 * r.step)
			r.shade[j*r.nx+i] = float32(max(0.45, min(1.25, 1-0.9*slope)))
		}
	}
}

// at gives height and shade at a place of the sheet; beyond its edges they go on as they end.
func (r *relief) at(p Point) (z, shade float64) {
	if r == nil {
		return 0, 1
	}
	x := max(0, min(p.X/r.step+1, float64(r.nx-1)-1e-6))
	y := max(0, min(p.Y/r.step+1, float64(r.ny-1)-1e-6))
	i, j := int(x), int(y)
	fx, fy := float32(x-float64(i)), float32(y-float64(j))
	mix := func(g []float32) float64 {
		a, b := g[j*r.nx+i:], g[(j+1)*r.nx+i:]
		return float64((a[0]*(1-fx)+a[1]*fx)*(1-fy) + (b[0]*(1-fx)+b[1]*fx)*fy)
	}
	return mix(r.z), mix(r.shade)
}
