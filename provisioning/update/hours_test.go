package update

import (
	"testing"
	"time"
)

func TestAHallIsOpenInItsHours(t *testing.T) {
	h, err := ParseHours([]string{"mon-fri 08:30-17:00", "sun 09:00-24:00"})
	must(t, err)
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for at, open := range map[time.Duration]bool{
		0: false, 8 * time.Hour: false, 8*time.Hour + 30*time.Minute: true, 16*time.Hour + 59*time.Minute: true, 17 * time.Hour: false, 33 * time.Hour: true,
		(5*24 + 12) * time.Hour: false, (6*24 + 8) * time.Hour: false, (6*24 + 23) * time.Hour: true,
	} {
		if h.Open(monday.Add(at)) != open {
			t.Errorf("at %v", monday.Add(at))
		}
	}
	if (Hours{}).Open(monday) {
		t.Error("a hall without hours is open")
	}
}

func TestHoursThatAreNoneAreRefused(t *testing.T) {
	for _, bad := range []string{"", "mon", "mon 08:00", "mon 17:00-08:00", "mo 08:00-17:00", "fri-mon 08:00-17:00", "mon 8-17", "mon 08:00-25:00"} {
		if _, err := ParseHours([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	f.Add("mon-fri 08:30-17:30", int64(0))
	f.Fuzz(func(t *testing.T, line string, at int64) {
		if h, err := ParseHours([]string{line}); err == nil {
			h.Open(time.Unix(at, 0))
		}
	})
}
