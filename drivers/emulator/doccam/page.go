package doccam

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"yimen/drivers/emulator"
)

// A4 at 200 dpi, the resolution at which pages are drawn.
const (
	pageWidth  = 1654
	pageHeight = 2339
	pageMargin = 150
)

// Page is the text of a sheet of paper that can be laid under the document camera.
type Page struct {
	Number string     `json:"number"` // in the top right corner
	Title  string     `json:"title"`
	Lines  []string   `json:"lines"` // paragraphs; long ones are broken
	Table  [][]string `json:"table"` // rows of cells of equal width
	Foot   []string   `json:"foot"`  // below, to the right
	Seal   string     `json:"seal"`  // what a round red seal over the foot says; empty for none
}

// Draw gives the sheet as an A4 picture at 200 dpi.
func (p Page) Draw(t *emulator.Typeface) (*image.RGBA, error) {
	ink := color.RGBA{30, 30, 36, 255}
	title, err := t.Sans(76, ink)
	if err != nil {
		return nil, err
	}
	body, err := t.Sans(44, ink)
	if err != nil {
		return nil, err
	}
	red, err := t.Sans(40, color.RGBA{206, 32, 40, 255})
	if err != nil {
		return nil, err
	}
	im := image.NewRGBA(image.Rect(0, 0, pageWidth, pageHeight))
	draw.Draw(im, im.Rect, image.NewUniform(color.RGBA{250, 249, 244, 255}), image.Point{}, draw.Src)
	body.Write(im, pageWidth-pageMargin-body.Width(p.Number), 110, p.Number)
	title.Write(im, (pageWidth-title.Width(p.Title))/2, 210, p.Title)
	y := 360
	for _, l := range p.Lines {
		for _, s := range body.Wrap(l, pageWidth-2*pageMargin) {
			body.Write(im, pageMargin, y, s)
			y += 74
		}
		y += 16
	}
	y = drawTable(im, body, ink, y+20, p.Table) + 120
	for i, s := range p.Foot {
		body.Write(im, pageWidth-pageMargin-body.Width(s), y+i*80, s)
	}
	if p.Seal != "" {
		drawSeal(im, red, image.Pt(pageWidth-pageMargin-230, y+60), p.Seal)
	}
	return im, nil
}

// drawTable rules and fills a table and gives the y below it.
func drawTable(im draw.Image, p *emulator.Pen, ink color.Color, y int, rows [][]string) int {
	const rowHeight = 92
	rule := func(r image.Rectangle) { draw.Draw(im, r, image.NewUniform(ink), image.Point{}, draw.Src) }
	for _, row := range rows {
		w := (pageWidth - 2*pageMargin) / len(row)
		rule(image.Rect(pageMargin, y, pageWidth-pageMargin, y+3))
		for i, cell := range row {
			x := pageMargin + i*w
			rule(image.Rect(x, y, x+3, y+rowHeight))
			p.Write(im, x+18, y+22, cell)
		}
		rule(image.Rect(pageWidth-pageMargin-3, y, pageWidth-pageMargin, y+rowHeight))
		y += rowHeight
	}
	if len(rows) > 0 {
		rule(image.Rect(pageMargin, y, pageWidth-pageMargin, y+3))
	}
	return y
}

// drawSeal stamps a ring with a star and the text across it.
func drawSeal(im *image.RGBA, p *emulator.Pen, at image.Point, text string) {
	const radius, ring = 190, 10
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			d := math.Hypot(float64(x), float64(y))
			star := d < 34+26*math.Cos(5*math.Atan2(float64(x), float64(-y)))
			if (d <= radius && d >= radius-ring) || star {
				im.Set(at.X+x, at.Y+y, color.RGBA{206, 32, 40, 255})
			}
		}
	}
	lines := p.Wrap(text, 2*radius-70)
	for i, s := range lines {
		p.Write(im, at.X-p.Width(s)/2, at.Y+66+i*44, s)
	}
}
