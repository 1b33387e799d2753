package intake_test

import (
	"bytes"
	"context"
	"io"
	"sync/atomic"
	"testing"

	"yimen/provisioning/hub/intake"
)

// watched is a store that counts the parts that are read, and can lose the answer of a piece.
type watched struct {
	intake.Parts
	opened atomic.Int32
	fail   atomic.Bool // the next piece is kept and answered with an error, as by a disk that says no flush
}

func (w *watched) Open(ctx context.Context, id string, no int) (io.ReadCloser, error) {
	w.opened.Add(1)
	return w.Parts.Open(ctx, id, no)
}

func (w *watched) Append(ctx context.Context, id string, no int, offset int64, src io.Reader) (int64, error) {
	n, err := w.Parts.Append(ctx, id, no, offset, src)
	if err == nil && w.fail.Swap(false) {
		return 0, io.ErrNoProgress
	}
	return n, err
}

func (s *site) watch(t *testing.T) *watched {
	t.Helper()
	w := &watched{}
	s.spoil = func(p intake.Parts) intake.Parts { w.Parts = p; return w }
	s.restart(t)
	return w
}

func TestWhatWasDigestedOnItsWayIsNotReadBack(t *testing.T) {
	s := newSite(t)
	w := s.watch(t)
	s.CutAfter(piece + piece/2) // a piece that is cut counts with what came of it
	p := s.seal(t, s.A, idA, 100, 5*piece+7)
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if n := w.opened.Load(); n != 0 {
		t.Errorf("%d parts were read back", n)
	}
	for no, want := range p.Parts {
		if got, err := s.client(t, s.Bureau.ClientTLS()).Part(t.Context(), idA, no); err != nil || !bytes.Equal(got, want) {
			t.Errorf("part %d is another: %v", no, err)
		}
	}
}

func TestWhatCameBeforeARestartIsReadBackBeforeTheReceipt(t *testing.T) {
	s := newSite(t)
	w := s.watch(t)
	p := s.seal(t, s.A, idA, 100, 2*piece)
	s.register(t, p)
	for no := range p.Parts {
		if status, body := s.sendPart(t, p, no, p.Parts[no][:min(piece, len(p.Parts[no]))]); status != 204 {
			t.Fatalf("part %d: %d %s", no, status, body)
		}
	}
	s.restart(t)
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if n := w.opened.Load(); n != 2 {
		t.Errorf("%d of 2 parts were read back", n)
	}
}

// TestWhatTheStoreDidNotAnswerForIsReadBack: the digest of bytes that were only sent is not that of bytes that are kept.
func TestWhatTheStoreDidNotAnswerForIsReadBack(t *testing.T) {
	s := newSite(t)
	w := s.watch(t)
	w.fail.Store(true)
	p := s.seal(t, s.A, idA, 100)
	client := s.client(t, s.A.Calling)
	if _, err := client.Deliver(t.Context(), p); err != nil { // the client asks how far it is and finds all there
		t.Fatal(err)
	}
	if n := w.opened.Load(); n != 1 {
		t.Errorf("%d parts were read back, want the one", n)
	}
}
