package upright

import (
	"image"
	"slices"
)

// OfCard looks at a straightened page of an identity card's size (ISO/IEC 7810 ID-1) that begins at 0, 0. On so few words the
// characters' shapes tell nothing, but the front of an identity card, with the portrait at the right and the citizen's number
// below it all, can be told from its upside down. It is sure of nothing else: other cards, and the side with the emblem, have
// the certainty 0.
func OfCard(page *image.YCbCr) Guess {
	k := inkOf(page)
	c := card{k, page, page.Rect.Dx() < page.Rect.Dy()}
	quarters := 0
	if c.lying {
		c.ink, quarters = k.turned(), 1
	}
	stands, hangs := c.front(false), c.front(true)
	switch {
	case stands && !hangs:
		return Guess{quarters, 1}
	case hangs && !stands:
		return Guess{quarters + 2, 1}
	}
	return Guess{}
}

// card is one that lies along; where it does not in the page, the ink was turned clockwise by a quarter.
type card struct {
	ink
	page  *image.YCbCr
	lying bool
}

// front tells whether a card, or if hanging the same turned upside down, looks like the front of an identity card.
func (c card) front(hanging bool) bool {
	right, left := c.tones(rightOfCard, hanging), c.tones(leftOfCard, hanging)
	return right >= leastPortrait && right >= 2*left && c.number(hanging)
}

// part is a part of a card, in parts of its width and its height.
type part struct{ left, top, right, bottom float64 }

// The portrait has 26 by 32 mm. Names, and the address of three lines at the most, are written at the left of it.
var (
	rightOfCard = part{0.65, 0.16, 0.94, 0.68}
	leftOfCard  = part{0.06, 0.16, 0.35, 0.68}
	numberLine  = part{0.25, 0.74, 0.97, 0.97} // behind its label; nothing else is written there
)

const (
	leastPortrait = 0.3 // of its part that is no paper: head and shoulders, before nothing
	glimpses      = 32  // places across and down at which a part is looked at
)

// tones is how much of a part is darker than the card, or of another colour.
func (c card) tones(p part, hanging bool) float64 {
	luma, cb, cr := c.colour(part{0.02, 0.02, 0.98, 0.98}, hanging)
	paper := [3]int{median(luma), median(cb), median(cr)}
	luma, cb, cr = c.colour(p, hanging)
	n := 0
	for i, v := range luma {
		off := max(cb[i]-paper[1], paper[1]-cb[i]) + max(cr[i]-paper[2], paper[2]-cr[i])
		if v*100 < paper[0]*75 || off > 16 {
			n++
		}
	}
	return float64(n) / float64(len(luma))
}

func median(of []int) int {
	s := slices.Sorted(slices.Values(of))
	return s[len(s)/2]
}

// colour gives luma and chroma at even places of a part.
func (c card) colour(p part, hanging bool) (luma, cb, cr []int) {
	for j := range glimpses {
		for i := range glimpses {
			u := p.left + (p.right-p.left)*(float64(i)+0.5)/glimpses
			v := p.top + (p.bottom-p.top)*(float64(j)+0.5)/glimpses
			if hanging {
				u, v = 1-u, 1-v
			}
			if c.lying { // the page is the card turned counterclockwise
				u, v = v, 1-u
			}
			x, y := int(u*float64(c.page.Rect.Dx())), int(v*float64(c.page.Rect.Dy()))
			o := c.page.COffset(x, y)
			luma, cb, cr = append(luma, int(c.page.Y[y*c.page.YStride+x])), append(cb, int(c.page.Cb[o])), append(cr, int(c.page.Cr[o]))
		}
	}
	return luma, cb, cr
}

const (
	digits            = 18           // of a citizen's number (GB 11643)
	lowest, highest   = 0.03, 0.11   // of the card's height: that of a digit
	leastWay, mostWay = 0.015, 0.040 // of the card's width: from one digit to the next,
	slender           = 0.9          // and of a digit's height: Chinese characters stand further apart
	uneven            = 0.3          // of that way, by which one may be off
	touching          = 1.4          // of it: what is wider is more than one digit
)

// number tells whether a line of as many narrow characters as a citizen's number has runs along below, evenly spaced, and
// nothing else beside them but what stands off.
func (c card) number(hanging bool) bool {
	x0, x1 := int(numberLine.left*float64(c.width)), int(numberLine.right*float64(c.width))
	y0, y1 := int(numberLine.top*float64(c.height)), int(numberLine.bottom*float64(c.height))
	if hanging {
		x0, x1, y0, y1 = c.width-x1, c.width-x0, c.height-y1, c.height-y0
	}
	from := -1
	for y := y0; y <= y1; y++ {
		if y < y1 && c.inked(x0, x1, y, y+1) {
			if from < 0 {
				from = y
			}
			continue
		}
		if high := float64(y-from) / float64(c.height); from >= 0 && high >= lowest && high <= highest && c.evenly(x0, x1, from, y) {
			return true
		}
		from = -1
	}
	return false
}

// evenly tells whether a line holds as many narrow characters as a citizen's number, one as far from the next as all are, and
// standing apart from others.
func (c card) evenly(left, right, top, bottom int) bool {
	middles := c.middles(left, right, top, bottom)
	for first := 0; first+digits <= len(middles); first++ {
		some := middles[first : first+digits]
		way := (some[digits-1] - some[0]) / (digits - 1)
		if way < leastWay*float64(c.width) || way > mostWay*float64(c.width) || way > slender*float64(bottom-top) {
			continue
		}
		even := true
		for i := 1; i < digits; i++ {
			off := some[i] - some[i-1] - way
			even = even && off < uneven*way && off > -uneven*way
		}
		before := first == 0 || some[0]-middles[first-1] > 1.5*way
		after := first+digits == len(middles) || middles[first+digits]-some[digits-1] > 1.5*way
		if even && before && after {
			return true
		}
	}
	return false
}

// middles are those of the characters of a line. Where two or three touch, each has its share.
func (c card) middles(left, right, top, bottom int) []float64 {
	var runs [][2]int
	var ways []int // from each to the next
	for x := left; x < right; x++ {
		from := x
		for x < right && c.inked(x, x+1, top, bottom) {
			x++
		}
		if x > from {
			if n := len(runs); n > 0 {
				ways = append(ways, (from+x-runs[n-1][0]-runs[n-1][1])/2)
			}
			runs = append(runs, [2]int{from, x})
		}
	}
	if len(ways) == 0 {
		return nil
	}
	way := float64(median(ways))
	var middles []float64
	for _, r := range runs {
		wide := float64(r[1] - r[0])
		n := 1
		if wide > touching*way {
			n = int(wide/way + 0.5)
		}
		for i := range n {
			middles = append(middles, float64(r[0])+wide*(float64(i)+0.5)/float64(n))
		}
	}
	return middles
}
