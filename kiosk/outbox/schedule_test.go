package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestPausesDoubleUpToTheLongest(t *testing.T) {
	s := newSchedule(nil, Config{FirstRetry: time.Second, LastRetry: 10 * time.Second})
	for failures, want := range map[int]time.Duration{1: 1, 2: 2, 3: 4, 4: 8, 5: 10, 6: 10, 1000: 10} {
		want *= time.Second
		if got := s.pause(failures, 0); got != want {
			t.Errorf("%d failures: %v, want %v", failures, got, want)
		}
		if got := s.pause(failures, 0.999); got < want/2 || got >= want {
			t.Errorf("%d failures with jitter: %v, want between %v and %v", failures, got, want/2, want)
		}
	}
}

func TestTurnsGoToTheOldestThatIsDue(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s := newSchedule([]row{{id: "a", seq: 1}, {id: "b", seq: 2}, {id: "c", seq: 3}}, Config{FirstRetry: time.Second, LastRetry: time.Minute})
	next := func(want string, after time.Duration) {
		t.Helper()
		id, when := s.next(now.Add(after))
		if id != want {
			t.Errorf("after %v it is the turn of %q at %v, want %q", after, id, when.Sub(now), want)
		}
	}
	next("a", 0)
	s.failed("a", now, "cut", 0)
	next("", 0) // the line itself rests
	next("a", time.Second)
	s.succeeded() // another entry went through
	next("b", 0)  // the bad one stands back alone
	next("a", time.Second)
	s.remove("b")
	s.failed("c", now, "cut", 0)
	next("", 0)
	s.add("d", "", 4)
	next("d", 0) // somebody is standing there
	s.failed("d", now, "cut", 0)
	next("", time.Second)
	if id, when := s.next(now); id != "" || when.Sub(now) != 2*time.Second {
		t.Errorf("second failure in a row: %q at %v, want a rest of 2 s", id, when.Sub(now))
	}
	next("a", 2*time.Second)
	for _, id := range []string{"a", "c", "d"} {
		s.remove(id)
	}
	if id, when := s.next(now); id != "" || !when.IsZero() {
		t.Errorf("nothing waits, but %q at %v", id, when)
	}
}

// inBubble opens an outbox whose clock is the bubble's.
func inBubble(t *testing.T) *Outbox {
	t.Helper()
	o, err := Open(t.Context(), t.TempDir(), Config{KeepFree: 1}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestDeadLineIsTriedEverLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := inBubble(t)
		var tries []time.Time
		for n := 1; n <= 20; n++ {
			put(t, o, item(n))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		err := o.Run(ctx, CourierFunc(func(context.Context, *Entry) ([]byte, error) {
			tries = append(tries, time.Now())
			return nil, errors.New("no route to host")
		}))
		must(t, errors.Join(err, o.Close()))
		if most := int(24 * time.Hour / (o.config.LastRetry / 2)); len(tries) < 100 || len(tries) > most+40 {
			t.Errorf("%d tries in a day, want at most %d and not to give up", len(tries), most+40)
		}
		if gap := tries[len(tries)-1].Sub(tries[len(tries)-2]); gap < o.config.LastRetry/2 || gap > o.config.LastRetry {
			t.Errorf("last gap %v, want about %v", gap, o.config.LastRetry)
		}
	})
}

func TestBacklogGoesUpSoonAfterTheLineReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := inBubble(t)
		for n := 1; n <= 20; n++ {
			put(t, o, item(n))
		}
		c, back := newCentral(), time.Now().Add(5*time.Hour)
		c.fail = func(string, int) error {
			if time.Now().Before(back) {
				return errors.New("no route to host")
			}
			return nil
		}
		ctx, cancel := context.WithDeadline(t.Context(), back.Add(2*o.config.LastRetry))
		defer cancel()
		must(t, errors.Join(o.Run(ctx, c), o.Close()))
		if len(c.order) != 20 {
			t.Errorf("%d of 20 entries went up within %v of the line's return", len(c.order), 2*o.config.LastRetry)
		}
	})
}

func TestFreshEntryIsTriedAtOnceOnARestingLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := inBubble(t)
		put(t, o, item(1))
		c, back := newCentral(), time.Now().Add(time.Hour)
		c.fail = func(string, int) error {
			if time.Now().Before(back) {
				return errors.New("no route to host")
			}
			return nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- o.Run(ctx, c) }()
		time.Sleep(time.Hour + time.Millisecond) // the line is back, and Run rests
		put(t, o, item(2))
		before := time.Now()
		state, err := o.Wait(ctx, item(2).ID)
		if err != nil || state != Delivered || time.Since(before) != 0 {
			t.Errorf("%s after %v, %v; want delivered at once", state, time.Since(before), err)
		}
		if state, err = o.Wait(ctx, item(1).ID); err != nil || state != Delivered {
			t.Errorf("the older entry is %s, %v", state, err)
		}
		cancel()
		must(t, errors.Join(<-done, o.Close()))
	})
}

func TestBadEntryDoesNotStopTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, c := inBubble(t), newCentral()
		c.fail = func(id string, attempt int) error {
			if id == item(1).ID && attempt < 4 {
				return errors.New("connection reset")
			}
			return nil
		}
		put(t, o, item(1), item(2), item(3))
		drain(t, o, c)
		wantDelivered(t, o, c, item(1), item(2), item(3))
		if want := []string{item(2).ID, item(3).ID, item(1).ID}; !slices.Equal(c.order, want) {
			t.Errorf("order %v, want %v", c.order, want)
		}
		must(t, o.Close())
	})
}

func TestEntryThatHangsLetsOthersHaveTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := inBubble(t)
		put(t, o, item(1), item(2))
		c := newCentral()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- o.Run(ctx, CourierFunc(func(ctx context.Context, e *Entry) ([]byte, error) {
				if e.ID() == item(1).ID && len(c.order) == 0 {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				return c.Deliver(ctx, e)
			}))
		}()
		for _, n := range []int{2, 1} {
			if state, err := o.Wait(ctx, item(n).ID); err != nil || state != Delivered {
				t.Errorf("entry %d is %s, %v", n, state, err)
			}
		}
		cancel()
		must(t, errors.Join(<-done, o.Close()))
		if want := []string{item(2).ID, item(1).ID}; !slices.Equal(c.order, want) {
			t.Errorf("order %s, want %s", fmt.Sprint(c.order), fmt.Sprint(want))
		}
	})
}
