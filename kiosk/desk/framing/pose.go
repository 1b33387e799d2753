package framing

import (
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

const (
	settle = 600 * time.Millisecond // for which a face must be good before the first picture is taken
	spread = 300 * time.Millisecond // between two pictures: a living face has moved a little meanwhile
)

// PoseShots is how many pictures of a face are taken.
const PoseShots = 3

// Pose holds what was seen of a face so far. The zero value has seen nothing. It is not for several goroutines.
type Pose struct {
	hint   string // shown
	coming string // seen, not shown yet
	agreed int    // glances that say coming
	since  time.Time
	last   time.Time
	shots  int
}

// See takes in one glance at the frame of time at. take tells that this frame is to be kept; where the guide's Held is 0
// again, what was kept is not wanted any more.
func (p *Pose) See(s device.FaceSight, at time.Time) (g view.Guide, take bool) {
	hint := view.HintFaceStill
	if len(s.Flaws) > 0 {
		hint = view.FaceHint(s.Flaws[0])
	}
	g = view.Guide{Quad: s.Quad, Hint: p.calm(hint)}
	if len(s.Flaws) > 0 {
		p.since, p.shots = time.Time{}, 0
		return g, false
	}
	if p.since.IsZero() {
		p.since = at
	}
	if at.Sub(p.since) >= settle && (p.shots == 0 || at.Sub(p.last) >= spread) {
		p.last, take = at, true
		p.shots++
	}
	whole := settle + (PoseShots-1)*spread
	g.Held = min(1, max(.01, float64(at.Sub(p.since))/float64(whole)))
	return g, take
}

// calm shows another hint only when several glances agree.
func (p *Pose) calm(hint string) string {
	switch {
	case hint == p.hint:
		p.agreed = 0
	case hint != p.coming:
		p.coming, p.agreed = hint, 1
	default:
		p.agreed++
	}
	if p.hint == "" || p.agreed >= patience {
		p.hint, p.agreed = hint, 0
	}
	return p.hint
}
