package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
)

// errand is a service of one stage that reads a card, shows its number of answers and prints.
type errand struct{ began *atomic.Int32 }

func (errand) Door() view.Door                  { return view.Door{ID: "e"} }
func (errand) Offers(*policy.Pack) []view.Offer { return []view.Offer{{ID: "e:1", Here: true}} }
func (s errand) Begin(string, *journey.Course) []journey.Stage {
	s.began.Add(1)
	return []journey.Stage{&stage{}}
}

type stage struct {
	name    string
	faults  int
	settled int
}

func (s *stage) Part() string { return "part.x" }
func (s *stage) Enter(*journey.Course, journey.Event, string) []journey.Effect {
	return []journey.Effect{journey.ReadCard{}, journey.Live{On: true, Auto: true}, journey.Light{Device: device.IDCardReader, On: true}}
}
func (s *stage) On(_ *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	switch h := e.Is.(type) {
	case journey.CardRead:
		s.name = h.Card.Name.Reveal()
	case journey.CardFault:
		s.faults++
	case journey.Answered:
		s.name = string(h.Answer.Outcome)
	case journey.NotAnswered:
		s.faults++
	case journey.Settled:
		s.settled++
		return journey.Stay(), []journey.Effect{journey.TakeFrame{}}
	case journey.FrameTaken:
		return journey.Stay(), []journey.Effect{journey.Remember{ID: "p", JPEG: h.Frame.JPEG}}
	case journey.Touch:
		switch h.Do {
		case view.DoPrint:
			return journey.Stay(), []journey.Effect{journey.Print{}}
		case view.DoShoot:
			return journey.Stay(), []journey.Effect{journey.TakeFrame{}}
		case view.DoWhy:
			return journey.Stay(), []journey.Effect{journey.Ask{Patience: 20 * time.Second}}
		case view.DoFinish:
			return journey.Finish(), nil
		}
	}
	return journey.Stay(), nil
}
func (s *stage) Show(_ *journey.Course, v *view.View) {
	v.Screen = view.ScreenQuestion
	v.Question = &view.Question{Value: s.name, Now: s.faults + s.settled}
	v.Offers = []view.Do{view.DoPrint, view.DoFinish, view.DoShoot, view.DoWhy}
}
func (s *stage) Exit(*journey.Course) []journey.Effect {
	return []journey.Effect{journey.Live{}, journey.Light{Device: device.IDCardReader}}
}

// hands are devices that answer when the test says so.
type hands struct {
	cards    chan device.Card
	slowCard bool // the reader does not hear that the waiting has ended until a card comes
	prints   chan struct{}
	frames   chan device.Frame
	answers  chan inquiry.Answer // of the bureau
	full     atomic.Bool
	lit      []string // what the lamps were told, in order
	reading  atomic.Int32
}

func (h *hands) Read(ctx context.Context) (device.Card, error) {
	h.reading.Add(1)
	defer h.reading.Add(-1)
	done := ctx.Done()
	if h.slowCard {
		done = nil
	}
	select {
	case c := <-h.cards:
		return c, nil
	case <-done:
		return device.Card{}, ctx.Err()
	}
}
func (h *hands) Print(context.Context, device.Slip) (device.Printed, error) {
	<-h.prints
	return device.Printed{Confirmed: true}, nil
}
func (h *hands) Light(id device.ID, on bool) { h.lit = append(h.lit, fmt.Sprint(id, " ", on)) }
func (h *hands) Frames(ctx context.Context) <-chan device.Frame {
	out := make(chan device.Frame)
	go func() {
		defer close(out)
		for {
			select {
			case f := <-h.frames:
				select {
				case out <- f:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
func (h *hands) Capture(context.Context) (device.Frame, error) {
	return device.Frame{JPEG: []byte("still")}, nil
}
func (h *hands) Glance(jpeg []byte) (device.Sight, error) {
	if len(jpeg) == 0 {
		return device.Sight{}, errors.New("no frame")
	}
	return device.Sight{Quad: device.Quad{{X: .2, Y: .2}, {X: .8, Y: .2}, {X: .8, Y: .8}, {X: .2, Y: .8}}}, nil
}

func (h *hands) Find([]byte) (device.Page, error) { return device.Page{JPEG: []byte("page")}, nil }
func (h *hands) Cut([]byte, device.Quad, bool) (device.Page, error) {
	return device.Page{}, errors.New("no page")
}

func (h *hands) Room() error {
	if h.full.Load() {
		return ErrFull
	}
	return nil
}
func (h *hands) Keep(context.Context, dossier.Draft) (Receipt, error) { return Receipt{}, ErrFull }
func (h *hands) Post(context.Context, letter.Letter) (Receipt, error) { return Receipt{}, ErrFull }
func (h *hands) Await(context.Context, string) bool                   { return false }

type bubble struct {
	t     *testing.T
	desk  *Desk
	hands *hands
	began atomic.Int32
	stop  func()
}

// open starts a desk in a synctest bubble.
func open(t *testing.T, h *hands) *bubble {
	b := &bubble{t: t, hands: h}
	h.cards, h.prints, h.frames = make(chan device.Card), make(chan struct{}), make(chan device.Frame)
	cfg := &journey.Config{Services: []journey.Service{errand{&b.began}}, Languages: []string{"zh-CN"}, Zone: time.UTC, Idle: journey.DefaultIdle()}
	var ids atomic.Int32
	b.desk = New(cfg, Hands{Cards: h, Camera: h, Pages: h, Keeper: h, Enquirer: h, Printer: h, Lamps: h,
		Devices: func() map[device.ID]device.Status { return nil },
		NewID:   func() string { return fmt.Sprint("id", ids.Add(1)) }, Now: time.Now}, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = b.desk.Run(ctx) }()
	b.stop = func() { cancel(); <-done }
	synctest.Wait()
	return b
}

func (b *bubble) view() view.View {
	synctest.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return <-b.desk.Views(ctx)
}

func (b *bubble) tap(do view.Do, value string) view.View {
	b.t.Helper()
	v := b.view()
	if !slices.Contains(v.Offers, do) {
		b.t.Fatalf("%s offers %v, not %s", v.Screen, v.Offers, do)
	}
	b.desk.Touch(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: do, Value: value})
	return b.view()
}

func (b *bubble) enter() {
	b.t.Helper()
	b.tap(view.DoStart, "")
	b.tap(view.DoNext, "")
	b.tap(view.DoChoose, "e:1")
	b.tap(view.DoNext, "")
}

func TestLateCardDoesNotReachTheNextResident(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{slowCard: true})
		b.enter()
		b.tap(view.DoFinish, "")
		b.desk.Touch(journey.Touch{Seq: b.view().Seq, Do: view.DoStart})
		if v := b.view(); v.Screen != view.ScreenAttract {
			t.Fatalf("the next visit began at %s while the reader still worked for the last", v.Screen)
		}
		b.hands.cards <- device.Card{Name: "前一位"}
		if v := b.view(); v.Screen != view.ScreenLanguage {
			t.Fatalf("the waiting resident is at %s", v.Screen)
		}
		b.tap(view.DoNext, "")
		b.tap(view.DoChoose, "e:1")
		if v := b.tap(view.DoNext, ""); v.Question.Value != "" {
			t.Errorf("the next resident sees %q", v.Question.Value)
		}
		b.hands.slowCard = false
		b.hands.cards <- device.Card{Name: "下一位"}
		if v := b.view(); v.Question.Value != "下一位" {
			t.Errorf("the resident's own card shows as %q", v.Question.Value)
		}
		b.stop()
	})
}

func TestTheNextVisitWaitsForTheSlipOfTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		b.tap(view.DoPrint, "")
		b.tap(view.DoFinish, "")
		b.desk.Touch(journey.Touch{Seq: b.view().Seq, Do: view.DoStart})
		if v := b.view(); v.Screen != view.ScreenAttract {
			t.Fatalf("at %s while the slip is still being printed", v.Screen)
		}
		b.hands.prints <- struct{}{}
		if v := b.view(); v.Screen == view.ScreenAttract {
			t.Error("the touch that waited was lost")
		}
		b.stop()
	})
}

func TestNothingRunsAfterRunHasReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		if b.hands.reading.Load() != 1 {
			t.Fatal("no card is being read")
		}
		b.stop()
		if n := b.hands.reading.Load(); n != 0 {
			t.Errorf("%d readers still run", n)
		}
	})
}

func TestPicturesAreForgottenWithTheVisit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		b.tap(view.DoShoot, "")
		if p, ok := b.desk.Picture("p"); !ok || string(p) != "still" {
			t.Fatalf("picture is %q", p)
		}
		b.tap(view.DoFinish, "")
		if _, ok := b.desk.Picture("p"); ok {
			t.Error("the next resident could see the picture")
		}
		b.stop()
	})
}

func TestTheLivePictureEndsWithTheStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		for range b.desk.Frames(t.Context()) {
			t.Error("a frame before any visit")
		}
		b.enter()
		frames := b.desk.Frames(t.Context())
		b.hands.frames <- device.Frame{JPEG: []byte("1")}
		if f := <-frames; string(f) != "1" {
			t.Fatalf("frame %q", f)
		}
		b.tap(view.DoFinish, "")
		for f := range frames {
			t.Errorf("frame %q after the step", f)
		}
		b.stop()
	})
}

func TestLampsFollowTheVisitInItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		b.tap(view.DoFinish, "")
		b.enter()
		b.stop()
		if want := []string{"idcard true", "idcard false", "idcard true"}; !slices.Equal(b.hands.lit, want) {
			t.Errorf("lamps %v", b.hands.lit)
		}
	})
}

func TestAnIdleVisitEndsWithoutATouch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.enter()
		time.Sleep(10 * time.Minute)
		if v := b.view(); v.Screen != view.ScreenAttract {
			t.Errorf("at %s", v.Screen)
		}
		b.stop()
	})
}

func TestAFullDiskIsSeenWithinSecondsWithoutATouch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &hands{})
		b.hands.full.Store(true)
		time.Sleep(6 * time.Second)
		if v := b.view(); len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseTerminalFull {
			t.Errorf("notes %v", v.Notes)
		}
		b.hands.full.Store(false)
		time.Sleep(6 * time.Second)
		if v := b.view(); len(v.Notes) != 0 {
			t.Errorf("notes %v after room was made", v.Notes)
		}
		b.stop()
	})
}
