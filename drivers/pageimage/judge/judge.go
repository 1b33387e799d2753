// Package judge measures how good the picture of a straightened page is: light, evenness, glare, sharpness, ink. It
// sets no limits.
package judge

import (
	"image"
	"math"
	"slices"

	"yimen/drivers/pageimage/lanes"
)

// Measures are what a page's picture is like.
type Measures struct {
	Light    float64 // luma of the bare paper, 0 to 255
	Evenness float64 // luma of its darkest parts over that of its brightest, 0 to 1
	Glare    float64 // part of the page without any tone left, 0 to 1
	Ink      float64 // part of the page that is written on, 0 to 1
	Spread   float64 // standard deviation, in pixels, by which an edge of ink is smeared; 0 where there is none
}

// Measure measures the luma of a page that begins at 0, 0 and has at least 64 pixels each way. printed is the part of it
// that pictures may fill, which are no shadows.
func Measure(page *image.YCbCr, printed float64) Measures {
	luma := gray{page.Y, page.YStride, page.Rect.Dx(), page.Rect.Dy()}
	paper := surface(luma)
	m := Measures{Light: paper.median(), Evenness: paper.evenness(printed)}
	m.Ink, m.Glare = paper.share(luma, m.Light)
	m.Spread = spread(luma, m.Light)
	return m
}

type gray struct {
	pix           []byte
	stride        int
	width, height int
}

func (g gray) row(y int) []byte { return g.pix[y*g.stride:][:g.width] }

// fields is how many parts a page is cut into along its longer side; in each the paper is taken for evenly lit.
const fields = 24

// lit is the luma of the bare paper in each field of a page.
type lit struct {
	across, down int
	level        []byte
	side         int // pixels
}

// surface takes for bare paper what nine in ten pixels of a field are darker than, or as bright as.
func surface(g gray) lit {
	side := max(max(g.width, g.height)/fields, 16)
	l := lit{across: max(g.width/side, 1), down: max(g.height/side, 1), side: side}
	l.level = make([]byte, l.across*l.down)
	for j := range l.down {
		for i := range l.across {
			var histogram [256]int
			n := 0
			for y := j * side; y < min((j+1)*side, g.height); y += 2 {
				row := g.row(y)[i*side : min((i+1)*side, g.width)]
				for x := 0; x < len(row); x += 2 {
					histogram[row[x]]++
					n++
				}
			}
			l.level[j*l.across+i] = quantile(histogram[:], n, 0.9)
		}
	}
	return l
}

func quantile(histogram []int, n int, q float64) byte {
	seen := 0
	for v, c := range histogram {
		if seen += c; float64(seen) >= q*float64(n) {
			return byte(v)
		}
	}
	return byte(len(histogram) - 1)
}

func (l lit) quantile(q float64) float64 {
	s := slices.Sorted(slices.Values(l.level))
	return float64(s[min(int(q*float64(len(s))), len(s)-1)])
}

func (l lit) median() float64 { return l.quantile(0.5) }

// evenness leaves out what few fields say: a picture printed on the page is dark, and a reflection bright.
func (l lit) evenness(printed float64) float64 {
	bright := l.quantile(0.9)
	if bright == 0 {
		return 0
	}
	return l.quantile(printed) / bright
}

// full is the luma from which on a sensor tells no tones apart.
const full = 250

// share counts what is written on and what has no tones left. Where paper itself is that bright nothing can be told of
// glare. What shows along the edges may be the bed, and is not counted as ink.
func (l lit) share(g gray, light float64) (ink, glare float64) {
	dark, white, n := 0, 0, 0
	rim := max(g.width, g.height) / 40
	for y := 0; y < l.down*l.side && y < g.height; y += 2 {
		row, top := g.row(y), y < rim || y >= g.height-rim
		for i := range l.across {
			level := int(l.level[y/l.side*l.across+i])
			part := row[i*l.side : min((i+1)*l.side, len(row))]
			for x := 0; x < len(part); x += 2 {
				v := int(part[x])
				if at := i*l.side + x; v*100 < level*72 && !top && at >= rim && at < g.width-rim {
					dark++
				}
				if v >= full {
					white++
				}
				n++
			}
		}
	}
	if n == 0 {
		return 0, 0
	}
	if light < full-6 {
		glare = float64(white) / float64(n)
	}
	return float64(dark) / float64(n), glare
}

// spread looks how fast luma falls from paper to ink, along rows and along columns, and takes the slower: a hand that
// moves smears one way only. What it smears of thin strokes falls fast, but not far: first, falls count that go far.
func spread(g gray, light float64) float64 {
	plane := lanes.Plane{Pix: g.pix, Stride: g.stride, Width: g.width, Height: g.height}
	for _, part := range [2]float64{far, fair} {
		least := int(max(part*light, 18)) // of luma, from paper to ink
		var rows, columns lanes.Widths
		lanes.FallsAlong(plane, least, &rows)
		lanes.FallsDown(plane, least, &columns)
		if s := max(deviation(&rows), deviation(&columns)); s > 0 {
			return s
		}
	}
	return 0
}

// Falls from paper to ink, in parts of the paper's luma.
const (
	far  = 0.4
	fair = 0.28 // where little is written, or faintly
)

const (
	fewest   = 60  // edges: fewer tell nothing
	sharpest = 0.5 // of the edges are sharper than what counts: round strokes cross a row aslant
)

// deviation turns the widths of the sharper edges into a standard deviation: from a fifth to four fifths is 1.683 of it for
// an edge smeared as by a Gaussian.
func deviation(widths *lanes.Widths) float64 {
	n, seen := uint32(0), uint32(0)
	for _, c := range widths {
		n += c
	}
	if n < fewest {
		return 0
	}
	for w, c := range widths {
		if seen += c; float64(seen) >= sharpest*float64(n) {
			return math.Max(float64(w)+0.5, 1) / lanes.Tenths / 1.683
		}
	}
	return lanes.Longest
}
