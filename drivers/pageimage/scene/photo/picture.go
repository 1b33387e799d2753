package photo

import (
	"image"
	"math"
)

// Row is one row of pixels while it is painted.
type Row struct {
	RGB   []byte    // by daylight
	Base  []float32 // light that falls on what lies on top
	Light []float32 // light that is left of it, below shadows
	added []float32 // light that is reflected
}

// Blend lays a colour over a pixel.
func (r *Row) Blend(x int, red, green, blue byte, cover float64) {
	p := r.RGB[3*x : 3*x+3 : 3*x+3]
	k := int(cover * 256)
	p[0] = byte((int(p[0])*(256-k) + int(red)*k) >> 8)
	p[1] = byte((int(p[1])*(256-k) + int(green)*k) >> 8)
	p[2] = byte((int(p[2])*(256-k) + int(blue)*k) >> 8)
}

// Dim takes light from a pixel.
func (r *Row) Dim(x int, left float64) { r.Light[x] *= float32(left) }

// Layer is one of the things that lie on each other.
type Layer interface {
	// Hides tells whether nothing below it can be seen between two places on the desk that lie near to each other.
	Hides(p, q Point) bool
	// Paint draws it into n pixels of a row from x0 on. The desk is seen from p on, in steps of d.
	Paint(r *Row, x0, n int, p, d Point)
}

// block is how many pixels are taken for a straight line on the desk.
const block = 16

// Take takes the picture of layers, the lowest first.
func Take(c *Camera, layers []Layer, l *Lighting, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	w, h := int(c.width), int(c.height)
	img := image.NewYCbCr(image.Rect(0, 0, w, h), ratio)
	size := Point{c.width, c.height}
	falls := newField(w, h, func(p Point) float64 { return l.Falls(p, size) })
	added := newField(w, h, l.Added)
	develop := newDeveloper(l)
	r := &Row{make([]byte, 3*w), make([]float32, w), make([]float32, w), make([]float32, w)}
	for y := range h {
		falls.row(r.Base, y)
		copy(r.Light, r.Base)
		added.row(r.added, y)
		a := c.Desk(Point{0.5, float64(y) + 0.5})
		for x := 0; x < w; x += block {
			n := min(block, w-x)
			b := c.Desk(Point{float64(x+n) + 0.5, float64(y) + 0.5})
			lowest := len(layers) - 1
			for lowest > 0 && !layers[lowest].Hides(a, b) {
				lowest--
			}
			d := b.Minus(a).Times(1 / float64(n))
			for _, layer := range layers[lowest:] {
				layer.Paint(r, x, n, a, d)
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

func newDeveloper(l *Lighting) *developer {
	d := &developer{}
	exposure := Linear(l.White) / Linear(243)
	for c := range d.lit {
		for v := range d.lit[c] {
			d.lit[c][v] = float32(Linear(float64(v)) * exposure * l.Cast[c] * depth)
		}
	}
	for i := range d.tone {
		d.tone[i] = Level(255 * Encoded(float64(i)/depth))
	}
	return d
}

// Linear gives the light that a value of sRGB stands for (IEC 61966-2-1); no light is 0, most is 1.
func Linear(v float64) float64 {
	v /= 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// Encoded gives the value, 0 to 1, of sRGB that stands for a light.
func Encoded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// row writes a painted row into the planes of img.
func (d *developer) row(img *image.YCbCr, r *Row, y int) {
	luma := img.Y[y*img.YStride:]
	coarse := img.SubsampleRatio == image.YCbCrSubsampleRatio420
	o := img.COffset(0, y)
	var cb, cr int
	for x := range r.Light {
		light, added := r.Light[x], r.added[x]*depth
		red := int(d.tone[min(int(d.lit[0][r.RGB[3*x]]*light+added), depth)])
		green := int(d.tone[min(int(d.lit[1][r.RGB[3*x+1]]*light+added), depth)])
		blue := int(d.tone[min(int(d.lit[2][r.RGB[3*x+2]]*light+added), depth)])
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

// Level rounds to what a byte can hold.
func Level(v float64) byte { return byte(max(0, min(255, v+0.5))) }
