package finder

import "yimen/drivers/pageimage/eye"

const grid = 20 // places across and down at which a page's surface is looked at

// paper is the colour of a page's bare surface.
type paper struct{ luma, cb, cr int }

// paperOf takes the brighter part of what lies inside: writing and pictures are darker.
func paperOf(q quad, w working) paper {
	var ls, bs, rs histogram
	n := 0
	for i := range grid {
		for j := range grid {
			x, y := q.inside((float64(i)+0.5)/grid, (float64(j)+0.5)/grid)
			if x < 0 || y < 0 || x >= float64(w.luma.width) || y >= float64(w.luma.height) {
				continue
			}
			l, b, r := w.colour(x, y)
			ls[l]++
			bs[b]++
			rs[r]++
			n++
		}
	}
	if n == 0 {
		return paper{}
	}
	return paper{ls.at(n * 7 / 10), bs.at(n / 2), rs.at(n / 2)}
}

// histogram counts samples.
type histogram [256]uint16

// at is the sample that so many others are no greater than.
func (h *histogram) at(n int) int {
	for v, c := range h {
		if n -= int(c); n < 0 {
			return v
		}
	}
	return len(h) - 1
}

// foreign tells whether what is at a place is not this paper, even in a shadow or a reflection. Where there is little light,
// colours lie nearer to each other.
func (p paper) foreign(w working, x, y float64) bool {
	l, b, r := w.colour(x, y)
	off := func(a, b int) int { return max(a-b, b-a) }
	return l*100 < p.luma*55 || l < p.luma+10 && (off(b, p.cb)+off(r, p.cr))*lit > 13*min(max(p.luma, lit/4), lit)
}

// lit is the luma of paper in good light.
const lit = 200

func (p paper) seen() eye.Paper {
	return eye.Paper{Luma: float32(p.luma), Cb: float32(p.cb), Cr: float32(p.cr)}
}
