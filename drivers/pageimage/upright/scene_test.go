package upright_test

import (
	"os"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/scene"
	"yimen/drivers/pageimage/scene/paper"
)

// TestPagesAreTurnedByTheirWritingAndNeverWrongly lays each paper of some scenes in all four ways, in the soak those of 160.
// What has too few words to tell may stay as it lies.
func TestPagesAreTurnedByTheirWritingAndNeverWrongly(t *testing.T) {
	seeds := []uint64{2, 4, 13, 19, 25, 29, 37, 60}
	if os.Getenv("YIMEN_SOAK") != "" {
		seeds = nil
		for seed := range uint64(160) {
			seeds = append(seeds, seed)
		}
	}
	studio, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	pages, turned := map[paper.Kind]int{}, map[paper.Kind]int{}
	for _, seed := range seeds {
		o := scene.Deal(scene.DevelopmentSeeds+seed, scene.EightMega)
		o.Trouble = scene.Nothing
		sc, err := studio.Make(o)
		if err != nil {
			t.Fatal(err)
		}
		n := lay(t, sc)
		pages[o.Paper], turned[o.Paper] = pages[o.Paper]+4, turned[o.Paper]+n
	}
	if cards := pages[paper.Card]; turned[paper.Card]*4 < cards*3 {
		t.Errorf("only %d of %d cards were turned", turned[paper.Card], cards)
	}
	all, sure := 0, 0
	for kind, n := range pages {
		t.Logf("%s: %d of %d turned", kind, turned[kind], n)
		all, sure = all+n, sure+turned[kind]
	}
	if sure*100 < all*75 {
		t.Errorf("only %d of %d pages were turned", sure, all)
	}
}

// lay has the page of a scene cut out in all four ways, and counts those in which its writing told the way up.
func lay(t *testing.T, sc scene.Scene) (turned int) {
	t.Helper()
	picture, err := pageimage.Decode(sc.Frame)
	if err != nil {
		t.Fatal(err)
	}
	o := sc.Truth.Order
	w, h := o.Paper.Size()
	var reads device.Quad
	for i, c := range sc.Truth.Corners {
		reads[i] = device.Point{X: c.X / float64(o.Size.X), Y: c.Y / float64(o.Size.Y)}
	}
	for turn := range 4 {
		var q device.Quad
		for i := range q {
			q[i] = reads[(i+turn)%4]
		}
		page, err := picture.Take(q, pageimage.Paper{Width: w, Height: h}, pageimage.ByWriting, pageimage.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		if !page.Turned {
			continue
		}
		turned++
		if page.Quad != reads {
			t.Errorf("seed %d, %s, lying %d quarters: turned wrongly, certainty %.2f", o.Seed, o.Paper, turn, page.Upright)
		}
	}
	return turned
}
