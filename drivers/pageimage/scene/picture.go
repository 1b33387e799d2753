package scene

import (
	"image"
	"math"
)

// row is one row of pixels while it is painted.
type row struct {
	rgb   []byte    // by daylight
	base  []float32 // light that falls on what lies on top
	light []float32 // light that is left of it, below shadows
	added []float32 // light that is reflected
}

// blend lays a colour over a pixel.
func (r *row) blend(x int, red, green, blue byte, cover float64) {
	p := r.rgb[3*x : 3*x+3 : 3*x+3]
	k := int(cover * 256)
	p[0] = byte((int(p[0])*(256-k) + int(red)*k) >> 8)
	p[1] = byte((int(p[1])*(256-k) + int(green)*k) >> 8)
	p[2] = byte((int(p[2])*(256-k) + int(blue)*k) >> 8)
}

// dim takes light from a pixel.
func (r *row) dim(x int, left float64) { r.light[x] *= float32(left) }

// layer is one of the things that lie on each other.
type layer interface {
	// hides tells whether nothing below it can be seen between two places on the desk that lie near to each other.
	hides(p, q point) bool
	// paint draws it into n pixels of a row from x0 on. The desk is seen from p on, in steps of d.
	paint(r *row, x0, n int, p, d point)
}

// block is how many pixels are taken for a straight line on the desk.
const block = 16

// photograph takes the picture of layers, the lowest first.
func photograph(c *camera, layers []layer, l *lighting, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	w, h := int(c.width), int(c.height)
	img := image.NewYCbCr(image.Rect(0, 0, w, h), ratio)
	size := point{c.width, c.height}
	falls := newField(w, h, func(p point) float64 { return l.falls(p, size) })
	added := newField(w, h, l.added)
	develop := newDeveloper(l)
	r := &row{make([]byte, 3*w), make([]float32, w), make([]float32, w), make([]float32, w)}
	for y := range h {
		falls.row(r.base, y)
		copy(r.light, r.base)
		added.row(r.added, y)
		a := c.desk(point{0.5, float64(y) + 0.5})
		for x := 0; x < w; x += block {
			n := min(block, w-x)
			b := c.desk(point{float64(x+n) + 0.5, float64(y) + 0.5})
			lowest := len(layers) - 1
			for lowest > 0 && !layers[lowest].hides(a, b) {
				lowest--
			}
			d := b.minus(a).times(1 / float64(n))
			for _, layer := range layers[lowest:] {
				layer.paint(r, x, n, a, d)
			}
			a = b
		}
		develop.row(img, r, y)
	}
	return img
}

// depth is the largest amount of light that a developer tells apart; more is white.
const depth = 1<<14 - 1

// developer turns light into the values of a JPEG, through the curve of sRGB.
type developer struct {
	lit  [3][256]float32 // colours by daylight as light, for each component, under this lamp
	tone [depth + 1]byte
}

func newDeveloper(l *lighting) *developer {
	d := &developer{}
	exposure := linear(l.white) / linear(243)
	for c := range d.lit {
		for v := range d.lit[c] {
			d.lit[c][v] = float32(linear(float64(v)) * exposure * l.cast[c] * depth)
		}
	}
	for i := range d.tone {
		d.tone[i] = level(255 * encoded(float64(i)/depth))
	}
	return d
}

// linear gives the light that a value of sRGB stands for (IEC 61966-2-1), and encoded the way back, 0 to 1.
func linear(v float64) float64 {
	v /= 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func encoded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// row writes a painted row into the planes of img.
func (d *developer) row(img *image.YCbCr, r *row, y int) {
	luma := img.Y[y*img.YStride:]
	coarse := img.SubsampleRatio == image.YCbCrSubsampleRatio420
	o := img.COffset(0, y)
	var cb, cr int
	for x := range r.light {
		light, added := r.light[x], r.added[x]*depth
		red := int(d.tone[min(int(d.lit[0][r.rgb[3*x]]*light+added), depth)])
		green := int(d.tone[min(int(d.lit[1][r.rgb[3*x+1]]*light+added), depth)])
		blue := int(d.tone[min(int(d.lit[2][r.rgb[3*x+2]]*light+added), depth)])
		luma[x] = byte((19595*red + 38470*green + 7471*blue + 1<<15) >> 16)
		if coarse && y%2 == 1 {
			continue
		}
		cb += -11059*red - 21709*green + 32768*blue
		cr += 32768*red - 27439*green - 5329*blue
		if x%2 == 1 {
			img.Cb[o+x/2] = byte(min(max((cb>>1+128<<16+1<<15)>>16, 0), 255))
			img.Cr[o+x/2] = byte(min(max((cr>>1+128<<16+1<<15)>>16, 0), 255))
			cb, cr = 0, 0
		}
	}
}
