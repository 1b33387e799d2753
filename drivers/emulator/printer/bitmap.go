package printer

import (
	"image"
	"image/color"
)

// bitmap is black dots on white: one byte a dot, 1 for black, row by row.
type bitmap struct {
	w, h int
	dots []byte
}

func newBitmap(w, h int) *bitmap { return &bitmap{w: w, h: h, dots: make([]byte, w*h)} }

// unpacked gives the bitmap of packed rows, most significant bit left, as rasters come
// (firmware-notes/escpos "Commands").
func unpacked(rowBytes, rows int, packed []byte) *bitmap {
	b := newBitmap(rowBytes*8, rows)
	for i := range min(len(packed), rowBytes*rows) {
		for k := range 8 {
			b.dots[i*8+k] = packed[i] >> (7 - k) & 1
		}
	}
	return b
}

// unpackedColumns gives the bitmap of packed columns of so many bytes, most significant bit on top.
func unpackedColumns(columns, columnBytes int, packed []byte) *bitmap {
	b := newBitmap(columns, columnBytes*8)
	for x := range columns {
		for y := range b.h {
			b.dots[y*b.w+x] = packed[x*columnBytes+y/8] >> (7 - y%8) & 1
		}
	}
	return b
}

// scaled gives the bitmap with each dot sx wide and sy high.
func (b *bitmap) scaled(sx, sy int) *bitmap {
	if sx == 1 && sy == 1 {
		return b
	}
	out := newBitmap(b.w*sx, b.h*sy)
	for y := range out.h {
		for x := range out.w {
			out.dots[y*out.w+x] = b.dots[y/sy*b.w+x/sx]
		}
	}
	return out
}

// emboldened gives the bitmap with every dot doubled to the right.
func (b *bitmap) emboldened() *bitmap {
	out := newBitmap(b.w, b.h)
	for i, d := range b.dots {
		out.dots[i] |= d
		if (i+1)%b.w != 0 {
			out.dots[i+1] |= d
		}
	}
	return out
}

// place puts src with its top left corner at (x, y); what lies outside is lost.
func (b *bitmap) place(x, y int, src *bitmap) {
	for sy := range src.h {
		for sx := range src.w {
			if dx, dy := x+sx, y+sy; src.dots[sy*src.w+sx] == 1 && dx >= 0 && dx < b.w && dy >= 0 && dy < b.h {
				b.dots[dy*b.w+dx] = 1
			}
		}
	}
}

// fill blackens a rectangle.
func (b *bitmap) fill(x, y, w, h int) {
	black := newBitmap(w, h)
	for i := range black.dots {
		black.dots[i] = 1
	}
	b.place(x, y, black)
}

// invert swaps black and white.
func (b *bitmap) invert() {
	for i := range b.dots {
		b.dots[i] ^= 1
	}
}

// Paper around the printed dots, in dots: what a roll of 80 mm has beside its 72 mm of print, and a little
// above and below so that a picture of a slip can be looked at.
const paperMargin = 32

// picture gives the paper as it would be photographed.
func (b *bitmap) picture() *image.Gray {
	im := image.NewGray(image.Rect(0, 0, b.w+2*paperMargin, b.h+2*paperMargin))
	for i := range im.Pix {
		im.Pix[i] = 250
	}
	for y := range b.h {
		for x := range b.w {
			if b.dots[y*b.w+x] == 1 {
				im.SetGray(x+paperMargin, y+paperMargin, color.Gray{Y: 24})
			}
		}
	}
	return im
}
