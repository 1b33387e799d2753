package finder

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"yimen/drivers/jpeg"
	"yimen/drivers/pageimage/scene"
)

// TestFitWeights finds the weights anew from scenes with development seeds, as many as YIMEN_FIT says, and prints them.
func TestFitWeights(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("YIMEN_FIT"))
	if n == 0 {
		t.Skip("YIMEN_FIT says how many scenes to learn from")
	}
	studio, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	var lots []lot
	missed := 0
	for seed := range n {
		size := scene.Preview
		if seed%4 == 0 {
			size = scene.FiveMega
		}
		s, err := studio.Make(scene.Deal(uint64(5000+seed), size))
		if err != nil {
			t.Fatal(err)
		}
		if !s.Truth.Page || s.Truth.Missing != [4]bool{} {
			continue
		}
		l, ok := lotOf(t, s)
		if !ok {
			missed++
			continue
		}
		lots = append(lots, l)
	}
	fmt.Printf("%d scenes, in %d no candidate was right\n", len(lots)+missed, missed)
	w := learn(lots[:len(lots)*4/5])
	fmt.Printf("right: %.3f of what was learnt from, %.3f of the others\n", right(lots[:len(lots)*4/5], w), right(lots[len(lots)*4/5:], w))
	w = learn(lots)
	var text []string
	for _, v := range w {
		text = append(text, fmt.Sprintf("%.2f", v))
	}
	fmt.Println(strings.Join(text, ", "))
}

// lot is the candidates of a scene, and which of them are right.
type lot struct {
	traits [][]float64
	right  []bool
}

func lotOf(t *testing.T, s scene.Scene) (lot, bool) {
	img, err := jpeg.Decode(s.Frame, jpeg.Full, 1e9)
	if err != nil {
		t.Fatal(err)
	}
	w := reduce(img)
	_, ranked := rank(w, segments(detect(w.luma)))
	var l lot
	some := false
	for _, c := range ranked {
		off := math.Inf(1)
		for turn := range 4 {
			most := 0.0
			for i := range 4 {
				p := s.Truth.Corners[(i+turn)%4]
				most = max(most, math.Hypot(c.corners[i].x-p.X/float64(w.by), c.corners[i].y-p.Y/float64(w.by)))
			}
			off = min(off, most)
		}
		l.traits = append(l.traits, c.traits.list())
		ok := off < 0.01*math.Hypot(float64(w.luma.width), float64(w.luma.height))
		l.right = append(l.right, ok)
		some = some || ok
	}
	return l, some
}

// learn climbs the likelihood that of a scene's candidates a right one is taken, and that each right one is called so.
func learn(lots []lot) []float64 {
	n := len(lots[0].traits[0])
	w, m, v := make([]float64, n), make([]float64, n), make([]float64, n)
	for round := 1; round <= 1500; round++ {
		g := make([]float64, n)
		for _, l := range lots {
			gradient(g, l, w)
		}
		for k := range w { // Adam
			d := g[k]/float64(len(lots)) - 0.0005*w[k]
			m[k], v[k] = 0.9*m[k]+0.1*d, 0.999*v[k]+0.001*d*d
			w[k] += 0.05 * (m[k] / (1 - math.Pow(0.9, float64(round)))) / (math.Sqrt(v[k]/(1-math.Pow(0.999, float64(round)))) + 1e-8)
		}
	}
	return w
}

func gradient(g []float64, l lot, w []float64) {
	e := make([]float64, len(l.traits))
	all, good, top := 0.0, 0.0, math.Inf(-1)
	for i, t := range l.traits {
		e[i] = dot(t, w)
		top = max(top, e[i])
	}
	for i := range e {
		p := math.Exp(e[i] - top)
		if all += p; l.right[i] {
			good += p
		}
	}
	best := -1
	for i, t := range l.traits {
		p := math.Exp(e[i]-top) / all
		q := 0.0
		if l.right[i] {
			q = math.Exp(e[i]-top) / good
		}
		for k := range g {
			g[k] += (q - p) * t[k]
		}
		if best < 0 || e[i] > e[best] {
			best = i
		}
	}
	want := 0.0
	if l.right[best] {
		want = 1
	}
	for k := range g { // the best one's certainty
		g[k] += 0.3 * (want - 1/(1+math.Exp(-e[best]))) * l.traits[best][k]
	}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func right(lots []lot, w []float64) float64 {
	n := 0
	for _, l := range lots {
		best := 0
		for i := range l.traits {
			if dot(l.traits[i], w) > dot(l.traits[best], w) {
				best = i
			}
		}
		if l.right[best] {
			n++
		}
	}
	return float64(n) / float64(len(lots))
}
