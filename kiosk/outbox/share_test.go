package outbox

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// kinds makes items 1 to count, of the kinds in turn.
func kinds(count int, kinds ...string) []Item {
	items := make([]Item, count)
	for i := range items {
		items[i] = item(i + 1)
		items[i].Kind = kinds[i%len(kinds)]
	}
	return items
}

// carried gives the kinds in the order in which they went up over a line that takes a while for each entry.
func carried(t *testing.T, o *Outbox, want int, took func(kind string) time.Duration) []string {
	t.Helper()
	var order []string
	ctx, cancel := context.WithCancel(t.Context())
	must(t, o.Run(ctx, CourierFunc(func(_ context.Context, e *Entry) ([]byte, error) {
		time.Sleep(took(e.Kind()))
		if order = append(order, e.Kind()); len(order) == want {
			cancel()
		}
		return []byte("receipt"), nil
	})))
	return order
}

func TestKindsShareTheLineByTheirSharesAndNoneWaitsForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, err := Open(t.Context(), t.TempDir(), Config{KeepFree: 1, Shares: map[string]int{"report": 4}}, quiet())
		must(t, err)
		put(t, o, kinds(100, "application", "report")...)
		order := carried(t, o, 40, func(string) time.Duration { return time.Second })
		reports := 0
		for i, kind := range order {
			if kind == "report" {
				reports++
			}
			if i == 4 && reports == 5 {
				t.Error("an application waits behind five reports")
			}
		}
		if reports != 32 {
			t.Errorf("%d of 40 were reports, want 32: %v", reports, order)
		}
		must(t, o.Close())
	})
}

// TestLargeEntriesOfOneKindDoNotHoldUpAnother: equal shares are of the line's time, not of the count.
func TestLargeEntriesOfOneKindDoNotHoldUpAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := inBubble(t)
		put(t, o, kinds(60, "application", "rating", "rating")...)
		order := carried(t, o, 22, func(kind string) time.Duration {
			if kind == "application" {
				return 20 * time.Second
			}
			return time.Second
		})
		ratings := 0
		for _, kind := range order {
			if kind == "rating" {
				ratings++
			}
		}
		if ratings < 18 {
			t.Errorf("%d ratings in %v: large applications hold them up", ratings, order)
		}
		must(t, o.Close())
	})
}

func TestAShareBelowOneIsAnError(t *testing.T) {
	_, err := Open(t.Context(), t.TempDir(), Config{Shares: map[string]int{"report": 0}}, quiet())
	if err == nil || errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
}
