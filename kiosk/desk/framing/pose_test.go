package framing

import (
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey/view"
)

// gaze lets a pose see the same thing for a while, fifteen times a second, and counts the pictures to be kept.
func gaze(p *Pose, at *time.Time, flaws []device.FaceFlaw, long time.Duration) (last view.Guide, taken int) {
	for end := at.Add(long); at.Before(end); *at = at.Add(time.Second / 15) {
		g, take := p.See(device.FaceSight{Flaws: flaws}, *at)
		last = g
		if take {
			taken++
		}
	}
	return last, taken
}

func TestAFaceIsTakenOnlyAfterItLookedHereForAWhile(t *testing.T) {
	var p Pose
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	if g, n := gaze(&p, &at, nil, settle-100*time.Millisecond); n != 0 || g.Hint != view.HintFaceStill || g.Held <= 0 || g.Held >= 1 {
		t.Errorf("%d pictures at once, %+v", n, g)
	}
	if _, n := gaze(&p, &at, nil, 2*spread+300*time.Millisecond); n != PoseShots {
		t.Errorf("%d pictures of a face that held still", n)
	}
}

func TestALookAsideBeginsAnew(t *testing.T) {
	var p Pose
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	gaze(&p, &at, nil, settle+100*time.Millisecond)
	if g, n := gaze(&p, &at, []device.FaceFlaw{device.FaceTurned}, 70*time.Millisecond); g.Held != 0 || n != 0 {
		t.Errorf("who looks aside: %d pictures, %+v", n, g)
	}
	if _, n := gaze(&p, &at, nil, settle-100*time.Millisecond); n != 0 {
		t.Error("a picture was taken before the face looked here long enough again")
	}
}

func TestTheHintForAFaceDoesNotFlicker(t *testing.T) {
	var p Pose
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	far := view.FaceHint(device.FaceFar)
	gaze(&p, &at, []device.FaceFlaw{device.FaceFar}, time.Second)
	if g, _ := gaze(&p, &at, []device.FaceFlaw{device.FaceDark}, 60*time.Millisecond); g.Hint != far {
		t.Errorf("one glance changed the hint to %s", g.Hint)
	}
	if g, _ := gaze(&p, &at, []device.FaceFlaw{device.FaceDark, device.FaceFar}, time.Second); g.Hint != view.FaceHint(device.FaceDark) {
		t.Errorf("a second of glances left the hint at %s", g.Hint)
	}
}
