package portrait

import (
	"image"
	"math"
)

// The scenes before a face camera are drawn for frames of 640 × 480 and scaled.
const drawnWidth = 640

// room is the luma behind who stands there. Paper is brighter.
const room = 95

// Living gives the phases of people who stand before a camera, the first of them nearest, and live: who lives never keeps
// quite still. Nobody gives the empty room.
func Living(size image.Point, people ...Person) []*image.Gray {
	k := float64(size.X) / drawnWidth
	sways := []float64{-1, -.4, .5, 1, .3, -.6}
	if len(people) == 0 {
		sways = sways[:1] // a wall keeps still
	}
	var phases []*image.Gray
	for _, sway := range sways {
		s := Scene{Width: size.X, Height: size.Y, Wall: room, Blur: 1.2 * k}
		for i, p := range people {
			x, wide := 320.0, 240.0
			if len(people) > 1 {
				x, wide = 200+260*float64(i), 200-20*float64(i)
			}
			f := p.at((x+2*sway)*k, (220+sway)*k, wide*k)
			f.Turn, f.Roll = .05*sway, sway
			s.Faces = append(s.Faces, f)
		}
		phases = append(phases, s.Draw())
	}
	return phases
}

// Sheet of a printed photograph, in pixels of a frame of 640 × 480.
const (
	sheetWidth  = 420
	sheetHeight = 440
)

// Printed gives the phases of a photograph of somebody, printed on white paper and held before the camera by a hand that
// trembles: the face in it keeps still, and the paper shines.
func Printed(size image.Point, p Person) []*image.Gray {
	k := float64(size.X) / drawnWidth
	sheet := Scene{Width: int(sheetWidth * k), Height: int(sheetHeight * k), Wall: 236, Blur: 1.2 * k,
		Faces: []Face{p.at(sheetWidth/2*k, 190*k, 230*k)}}.Draw()
	var phases []*image.Gray
	for _, tremble := range []float64{0, 2, 3, 1, -1, -2} {
		im := Scene{Width: size.X, Height: size.Y, Wall: room, Blur: 1.2 * k}.Draw()
		lay(im, sheet, image.Pt(int((110+tremble)*k), int((30+tremble/2)*k)))
		phases = append(phases, im)
	}
	return phases
}

// lay puts a sheet before a scene, with the light of a window on it.
func lay(im, sheet *image.Gray, at image.Point) {
	for y := range sheet.Rect.Dy() {
		for x := range sheet.Rect.Dx() {
			if p := image.Pt(x, y).Add(at); p.In(im.Rect) {
				shine := 14 * math.Exp(-math.Pow(float64(x-y)/float64(sheet.Rect.Dx())*4, 2))
				im.Pix[im.PixOffset(p.X, p.Y)] = uint8(min(float64(sheet.Pix[sheet.PixOffset(x, y)])+shine, 255))
			}
		}
	}
}
