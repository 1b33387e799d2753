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
