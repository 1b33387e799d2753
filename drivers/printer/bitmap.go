package printer

import (
	"bytes"

	"yimen/drivers/device"
)

func white(w, h int) device.Bitmap {
	b := device.Bitmap{Width: w, Height: h}
	b.Bits = make([]byte, b.Stride()*h)
	return b
}

func black(w, h int) device.Bitmap {
	b := white(w, h)
	copy(b.Bits, bytes.Repeat([]byte{0xFF}, len(b.Bits)))
	return b
}

// paste copies pic into page, left dots from the edge, at the top. It must fit.
func paste(page, pic device.Bitmap, left int) {
	shift, skip := uint(left%8), left/8
	for y := range pic.Height {
		src := pic.Bits[y*pic.Stride():][:pic.Stride()]
		dst := page.Bits[y*page.Stride():][:page.Stride()]
		for i, v := range src {
			if spare := pic.Width - 8*i; spare < 8 {
				v &= 0xFF << (8 - spare) // padding of pic is nobody's ink
			}
			dst[skip+i] |= v >> shift
			if rest := v << (8 - shift); shift != 0 && rest != 0 {
				dst[skip+i+1] |= rest
			}
		}
	}
}

// enlarge draws each module of a code as dots × dots.
func enlarge(modules [][]bool, dots int) device.Bitmap {
	b := white(len(modules)*dots, len(modules)*dots)
	for y := range b.Height {
		for x := range b.Width {
			if modules[y/dots][x/dots] {
				b.Bits[y*b.Stride()+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return b
}
