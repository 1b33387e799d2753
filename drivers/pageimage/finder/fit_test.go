package finder

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage/eye"
	"yimen/drivers/pageimage/scene"
)

// TestFitCertainty finds the weights of certainty anew from scenes with development seeds, as many as YIMEN_FIT says, and
// prints them. The seeds are not those that eye learnt from: it knows those better than any page it will see.
func TestFitCertainty(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("YIMEN_FIT"))
	if n == 0 {
		t.Skip("YIMEN_FIT says how many scenes to learn from")
	}
	studio, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	var cases []fitCase
	for seed := range n {
		s, err := studio.Make(scene.Deal(scene.DevelopmentSeeds+uint64(seed), scene.EightMega))
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := caseOf(t, s); ok {
			cases = append(cases, c)
		}
	}
	var text []string
	for _, v := range learnCertainty(cases) {
		text = append(text, fmt.Sprintf("%.2f", v))
	}
	t.Log(strings.Join(text, ", "))
}

// fitCase is what was seen of a page, and whether its corners were right.
type fitCase struct {
	traits []float64
	right  bool
}

func caseOf(t *testing.T, s scene.Scene) (fitCase, bool) {
	img, err := jpeg.Decode(s.Frame, jpeg.Full, 1e9)
	if err != nil {
		t.Fatal(err)
	}
	w := reduced(img)
	m := eye.Look(w.small.seen(), w.cb.seen(), w.cr.seen(), eye.Fine)
	_, outlines := sheet(m)
	if len(outlines) == 0 || !s.Truth.Page {
		return fitCase{}, false
	}
	found := w.look(m, outlines[0].upright(), true)
	off := math.Inf(1)
	for turn := range 4 {
		most := 0.0
		for i, c := range found.quad {
			p := s.Truth.Corners[(i+turn)%4]
			most = max(most, math.Hypot(c.X*w.by-p.X, c.Y*w.by-p.Y))
		}
		off = min(off, most)
	}
	size := s.Truth.Order.Size
	return fitCase{found.traits.list(), off < 0.005*math.Hypot(float64(size.X), float64(size.Y))}, true
}

// learnCertainty climbs the likelihood of what was right and what was not.
func learnCertainty(cases []fitCase) []float64 {
	w := make([]float64, len(cases[0].traits))
	m, v := make([]float64, len(w)), make([]float64, len(w))
	for round := 1; round <= 4000; round++ {
		g := make([]float64, len(w))
		for _, c := range cases {
			sum := 0.0
			for i, x := range c.traits {
				sum += w[i] * x
			}
			want := 0.0
			if c.right {
				want = 1
			}
			for i, x := range c.traits {
				g[i] += (want - likely(sum)) * x
			}
		}
		for i := range w { // Adam
			d := g[i]/float64(len(cases)) - 0.0005*w[i]
			m[i], v[i] = 0.9*m[i]+0.1*d, 0.999*v[i]+0.001*d*d
			w[i] += 0.02 * m[i] / (1 - math.Pow(0.9, float64(round))) / (math.Sqrt(v[i]/(1-math.Pow(0.999, float64(round)))) + 1e-8)
		}
	}
	return w
}
