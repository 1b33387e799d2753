package intake_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
)

// parked delivers a draft of two parts.
func (s *site) parked(t *testing.T, id string) parcel {
	t.Helper()
	p := parcel{id: id, bodies: [][]byte{[]byte(name + number), []byte("a page")}}
	var err error
	head := envelope.Head{Suite: envelope.SuiteSM, ID: id, Kind: "draft", Terminal: s.A.Name, SealedAt: time.Now()}
	if p.Sealed, err = envelope.Seal(head, p.bodies, []envelope.Recipient{s.Opening}, s.A.Signing, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

func daysAgo(n int) string { return time.Now().UTC().AddDate(0, 0, -n).Format(time.DateOnly) }

func TestADraftIsLetGoWhenItsLastDayIsOverAndNotBefore(t *testing.T) {
	s := newSite(t)
	p := s.parked(t, idA)
	bureau := s.client(t, s.Bureau.ClientTLS())
	var problem *central.Problem
	for _, still := range []string{daysAgo(-30), daysAgo(0)} {
		if err := bureau.LetGo(t.Context(), idA, still); !errors.As(err, &problem) || problem.Code != central.CodeConflict {
			t.Errorf("until %s: %v", still, err)
		}
	}
	if n := s.partFiles(t, idA); n != 2 {
		t.Fatalf("%d parts of a draft that is still given out", n)
	}
	for range 2 {
		if err := bureau.LetGo(t.Context(), idA, daysAgo(3)); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.partFiles(t, idA); n != 0 {
		t.Errorf("%d parts are left", n)
	}
	if page, err := bureau.Envelopes(t.Context(), "", 10); err != nil || len(page.Envelopes) != 0 {
		t.Errorf("listed are %v, %v", page.Envelopes, err)
	}
	if !strings.Contains(s.logged.String(), "draft let go") || !strings.Contains(s.logged.String(), daysAgo(3)) {
		t.Error("nobody can read afterwards that it was let go")
	}
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil { // it had not heard of its receipt
		t.Errorf("its terminal comes back: %v", err)
	}
	if n := s.partFiles(t, idA); n != 0 {
		t.Errorf("%d parts were sent again", n)
	}
}

func TestNothingThatWasHandedInIsEverLetGo(t *testing.T) {
	s := newSite(t)
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), s.seal(t, s.A, idA, 100, 3000)); err != nil {
		t.Fatal(err)
	}
	s.parked(t, idB)
	for name, c := range map[string]struct {
		terminal bool
		path     string
		want     int
	}{
		"an application":   {false, idA + "?until=" + daysAgo(300), 403},
		"by a terminal":    {true, idB + "?until=" + daysAgo(300), 403},
		"no day":           {false, idB, 400},
		"no such day":      {false, idB + "?until=2026-02-30", 400},
		"nobody's":         {false, "01k9zqv8w3m5n7p2r4s6t8v0xz?until=" + daysAgo(300), 404},
		"a path":           {false, "..%2Fetc?until=" + daysAgo(300), 404},
		"the last day yet": {false, idB + "?until=" + daysAgo(0), 409},
	} {
		calling := s.Bureau.ClientTLS()
		if c.terminal {
			calling = s.A.Calling
		}
		if status, body := s.ask(t, calling, "DELETE", "/v1/envelopes/"+c.path, nil); status != c.want {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
	if a, b := s.partFiles(t, idA), s.partFiles(t, idB); a != 2 || b != 2 {
		t.Errorf("%d and %d parts are left", a, b)
	}
}

func TestWhatASuddenEndLeftOfADraftIsClearedAway(t *testing.T) {
	s := newSite(t)
	s.parked(t, idA)
	s.parked(t, idB)
	if err := s.intake.NoteGone(t.Context(), idA, daysAgo(3)); err != nil { // and the process ends here
		t.Fatal(err)
	}
	s.restart(t)
	if err := s.intake.ClearGone(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, b := s.partFiles(t, idA), s.partFiles(t, idB); a != 0 || b != 2 {
		t.Errorf("%d parts of what was let go, %d of what was not", a, b)
	}
}
