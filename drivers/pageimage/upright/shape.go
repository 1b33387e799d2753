package upright

import "math"

const (
	raster = 18 // places of a side that a character is brought to
	blocks = 6  // of these together, each way, are one block of traits
	ways   = 4  // in which a stroke's edge may run
	count  = blocks * blocks * (ways + 1)
)

// traits are where in its square a character is dark, and which way its strokes run there.
type traits [count]float64

// shape takes the traits of what stands in a square, which may reach beyond the page's side.
func (k ink) shape(s square) traits {
	var g [raster][raster]float64
	per := s.side / raster
	for j := range raster {
		for i := range raster {
			g[j][i] = k.darkness(s.x+float64(i)*per, s.y+float64(j)*per, per)
		}
	}
	var t traits
	at := func(j, i int) float64 { return g[min(max(j, 0), raster-1)][min(max(i, 0), raster-1)] }
	norm := 1e-9
	for j := range raster {
		for i := range raster {
			dx, dy := at(j, i+1)-at(j, i-1), at(j+1, i)-at(j-1, i)
			block := (j*blocks/raster*blocks + i*blocks/raster) * (ways + 1)
			strength := math.Hypot(dx, dy)
			t[block+way(dx, dy)] += strength
			t[block+ways] += at(j, i)
			norm += strength
		}
	}
	for i := range t {
		t[i] /= norm
	}
	return t
}

// way is which of the ways, an eighth of a turn from each other, is next to that of a slope.
func way(dx, dy float64) int {
	const eighth = math.Sqrt2 - 1 // the tangent of half an eighth of a turn
	x, y := math.Abs(dx), math.Abs(dy)
	switch {
	case y < eighth*x || x == 0 && y == 0:
		return 0
	case x < eighth*y:
		return 2
	case (dx > 0) == (dy > 0):
		return 1
	}
	return 3
}

// darkness is how dark a square of the page is, 0 to 1. Pixels count by how much of them lies in it.
func (k ink) darkness(x, y, side float64) float64 {
	sum := 0.0
	for j := max(int(y), 0); j < k.height && float64(j) < y+side; j++ {
		high := min(float64(j+1), y+side) - max(float64(j), y)
		for i := max(int(x), 0); i < k.width && float64(i) < x+side; i++ {
			sum += high * (min(float64(i+1), x+side) - max(float64(i), x)) * float64(k.dark[j*k.width+i])
		}
	}
	return sum / (255 * side * side)
}

// differ gives by how much the upper half of a character differs from the lower half turned upside down: a block and its
// opposite change places, and strokes run as before.
func (t *traits) differ() (d [count / 2]float64) {
	const each = ways + 1
	for i := range d {
		d[i] = t[i] - t[(blocks*blocks-1-i/each)*each+i%each]
	}
	return d
}

// stands gives what speaks for a character standing as it is, and not upside down: log-odds.
func (t *traits) stands() float64 {
	sum := 0.0
	for i, d := range t.differ() {
		sum += weights[i] * d
	}
	return sum
}
