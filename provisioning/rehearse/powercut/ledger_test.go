package powercut

import (
	"slices"
	"strings"
	"testing"
)

// TestPromisesThatAreNotKeptAreFound plays what a submitter may say in one life and the next. "|" cuts the power.
func TestPromisesThatAreNotKeptAreFound(t *testing.T) {
	const start = `sound outbox.db "ok", sound numbers.db "ok", `
	for name, c := range map[string]struct {
		says string
		want []Kind
	}{
		"a whole life":                  {"ready, kept a 1 x, carry a x, done a | row a delivered, held a x, ready, drained", nil},
		"kept through two cuts":         {"ready, kept a 1 x | row a waiting, ready | row a waiting, ready, carry a x, done a, drained", nil},
		"cut before the answer":         {"ready, kept a 1 x, putting b | row a waiting, row b waiting, ready, carry b y, carry a x, drained", nil},
		"never acknowledged, and gone":  {"ready, putting a | ready, drained", nil},
		"never acknowledged, and whole": {"ready, putting a | row a quarantined, ready, drained", nil},
		"receipt on its way":            {"ready, kept a 1 x, carry a x | row a waiting, held a x, ready, carry a x, done a, drained", nil},
		"carried before Put answers":    {"ready, putting a, carry a x, kept a 1 x, done a | row a delivered, held a x, ready, drained", nil},
		"gone":                          {"ready, kept a 1 x | ready", []Kind{Lost}},
		"set aside":                     {"ready, kept a 1 x | row a quarantined, ready", []Kind{Damaged}},
		"called delivered":              {"ready, kept a 1 x | row a delivered, ready", []Kind{Lost}},
		"forgotten delivery":            {"ready, kept a 1 x, carry a x, done a | row a waiting, held a x, ready", []Kind{SentTwice}},
		"sent twice":                    {"ready, kept a 1 x, carry a x, done a, carry a x", []Kind{SentTwice}},
		"sent otherwise":                {"ready, kept a 1 x | row a waiting, ready, carry a y", []Kind{Damaged}},
		"sent otherwise the next time":  {"ready, carry a x | row a waiting, held a x, ready, carry a y", []Kind{Damaged}},
		"kept otherwise than sent":      {"ready, carry a x, kept a 1 y", []Kind{Damaged}},
		"one number for two":            {"ready, kept a 1 x | row a waiting, ready, kept b 1 y", []Kind{NumberTwice}},
		"never arrived":                 {"ready, kept a 1 x | row a waiting, ready, drained", []Kind{Lost}},
		"gone from the hub":             {"ready, kept a 1 x, carry a x, done a | row a delivered, ready", []Kind{Lost}},
		"otherwise at the hub":          {"ready, kept a 1 x, carry a x, done a | row a delivered, held a unreadable, ready", []Kind{Damaged}},
		"at the hub before we knew":     {"ready, kept a 1 x | row a waiting, held a x, ready, carry a x, drained", nil},
		"a broken database":             {`ready | sound outbox.db "row 3 missing", ready`, []Kind{Unsound}},
		"a database that says nothing":  {`ready | sound outbox.db "ok" "ok", ready`, []Kind{Unsound}},
		"cannot go on":                  {`ready | error "open outbox: no"`, []Kind{Unusable}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger()
			for life := range strings.SplitSeq(c.says, "|") {
				l.begin()
				for line := range strings.SplitSeq(start+life, ",") {
					if _, err := l.hear(strings.TrimSpace(line)); err != nil {
						t.Fatal(err)
					}
				}
			}
			var found []Kind
			for _, f := range l.findings {
				found = append(found, f.Kind)
				if f.Life != l.life {
					t.Errorf("found in life %d, not %d: %v", f.Life, l.life, f)
				}
			}
			if !slices.Equal(found, c.want) {
				t.Errorf("found %v, want %q", l.findings, c.want)
			}
		})
	}
}

func TestWhatIsCarriedGetsItsReceipt(t *testing.T) {
	l := newLedger()
	l.begin()
	if answer, err := l.hear("carry a x"); answer != "receipt a" || err != nil {
		t.Errorf("%q, %v", answer, err)
	}
	if _, err := l.hear("good morning"); err == nil {
		t.Error("a line that nobody knows is taken in")
	}
}

// FuzzHear is any bytes in the place of a submitter.
func FuzzHear(f *testing.F) {
	f.Add("ready\nputting a\nkept a 1 x\ncarry a x\ndone a\nrow a waiting\ndrained")
	f.Add("sound outbox.db \"ok\"\nerror \"x\"\nkept a\n\n row")
	f.Fuzz(func(t *testing.T, says string) {
		l := newLedger()
		l.begin()
		for line := range strings.SplitSeq(says, "\n") {
			if answer, err := l.hear(line); err != nil || strings.Contains(answer, "\n") {
				if answer != "" {
					t.Errorf("%q is answered %q, %v", line, answer, err)
				}
				return
			}
		}
	})
}
