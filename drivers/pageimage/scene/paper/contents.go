package paper

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// paragraph sets text in lines between x and x+w and gives the y below it.
func (s *sheet) paragraph(x, y, w, size, lead float64, f face, c color.RGBA, text string) float64 {
	line, used := "", 2*size // the first line stands in by two characters
	start := x + 2*size
	for _, r := range text {
		a := s.width(size, f, string(r))
		if used+a > w && line != "" {
			s.text(start, y, size, f, c, line)
			y += lead
			line, used, start = "", 0, x
		}
		line, used = line+string(r), used+a
	}
	s.text(start, y, size, f, c, line)
	return y + lead
}

// title writes a heading in the middle and gives the y below it.
func (s *sheet) title(y, size float64, f face, text string) float64 {
	s.text((s.w-s.width(size, f, text))/2, y, size, f, black, text)
	return y + 1.9*size
}

// table draws a ruled form: printed labels, entries by hand. It gives the y below it.
func (s *sheet) table(x, y, w float64, rows int, size float64) float64 {
	high, labelled := 2.1*size, 0.17*w
	for r := range rows {
		top := y + float64(r)*high
		for half := range 2 {
			left := x + float64(half)*w/2
			s.frame(left, top, labelled, high, 0.3, black)
			s.frame(left+labelled-0.3, top, w/2-labelled+0.3, high, 0.3, black)
			label, entry := s.words.any(s.rnd, "label"), s.words.any(s.rnd, "entry")
			s.text(left+1.2, top+0.5*size, math.Min(size, (labelled-2)/float64(len([]rune(label)))), serif, black, label)
			em := math.Min(1.15*size, (w/2-labelled-3)/s.width(1, hand, entry))
			s.text(left+labelled+1.5, top+0.45*size, em, hand, s.pen(), entry)
		}
	}
	return y + float64(rows)*high + 0.8*size
}

// pen is the ink of what someone wrote.
func (s *sheet) pen() color.RGBA {
	if s.rnd.IntN(2) == 0 {
		return blue
	}
	return black
}

// seal stamps a round red seal around x, y over what is written there.
func (s *sheet) seal(x, y, r float64) {
	s.ring(x, y, r, 0.06*r, 0.8, red)
	s.disc(x, y, 0.22*r, 0.8, red)
	text := []rune(s.words.any(s.rnd, "place"))
	size := 0.3 * r
	for i, ch := range text {
		a := math.Pi * (1.1 + 0.8*float64(i)/float64(len(text)-1))
		sin, cos := math.Sincos(a + math.Pi/2) // the way up of a character on the ring
		cx, cy := x+0.72*r*math.Cos(a), y+0.72*r*math.Sin(a)
		m := affine{cos, -sin, sin, cos}
		s.glyph(cx+size*(-0.5*cos-0.38*sin), cy+size*(-0.5*sin+0.38*cos), size, serif, m, red, ch)
	}
}

// portrait draws the picture of a face: tones without edges of its own, in a box with edges.
func (s *sheet) portrait(x, y, w, h float64) {
	s.fill(x, y, w, h, color.RGBA{uint8(s.between(90, 220)), uint8(s.between(120, 220)), uint8(s.between(160, 240)), 255})
	defer func(whole image.Rectangle) { s.clip = whole }(s.clip)
	s.clip = s.box(x, y, w, h)
	s.disc(x+w/2, y+h*0.98, w*0.46, 1, color.RGBA{52, 58, 76, 255})
	s.disc(x+w/2, y+h*0.42, w*0.27, 1, color.RGBA{222, 182, 152, 255})
	s.disc(x+w/2, y+h*0.27, w*0.26, 1, color.RGBA{34, 30, 30, 255})
	s.disc(x+w/2, y+h*0.46, w*0.24, 1, color.RGBA{222, 182, 152, 255})
	s.disc(x+w*0.4, y+h*0.42, w*0.03, 1, black)
	s.disc(x+w*0.6, y+h*0.42, w*0.03, 1, black)
}

// bars draws a bar code.
func (s *sheet) bars(x, y, w, h float64) {
	for end := x + w; x < end; {
		thick := 0.25 * float64(1+s.rnd.IntN(3))
		s.fill(x, y, thick, h, black)
		x += thick + 0.25*float64(1+s.rnd.IntN(3))
	}
}

// form is a printed form that was filled in by hand, with a seal.
func (s *sheet) form() {
	u := s.w / 210 // an A5 form is an A4 form made smaller, down to print of 2 mm
	m := 18 * u
	y := s.title(s.between(18, 26)*u, 7.2*u, bold, s.words.any(s.rnd, "title"))
	y = s.table(m, y, s.w-2*m, 4+s.rnd.IntN(3), 4.2*u)
	size := math.Max(4.1*u, 3)
	for y < s.h-70*u {
		y = s.paragraph(m, y, s.w-2*m, size, 1.75*size, serif, black, s.words.any(s.rnd, "sentence")+s.words.any(s.rnd, "sentence"))
	}
	for range 3 {
		y = s.paragraph(m, y, s.w-2*m, 2.1, 3.4, sans, black, s.words.any(s.rnd, "small"))
	}
	x := s.text(s.w-85*u, s.h-32*u, size, serif, black, "申请人：")
	s.text(x, s.h-33*u, 1.5*size, hand, s.pen(), s.words.any(s.rnd, "entry"))
	s.seal(s.w-s.between(40, 60)*u, s.h-s.between(30, 38)*u, s.between(17, 21)*u)
}

// print is a page of paragraphs of two full lines, the last of them in print of 2 mm: who reads a page by machine loses
// lines of two characters, however sharp they are.
func (s *sheet) print() {
	full := func(section string, size float64) string {
		text := []rune{}
		for n := 2*int((s.w-40)/size) - 2; len(text) < n; {
			text = append(text, []rune(s.words.any(s.rnd, section))...)
			text = text[:min(len(text), n)]
		}
		return string(text)
	}
	y := s.title(20, 7, bold, s.words.any(s.rnd, "title"))
	for y < s.h-150 {
		y = s.paragraph(20, y, s.w-40, 3.7, 6.4, serif, black, full("sentence", 3.7))
	}
	for range 4 {
		y = s.paragraph(20, y+1.5, s.w-40, 2.2, 3.8, sans, black, full("small", 2.2))
	}
}

// letter is written by hand from top to bottom.
func (s *sheet) letter() {
	u := s.w / 210
	m := s.between(16, 24) * u
	size := s.between(5.4, 6.6) * math.Max(u, 0.8)
	ink := s.pen()
	title := s.words.any(s.rnd, "title")
	s.text((s.w-s.width(1.3*size, hand, title))/2, 16*u, 1.3*size, hand, ink, title)
	end := s.h * s.between(0.6, 0.85)
	for y := 34 * u; y < end; {
		y = s.paragraph(m, y, s.w-2*m, size, 1.7*size, hand, ink, s.words.any(s.rnd, "sentence"))
	}
	s.text(s.w-70*u, s.h-26*u, size, hand, ink, s.words.any(s.rnd, "entry"))
}

// certificate has few words in a thick ornate frame: a page within the page.
func (s *sheet) certificate() {
	u := s.w / 210
	inset := s.between(9, 16) * u
	s.frame(inset, inset, s.w-2*inset, s.h-2*inset, 2.2*u, red)
	s.frame(inset+4*u, inset+4*u, s.w-2*inset-8*u, s.h-2*inset-8*u, 0.6*u, red)
	y := s.title(48*u, 12*u, bold, s.words.any(s.rnd, "title"))
	for range 3 {
		y = s.paragraph(32*u, y+6*u, s.w-64*u, 6*u, 11*u, serif, black, s.words.any(s.rnd, "sentence"))
	}
	s.portrait(s.w-70*u, s.h-130*u, 28*u, 38*u)
	s.seal(s.w-58*u, s.h-58*u, 20*u)
}

// booklet is an open household register: a leaf above the fold, a leaf below it.
func (s *sheet) booklet() {
	for leaf := range 2 {
		top := float64(leaf) * s.h / 2
		s.text(s.w/2-22, top+7, 5, serif, black, "常住人口登记卡")
		s.table(9, top+17, s.w-18, 7, 3.6)
		s.text(12, top+s.h/2-13, 2.4, serif, black, s.words.any(s.rnd, "small"))
		s.seal(s.w-s.between(24, 34), top+s.h/2-s.between(20, 26), 13)
	}
}

// card is the front of an identity card.
func (s *sheet) card() {
	for range 60 { // guilloches: faint curves all over
		s.ring(s.between(0, s.w), s.between(0, s.h), s.between(8, 30), 0.25, 0.25, color.RGBA{150, 190, 205, 255})
	}
	for i, line := range []string{"姓名", "性别", "出生", "住址"} {
		y := 6 + 8.2*float64(i)
		s.text(5, y, 2.4, sans, color.RGBA{60, 110, 160, 255}, line)
		s.text(14, y-0.3, 3.1, sans, black, s.words["entry"][(s.rnd.IntN(5)+5*i)%20])
	}
	s.text(5, 45, 2.4, sans, color.RGBA{60, 110, 160, 255}, "公民身份号码")
	s.text(30, 44.6, 3.6, sans, black, s.words["entry"][20+s.rnd.IntN(3)])
	s.portrait(58, 8, 23, 29)
}

// receipt is a shop's or a hospital's strip.
func (s *sheet) receipt(ink color.RGBA) {
	y := s.title(6, 4.2, bold, s.words.any(s.rnd, "place"))
	for y < s.h-34 {
		s.text(4, y, 3, sans, ink, s.words.any(s.rnd, "item"))
		price := fmt.Sprintf("%d x %d.%02d", 1+s.rnd.IntN(3), 2+s.rnd.IntN(90), s.rnd.IntN(100))
		s.text(s.w-4-s.width(3, sans, price), y, 3, sans, ink, price)
		if y += 4.6; s.rnd.IntN(6) == 0 {
			s.fill(4, y, s.w-8, 0.25, ink)
			y += 2
		}
	}
	s.text(4, s.h-30, 4.2, bold, ink, fmt.Sprintf("合计 %d.%02d 元", 20+s.rnd.IntN(900), s.rnd.IntN(100)))
	s.bars(6, s.h-22, s.w-12, 10)
}
