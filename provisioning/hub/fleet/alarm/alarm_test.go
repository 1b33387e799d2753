package alarm

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

var (
	limits = DefaultLimits()
	start  = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

func head(no int, sum byte) string { return fmt.Sprintf("%d:%s", no, strings.Repeat(string(sum), 64)) }

var well = Beat{Resting: true, Journal: head(5, 'a')}

// tellings plays a heartbeat each minute for some minutes, as at gives them; nil is none. It gives what was told, with
// the minute.
func tellings(minutes int, at func(minute int) *Beat) string {
	var w Watch
	var told []string
	for m := range minutes {
		now := start.Add(time.Duration(m) * time.Minute)
		var alarms []Alarm
		if b := at(m); b != nil {
			w, alarms = w.Beat(*b, now, limits)
		} else {
			w, alarms = w.Tick(now, limits)
		}
		for _, a := range alarms {
			told = append(told, fmt.Sprintf("%d %s %s", m, a.Kind, a.Phase))
		}
	}
	return strings.Join(told, ", ")
}

func from(minute, until int, change func(*Beat)) func(int) *Beat {
	return func(m int) *Beat {
		b := well
		if m >= minute && m < until {
			change(&b)
		}
		return &b
	}
}

func TestEachKindIsToldWhenItBeginsAndWhenItEnds(t *testing.T) {
	silent := func(begin, end int) func(int) *Beat {
		return func(m int) *Beat {
			if m >= begin && m < end {
				return nil
			}
			return &well
		}
	}
	for what, c := range map[string]struct {
		at   func(int) *Beat
		want string
	}{
		"all is well":           {silent(100, 100), ""},
		"two beats are missing": {silent(3, 5), ""},
		"silent":                {silent(3, 10), "5 down raised, 10 down ended"},
		"a visit goes on":       {from(2, 50, func(b *Beat) { b.Resting, b.ScreenAge = false, 14*time.Minute }), ""},
		"a screen that rests":   {from(2, 50, func(b *Beat) { b.ScreenAge = 14 * time.Hour }), ""},
		"a screen that stands":  {from(2, 9, func(b *Beat) { b.Resting, b.ScreenAge = false, 15*time.Minute }), "2 stuck-screen raised, 9 stuck-screen ended"},
		"a clock ahead":         {from(2, 9, func(b *Beat) { b.Skew = 2 * time.Minute }), "2 clock raised, 9 clock ended"},
		"a clock behind":        {from(2, 9, func(b *Beat) { b.Skew = -2 * time.Minute }), "2 clock raised, 9 clock ended"},
		"something set aside":   {from(2, 9, func(b *Beat) { b.Quarantined = 1 }), "2 quarantine raised, 9 quarantine ended"},
		"a device unplugged":    {from(2, 9, func(b *Beat) { b.Broken = []string{"printer"} }), ""},
		"a device broken":       {from(2, 20, func(b *Beat) { b.Broken = []string{"printer"} }), "12 device raised, 20 device ended"},
	} {
		if got := tellings(60, c.at); got != c.want {
			t.Errorf("%s: told %q, want %q", what, got, c.want)
		}
	}
}

func TestDownIsAnotherThingThanStuck(t *testing.T) {
	// The screen stands, then the terminal falls silent, then it comes back with the screen still standing.
	got := tellings(60, func(m int) *Beat {
		if m >= 5 && m < 20 {
			return nil
		}
		return &Beat{ScreenAge: time.Hour, Journal: head(5, 'a')}
	})
	if want := "0 stuck-screen raised, 7 down raised, 20 down ended"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestAnOutboxIsStuckWhenItDoesNotMoveThoughTheLineDoes(t *testing.T) {
	waiting := func(delivered func(m int) int, dead func(m int) bool) func(int) *Beat {
		return func(m int) *Beat {
			if dead(m) {
				return nil
			}
			b := well
			b.Waiting, b.Delivered = 3, delivered(m)
			return &b
		}
	}
	never := func(int) bool { return false }
	for what, c := range map[string]struct {
		at   func(int) *Beat
		want string
	}{
		"it moves slowly":       {waiting(func(m int) int { return m / 50 }, never), ""},
		"it does not move":      {waiting(func(m int) int { return min(m, 10) }, never), "70 stuck-outbox raised"},
		"it moves again":        {waiting(func(m int) int { return m / 80 }, never), "60 stuck-outbox raised, 80 stuck-outbox ended"},
		"the line was dead":     {waiting(func(m int) int { return 0 }, func(m int) bool { return m > 5 && m < 90 }), "8 down raised, 68 down repeated, 90 down ended"},
		"after a line was dead": {waiting(func(m int) int { return 0 }, func(m int) bool { return m > 5 && m < 30 }), "8 down raised, 30 down ended, 90 stuck-outbox raised"},
	} {
		if got := tellings(120, c.at); got != c.want {
			t.Errorf("%s: told %q, want %q", what, got, c.want)
		}
	}
}

func TestAJournalThatGoesBackIsToldUntilSomebodyLooked(t *testing.T) {
	for what, c := range map[string]struct {
		heads []string
		wrong bool
	}{
		"it grows":               {[]string{"", head(1, 'a'), head(1, 'a'), head(9, 'b')}, false},
		"it is shorter":          {[]string{head(9, 'b'), head(8, 'a'), head(20, 'c')}, true},
		"it has another record":  {[]string{head(9, 'b'), head(9, 'c'), head(10, 'd')}, true},
		"it is gone":             {[]string{head(9, 'b'), "", head(10, 'd')}, true},
		"it was begun anew":      {[]string{head(9, 'b'), head(2, 'c'), head(3, 'd')}, true},
		"it is begun just now":   {[]string{"", "", head(1, 'a')}, false},
		"nothing is known of it": {[]string{"", "", ""}, false},
	} {
		var w Watch
		for i, h := range c.heads {
			w, _ = w.Beat(Beat{Resting: true, Journal: h}, start.Add(time.Duration(i)*time.Minute), limits)
		}
		if _, wrong := w.Open[Journal]; wrong != c.wrong {
			t.Errorf("%s: alarm %v", what, wrong)
		}
		w = w.Settled()
		w, told := w.Beat(Beat{Resting: true, Journal: c.heads[len(c.heads)-1]}, start.Add(time.Hour), limits)
		if len(told) != 0 || len(w.Open) != 0 {
			t.Errorf("%s: after somebody looked: %v", what, told)
		}
	}
}

func TestAnAlarmThatLastsIsToldLessOften(t *testing.T) {
	var minutes []int
	for _, telling := range strings.Split(tellings(4*24*60, func(m int) *Beat {
		if m > 0 {
			return nil
		}
		return &well
	}), ", ") {
		var m int
		if _, err := fmt.Sscanf(telling, "%d down", &m); err != nil {
			t.Fatal(telling, err)
		}
		minutes = append(minutes, m)
	}
	want := []int{3, 63, 123, 183, 243, 303, 363, 423, 483, 483 + 24*60, 483 + 48*60, 483 + 72*60}
	if fmt.Sprint(minutes) != fmt.Sprint(want) {
		t.Errorf("told in minutes %v, want %v", minutes, want)
	}
}

// TestEveryAlarmHasOneBeginningAndOneEnd plays chance and holds the tellings to their grammar.
func TestEveryAlarmHasOneBeginningAndOneEnd(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 9))
	for range 200 {
		var w Watch
		open := map[Kind]bool{}
		for m := range 300 {
			var told []Alarm
			before := fmt.Sprint(w)
			now := start.Add(time.Duration(m) * time.Minute)
			was := w
			if chance.IntN(3) == 0 {
				w, told = w.Tick(now, limits)
			} else {
				b := Beat{Resting: chance.IntN(2) == 0, ScreenAge: time.Duration(chance.IntN(30)) * time.Minute, Waiting: chance.IntN(2), Quarantined: chance.IntN(2),
					Skew: time.Duration(chance.IntN(5)-2) * time.Minute, Journal: head(m, 'a')}
				w, told = w.Beat(b, now, limits)
			}
			if fmt.Sprint(was) != before {
				t.Fatal("the watch before was changed")
			}
			for _, a := range told {
				if (a.Phase == Raised) == open[a.Kind] || a.Since.After(now) {
					t.Fatalf("minute %d: %+v while open is %v", m, a, open[a.Kind])
				}
				open[a.Kind] = a.Phase != Ended
			}
			for _, kind := range Kinds() {
				if _, lasts := w.Open[kind]; lasts != open[kind] {
					t.Fatalf("minute %d: %s open %v, told %v", m, kind, lasts, open[kind])
				}
			}
		}
	}
}
