package turns

import (
	"fmt"
	"testing"
	"time"
)

func TestPausesDoubleUpToTheLongest(t *testing.T) {
	q := New(time.Second, 10*time.Second, nil)
	for failures, want := range map[int]time.Duration{1: 1, 2: 2, 3: 4, 4: 8, 5: 10, 6: 10, 1000: 10} {
		want *= time.Second
		if got := q.pause(failures, 0); got != want {
			t.Errorf("%d failures: %v, want %v", failures, got, want)
		}
		if got := q.pause(failures, 0.999); got < want/2 || got >= want {
			t.Errorf("%d failures with jitter: %v, want between %v and %v", failures, got, want/2, want)
		}
	}
}

func TestTurnsGoToTheOldestThatIsDue(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	q := New(time.Second, time.Minute, nil)
	for i, id := range []string{"a", "b", "c"} {
		q.Add(id, "", int64(i+1), false)
	}
	next := func(want string, after time.Duration) {
		t.Helper()
		id, when := q.Next(now.Add(after))
		if id != want {
			t.Errorf("after %v it is the turn of %q at %v, want %q", after, id, when.Sub(now), want)
		}
	}
	next("a", 0)
	q.Failed("a", now, "cut", 0)
	next("", 0) // the line itself rests
	next("a", time.Second)
	q.Succeeded() // another entry went through
	next("b", 0)  // the bad one stands back alone
	next("a", time.Second)
	q.Remove("b")
	q.Failed("c", now, "cut", 0)
	next("", 0)
	q.Add("d", "", 4, true)
	next("d", 0) // somebody is standing there
	q.Failed("d", now, "cut", 0)
	next("", time.Second)
	if id, when := q.Next(now); id != "" || when.Sub(now) != 2*time.Second {
		t.Errorf("second failure in a row: %q at %v, want a rest of 2 s", id, when.Sub(now))
	}
	next("a", 2*time.Second)
	for _, id := range []string{"a", "c", "d"} {
		q.Remove(id)
	}
	if id, when := q.Next(now); id != "" || !when.IsZero() {
		t.Errorf("nothing waits, but %q at %v", id, when)
	}
}

func TestAKindThatWasQuietSavesNothingUp(t *testing.T) {
	q := New(time.Second, time.Minute, nil)
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for n := range int64(20) {
		q.Add(fmt.Sprint("a", n), "application", n, true)
	}
	turn := func() string {
		id, _ := q.Next(now)
		kind := q.turns[id].kind
		q.Used(id, time.Minute)
		q.Remove(id)
		return kind
	}
	for range 10 {
		turn()
	}
	for n := range int64(5) {
		q.Add(fmt.Sprint("r", n), "rating", 100+n, true)
	}
	got := map[string]int{}
	for range 6 {
		got[turn()]++
	}
	if got["application"] != 3 || got["rating"] != 3 {
		t.Errorf("six turns were %v, want three of each", got)
	}
}
