package paper

import (
	"bytes"
	"testing"
)

func open(t *testing.T) *Desk {
	t.Helper()
	d, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func dark(w Written) (n int) {
	for i := 0; i < len(w.Picture.Pix); i += 4 {
		if w.Picture.Pix[i+1] < 150 {
			n++
		}
	}
	return n
}

func TestEveryKindIsWrittenOn(t *testing.T) {
	d := open(t)
	for _, k := range append(Kinds(), Print) {
		w, err := d.Write(k, 3, 5, false)
		if err != nil {
			t.Fatal(err)
		}
		share := float64(dark(w)) / float64(len(w.Picture.Pix)/4)
		if share < 0.005 || share > 0.4 {
			t.Errorf("%s: %.4f of it is dark", k, share)
		}
		if len(w.Text) < 60 {
			t.Errorf("%s says %q", k, w.Text)
		}
		width, height := k.Size()
		if got := w.Picture.Rect.Size(); float64(got.X) < 5*width || float64(got.Y) < 5*height {
			t.Errorf("%s: %v pixels", k, got)
		}
		if again, _ := d.Write(k, 3, 5, false); !bytes.Equal(w.Picture.Pix, again.Picture.Pix) {
			t.Errorf("%s: two papers of a seed differ", k)
		}
		if blank, _ := d.Write(k, 3, 5, true); dark(blank) != 0 {
			t.Errorf("%s: a blank paper has %d dark pixels", k, dark(blank))
		}
	}
}

func TestFontsHaveTheWords(t *testing.T) {
	d := open(t)
	for section, pieces := range d.words {
		for _, p := range pieces {
			for _, r := range p {
				for _, f := range []face{sans, bold, serif} {
					if i, err := d.fonts[f].GlyphIndex(&d.buf, r); err != nil || i == 0 {
						t.Errorf("[%s] %q: face %d has no %c", section, p, f, r)
					}
				}
			}
		}
	}
}

func TestAnUnknownKindIsRefused(t *testing.T) {
	if _, err := open(t).Write("A0", 1, 5, false); err == nil {
		t.Error("an A0 was written")
	}
}
