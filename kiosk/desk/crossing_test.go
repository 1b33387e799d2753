package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"yimen/kiosk/desk"
	"yimen/kiosk/desk/desktest"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/flows"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
)

// noon is when the next resident comes, whoever was there before.
var noon = journeytest.Morning().Add(2 * time.Hour)

// terminal is a desk with scripted devices in a synctest bubble.
type terminal struct {
	*testing.T
	desk    *desk.Desk
	devices *desktest.Devices
	stop    func()

	mu   sync.Mutex
	from time.Time // the bubble's clock when at was the hall's
	at   time.Time
	who  string
	ids  int
}

// stand opens a terminal at which nobody stood.
func stand(t *testing.T, cfg *journey.Config) *terminal {
	s := &terminal{T: t, devices: desktest.New([]byte("live"))}
	s.come("first", journeytest.Morning())
	s.desk = desk.New(cfg, s.devices.Hands(s.now, s.newID), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = s.desk.Run(ctx) }()
	s.stop = func() { cancel(); <-done }
	s.play(journeytest.Move{Is: flows.Standing()})
	return s
}

// come makes the events to come those of somebody who comes at a time.
func (s *terminal) come(who string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.who, s.ids, s.from, s.at = who, 0, time.Now(), at
}

func (s *terminal) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at.Add(time.Since(s.from))
}

func (s *terminal) newID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	return fmt.Sprint(s.who, s.ids)
}

func (s *terminal) view() view.View {
	synctest.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return <-s.desk.Views(ctx)
}

// touch touches the screen as it is now.
func (s *terminal) touch(t journey.Touch) view.View {
	v := s.view()
	t.Visit, t.Seq = v.Visit, v.Seq
	s.desk.Touch(t)
	return s.view()
}

// play lets one move happen: the device that is asked answers.
func (s *terminal) play(m journeytest.Move) view.View {
	s.Helper()
	switch is := m.Is.(type) {
	case journey.Touch:
		return s.touch(is)
	case journey.Standing:
		s.devices.Stand(is)
		s.desk.StandingChanged()
		return s.view()
	}
	for range 100 {
		synctest.Wait()
		if s.devices.Say(m.Is) {
			return s.view()
		}
		time.Sleep(100 * time.Millisecond) // a face is looked at for some time
	}
	s.Fatalf("nobody waits for %T at %s", m.Is, s.view().Screen)
	return view.View{}
}

// over ends the visit as a resident does who leaves, or who is not allowed to leave now and walks away.
func (s *terminal) over() {
	s.Helper()
	for _, do := range []view.Do{view.DoHelpEnd, view.DoDeny, view.DoLeave, view.DoLeaveYes} {
		if slices.Contains(s.view().Offers, do) {
			s.touch(journey.Touch{Do: do})
		}
	}
	for range 120 {
		if v := s.view(); v.Visit == "" {
			return
		}
		time.Sleep(10 * time.Second)
	}
	s.Fatalf("the visit does not end: %+v", s.view())
}

// shown are the pictures that a screen names.
func shown(v view.View) (ids []string) {
	if v.Scan == nil {
		return nil
	}
	for _, p := range v.Scan.Pages {
		ids = append(ids, p.ID)
	}
	return append(ids, v.Scan.Still, v.Scan.Cut)
}

// recorded are the flows, what the next resident sees of each where nobody was before, and an outcome of each kind.
type recorded struct {
	cfg      *journey.Config
	names    []string
	moves    []journeytest.Transcript
	want     [][]view.View
	outcomes map[reflect.Type]journey.Happening
}

func record(t *testing.T) *recorded {
	r := &recorded{cfg: flows.Config(t), outcomes: map[reflect.Type]journey.Happening{}}
	for _, f := range flows.All() {
		h := journeytest.At(t, r.cfg)
		h.Event(flows.Standing())
		h.Come("next", noon)
		f.Play(h)
		r.names, r.moves = append(r.names, f.Name), append(r.moves, h.Transcript)
		for _, m := range h.Transcript {
			r.outcomes[reflect.TypeOf(m.Is)] = m.Is
		}
		var want []view.View
		synctest.Test(t, func(t *testing.T) {
			s := stand(t, r.cfg)
			s.come("next", noon)
			for _, m := range h.Transcript {
				want = append(want, s.play(m))
			}
			s.stop()
		})
		r.want = append(r.want, want)
	}
	return r
}

// TestWhatComesLateNeverReachesTheNextResident ends a visit at each of its steps, while devices are at work for it, and has
// them answer late, once as devices that hear that nobody waits any more and once as such that do not.
func TestWhatComesLateNeverReachesTheNextResident(t *testing.T) {
	r := record(t)
	for i, name := range r.names {
		t.Run(name, func(t *testing.T) {
			stride := 1
			if os.Getenv("YIMEN_SOAK") == "" {
				stride = 1 + len(r.moves[i])/20
			}
			for n := 1; n < len(r.moves[i]); n += stride {
				for _, stubborn := range []bool{false, true} {
					synctest.Test(t, func(t *testing.T) { r.crosses(t, i, n, stubborn) })
				}
			}
		})
	}
}

// crosses lets flow i go as far as its n-th move, and has the next resident come for another thing.
func (r *recorded) crosses(t *testing.T, i, n int, stubborn bool) {
	s := stand(t, r.cfg)
	defer s.stop()
	s.devices.Stubborn.Store(stubborn)
	var pictures []string
	for _, m := range r.moves[i][:n] {
		pictures = append(pictures, shown(s.play(m))...)
	}
	s.over()
	s.devices.Stubborn.Store(false)
	s.play(journeytest.Move{Is: flows.Standing()})
	s.come("next", noon)
	next := (i + n) % len(r.moves)
	moves, want := r.moves[next], r.want[next]
	first := s.touch(moves[0].Is.(journey.Touch))
	if busy := s.devices.Asked(); len(busy) > 0 && first.Visit != "" {
		t.Fatalf("step %d: at %s while %v still work for the visit before", n, first.Screen, busy)
	}
	r.late(s)
	if first = s.view(); !same(first, want[0]) {
		t.Fatalf("step %d: the next resident begins with\n%+v\nwant\n%+v", n, first, want[0])
	}
	r.gone(s, pictures)
	for k, m := range moves[1:] {
		if got := s.play(m); !same(got, want[k+1]) {
			t.Fatalf("step %d, stubborn %v: the next resident, who comes for %s, after move %d (%s) sees\n%+v\nwant\n%+v", n, stubborn, r.names[next], k+1, m, got, want[k+1])
		}
	}
}

// late has every device that is still at work answer, and then says all else that nobody waits for.
func (r *recorded) late(s *terminal) {
	s.Helper()
	for range 20 {
		synctest.Wait()
		busy := s.devices.Asked()
		if len(busy) == 0 {
			break
		}
		for _, kind := range busy {
			h, ok := r.outcomes[kind]
			if !ok || !s.devices.Say(h) {
				s.Fatalf("no late %v can be said", kind)
			}
		}
	}
	synctest.Wait()
	for _, h := range r.outcomes {
		if s.devices.Say(h) {
			s.Errorf("somebody waits for a %T before the next resident has asked for it", h)
		}
	}
}

// gone checks that no picture of the visit before can be had, nor what stood over it.
func (r *recorded) gone(s *terminal, pictures []string) {
	s.Helper()
	for _, id := range pictures {
		if _, ok := s.desk.Picture(id); ok {
			s.Errorf("the picture %s can still be had", id)
		}
	}
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	if _, live := <-s.desk.Frames(ctx); live {
		s.Error("the live picture of the visit before can still be had")
	}
	if g := <-s.desk.Guides(ctx); g != (view.Guide{}) {
		s.Errorf("over the dark picture stands %+v", g)
	}
}

// same tells whether two screens show and offer the same. Seq counts on from visit to visit.
func same(a, b view.View) bool {
	a.Seq, b.Seq = 0, 0
	return reflect.DeepEqual(a, b)
}
