package upright

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// perMM is how many pixels a millimetre of the cards drawn here has.
const perMM = 12

// drawn is a card that is drawn, in millimetres.
type drawn struct {
	t    *testing.T
	img  *image.RGBA
	font *opentype.Font
}

func blankCard(t *testing.T) drawn {
	d := drawn{t, image.NewRGBA(image.Rect(0, 0, 1027, 54*perMM)), printed(t)[0]}
	draw.Draw(d.img, d.img.Rect, image.NewUniform(color.RGBA{214, 226, 232, 255}), image.Point{}, draw.Src)
	return d
}

func (d drawn) text(x, y, size float64, s string) {
	face, err := opentype.NewFace(d.font, &opentype.FaceOptions{Size: size * perMM, DPI: 72})
	if err != nil {
		d.t.Fatal(err)
	}
	w := font.Drawer{Dst: d.img, Src: image.NewUniform(color.Gray{40}), Face: face, Dot: fixed.P(int(x*perMM), int((y+0.9*size)*perMM))}
	w.DrawString(s)
}

func (d drawn) disc(x, y, r float64, c color.Color) {
	for j := range d.img.Rect.Dy() {
		for i := range d.img.Rect.Dx() {
			if u, v := float64(i)/perMM-x, float64(j)/perMM-y; u*u+v*v < r*r {
				d.img.Set(i, j, c)
			}
		}
	}
}

// portrait is a head and shoulders before nothing, 26 by 32 millimetres.
func (d drawn) portrait(x, y float64) {
	for r := 13.0; r > 0; r-- { // shoulders, cut off below
		d.disc(x+13, y+19+r, 12, color.RGBA{52, 58, 76, 255})
	}
	for j := int((y + 32) * perMM); j < min(int((y+46)*perMM), d.img.Rect.Dy()); j++ {
		for i := int(x * perMM); i < int((x+26)*perMM); i++ {
			d.img.Set(i, j, color.RGBA{214, 226, 232, 255})
		}
	}
	d.disc(x+13, y+11, 8, color.RGBA{222, 182, 152, 255})
	d.disc(x+13, y+6, 6.5, color.RGBA{34, 30, 30, 255})
}

func (d drawn) names(x float64) {
	for i, line := range []string{"姓名 陈立新", "性别 女 民族 汉", "出生 1949 年 12 月", "住址 幸福路八号院"} {
		d.text(x, 6+8*float64(i), 3, line)
	}
}

// page is the card as a straightened page.
func (d drawn) page() *image.YCbCr {
	page := bare(d.img.Rect.Dx(), d.img.Rect.Dy())
	for y := range d.img.Rect.Dy() {
		for x := range d.img.Rect.Dx() {
			c := d.img.RGBAAt(x, y)
			luma, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
			o := page.COffset(x, y)
			page.Y[y*page.YStride+x], page.Cb[o], page.Cr[o] = luma, cb, cr
		}
	}
	return page
}

// quarterTurned is the page turned clockwise, colours and all.
func quarterTurned(page *image.YCbCr) *image.YCbCr {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	out := bare(h, w)
	for y := range h {
		for x := range w {
			i, o := page.COffset(x, y), out.COffset(h-1-y, x)
			out.Y[x*out.YStride+h-1-y], out.Cb[o], out.Cr[o] = page.Y[y*page.YStride+x], page.Cb[i], page.Cr[i]
		}
	}
	return out
}

func TestTheFrontOfAnIdentityCardTellsWhichWayUpItIs(t *testing.T) {
	for _, number := range []string{"11010519491231002X", "440524188001010014", "932682198501010017"} {
		d := blankCard(t)
		d.names(6)
		d.portrait(55, 8)
		d.text(6, 44.5, 2.4, "公民身份号码")
		d.text(30, 44, 3.8, number)
		d.text(30.2, 44, 3.8, number[:2]) // these two touch
		page := d.page()
		for lying := range 4 {
			if g := OfCard(page); g.Certainty < Sure || (g.Quarters+lying)%4 != 0 {
				t.Errorf("%s lying %d quarters: %+v", number, lying, g)
			}
			page = quarterTurned(page)
		}
	}
}

// TestOtherCardsStayAsTheyLie: what has a portrait, or a number, elsewhere, and what has only one of both.
func TestOtherCardsStayAsTheyLie(t *testing.T) {
	const number = "11010519491231002X"
	for name, write := range map[string]func(drawn){
		"social security": func(d drawn) {
			d.text(20, 4, 5, "社会保障卡")
			d.portrait(5, 14)
			d.text(36, 22, 3, "陈立新")
			d.text(36, 32, 3, number)
		},
		"portrait left, number below": func(d drawn) { d.portrait(5, 8); d.names(36); d.text(30, 44, 3.8, number) },
		"portrait right, number above": func(d drawn) {
			d.portrait(55, 14)
			d.text(20, 4, 3.8, number)
		},
		"twenty digits": func(d drawn) { d.names(6); d.portrait(55, 8); d.text(26, 44, 3.8, number[:17]+"443") },
		"a line of words": func(d drawn) {
			d.names(6)
			d.portrait(55, 8)
			d.text(24, 44.5, 2.6, "本卡只限持卡人使用遗失请立即挂失补办")
		},
		"a line of squares": func(d drawn) {
			d.names(6)
			d.portrait(55, 8)
			d.text(24, 44.5, 2.6, "国田日目因回四困固田日目国回因四日田")
		},
		"without a portrait": func(d drawn) { d.names(6); d.text(30, 44, 3.8, number) },
		"without a number":   func(d drawn) { d.names(6); d.portrait(55, 8) },
		"bank":               func(d drawn) { d.text(6, 4, 5, "储蓄卡"); d.text(8, 32, 5, "6200001234567890123") },
		"the emblem's side": func(d drawn) {
			d.disc(15, 14, 8, color.RGBA{190, 50, 40, 255})
			d.text(30, 6, 5, "中华人民共和国")
			d.text(30, 15, 7, "居民身份证")
			d.text(16, 38, 3, "签发机关 罗城公安局")
			d.text(16, 45, 3, "有效期限 2020.01.01-2040.01.01")
		},
		"nothing": func(drawn) {},
	} {
		d := blankCard(t)
		write(d)
		page := d.page()
		for lying := range 4 {
			if g := OfCard(page); g.Certainty > 0 {
				t.Errorf("%s, lying %d quarters: %+v", name, lying, g)
			}
			page = quarterTurned(page)
		}
	}
}
