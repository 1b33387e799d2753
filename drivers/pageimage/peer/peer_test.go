package peer

import (
	"context"
	"errors"
	"math"
	"testing"

	"yimen/drivers/pageimage/scene"
	"yimen/drivers/pageimage/scene/paper"
)

func start(t *testing.T) *Program {
	t.Helper()
	p, err := Start(context.Background(), t.TempDir())
	if errors.Is(err, ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestTheClassicalFinderIsNoStrawMan(t *testing.T) {
	p := start(t)
	s, err := scene.Open()
	if err != nil {
		t.Fatal(err)
	}
	sc, err := s.Make(scene.Order{Seed: 1, Size: scene.FiveMega, Paper: paper.A4, State: scene.Flat, Ground: scene.DarkMat, Trouble: scene.Nothing})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := p.Page(sc.Frame, 2480, 3508)
	if err != nil {
		t.Fatal(err)
	}
	stood, err := p.Stand(sc.Frame, 2480, 3508)
	if err != nil {
		t.Fatal(err)
	}
	quick, err := p.Glance(sc.Frame)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []Answer{whole, stood, quick} {
		if !a.Found || a.Took <= 0 || a.Work <= 0 {
			t.Fatalf("%+v", a)
		}
		for _, c := range sc.Truth.Corners {
			near := math.Inf(1)
			for _, q := range a.Corners {
				near = min(near, math.Hypot(c.X-q[0], c.Y-q[1]))
			}
			if near > 0.005*math.Hypot(2592, 1944) {
				t.Errorf("the nearest corner to %v lies %.1f pixels away", c, near)
			}
		}
	}
	if whole.Bytes < 50_000 || stood.Bytes < 50_000 || quick.Bytes != 0 {
		t.Errorf("%d, %d and %d bytes", whole.Bytes, stood.Bytes, quick.Bytes)
	}
}

func TestAnAnswerOutOfFormIsRefused(t *testing.T) {
	for _, line := range []string{"", "1 2 3\n", "1 2 3 four\n", "1 2 3 4 5 6 7 8 9 10 x\n"} {
		if a, err := parse(line); err == nil {
			t.Errorf("%q: %+v", line, a)
		}
	}
	if a, err := parse("0.5 0.7 7 none\n"); err != nil || a.Found || a.Bytes != 7 {
		t.Errorf("%+v, %v", a, err)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add("0.25 0.4 1000 1 2 3 4 5 6 7 8\n")
	f.Add("0.25 0.4 0 none\n")
	f.Fuzz(func(t *testing.T, line string) {
		if a, err := parse(line); err != nil && a.Found {
			t.Errorf("%q: %+v, %v", line, a, err)
		}
	})
}
