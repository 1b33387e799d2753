package upright

const (
	strip             = 160   // pixels of a line's length in which it is taken for level
	shortest, tallest = 7, 90 // pixels of a line's height
	broadest          = 1.15  // of its line's height: what is broader is more than one character
)

// square is a part of a page around a character, in pixels.
type square struct{ x, y, side float64 }

// characters gives a square around each character, or what seems to be one, of the lines that run across.
func (k ink) characters() []square {
	var out []square
	for x := 0; x < k.width; x += strip {
		end := min(x+strip, k.width)
		from := -1
		for y := range k.height + 1 {
			if y < k.height && k.inked(x, end, y, y+1) {
				if from < 0 {
					from = y
				}
				continue
			}
			if high := y - from; from >= 0 && high >= shortest && high <= tallest {
				out = append(out, k.split(x, end, from, y)...)
			}
			from = -1
		}
	}
	return out
}

// inked tells whether anything is written on a part.
func (k ink) inked(left, right, top, bottom int) bool {
	for y := top; y < bottom; y++ {
		for _, v := range k.row(y)[left:right] {
			if v >= written {
				return true
			}
		}
	}
	return false
}

// split cuts a part of a line into squares as high as it.
func (k ink) split(left, right, top, bottom int) []square {
	var out []square
	high := float64(bottom - top)
	from, to := -1, -1
	end := func() {
		if from >= 0 {
			out = append(out, square{(float64(from+to) - high) / 2, float64(top), high})
		}
		from = -1
	}
	for x := left; x < right; x++ {
		if !k.inked(x, x+1, top, bottom) {
			continue
		}
		if from >= 0 && float64(x-from) > broadest*high {
			end()
		}
		if from < 0 {
			from = x
		}
		to = x + 1
	}
	end()
	return out
}
