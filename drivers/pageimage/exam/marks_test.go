package exam

import (
	"image"
	"math"
	"strings"
	"testing"

	"yimen/drivers/pageimage/scene"
)

// fine is what is true of a good frame.
func fine() scene.Truth {
	return scene.Truth{Order: scene.Order{Size: image.Pt(3000, 4000), Ground: scene.Wood}, Page: true,
		Corners: [4]scene.Point{{X: 1000, Y: 1000}, {X: 1300, Y: 1000}, {X: 1300, Y: 1400}, {X: 1000, Y: 1400}},
		DPI:     260, Blur: 0.08, White: 200, Even: 0.9}
}

func TestCornersCountWhereverTheyBegin(t *testing.T) {
	truth := fine()
	a := Answer{Found: true, Corners: [4]scene.Point{truth.Corners[2], truth.Corners[3], truth.Corners[0], truth.Corners[1]}}
	a.Corners[1].X += 5
	if ofFrame, ofPage := Off(truth, a); math.Abs(ofFrame-0.001) > 1e-9 || math.Abs(ofPage-0.01) > 1e-9 {
		t.Errorf("off by %v of the frame, %v of the page", ofFrame, ofPage)
	}
	if ofFrame, _ := Off(truth, Answer{}); ofFrame != 1 {
		t.Errorf("no answer is off by %v", ofFrame)
	}
	mirrored := Answer{Found: true, Corners: [4]scene.Point{truth.Corners[1], truth.Corners[0], truth.Corners[3], truth.Corners[2]}}
	if ofFrame, _ := Off(truth, mirrored); ofFrame < 0.05 {
		t.Errorf("corners the wrong way round are off by %v", ofFrame)
	}
}

func TestEveryGoalCanBeMissed(t *testing.T) {
	right := Answer{Found: true, Good: true, Corners: fine().Corners}
	good := Result{Truth: fine(), Ours: right}
	report := Report{}
	for range 40 {
		report = append(report, good)
	}
	if m := report.Misses(LeastNear, MostRefused); len(m) != 0 {
		t.Fatalf("%v", m)
	}
	for name, spoil := range map[string]func(*Result){
		"near enough":    func(r *Result) { r.Ours.Corners[0].X += 60 },
		"frames refused": func(r *Result) { r.Ours.Good = false },
		"corner outside": func(r *Result) { r.Truth.Missing[2] = true },
		"out of focus":   func(r *Result) { r.Truth.Blur = 0.3 },
		"glare":          func(r *Result) { r.Truth.Glare = 0.02 },
	} {
		spoiled := append(Report{}, report...)
		for i := range 2 {
			spoil(&spoiled[i])
		}
		if m := strings.Join(spoiled.Misses(LeastNear, MostRefused), "; "); !strings.Contains(m, name) {
			t.Errorf("%s: %q", name, m)
		}
	}
}

func TestReportCountsWhatIsNamed(t *testing.T) {
	dark := fine()
	dark.White = 40
	report := Report{
		{Truth: dark, Ours: Answer{Flaws: []string{"dark"}}},
		{Truth: dark, Ours: Answer{Flaws: []string{"shadow"}}},
		{Truth: dark, Ours: Answer{Good: true}},
		{Truth: fine(), Ours: Answer{Found: true, Good: true, Corners: fine().Corners}, Peer: &Answer{}},
	}
	if frames, good, named := report.lacks(scene.Dark); frames != 3 || good != 1 || named != 1 {
		t.Errorf("%d frames, %d called good, %d named", frames, good, named)
	}
	if s := report.String(); !strings.Contains(s, "wood") || !strings.Contains(s, "33.3 %") {
		t.Errorf("\n%s", s)
	}
}
