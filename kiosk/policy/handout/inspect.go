package handout

import (
	"fmt"
	"slices"

	"yimen/kiosk/policy/page"
	"yimen/kiosk/policy/wording"
)

// Inspector checks what a page says of documents and slips.
type Inspector struct {
	Page     *page.Page
	Text     func(path string, t wording.Text)
	Citation func(path string, c wording.Citation)
}

// Document wants a version, which a signature names, and something to read.
func (i Inspector) Document(path string, d *Document) {
	i.Text(path+".title", d.Title)
	i.Citation(path+".citation", d.Citation)
	if d.Version == "" {
		i.Page.At(path, "document %s: give its version; a signature names it", d.ID)
	}
	if len(d.Paragraphs) == 0 {
		i.Page.At(path, "document %s has no paragraph", d.ID)
	}
	for n, t := range d.Paragraphs {
		i.Text(fmt.Sprintf("%s.paragraphs[%d]", path, n), t)
	}
}

// Slip wants each row to be one thing, and to say when and how often by words that are known.
func (i Inspector) Slip(path string, s *Slip) {
	for n, r := range s.Rows {
		at := fmt.Sprintf("%s.rows[%d]", path, n)
		kinds := 0
		for _, is := range []bool{r.Text != "", r.Left != "" || r.Right != "", r.Rule, r.QR != "", r.Feed > 0} {
			if is {
				kinds++
			}
		}
		switch {
		case kinds != 1:
			i.Page.At(at, "slip %s: a row is one of text, left and right, rule, qr, feed", s.ID)
		case !slices.Contains([]string{"", "left", "centre", "right"}, r.Align):
			i.Page.At(at+".align", "slip %s: align %q: left, centre or right", s.ID, r.Align)
		case !slices.Contains([]string{"", "material", "paragraph", "estimate", "line"}, r.Each):
			i.Page.At(at+".each", "slip %s: each %q: a row repeats for each material, paragraph, estimate or line", s.ID, r.Each)
		case !slices.Contains([]string{"", "delivered", "waiting", "agent", "household", "example", "also", "category"}, r.When):
			i.Page.At(at+".when", "slip %s: when %q: delivered, waiting, agent, household, example, also or category", s.ID, r.When)
		case r.Size < 0 || r.Size > 3 || r.Feed < 0 || r.Feed > 9:
			i.Page.At(at, "slip %s: size is 1 to 3, feed 1 to 9 lines", s.ID)
		}
	}
}
