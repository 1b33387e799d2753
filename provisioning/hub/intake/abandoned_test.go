package intake_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func (s *site) sweep(t *testing.T, before time.Time, want int) {
	t.Helper()
	if n, err := s.intake.Sweep(t.Context(), before); err != nil || n != want {
		t.Errorf("%d envelopes cleared, %v; want %d", n, err, want)
	}
}

// partFiles counts the kept parts of an envelope.
func (s *site) partFiles(t *testing.T, id string) (n int) {
	t.Helper()
	for path := range s.files(t) {
		if strings.Contains(path, "parts/"+id) {
			n++
		}
	}
	return n
}

func TestAnAbandonedUploadIsClearedAndMayBeginAnew(t *testing.T) {
	s := newSite(t)
	done, left := s.seal(t, s.A, idA, 100, 3000), s.seal(t, s.A, idB, 100, 2*piece)
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	s.register(t, left)
	s.sendPart(t, left, 0, left.Parts[0])
	s.sendPart(t, left, 1, left.Parts[1][:piece])

	s.sweep(t, time.Now().Add(-time.Hour), 0)
	if n := s.partFiles(t, idB); n != 2 {
		t.Errorf("%d parts of an upload that is under way, want 2", n)
	}
	s.sweep(t, time.Now().Add(time.Hour), 1)
	s.sweep(t, time.Now().Add(time.Hour), 0)
	if n := s.partFiles(t, idB); n != 0 {
		t.Errorf("%d parts of an abandoned upload are left", n)
	}
	if n := s.partFiles(t, idA); n != 2 {
		t.Errorf("%d parts of an acknowledged envelope, want 2", n)
	}
	status, body := s.ask(t, s.A.Calling, "POST", "/v1/envelopes/"+idB+"/receipt", nil)
	if status != 409 {
		t.Errorf("a receipt for what was cleared: %d %s", status, body)
	}
	other := s.seal(t, s.A, idB, 101)
	if status, _ := s.ask(t, s.A.Calling, "PUT", "/v1/envelopes/"+idB, submission(t, other), "Content-Type", "application/json"); status != 409 {
		t.Errorf("another list under its id: %d", status)
	}
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	for no, want := range left.Parts {
		if got, err := s.client(t, s.Bureau.ClientTLS()).Part(t.Context(), idB, no); err != nil || !bytes.Equal(got, want) {
			t.Errorf("part %d is another: %v", no, err)
		}
	}
}
