package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// mirror is a face camera of thirty frames a second, before which somebody stands whom it shows as good or not.
type mirror struct {
	flaws   atomic.Pointer[[]device.FaceFlaw]
	slow    chan struct{} // where not nil, a comparison ends only after this is closed
	looking atomic.Int32
	frames  int // that were compared
	photo   string
}

func (m *mirror) Ready() bool { return true }
func (m *mirror) Frames(ctx context.Context) <-chan device.Frame {
	out := make(chan device.Frame)
	m.looking.Add(1)
	go func() {
		defer m.looking.Add(-1)
		defer close(out)
		for i := 0; ; i++ {
			select {
			case <-time.After(time.Second / 30):
			case <-ctx.Done():
				return
			}
			select {
			case out <- device.Frame{JPEG: fmt.Append(nil, "face ", i), At: time.Now()}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
func (m *mirror) Look([]byte) (device.FaceSight, error) {
	s := device.FaceSight{Quad: device.Quad{{X: .3, Y: .2}}}
	if f := m.flaws.Load(); f != nil {
		s.Flaws = *f
	}
	return s, nil
}
func (m *mirror) Match(ctx context.Context, photo []byte, frames [][]byte) (journey.FaceMatched, error) {
	m.frames, m.photo = len(frames), string(photo)
	if m.slow != nil {
		<-m.slow
	}
	if m.photo == "" {
		return journey.FaceMatched{}, fmt.Errorf("no photo: %w", device.ErrInvalidMedia)
	}
	return journey.FaceMatched{Confirmed: true, Band: journey.BandSame}, nil
}

// gazing is a service of one stage that compares a face.
type gazing struct{ said *[]string }

func (gazing) Door() view.Door                  { return view.Door{ID: "g"} }
func (gazing) Offers(*policy.Pack) []view.Offer { return []view.Offer{{ID: "g:1", Here: true}} }
func (s gazing) Begin(string, *journey.Course) []journey.Stage {
	return []journey.Stage{&gaze{said: s.said}}
}

type gaze struct{ said *[]string }

func (g *gaze) Part() string { return "part.x" }
func (g *gaze) Enter(*journey.Course, journey.Event, string) []journey.Effect {
	return []journey.Effect{journey.MatchFace{Photo: []byte("photo"), Patience: 20 * time.Second}}
}
func (g *gaze) On(_ *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.FaceMatched:
		*g.said = append(*g.said, string(h.Band))
	case journey.FaceFault:
		*g.said = append(*g.said, fmt.Sprint(errors.Is(h.Err, device.ErrNoMedia)))
	case journey.Touch:
		if h.Do == view.DoFinish {
			return journey.Finish(), nil
		}
	}
	return journey.Stay(), nil
}
func (g *gaze) Show(_ *journey.Course, v *view.View) {
	v.Screen, v.Face, v.Offers = view.ScreenFace, &view.Face{}, []view.Do{view.DoFinish}
}
func (g *gaze) Exit(*journey.Course) []journey.Effect { return []journey.Effect{journey.StopFace{}} }

// before opens a desk with a face camera, in a visit that looks into it.
func before(t *testing.T, m *mirror) (b *bubble, said *[]string) {
	said = &[]string{}
	h := &hands{cards: make(chan device.Card)}
	b = &bubble{t: t, hands: h}
	cfg := &journey.Config{Services: []journey.Service{gazing{said}}, Languages: []string{"zh-CN"}, Zone: time.UTC, Idle: journey.DefaultIdle()}
	var ids atomic.Int32
	b.desk = New(cfg, Hands{Cards: h, Keeper: h, Lamps: h, Faces: m, Devices: func() map[device.ID]device.Status { return nil },
		NewID: func() string { return fmt.Sprint("id", ids.Add(1)) }, Now: time.Now}, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = b.desk.Run(ctx) }()
	b.stop = func() { cancel(); <-done }
	synctest.Wait()
	b.tap(view.DoStart, "")
	b.tap(view.DoNext, "")
	b.tap(view.DoChoose, "g:1")
	b.tap(view.DoNext, "")
	return b, said
}

func TestAGoodFaceIsComparedOnceAndNoPictureStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mirror{}
		b, said := before(t, m)
		shown := b.desk.Frames(t.Context())
		if f := <-shown; len(f) == 0 {
			t.Error("whoever looks into the camera does not see themselves")
		}
		go func() {
			for range shown {
			}
		}()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if fmt.Sprint(*said) != "[same]" || m.frames != 3 || m.photo != "photo" {
			t.Errorf("told %v after comparing %d frames with %q", *said, m.frames, m.photo)
		}
		if m.looking.Load() != 0 {
			t.Error("the camera still sends")
		}
		if _, ok := <-b.desk.Frames(t.Context()); ok {
			t.Error("a picture of the face can still be fetched")
		}
		if g := b.guide(); g != (view.Guide{}) {
			t.Errorf("over the dark picture stands %+v", g)
		}
		b.stop()
	})
}

func TestWhoDoesNotLookIntoTheCameraIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mirror{}
		m.flaws.Store(&[]device.FaceFlaw{device.FaceFar})
		b, said := before(t, m)
		time.Sleep(time.Second)
		synctest.Wait()
		if g := b.guide(); g.Hint != view.FaceHint(device.FaceFar) || g.Held != 0 {
			t.Errorf("over the live picture stands %+v", g)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if fmt.Sprint(*said) != "[true]" || m.frames != 0 {
			t.Errorf("told %v, %d frames compared", *said, m.frames)
		}
		b.stop()
	})
}

func TestALateFaceDoesNotReachTheNextResident(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mirror{slow: make(chan struct{})}
		b, said := before(t, m)
		time.Sleep(3 * time.Second) // the comparison goes on
		b.tap(view.DoFinish, "")
		b.desk.Touch(journey.Touch{Seq: b.view().Seq, Do: view.DoStart})
		if v := b.view(); v.Screen != view.ScreenAttract {
			t.Fatalf("the next visit began at %s while the last one's face was still compared", v.Screen)
		}
		if _, ok := <-b.desk.Frames(t.Context()); ok {
			t.Error("the last resident's face can still be fetched")
		}
		close(m.slow)
		if v := b.view(); v.Screen != view.ScreenLanguage {
			t.Errorf("the waiting resident is at %s", v.Screen)
		}
		if len(*said) != 0 {
			t.Errorf("what came late was told: %v", *said)
		}
		b.stop()
	})
}

func TestATerminalWithoutAFaceCameraSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		d := b.desk
		if _, err := d.lookAndMatch(t.Context(), 0, journey.MatchFace{Patience: time.Second}); !errors.Is(err, device.ErrGone) {
			t.Error(err)
		}
		if d.standing().Faces {
			t.Error("faces are said to be comparable")
		}
		b.stop()
	})
}
