// Package portrait draws faces that nobody has, for a face camera that exists only in tests: an oval with hair, brows, eyes,
// a nose and a mouth, lit from one side. They are lifelike enough to be found where faces are looked for, and nobody can be
// recognised in them.
package portrait

import (
	"image"
	"math"
)

// Face is one face in a picture. Lengths and places are in pixels, angles in degrees.
type Face struct {
	X, Y  float64 // middle between the eyes
	Size  float64 // from the crown to the chin
	Roll  float64 // head laid to its right shoulder, 0 upright
	Turn  float64 // looking to the picture's right, -1 to 1; 0 into the camera
	Skin  float64 // luma of the lit skin, 0 to 255; 190 when 0
	Shade float64 // how much darker its left side is, 0 to 1
	Tone  uint8   // tells one face from another: it moves the features a little
	Lids  bool    // eyes are closed
}

// Scene is a picture to draw.
type Scene struct {
	Width, Height int
	Wall          float64 // luma behind the faces, 0 to 255; 110 when 0
	Light         float64 // factor on the whole; 1 when 0
	Blur          float64 // standard deviation in pixels; 0 sharp
	Faces         []Face
}

// Draw draws the scene's luma.
func (s Scene) Draw() *image.Gray {
	if s.Wall == 0 {
		s.Wall = 110
	}
	if s.Light == 0 {
		s.Light = 1
	}
	plane := make([]float64, s.Width*s.Height)
	for i := range plane {
		x, y := float64(i%s.Width), float64(i/s.Width)
		plane[i] = s.Wall + 8*math.Sin(x/37) + 6*math.Sin(y/53) // a wall is never even
	}
	for _, f := range s.Faces {
		f.draw(plane, s.Width, s.Height)
	}
	if s.Blur > 0 {
		smear(plane, s.Width, s.Height, s.Blur)
	}
	img := image.NewGray(image.Rect(0, 0, s.Width, s.Height))
	for i, v := range plane {
		img.Pix[i] = uint8(min(max(v*s.Light, 0), 255))
	}
	return img
}

// blot is a soft oval of one luma in the face's own measures: 1 is half the face's height, the eyes' middle is 0, 0.
type blot struct {
	x, y, rx, ry float64
	luma         float64 // of full skin 1
	edge         float64 // part of the radius over which it fades
}

// draw paints the face from the back to the front.
func (f Face) draw(plane []float64, width, height int) {
	if f.Skin == 0 {
		f.Skin = 190
	}
	half := f.Size / 2
	sin, cos := math.Sincos(f.Roll * math.Pi / 180)
	blots := f.blots()
	for y := max(0, int(f.Y-1.6*f.Size)); y < min(height, int(f.Y+2*f.Size)); y++ {
		for x := max(0, int(f.X-1.6*f.Size)); x < min(width, int(f.X+1.6*f.Size)); x++ {
			dx, dy := (float64(x)-f.X)/half, (float64(y)-f.Y)/half
			u, v := dx*cos+dy*sin, dy*cos-dx*sin
			at := &plane[y*width+x]
			for _, b := range blots {
				r := math.Hypot((u-b.x)/b.rx, (v-b.y)/b.ry)
				if r >= 1 {
					continue
				}
				cover := min(1, (1-r)/b.edge)
				lit := f.Skin * b.luma * (1 - f.Shade*min(1, max(0, .5-u)))
				*at += cover * (lit - *at)
			}
		}
	}
}

// blots are the parts of the face. Turning moves what stands out further than what lies at the side.
func (f Face) blots() []blot {
	t := f.Turn
	own := func(bit int) float64 { return float64(int(f.Tone>>bit)&3)/3 - .5 } // each pair of bits moves one feature
	gap := .33 + .03*own(0)
	brow, mouth := -.2-.03*own(2), .68+.04*own(4)
	wide := .68 + .05*own(6)
	parts := []blot{
		{0, 1.5, .42, .7, .78, .1},               // neck
		{0, 2.3, 1.4, .9, .35, .1},               // clothes
		{-.1 * t, -.12, wide + .1, .98, .16, .1}, // hair
		{.02 * t, .28, wide, .92, 1, .12},        // the face itself
		{.05 * t, -.42, .5, .3, .98, .6},         // forehead
	}
	for _, side := range []float64{-1, 1} {
		near := 1 - .25*max(0, side*t) // the eye that turns away comes closer to the nose
		x := side*gap*near + .22*t
		parts = append(parts,
			blot{x, brow, .2 * near, .055, .3, .5},
			blot{x, .02, .22 * near, .15, .68, .9}, // socket
		)
		if f.Lids {
			parts = append(parts, blot{x, .04, .15 * near, .025, .3, .5})
		} else {
			parts = append(parts, blot{x, .02, .145 * near, .075, 1.12, .4}, blot{x + .05*t, .02, .07 * near, .075, .12, .4})
		}
		parts = append(parts, blot{side*.4 + .15*t, .42, .24, .2, 1.06, 1}) // cheek
	}
	return append(parts,
		blot{.3 * t, .2, .07, .26, 1.12, .8}, // bridge of the nose
		blot{.32 * t, .4, .15, .07, .72, .9}, // its shadow
		blot{.32*t - .07, .39, .035, .03, .35, .6},
		blot{.32*t + .07, .39, .035, .03, .35, .6},
		blot{.26 * t, mouth, .26, .075, .55, .5},
		blot{.26 * t, mouth, .24, .018, .25, .6},
		blot{.24 * t, mouth + .14, .2, .05, .85, .9},
	)
}

// smear blurs the plane by three boxes, which together are nearly a bell curve of deviation sigma.
func smear(plane []float64, width, height int, sigma float64) {
	r := int(math.Round((math.Sqrt(4*sigma*sigma+1) - 1) / 2))
	line := make([]float64, max(width, height))
	for range 3 {
		for y := range height {
			box(plane[y*width:], 1, width, r, line)
		}
		for x := range width {
			box(plane[x:], width, height, r, line)
		}
	}
}

// box replaces each of n values, step apart, by the mean of it and its r neighbours on either side.
func box(values []float64, step, n, r int, line []float64) {
	for i := range n {
		line[i] = values[i*step]
	}
	for i := range n {
		from, to := max(0, i-r), min(n-1, i+r)
		sum := 0.0
		for _, v := range line[from : to+1] {
			sum += v
		}
		values[i*step] = sum / float64(to-from+1)
	}
}
