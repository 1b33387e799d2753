package face

import (
	"image"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/emulator/portrait"
)

// TestWhoStandsBeforeTheBenchIsSeenAsThatIs: each phase of each scene that the bench shows. A printed photograph looks as
// good as a face: that it does not live is for a verifier to see.
func TestWhoStandsBeforeTheBenchIsSeenAsThatIs(t *testing.T) {
	f := finder(t)
	size := image.Pt(640, 480)
	judge := func(what string, phases []*image.Gray, want ...device.FaceFlaw) {
		t.Helper()
		for i, im := range phases {
			if s := f.Judge(im, DefaultLimits()); !slices.Equal(s.Flaws, want) {
				t.Errorf("%s, phase %d: %v", what, i, s.Flaws)
			}
		}
	}
	judge("nobody", portrait.Living(size), device.NoFace)
	for _, name := range []string{"990000196203150022", "990000195109090014"} {
		p := portrait.Of(name)
		judge(name, portrait.Living(size, p))
		judge(name+", a stranger", portrait.Living(size, p.Stranger()))
		judge(name+", two", portrait.Living(size, p, p.Stranger()), device.SeveralFaces)
		judge(name+", printed", portrait.Printed(size, p))
		if len(f.Find(p.Photo())) != 1 {
			t.Errorf("%s: no face is found in the card's photo", name)
		}
	}
}

func TestAPhotosBytesTellWhomItShows(t *testing.T) {
	p := portrait.Of("990000196203150022")
	if got, err := portrait.Parse(p.String() + strings.Repeat("\x00}", 200)); err != nil || got != p {
		t.Errorf("%+v, %v, want %+v", got, err, p)
	}
	for _, none := range []string{"", "portrait:", "portrait:{", "portrait:x}", "\x57\x4C\x66"} {
		if got, err := portrait.Parse(none); err == nil {
			t.Errorf("%q shows %+v", none, got)
		}
	}
	if p == portrait.Of("990000197811020031") || p == p.Stranger() {
		t.Error("two people are one")
	}
}
