package ui

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yimen/kiosk/journey/view"
)

// framed puts the focus on the n-th thing that it can stand on and tells where its frame lies: the middle of the black band.
const framed = `(n => {
	const things = [...document.querySelectorAll("#screen button")].filter(e => {
		const b = e.getBoundingClientRect(), hit = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2)
		return !e.disabled && b.width > 0 && hit !== null && (hit === e || e.contains(hit))
	})
	const e = things[n %% things.length]
	if (!e) return null
	e.focus()
	const b = e.getBoundingClientRect(), s = getComputedStyle(e), band = parseFloat(s.outlineWidth), out = parseFloat(s.outlineOffset) + band / 2
	return {X: b.left - out, Y: b.top - out, Width: b.width + 2 * out, Height: b.height + 2 * out}
})(%d)`

// TestTheFrameIsSeenInEveryContrast looks at pictures: in the middle of each of its sides the frame is black, and white on both
// sides of that, whatever lies around it. Of the screens every fourth is looked at, in a soak each.
func TestTheFrameIsSeenInEveryContrast(t *testing.T) {
	tab := browse(t)
	desk := newStage(t, samples()[0].view)
	url := serve(t, desk)
	focused(t, tab)
	open(t, tab, url, panels()[0])
	looked := 0
	for i, s := range samples() {
		if i%4 != 0 && os.Getenv("YIMEN_SOAK") == "" {
			continue
		}
		v := s.view
		v.Look = view.Look{Size: view.Sizes()[i/4%4], Contrast: view.Contrasts()[i/4%3]}
		v.Visit = fmt.Sprint("frame-", i)
		arrived(t, tab, desk.show(v))
		strike(t, tab, kb.Tab)
		frame := ask[*rect](t, tab, fmt.Sprintf(framed, i))
		if frame == nil {
			continue // a screen that goes on by itself
		}
		shot, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(shot))
		if err != nil {
			t.Fatal(err)
		}
		x, y := frame.X+frame.Width/2, frame.Y+frame.Height/2
		for side, at := range map[string][4]float64{
			"left": {frame.X, y, 1, 0}, "right": {frame.X + frame.Width, y, 1, 0}, "upper": {x, frame.Y, 0, 1}, "lower": {x, frame.Y + frame.Height, 0, 1},
		} {
			if fault := across(func(beside float64) uint32 { return lightAt(img, at[0]+beside*at[2], at[1]+beside*at[3]) }); fault != "" {
				t.Errorf("%s, %s: the frame's %s side %s", s.name, v.Look.Contrast, side, fault)
			}
		}
		picture(t, tab, "frame-"+s.name)
		looked++
		for len(desk.touches) > 0 {
			<-desk.touches
		}
	}
	if looked < 10 {
		t.Errorf("%d screens were looked at", looked)
	}
}

// across goes over one side of the frame, given how light it is so many pixels beside its middle, and says what is wrong there.
func across(light func(beside float64) uint32) string {
	const black, white = 60, 200
	wide := 1.0
	for _, way := range []float64{-1, 1} {
		if light(0) > black {
			return "is not black"
		}
		edge := way
		for ; light(edge) <= black && wide < 30; edge += way {
			wide++
		}
		if beside := light(edge + way); beside < white { // the next is half of each
			return fmt.Sprintf("has %d of 255 beside it", beside)
		}
	}
	if wide < 1.2/pitch || wide > 2.4/pitch {
		return fmt.Sprintf("is %.1f mm wide", wide*pitch)
	}
	return ""
}

// lightAt is how light a pixel is, from 0 to 255; beyond the picture there is what the frame wants there.
func lightAt(img image.Image, x, y float64) uint32 {
	p := image.Pt(int(x+0.5), int(y+0.5))
	if !p.In(img.Bounds()) {
		return 255
	}
	r, g, b, _ := img.At(p.X, p.Y).RGBA()
	return (r + g + b) / 3 >> 8
}
