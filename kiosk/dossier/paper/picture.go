package paper

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"github.com/jung-kurt/gofpdf"
)

// picture draws a JPEG. gofpdf writes pictures in the order of their widths and leaves those of one width to
// chance, so that equal documents would differ; each picture is told apart by a millionth of a pixel, which no
// number in the PDF shows.
func (p *painter) picture(o jpegOp) error {
	p.pictures++
	name, kind := fmt.Sprintf("picture %d", p.pictures), gofpdf.ImageOptions{ImageType: "JPG"}
	info := p.pdf.RegisterImageOptionsReader(name, kind, bytes.NewReader(o.data))
	if err := p.pdf.Error(); err != nil {
		return err
	}
	if err := widen(info, float64(p.pictures)*1e-6); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p.pdf.ImageOptions(name, o.x, o.y, o.w, o.h, false, kind, 0, "")
	return nil
}

// widen adds to a picture's width. Its fields are open only by way of its own gob form: thirteen values, of
// which the fourth is the width in pixels.
func widen(info *gofpdf.ImageInfoType, by float64) error {
	whole, err := info.GobEncode()
	if err != nil {
		return err
	}
	var (
		data, mask, palette         []byte
		no, depth                   int
		width, height, scale, dpi   float64
		space, filter, decodeParams string
		transparent                 []int
	)
	fields := []any{&data, &mask, &no, &width, &height, &space, &palette, &depth, &filter, &decodeParams, &transparent, &scale, &dpi}
	from := gob.NewDecoder(bytes.NewReader(whole))
	for _, f := range fields {
		if err := from.Decode(f); err != nil {
			return fmt.Errorf("read its form: %w", err)
		}
	}
	width += by
	var changed bytes.Buffer
	to := gob.NewEncoder(&changed)
	for _, f := range fields {
		if err := to.Encode(f); err != nil {
			return fmt.Errorf("write its form: %w", err)
		}
	}
	return info.GobDecode(changed.Bytes())
}
