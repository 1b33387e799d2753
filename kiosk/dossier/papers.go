package dossier

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"strconv"

	"yimen/kiosk/dossier/paper"
)

// list sets the list of materials and how each stands.
func (p *press) list() error {
	p.book.NewPage()
	p.chapter(p.word("dossier.materials"))
	var rows [][]paper.Cell
	for i, m := range p.materials() {
		rows = append(rows, []paper.Cell{ordinal(i + 1), {Text: m.Code}, {Text: m.Name}, {Text: p.word(stateText(m), "pages", strconv.Itoa(m.Pages))}})
	}
	p.book.Table([]float64{14, 20, 81, paper.Width - 115},
		[]paper.Cell{head(p.word("dossier.no")), head(p.word("dossier.code")), head(p.word("dossier.material")), head(p.word("dossier.state"))}, rows)
	return nil
}

// stateText is the id of the pack's text on how a material stands.
func stateText(m Materials) string {
	if m.Check {
		return "material.check"
	}
	return "material." + string(m.State)
}

// pictures sets each straightened page as large as it fits.
func (p *press) pictures() error {
	for i, page := range p.Pages {
		size, err := jpegSize(page.Derived)
		if err != nil {
			return fmt.Errorf("page %d of %s: %w", page.No, page.Material, err)
		}
		p.book.NewPage()
		if i == 0 {
			p.chapter(p.word("dossier.pages"))
		}
		p.book.Para(p.word("dossier.page", "material", page.Material+"　"+p.materialName(page.Material), "no", strconv.Itoa(page.No)),
			paper.Type{Size: paper.Body, Weight: paper.Bold})
		p.book.Para(p.taken(page), paper.Type{Size: paper.Small, Gray: paper.Faint})
		p.book.Space(2)
		p.book.Picture(page.Derived, size)
	}
	return nil
}

// taken says when a page was taken and, where it is known, how finely.
func (p *press) taken(page Page) string {
	dpi := "—"
	if page.DPI != 0 {
		dpi = strconv.FormatFloat(page.DPI, 'f', 0, 64)
	}
	return p.word("dossier.taken", "time", page.TakenAt.In(p.SubmittedAt.Location()).Format(stampFormat), "dpi", dpi, "digest", digest(page.Derived))
}

// jpegSize reads a picture's size; gofpdf would stop the whole document at one that is none.
func jpegSize(data []byte) (image.Point, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return image.Point{}, fmt.Errorf("read picture: %w", err)
	}
	return image.Pt(c.Width, c.Height), nil
}
