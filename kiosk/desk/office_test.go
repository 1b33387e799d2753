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

// cabinet is an Office in memory.
type cabinet struct {
	kept    chan journey.Original // where not nil, keeping a copy waits until somebody takes it from here
	keeping atomic.Int32
	trouble error
	copied  atomic.Int32 // slips that were printed as copies
	did     []journey.Attend
	back    []journey.PutBack
}

func (c *cabinet) KeepCopy(_ context.Context, of journey.Original, _ device.Slip) error {
	c.keeping.Add(1)
	if c.kept != nil {
		c.kept <- of
	}
	return c.trouble
}
func (c *cabinet) Copies(context.Context) ([]journey.CopyEntry, error) {
	return []journey.CopyEntry{{SlipNo: "SJ"}}, c.trouble
}
func (c *cabinet) OpenCopy(context.Context, string, device.Personal) (device.Slip, error) {
	return device.Slip{}, c.trouble
}
func (c *cabinet) FetchCopy(context.Context, string) ([]byte, error) { return nil, c.trouble }
func (c *cabinet) CountCopy(context.Context, journey.CountCopy) (int, time.Time, error) {
	return 1, time.Time{}, c.trouble
}
func (c *cabinet) PrintCopy(context.Context, device.Slip) (device.Printed, error) {
	c.copied.Add(1)
	return device.Printed{Confirmed: true}, nil
}
func (c *cabinet) PrintDaySheet(context.Context) (device.Printed, error) {
	return device.Printed{}, device.ErrPaperOut
}
func (c *cabinet) Survey(context.Context) (journey.Surveyed, error) {
	return journey.Surveyed{Waiting: 2}, c.trouble
}
func (c *cabinet) PutBack(_ context.Context, p journey.PutBack) error {
	c.back = append(c.back, p)
	return c.trouble
}
func (c *cabinet) Attend(a journey.Attend) { c.did = append(c.did, a) }

// clerking is a service of one stage that asks for one thing after the other.
type clerking struct {
	ask  map[string][]journey.Effect
	told *[]string
}

func (clerking) Door() view.Door { return view.Door{ID: "c"} }
func (clerking) Offers(*policy.Pack) []view.Offer {
	return []view.Offer{{ID: "c:1", Here: true}}
}
func (s clerking) Begin(string, *journey.Course) []journey.Stage { return []journey.Stage{&clerk{s}} }

type clerk struct{ clerking }

func (k *clerk) Part() string                                                  { return "part.x" }
func (k *clerk) Enter(*journey.Course, journey.Event, string) []journey.Effect { return nil }
func (k *clerk) On(_ *journey.Course, e journey.Event) (journey.Move, []journey.Effect) {
	t, ok := e.Is.(journey.Touch)
	if !ok {
		*k.told = append(*k.told, fmt.Sprintf("%T %+v", e.Is, e.Is))
		return journey.Stay(), nil
	}
	if t.Do == view.DoFinish {
		return journey.Finish(), nil
	}
	return journey.Stay(), k.ask[t.Value]
}
func (k *clerk) Show(_ *journey.Course, v *view.View) {
	v.Screen, v.Offers = view.ScreenQuestion, []view.Do{view.DoChoose, view.DoFinish}
	v.Question = &view.Question{Now: len(*k.told)}
}
func (k *clerk) Exit(*journey.Course) []journey.Effect { return nil }

// atWork opens a desk with an office, in a visit that can ask for these things.
func atWork(t *testing.T, office *cabinet, ask map[string][]journey.Effect) (b *bubble, told *[]string) {
	told = &[]string{}
	h := &hands{prints: make(chan struct{})}
	b = &bubble{t: t, hands: h}
	cfg := &journey.Config{Services: []journey.Service{clerking{ask, told}}, Languages: []string{"zh-CN"}, Zone: time.UTC, Idle: journey.DefaultIdle()}
	var ids atomic.Int32
	b.desk = New(cfg, Hands{Cards: h, Keeper: h, Printer: h, Lamps: h, Office: office, Devices: func() map[device.ID]device.Status { return nil },
		NewID: func() string { return fmt.Sprint("id", ids.Add(1)) }, Now: time.Now}, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = b.desk.Run(ctx) }()
	b.stop = func() { cancel(); <-done }
	synctest.Wait()
	b.tap(view.DoStart, "")
	b.tap(view.DoNext, "")
	b.tap(view.DoChoose, "c:1")
	b.tap(view.DoNext, "")
	return b, told
}

func TestKeepingACopyDoesNotHoldUpTheSlip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		office := &cabinet{kept: make(chan journey.Original), trouble: errors.New("disk is full")}
		b, told := atWork(t, office, map[string][]journey.Effect{"print": {journey.Print{Original: &journey.Original{SlipNo: "SJ-1"}}}})
		b.tap(view.DoChoose, "print")
		b.hands.prints <- struct{}{}
		if b.view(); len(*told) != 1 {
			t.Errorf("the slip is out, and the visit was told %v", *told)
		}
		b.tap(view.DoFinish, "")
		b.desk.Touch(journey.Touch{Seq: b.view().Seq, Do: view.DoStart})
		if v := b.view(); v.Screen != view.ScreenAttract {
			t.Errorf("the next visit began at %s while the last one's copy was still being sealed", v.Screen)
		}
		if of := <-office.kept; of.SlipNo != "SJ-1" {
			t.Errorf("kept %v", of)
		}
		if v := b.view(); v.Screen == view.ScreenAttract {
			t.Error("the next visit does not begin")
		}
		b.stop()
	})
}

func TestACopyGoesToTheOfficesOwnPrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		office := &cabinet{}
		b, _ := atWork(t, office, map[string][]journey.Effect{"print": {journey.Print{Paper: journey.PaperCopy}}})
		b.tap(view.DoChoose, "print")
		if office.copied.Load() != 1 || office.keeping.Load() != 0 {
			t.Errorf("%d printed as copies, %d kept anew", office.copied.Load(), office.keeping.Load())
		}
		b.stop()
	})
}

func TestWhatTheOfficeAnswersIsTold(t *testing.T) {
	ask := map[string][]journey.Effect{
		"list": {journey.ListCopies{}}, "open": {journey.OpenCopy{}}, "fetch": {journey.FetchCopy{}}, "count": {journey.CountCopy{}},
	}
	for trouble, want := range map[error]journey.CopyTrouble{
		ErrCopyNone: journey.CopyNone, ErrCopyClosed: journey.CopyClosed, ErrCopyEnough: journey.CopyEnough, errors.New("disk"): journey.CopyBroken,
	} {
		synctest.Test(t, func(t *testing.T) {
			b, told := atWork(t, &cabinet{trouble: trouble}, ask)
			for what := range ask {
				*told = nil
				b.tap(view.DoChoose, what)
				if fault := fmt.Sprintf("%T %+v", journey.CopyFault{}, journey.CopyFault{Trouble: want}); len(*told) != 1 || (*told)[0] != fault {
					t.Errorf("%s: told %v, want %s", what, *told, fault)
				}
			}
			b.stop()
		})
	}
	for trouble, want := range map[error]journey.Happening{nil: journey.Surveyed{Waiting: 2}, errors.New("disk"): journey.NotPutBack{}} {
		synctest.Test(t, func(t *testing.T) {
			office := &cabinet{trouble: trouble}
			b, told := atWork(t, office, map[string][]journey.Effect{"back": {journey.PutBack{Envelope: "1", Staff: 7}}})
			b.tap(view.DoChoose, "back")
			if said := fmt.Sprintf("%T %+v", want, want); len(*told) != 1 || (*told)[0] != said || len(office.back) != 1 || office.back[0].Staff != 7 {
				t.Errorf("told %v, want %s; put back %v", *told, said, office.back)
			}
			b.stop()
		})
	}
	synctest.Test(t, func(t *testing.T) {
		office := &cabinet{}
		b, told := atWork(t, office, map[string][]journey.Effect{"all": {
			journey.Survey{}, journey.PrintDaySheet{}, journey.Attend{Staff: 7, Did: journey.Came},
		}})
		b.tap(view.DoChoose, "all")
		if len(*told) != 2 || len(office.did) != 1 || office.did[0].Staff != 7 {
			t.Errorf("told %v, noted %v", *told, office.did)
		}
		b.stop()
	})
}
