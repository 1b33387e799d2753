package scene

import (
	"math"
	"math/rand/v2"

	"yimen/drivers/pageimage/scene/photo"
)

// newLighting gives the light of a hall: a lamp from one side, now and then a bulb or an old tube, and not always enough.
func newLighting(rnd *rand.Rand) photo.Lighting {
	l := photo.Lighting{Lamp: rnd.Float64() * 2 * math.Pi, Slope: 0.16 * rnd.Float64(), Vignette: 0.18 * rnd.Float64(),
		Cast: [3]float64{1, 1, 1}, White: 190 + 45*rnd.Float64()}
	switch rnd.IntN(6) {
	case 0:
		l.Cast = [3]float64{1.22, 1, 0.68} // a bulb
	case 1:
		l.Cast = [3]float64{0.86, 1, 1.12} // a window
	case 2:
		l.Cast = [3]float64{0.92, 1, 0.84} // an old tube
	}
	switch rnd.IntN(6) {
	case 0:
		l.Slope = 0.2 + 0.18*rnd.Float64()
	case 1:
		l.White = 120 + 50*rnd.Float64()
	}
	return l
}
