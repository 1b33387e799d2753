// Package exam marks what finders of pages say about scenes whose truth is known. It is for tests only; its own tests are
// the exam of pageimage, beside the classical finder of OpenCV. A thousand frames are part of the soak, or of
//
//	YIMEN_SOAK=1 go test -run TestExam -v -timeout 2h ./drivers/pageimage/exam
package exam

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"yimen/drivers/pageimage/scene"
)

// The goals. Of frames that lack a corner, or have blur or glare beyond the limit, not one may be called good.
const (
	NearEnough  = 0.005 // of the frame's diagonal: how far a corner may be off
	LeastNear   = 0.97  // of the frames to be kept: all four corners near enough
	MostRefused = 0.03  // of the frames to be kept
)

// Answer is what a finder says about a frame.
type Answer struct {
	Found   bool
	Good    bool           // to be kept
	Corners [4]scene.Point // in pixels of the frame, clockwise; where they begin does not matter
	Flaws   []string       // why it is not to be kept
}

// Result is what was said about one frame.
type Result struct {
	Truth scene.Truth
	Known bool // whether the finder was told the paper's size
	Ours  Answer
	Peer  *Answer // nil where there was none; it judges nothing
}

// Off gives how far the corner that is worst lies from the truth, in parts of a diagonal: the frame's, and the page's own
// in the frame, which is the harder measure for a card. An answer without corners is a whole diagonal off.
func Off(t scene.Truth, a Answer) (ofFrame, ofPage float64) {
	if !a.Found {
		return 1, 1
	}
	best := math.Inf(1)
	for first := range 4 {
		worst := 0.0
		for i, c := range t.Corners {
			q := a.Corners[(i+first)%4]
			worst = max(worst, math.Hypot(c.X-q.X, c.Y-q.Y))
		}
		best = min(best, worst)
	}
	c := t.Corners
	page := max(math.Hypot(c[2].X-c[0].X, c[2].Y-c[0].Y), math.Hypot(c[3].X-c[1].X, c[3].Y-c[1].Y))
	return min(best/math.Hypot(float64(t.Order.Size.X), float64(t.Order.Size.Y)), 1), min(best/page, 1)
}

// tally counts the frames of a group that are to be kept.
type tally struct{ frames, near, nearPage, refused, peer, ofPeer int }

func (n *tally) add(r Result) {
	n.frames++
	ofFrame, ofPage := Off(r.Truth, r.Ours)
	n.near += one(ofFrame <= NearEnough)
	n.nearPage += one(ofPage <= NearEnough)
	n.refused += one(!r.Ours.Good)
	if r.Peer != nil {
		ofFrame, _ := Off(r.Truth, *r.Peer)
		n.peer, n.ofPeer = n.peer+one(ofFrame <= NearEnough), n.ofPeer+1
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// share writes n as a percentage of all.
func share(n, all int) string {
	if all == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(all))
}

// Report is an exam that was written.
type Report []Result

// kept is the tally of all frames that are to be kept and that a group takes in.
func (r Report) kept(in func(Result) bool) tally {
	var n tally
	for _, x := range r {
		if x.Truth.Verdict() == scene.Keep && in(x) {
			n.add(x)
		}
	}
	return n
}

// lacks counts the frames that must be refused for one reason, those of them that were called good, and those in which
// one of the flaws that say so was named.
func (r Report) lacks(why scene.Trouble) (frames, good, named int) {
	for _, x := range r {
		if slices.Contains(x.Truth.Lacking(), why) {
			frames++
			good += one(x.Ours.Good)
			named += one(slices.ContainsFunc(x.Ours.Flaws, func(f string) bool { return slices.Contains(words[why], f) }))
		}
	}
	return frames, good, named
}

// words are the flaws by which pageimage may rightly name what is lacking.
var words = map[scene.Trouble][]string{
	scene.Outside: {"cut_off", "covered", "unsure", "no_page"},
	scene.Finger:  {"covered", "cut_off", "unsure"},
	scene.Focus:   {"blurred", "moving"},
	scene.Glare:   {"glare", "bright"},
	scene.Dark:    {"dark"},
	scene.Shadow:  {"shadow"},
	scene.Coarse:  {"coarse"},
	scene.Two:     {"two_pages"},
	scene.NoPage:  {"no_page", "unsure"},
	scene.Blank:   {"empty"},
}

// reasons are what a frame can lack, in the order of the table.
var reasons = []scene.Trouble{scene.Outside, scene.Focus, scene.Glare, scene.Finger, scene.Dark, scene.Shadow, scene.Coarse, scene.Two, scene.NoPage, scene.Blank}

// Misses names the goals that were missed, where least of the good frames shall have their corners near enough and most of
// them at most be refused.
func (r Report) Misses(least, most float64) []string {
	var out []string
	n := r.kept(func(Result) bool { return true })
	if float64(n.near) < least*float64(n.frames) {
		out = append(out, fmt.Sprintf("corners near enough on %s of the good frames", share(n.near, n.frames)))
	}
	if float64(n.refused) > most*float64(n.frames) {
		out = append(out, fmt.Sprintf("%s of the good frames refused", share(n.refused, n.frames)))
	}
	for _, why := range reasons[:3] {
		if frames, good, _ := r.lacks(why); good > 0 {
			out = append(out, fmt.Sprintf("%d of %d frames called good: %s", good, frames, why))
		}
	}
	return out
}

// String is the report in three tables.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d frames. Good ones, with all corners within %.1f %% of the diagonal of the frame, of the page, and refused:\n", len(r), 100*NearEnough)
	fmt.Fprintf(&b, "%-22s %6s %9s %9s %9s %9s\n", "", "good", "frame", "page", "refused", "OpenCV")
	row := func(name string, in func(Result) bool) {
		if n := r.kept(in); n.frames > 0 {
			fmt.Fprintf(&b, "%-22s %6d %9s %9s %9s %9s\n", name, n.frames, share(n.near, n.frames), share(n.nearPage, n.frames), share(n.refused, n.frames), share(n.peer, n.ofPeer))
		}
	}
	row("all", func(Result) bool { return true })
	for _, key := range []func(Result) string{
		func(x Result) string { return string(x.Truth.Order.Ground) },
		func(x Result) string { return string(x.Truth.Order.Paper) },
		func(x Result) string { return string(x.Truth.Order.State) },
		func(x Result) string { return map[bool]string{true: "size known", false: "size guessed"}[x.Known] },
	} {
		for _, name := range r.names(key) {
			row(name, func(x Result) bool { return key(x) == name })
		}
	}
	fmt.Fprintf(&b, "Frames to be refused, by what they lack: called good, and the reason named:\n")
	for _, why := range reasons {
		frames, good, named := r.lacks(why)
		fmt.Fprintf(&b, "%-22s %6d %6d %9s\n", why, frames, good, share(named, frames))
	}
	between, good := 0, 0
	for _, x := range r {
		if x.Truth.Verdict() == scene.Either {
			between, good = between+1, good+one(x.Ours.Good)
		}
	}
	fmt.Fprintf(&b, "Between the limits: %d frames, %d called good.\n", between, good)
	return b.String()
}

// names gives the groups of a key, in order.
func (r Report) names(key func(Result) string) []string {
	var out []string
	for _, x := range r {
		if name := key(x); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
