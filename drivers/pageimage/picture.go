package pageimage

import (
	"fmt"
	"image"
	"math"
	"sync"

	"yimen/drivers/device"
	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage/finder"
	"yimen/drivers/pageimage/judge"
	"yimen/drivers/pageimage/upright"
)

// Picture is one decoded picture of the bed. It does not change.
type Picture struct{ img *image.YCbCr }

// Decode decodes a frame of a document camera. Errors: those of jpeg.Decode for a frame that cannot be used.
func Decode(frame []byte) (Picture, error) {
	img, err := jpeg.Decode(frame, jpeg.Full, maxPixels)
	if err != nil {
		return Picture{}, fmt.Errorf("look at page: %w", err)
	}
	return Picture{img}, nil
}

// Glance looks at one frame of a live picture: where the page lies, and what can be said of it at a glance (light,
// edges, certainty). It does not tell blur, glare or ink: for those take a picture. Errors as Decode.
func Glance(frame []byte, l Limits) (Sight, error) {
	head, err := jpeg.Header(frame)
	if err != nil {
		return Sight{}, fmt.Errorf("glance at page: %w", err)
	}
	scale := jpeg.Full
	for scale < jpeg.Eighth && max(head.Width, head.Height)/int(2*scale) >= glanceSize {
		scale *= 2
	}
	img, err := jpeg.Decode(frame, scale, maxPixels)
	if err != nil {
		return Sight{}, fmt.Errorf("glance at page: %w", err)
	}
	found, ok := finder.Find(img, false)
	s := sighted(found, ok, img.Rect, Paper{}, l)
	if !ok {
		s.flagIf(pitch(img, l.Light), Dark)
		return s, nil
	}
	s.light(paperLight(img, s.Quad), l)
	return s, nil
}

// glanceSize is how many pixels the longer side of a live frame has at least when it is looked at.
const glanceSize = 320

// Look finds the page in a picture, straightens it in memory and judges it. paper is what the page is known to be; the
// zero value has it guessed.
func (p Picture) Look(paper Paper, l Limits) Sight {
	guessed := paper == (Paper{}) && l.Bed == (Paper{})
	found, ok := finder.Find(p.img, true)
	s := sighted(found, ok, p.img.Rect, paper, l)
	if ok {
		if page, dpi, err := p.straight(s.Quad, s.Paper); err == nil {
			s.judge(page, dpi, guessed, l)
		}
	}
	return s
}

// Take straightens and judges the page whose corners in the picture are quad. Errors: ErrQuad.
func (p Picture) Take(quad device.Quad, paper Paper, way Way, l Limits) (Page, error) {
	guessed := paper == (Paper{}) && l.Bed == (Paper{})
	if paper == (Paper{}) {
		paper = guess(quad, p.img.Rect, l.Bed)
	}
	page, dpi, err := p.straight(quad, paper)
	if err != nil {
		return Page{}, err
	}
	s := Sight{Quad: quad, Paper: paper, Scores: Scores{Certainty: 1, Skew: skew(quad, p.img.Rect)}}
	s.geometry(l)
	g := s.consider(page, dpi, guessed, way, l)
	return finished(page, dpi, s, g)
}

// Capture finds, straightens and judges the page in a picture, and turns it by its writing. A picture without a page gives
// a Page without JPEG.
func (p Picture) Capture(paper Paper, l Limits) (Page, error) {
	guessed := paper == (Paper{}) && l.Bed == (Paper{})
	found, ok := finder.Find(p.img, true)
	s := sighted(found, ok, p.img.Rect, paper, l)
	if !ok {
		return Page{Sight: s}, nil
	}
	page, dpi, err := p.straight(s.Quad, s.Paper)
	if err != nil { // corners far outside the picture
		s.flag(Unsure)
		return Page{Sight: s}, nil
	}
	g := s.consider(page, dpi, guessed, ByWriting, l)
	return finished(page, dpi, s, g)
}

// consider judges a straightened page, and meanwhile looks which way up its writing is.
func (s *Sight) consider(page *image.YCbCr, dpi float64, guessed bool, way Way, l Limits) (g upright.Guess) {
	var looking sync.WaitGroup
	if way == ByWriting {
		looking.Go(func() {
			if s.Paper.card() {
				g = upright.OfCard(page)
			} else {
				g = upright.Of(page)
			}
		})
	}
	s.judge(page, dpi, guessed, l)
	looking.Wait()
	return g
}

// Page is a straightened page.
type Page struct {
	JPEG    []byte  // carries its resolution
	DPI     float64 // 0 where the paper's size is not known
	Sight           // what it was straightened and judged by; the corners begin at its top left as it reads, where that is known
	Upright float64 // how sure its writing makes which way up it is, 0 to 1; 0 where that was not asked or nothing tells
	Turned  bool    // it was sure enough, and the page stands as its writing does
}

// finished turns a page where its writing is sure, and writes it.
func finished(page *image.YCbCr, dpi float64, s Sight, g upright.Guess) (Page, error) {
	done := Page{DPI: dpi, Sight: s, Upright: g.Certainty}
	if g.Certainty >= upright.Sure {
		done.Turned, done.Quad = true, turnedQuad(s.Quad, g.Quarters)
		page = turned(page, g.Quarters)
	}
	var err error
	if done.JPEG, err = slim(page, dpi, mostBytes); err != nil {
		return Page{}, fmt.Errorf("straighten page: %w", err)
	}
	return done, nil
}

// mostBytes is what a straightened page may take: a hall's line may carry 2 Mbit/s, and a case forty pages.
const mostBytes = 1 << 20

// slim writes a page with less quality, step by step, until it takes no more than most bytes; at the last step 2 mm print can
// still be read, and seals stay red. What is larger even then is kept: pages are not refused for their size.
func slim(page *image.YCbCr, dpi float64, most int) (data []byte, err error) {
	for _, quality := range []int{85, 75, 65, 55} {
		if data, err = jpeg.EncodeHalves(page, quality, dpi); err != nil || len(data) <= most {
			break
		}
	}
	return data, err
}

// straight gives the page in memory.
func (p Picture) straight(quad device.Quad, paper Paper) (*image.YCbCr, float64, error) {
	corners, err := pixels(quad, p.img.Rect)
	if err != nil {
		return nil, 0, err
	}
	size, dpi := sizeOf(corners, p.img.Rect, paper)
	toFrame, err := homography(corners, size)
	if err != nil {
		return nil, 0, err
	}
	page := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	warpPicture(page, p.img, toFrame)
	return page, dpi, nil
}

// sighted turns what was found into words.
func sighted(found finder.Page, ok bool, frame image.Rectangle, paper Paper, l Limits) Sight {
	if !ok {
		return Sight{Flaws: []Flaw{NoPage}}
	}
	s := Sight{Quad: found.Quad, Paper: paper}
	if paper == (Paper{}) {
		s.Paper = guess(found.Quad, frame, l.Bed)
	}
	s.Scores.Certainty, s.Scores.Skew = found.Certainty, skew(found.Quad, frame)
	outside := false
	for _, e := range found.Edges {
		outside = outside || e.Outside
	}
	s.Scores.Covered = covered(found, frame, s.Paper)
	s.flagIf(s.Scores.Certainty < l.Certainty || paper != (Paper{}) && odd(found.Quad, frame, paper), Unsure)
	s.flagIf(found.Second, TwoPages)
	s.flagIf(outside, CutOff)
	s.flagIf(s.Scores.Covered > l.Covered, Covered)
	s.geometry(l)
	return s
}

// covered is the longest part of an edge that something lies over, in millimetres.
func covered(found finder.Page, frame image.Rectangle, paper Paper) float64 {
	if paper == (Paper{}) {
		paper = A4
	}
	length := func(i int) float64 {
		a, b := found.Quad[i], found.Quad[(i+1)%4]
		return math.Hypot((a.X-b.X)*float64(frame.Dx()), (a.Y-b.Y)*float64(frame.Dy()))
	}
	longest := max(length(0), length(1), length(2), length(3))
	most := 0.0
	for i, e := range found.Edges {
		most = max(most, e.Hidden*length(i)/longest*max(paper.Width, paper.Height))
	}
	return most
}

func (s *Sight) geometry(l Limits) {
	for _, c := range s.Quad {
		if c.X < 0 || c.Y < 0 || c.X > 1 || c.Y > 1 {
			s.flag(CutOff)
			break
		}
	}
	s.flagIf(s.Scores.Skew > l.Skew, Askew)
}

// judge adds what the straightened page tells. A page whose size was guessed by its shape alone, unless that is a card's, may
// be the next smaller of that shape: it is not called coarse where that would not be, nor blurred unless it is halfway so.
func (s *Sight) judge(page *image.YCbCr, dpi float64, guessed bool, l Limits) {
	printed := 0.03
	if s.Paper.card() {
		printed = 0.2 // a card's portrait
	}
	m := judge.Measure(page, printed)
	s.Scores.Resolution = dpi
	perMM, spread := dpi/mmPerInch, l.Spread
	if dpi == 0 { // a strip, mostly: as if it were as wide as one
		perMM = float64(min(page.Rect.Dx(), page.Rect.Dy())) / stripWidth
	}
	if guessed && s.Paper != ID1 {
		dpi, spread = dpi*math.Sqrt2, spread*math.Sqrt(math.Sqrt2)
	}
	s.Scores.Evenness, s.Scores.Glare, s.Scores.Ink = m.Evenness, m.Glare, m.Ink
	s.Scores.Spread = m.Spread / perMM
	s.light(m.Light, l)
	s.flagIf(m.Glare > l.Glare, Glare)
	s.flagIf(m.Evenness < l.Evenness, Shadow)
	s.flagIf(s.Scores.Spread > spread, Blurred)
	s.flagIf(dpi > 0 && dpi < l.Resolution, Coarse)
	s.flagIf(m.Ink < l.Ink, Empty)
}

// light takes in the luma of the bare paper.
func (s *Sight) light(luma float64, l Limits) {
	s.Scores.Light = luma
	s.flagIf(luma < l.Light, Dark)
	s.flagIf(luma > brightest, Bright)
}

// stripWidth is the width in millimetres of a strip from a till, which a page of no known shape mostly is.
const stripWidth = 80

// brightest is the luma of bare paper above which a sensor may have cut off what was written faintly.
const brightest = 248

func (s *Sight) flagIf(wrong bool, f Flaw) {
	if wrong {
		s.flag(f)
	}
}

func (s *Sight) flag(f Flaw) {
	for _, have := range s.Flaws {
		if have == f {
			return
		}
	}
	s.Flaws = append(s.Flaws, f)
}

// skew is how far the corner that departs most is from a right angle, in degrees.
func skew(q device.Quad, frame image.Rectangle) float64 {
	at := func(i int) (x, y float64) {
		return q[i%4].X * float64(frame.Dx()), q[i%4].Y * float64(frame.Dy())
	}
	most := 0.0
	for i := range 4 {
		ax, ay := at(i + 3)
		bx, by := at(i)
		cx, cy := at(i + 1)
		ux, uy, vx, vy := ax-bx, ay-by, cx-bx, cy-by
		angle := math.Acos((ux*vx + uy*vy) / (math.Hypot(ux, uy) * math.Hypot(vx, vy)))
		most = max(most, math.Abs(angle*180/math.Pi-90))
	}
	return most
}
