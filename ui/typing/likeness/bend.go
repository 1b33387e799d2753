package likeness

import (
	"math"
	"math/rand/v2"

	"yimen/ui/typing/shape"
)

// How far a drawing is bent, each a standard deviation. Nothing here was taken from the hands that the recogniser is
// examined with.
const (
	turned   = 0.056 // radians
	leaned   = 0.08  // tangent, of the plumb lines
	climbed  = 0.056 // tangent, of the level lines
	waved    = 0.028 // height of slow waves, in sides of the box
	swollen  = 0.20  // how much larger one half of the box gets than the other
	unsteady = 0.10  // radians, of each dot's direction
)

// bend moves the dots of a drawing as if another hand had written it: turned, leaning, wavy, one part larger.
func bend(dots []shape.Dot, chance *rand.Rand) []shape.Dot {
	about := func(deviation float64) float64 { return chance.NormFloat64() * deviation }
	angle, lean, climb := about(turned), about(leaned), about(climbed)
	cos, sin := math.Cos(angle), math.Sin(angle)
	waveX, waveY, rippleX, rippleY := about(waved), about(waved), about(waved), about(waved)
	rateX, rateY := 3+4*chance.Float64(), 3+4*chance.Float64()
	beginX, beginY := 6*chance.Float64(), 6*chance.Float64()
	swellX, swellY := about(swollen), about(swollen)
	move := func(x, y float64) (float64, float64) {
		u := x + swellX*x*(1-x) + lean*(y-0.5) + waveX*math.Sin(rateX*y+beginX) + rippleX*math.Sin(rateY*x+beginY)
		v := y + swellY*y*(1-y) + climb*(x-0.5) + waveY*math.Sin(rateY*x+beginX) + rippleY*math.Sin(rateX*y+beginY)
		return 0.5 + (u-0.5)*cos - (v-0.5)*sin, 0.5 + (u-0.5)*sin + (v-0.5)*cos
	}
	const near = 0.01
	out := make([]shape.Dot, len(dots))
	for i, d := range dots {
		x, y := move(d.X, d.Y)
		towardsX, towardsY := move(d.X+d.Cos*near, d.Y+d.Sin*near)
		way := math.Atan2(towardsY-y, towardsX-x) + about(unsteady)
		out[i] = shape.Dot{X: x, Y: y, Cos: math.Cos(way), Sin: math.Sin(way)}
	}
	return out
}
