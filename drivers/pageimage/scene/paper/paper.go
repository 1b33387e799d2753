// Package paper draws the papers that lie on the desks of scenes: forms, letters, certificates, a household register,
// cards and strips, in print and as if by hand. It is for tests only and knows nothing of how pages are found.
package paper

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
)

// Kind is a sort of paper.
type Kind string

// The kinds.
const (
	A4      Kind = "A4"
	A5      Kind = "A5"
	Booklet Kind = "booklet" // a household register, lying open
	Card    Kind = "card"    // ISO/IEC 7810 ID-1
	Receipt Kind = "receipt" // torn off a roll above and below
	Thermal Kind = "thermal" // a longer and narrower strip, faded
	Print   Kind = "print"   // an A4 page of nothing but print, for those who judge by reading
)

// Kinds are all of them that a resident would bring.
func Kinds() []Kind { return []Kind{A4, A5, Booklet, Card, Receipt, Thermal} }

// Size gives a kind's width and height in millimetres, the way up that it reads.
func (k Kind) Size() (w, h float64) {
	switch k {
	case A4, Print:
		return 210, 297
	case A5:
		return 148, 210
	case Booklet:
		return 143, 208
	case Card:
		return 85.6, 53.98
	case Receipt:
		return 80, 165
	case Thermal:
		return 57, 190
	}
	return 0, 0
}

// Written is a paper with what is on it.
type Written struct {
	Picture *image.RGBA // upright and flat, in the colours that it has by daylight
	PerMM   float64     // pixels a millimetre
	Text    string      // all that is written, piece by piece
}

// Write draws a paper of a kind, always the same for the same seed, with perMM pixels to the millimetre. A blank one has
// nothing written on it.
func (d *Desk) Write(kind Kind, seed uint64, perMM float64, blank bool) (Written, error) {
	w, h := kind.Size()
	if w == 0 || perMM <= 0 || w*h*perMM*perMM > 100e6 {
		return Written{}, fmt.Errorf("write paper: no %q of %g pixels to the millimetre", kind, perMM)
	}
	rnd := rand.New(rand.NewPCG(seed, 0x9a9e5))
	s := d.newSheet(rnd, w, h, perMM, ground(kind, rnd))
	if !blank {
		s.write(kind)
	}
	return Written{Picture: s.img, PerMM: perMM, Text: s.said.String()}, nil
}

// ground is the colour of the bare paper.
func ground(kind Kind, rnd *rand.Rand) color.RGBA {
	v := func(base, spread int) uint8 { return uint8(base + rnd.IntN(spread)) }
	switch kind {
	case Booklet:
		return color.RGBA{v(236, 8), v(232, 8), v(216, 8), 255}
	case Card:
		return color.RGBA{v(208, 8), v(226, 8), v(234, 8), 255}
	}
	y := v(238, 10)
	return color.RGBA{y, y, y - uint8(rnd.IntN(9)), 255}
}

func (s *sheet) write(kind Kind) {
	switch kind {
	case A4, A5:
		switch s.rnd.IntN(5) {
		case 0, 1, 2:
			s.form()
		case 3:
			s.letter()
		default:
			s.certificate()
		}
	case Print:
		s.print()
	case Booklet:
		s.booklet()
	case Card:
		s.card()
	case Receipt:
		s.receipt(black)
	case Thermal:
		s.receipt(silver)
	}
}
