package exam

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/pageimage"
	"yimen/drivers/pageimage/peer"
	"yimen/drivers/pageimage/scene"
)

// look has our finder look at a scene, which is told the paper's size or has to guess it.
func look(t *testing.T, sc scene.Scene, known bool) Answer {
	t.Helper()
	picture, err := pageimage.Decode(sc.Frame)
	if err != nil {
		t.Error(err)
		return Answer{}
	}
	paper := pageimage.Paper{}
	if known {
		w, h := sc.Truth.Order.Paper.Size()
		paper = pageimage.Paper{Width: w, Height: h}
	}
	s := picture.Look(paper, pageimage.DefaultLimits)
	a := Answer{Found: s.Quad != device.Quad{}, Good: s.Good()}
	for i, p := range s.Quad {
		a.Corners[i] = scene.Point{X: p.X * float64(sc.Truth.Order.Size.X), Y: p.Y * float64(sc.Truth.Order.Size.Y)}
	}
	for _, f := range s.Flaws {
		a.Flaws = append(a.Flaws, string(f))
	}
	return a
}

// askPeer has the classical finder look at it.
func askPeer(t *testing.T, p *peer.Program, sc scene.Scene) *Answer {
	t.Helper()
	if p == nil {
		return nil
	}
	got, err := p.Find(sc.Frame)
	if err != nil {
		t.Error(err)
	}
	a := &Answer{Found: got.Found}
	for i, c := range got.Corners {
		a.Corners[i] = scene.Point{X: c[0], Y: c[1]}
	}
	return a
}

// startPeer gives nil where there is no OpenCV.
func startPeer(t testing.TB) *peer.Program {
	t.Helper()
	p, err := peer.Start(context.Background(), t.TempDir())
	if errors.Is(err, peer.ErrMissing) {
		t.Log(err)
		return nil
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

// sit has frames of 8 megapixels looked at, two at a time and in the order of their seeds, for as long as there is time: it
// leaves out those that the test's time does not suffice for.
func sit(t *testing.T, first, frames uint64, withPeer bool) Report {
	t.Helper()
	report := make(Report, frames)
	var next, done atomic.Uint64
	var wg sync.WaitGroup
	for range 2 {
		studio, err := scene.Open()
		if err != nil {
			t.Fatal(err)
		}
		var p *peer.Program
		if withPeer {
			p = startPeer(t)
		}
		wg.Go(func() {
			for i := next.Add(1) - 1; i < frames && enoughTime(t); i = next.Add(1) - 1 {
				seed := first + i
				sc, err := studio.Make(scene.Deal(seed, scene.EightMega))
				if err != nil {
					t.Error(err)
					return
				}
				known := seed/40%2 == 0 // by then every paper lay on every ground
				report[i] = Result{Truth: sc.Truth, Known: known, Ours: look(t, sc, known), Peer: askPeer(t, p, sc)}
				if n := done.Add(1); n%100 == 0 {
					t.Logf("%d of %d frames", n, frames)
				}
			}
		})
	}
	wg.Wait()
	if n := done.Load(); n < frames {
		t.Errorf("time for %d of %d frames only", n, frames)
		report = report[:n]
	}
	return report
}

// enoughTime tells whether a test may begin with another frame.
func enoughTime(t *testing.T) bool {
	end, limited := t.Deadline()
	return !limited || time.Until(end) > 30*time.Second
}

// TestASampleOfPagesIsFoundAndJudged is the exam's short form, on seeds that those who work on the finder look at.
func TestASampleOfPagesIsFoundAndJudged(t *testing.T) {
	report := sit(t, scene.DevelopmentSeeds, 40, false)
	t.Logf("\n%s", report)
	// Of twenty good frames one may lie wrong and be refused: so few cannot tell the goals from somewhat less.
	for _, miss := range report.Misses(0.95, 0.05) {
		t.Error(miss)
	}
}

// TestExam is run once, when the finder is done. It tells of no frame singly: nobody shall work on what it shows.
func TestExam(t *testing.T) {
	if os.Getenv("YIMEN_SOAK") == "" {
		t.Skip("the exam is part of the soak")
	}
	report := sit(t, scene.ExamSeeds, scene.ExamFrames, true)
	t.Logf("\n%s", report)
	for _, miss := range report.Misses(LeastNear, MostRefused) {
		t.Error(miss)
	}
}
