package photo

import (
	"image"
	"math"
	"math/rand/v2"
)

// plane is one component of a picture.
type plane struct {
	pix           []byte
	stride        int
	width, height int
	across, down  int // pixels of the picture to a sample
}

// Soften is the lens at its best. It gives the standard deviation of what it did, in pixels.
func Soften(img *image.YCbCr) float64 {
	for _, p := range planesOf(img) {
		p.soften()
	}
	return math.Sqrt(0.5)
}

func planesOf(img *image.YCbCr) [3]plane {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	down := 1
	if img.SubsampleRatio == image.YCbCrSubsampleRatio420 {
		down = 2
	}
	return [3]plane{{img.Y, img.YStride, w, h, 1, 1},
		{img.Cb, img.CStride, w / 2, h / down, 2, down}, {img.Cr, img.CStride, w / 2, h / down, 2, down}}
}

// soften has every sample take a quarter from both neighbours, along rows and along columns.
// Its standard deviation is the root of one half, in pixels.
func (p *plane) soften() {
	above, here := make([]byte, p.width), make([]byte, p.width)
	for y := range p.height {
		row := p.pix[y*p.stride:][:p.width]
		last := row[0]
		for x := range row[:p.width-1] {
			v := row[x]
			row[x] = byte((int(last) + 2*int(v) + int(row[x+1]) + 2) >> 2)
			last = v
		}
	}
	copy(above, p.pix)
	for y := range p.height - 1 {
		row, below := p.pix[y*p.stride:][:p.width], p.pix[(y+1)*p.stride:][:p.width]
		copy(here, row)
		for x, v := range here {
			row[x] = byte((int(above[x]) + 2*int(v) + int(below[x]) + 2) >> 2)
		}
		above, here = here, above
	}
}

// boxes gives the radii of three means whose variances add up to nearly that of a Gaussian of sigma samples.
func boxes(sigma float64) (radii [3]int, reached float64) {
	rest := sigma * sigma
	sum := 0.0
	for i := range radii {
		share := rest / float64(3-i)
		r := int(math.Round((math.Sqrt(12*share+1) - 1) / 2)) // a mean of 2r+1 has a variance of ((2r+1)²-1)/12
		got := float64(4*r*r+4*r) / 12
		radii[i], rest, sum = r, max(rest-got, 0), sum+got
	}
	return radii, math.Sqrt(sum)
}

// Defocus blurs a picture by about sigma pixels and gives by how many it did.
func Defocus(img *image.YCbCr, sigma float64) float64 {
	_, reached := boxes(sigma)
	for _, p := range planesOf(img) {
		across, _ := boxes(sigma / float64(p.across))
		down, _ := boxes(sigma / float64(p.down))
		for i := range across {
			p.meanAcross(across[i])
			p.meanDown(down[i])
		}
	}
	return reached
}

func (p *plane) meanAcross(r int) {
	if r == 0 {
		return
	}
	src := make([]byte, p.width+2*r+1)
	scale := (1<<16 + r) / (2*r + 1)
	for y := range p.height {
		row := p.pix[y*p.stride:][:p.width]
		for i := range src {
			src[i] = row[min(max(i-r, 0), p.width-1)]
		}
		sum := 0
		for _, v := range src[:2*r] {
			sum += int(v)
		}
		for x := range row {
			sum += int(src[x+2*r])
			row[x] = byte(min((sum*scale+1<<15)>>16, 255))
			sum -= int(src[x])
		}
	}
}

func (p *plane) meanDown(r int) {
	if r == 0 {
		return
	}
	src := append([]byte(nil), p.pix...)
	at := func(y int) []byte { return src[min(max(y, 0), p.height-1)*p.stride:][:p.width] }
	sums := make([]int32, p.width)
	for y := -r; y < r; y++ {
		for x, v := range at(y) {
			sums[x] += int32(v)
		}
	}
	scale := int64((1<<16 + r) / (2*r + 1))
	for y := range p.height {
		row, in, out := p.pix[y*p.stride:][:p.width], at(y+r), at(y-r)
		for x := range row {
			sum := sums[x] + int32(in[x])
			row[x] = byte(min((int64(sum)*scale+1<<15)>>16, 255))
			sums[x] = sum - int32(out[x])
		}
	}
}

// Drag blurs a picture by a movement of 2·half+1 pixels along (dx, dy), each 0, 1 or -1, as long as the shutter was
// open. The standard deviation along the movement is that of an even spread over its length.
func Drag(img *image.YCbCr, dx, dy, half int) (sigma float64) {
	for _, p := range planesOf(img) {
		switch {
		case p.across == p.down:
			p.mean(dx, dy, half/p.across)
		case dx == 0:
			p.mean(0, dy, half)
		default:
			p.mean(dx, 2*dy, half/2)
		}
	}
	n := float64(2*half + 1)
	return math.Hypot(float64(dx), float64(dy)) * math.Sqrt((n*n-1)/12)
}

func (p *plane) mean(dx, dy, half int) {
	src := append([]byte(nil), p.pix...)
	sums := make([]int32, p.width)
	scale := int64((1 << 16) / (2*half + 1))
	for y := range p.height {
		clear(sums)
		for i := -half; i <= half; i++ {
			from := src[min(max(y+i*dy, 0), p.height-1)*p.stride:][:p.width]
			shift := i * dx
			for x := range sums {
				sums[x] += int32(from[min(max(x+shift, 0), p.width-1)])
			}
		}
		for x, s := range sums {
			p.pix[y*p.stride+x] = byte(min((int64(s)*scale+1<<15)>>16, 255))
		}
	}
}

// AddNoise adds what a sensor does of itself: dark places are noisy by dark levels, light ones by bright.
func AddNoise(img *image.YCbCr, dark, bright float64, rnd *rand.Rand) {
	const n = 1 << 15
	table := make([]int16, n)
	for i := range table {
		table[i] = int16(rnd.NormFloat64() * 256)
	}
	var spread [256]int
	for v := range spread {
		t := float64(v) / 255
		spread[v] = int(256 * math.Sqrt(dark*dark*(1-t)+bright*bright*t))
	}
	for i, p := range planesOf(img) {
		for y := range p.height {
			row := p.pix[y*p.stride:][:p.width]
			o, odd := rnd.IntN(n), 2*rnd.IntN(40)+1
			for x, v := range row {
				k := spread[v]
				if i > 0 {
					k = spread[0] / 2
				}
				o = (o + odd) & (n - 1)
				row[x] = byte(min(max(int(v)+(int(table[o])*k+1<<15)>>16, 0), 255))
			}
		}
	}
}
