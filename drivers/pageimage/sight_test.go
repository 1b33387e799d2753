package pageimage

import (
	"slices"
	"testing"

	"yimen/drivers/device"
)

// taken straightens a drawn page and gives its flaws.
func taken(t *testing.T, width, height int, q device.Quad, paper Paper, l Limits) Page {
	t.Helper()
	picture, err := Decode(frame(t, width, height, q))
	if err != nil {
		t.Fatal(err)
	}
	page, err := picture.Take(q, paper, AsGiven, l)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestAPageSeenFromFarAsideIsAskew: lines that run together by more than the limit are told, those of a usual tilt are not.
func TestAPageSeenFromFarAsideIsAskew(t *testing.T) {
	aside := device.Quad{{X: .4, Y: .2}, {X: .6, Y: .2}, {X: .98, Y: .8}, {X: .02, Y: .8}}
	if p := taken(t, 900, 1200, aside, A4, DefaultLimits); !slices.Contains(p.Flaws, Askew) || p.Scores.Skew < DefaultLimits.Skew {
		t.Errorf("%.0f degrees: %v", p.Scores.Skew, p.Flaws)
	}
	if p := taken(t, 900, 1200, tilted, A4, DefaultLimits); slices.Contains(p.Flaws, Askew) {
		t.Errorf("%.0f degrees: %v", p.Scores.Skew, p.Flaws)
	}
}

// TestFewDotsAreCoarseOnlyWhereThePaperIsKnown: an unknown sheet of that shape may be the next smaller one, with more dots.
func TestFewDotsAreCoarseOnlyWhereThePaperIsKnown(t *testing.T) {
	whole := device.Quad{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}
	const width, height = 1240, 1754 // 150 dots to the inch of A4, 212 of A5
	if p := taken(t, width, height, whole, A4, DefaultLimits); !slices.Contains(p.Flaws, Coarse) || p.Scores.Resolution != 150 {
		t.Errorf("A4 at %.0f: %v", p.Scores.Resolution, p.Flaws)
	}
	if p := taken(t, width, height, whole, Paper{}, DefaultLimits); slices.Contains(p.Flaws, Coarse) {
		t.Errorf("a sheet of A4's shape at %.0f: %v", p.Scores.Resolution, p.Flaws)
	}
	l := DefaultLimits
	l.Bed = Paper{210, 297} // the bed tells its size
	if p := taken(t, width, height, whole, Paper{}, l); !slices.Contains(p.Flaws, Coarse) {
		t.Errorf("A4 by the bed's size at %.0f: %v", p.Scores.Resolution, p.Flaws)
	}
}

// TestAKnownPageOfAnotherShapeIsDoubted: corners that show no card where a card is known to lie are not used unseen.
func TestAKnownPageOfAnotherShapeIsDoubted(t *testing.T) {
	picture, err := Decode(frame(t, 1600, 1200, seen(210, 297, 92, 8, 5, .6)))
	if err != nil {
		t.Fatal(err)
	}
	for paper, doubted := range map[Paper]bool{A4: false, A5: false, {}: false, ID1: true, {80, 200}: true} {
		if s := picture.Look(paper, DefaultLimits); slices.Contains(s.Flaws, Unsure) != doubted {
			t.Errorf("taken for %v: certainty %.2f, %v", paper, s.Scores.Certainty, s.Flaws)
		}
	}
}

// TestALimitIsTheModelsNotTheCodes: the same page under another model's limits is judged otherwise.
func TestALimitIsTheModelsNotTheCodes(t *testing.T) {
	strict := DefaultLimits
	strict.Light, strict.Skew = 250, 1
	p := taken(t, 900, 1200, tilted, A4, strict)
	if !slices.Contains(p.Flaws, Dark) || !slices.Contains(p.Flaws, Askew) {
		t.Errorf("under strict limits: %v", p.Flaws)
	}
}
