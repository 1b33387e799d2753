package view

import "slices"

// Look is how the screen is shown to whoever stands before it: chosen by them, kept for the whole visit, forgotten with it.
type Look struct {
	Size     Size
	Contrast Contrast
}

// Size is how large the letters are, measured by a capital letter on the panel. The four are those of VVSG 2.0, 7.1.
type Size string

const (
	SizeS  Size = "s"  // 3.6 mm
	SizeM  Size = "m"  // 4.8 mm
	SizeL  Size = "l"  // 6.4 mm, 长者模式
	SizeXL Size = "xl" // 8.5 mm
)

// Contrast is the set of colours.
type Contrast string

const (
	Colour       Contrast = "colour"
	BlackOnWhite Contrast = "black-on-white"
	WhiteOnBlack Contrast = "white-on-black"
)

// Sizes lists every Size, the smallest first.
func Sizes() []Size { return []Size{SizeS, SizeM, SizeL, SizeXL} }

// Contrasts lists every Contrast, the usual one first.
func Contrasts() []Contrast { return []Contrast{Colour, BlackOnWhite, WhiteOnBlack} }

// Usual is the Look with which every visit begins.
func Usual() Look { return Look{Size: SizeM, Contrast: Colour} }

// With changes what do and value choose; anything else leaves the Look as it is.
func (l Look) With(do Do, value string) Look {
	switch {
	case do == DoSize && slices.Contains(Sizes(), Size(value)):
		l.Size = Size(value)
	case do == DoContrast && slices.Contains(Contrasts(), Contrast(value)):
		l.Contrast = Contrast(value)
	}
	return l
}

// What may be touched to see better. Before a visit, on the first screen, each of them begins one.
const (
	DoSight    Do = "sight"    // open the sheet with all sizes and colours
	DoSize     Do = "size"     // Value: a Size
	DoContrast Do = "contrast" // Value: a Contrast
	DoSightEnd Do = "sight-end"
)

// CoverSight is the sheet with all sizes and colours; the screen stays as it is below.
const CoverSight CoverKind = "sight"
