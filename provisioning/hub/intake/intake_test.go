package intake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"yimen/kiosk/central"
	"yimen/kiosk/central/centraltest"
	"yimen/kiosk/envelope"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/hub/intake"
)

func TestDossierArrivesWholeAndOnlyTheBureauOpensIt(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 500, 100_000, 40_000)
	signed, err := s.client(t, s.A.Calling).Deliver(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	bureau := s.client(t, s.Bureau.ClientTLS())
	page, err := bureau.Envelopes(t.Context(), "", 10)
	if err != nil || len(page.Envelopes) != 1 || page.Envelopes[0].Envelope != idA || page.Envelopes[0].Terminal != hubtest.TerminalA {
		t.Fatalf("page %+v, %v", page, err)
	}
	kept, err := bureau.Envelope(t.Context(), idA)
	if err != nil || !bytes.Equal(kept.Receipt, signed) {
		t.Fatalf("receipt at the bureau: %s, %v", kept.Receipt, err)
	}
	list, err := s.Bureau.Terminals.VerifyList(hubtest.TerminalA, kept.List, kept.Signature)
	if err != nil {
		t.Fatal(err)
	}
	for no, want := range p.bodies {
		sealed, err := bureau.Part(t.Context(), idA, no)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := envelope.OpenPart(sealed, list, no, s.Bureau.Opening); err != nil || !bytes.Equal(got, want) {
			t.Errorf("part %d opens to %d bytes, want %d: %v", no, len(got), len(want), err)
		}
	}
	if next, err := bureau.Envelopes(t.Context(), page.Next, 10); err != nil || len(next.Envelopes) != 0 || next.Next != page.Next {
		t.Errorf("page after the last: %+v, %v", next, err)
	}
}

func TestTheStoreHoldsNothingReadable(t *testing.T) {
	s := newSite(t)
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), s.seal(t, s.A, idA, 500, 100_000)); err != nil {
		t.Fatal(err)
	}
	files := s.files(t)
	if len(files) < 3 {
		t.Fatalf("only %d files in the store", len(files))
	}
	for path, body := range files {
		if bytes.Contains(body, []byte(name)) || bytes.Contains(body, []byte(number)) {
			t.Errorf("%s holds a name or a number", path)
		}
	}
}

func TestAtMostOnePieceIsSentAgainAfterACut(t *testing.T) {
	for _, cut := range []int64{1, piece - 1, piece, piece + 1, 5*piece + 3} {
		s := newSite(t)
		p := s.seal(t, s.A, idA, 100, 6*piece)
		s.CutAfter(cut)
		client := s.client(t, s.A.Calling)
		var err error
		for range 3 { // as the outbox does
			if _, err = client.Deliver(t.Context(), p); err == nil {
				break
			}
		}
		if again := s.Received() - p.total(); err != nil || again > piece {
			t.Errorf("cut after %d: %d bytes sent again, %v", cut, again, err)
		}
	}
}

func TestARestartLosesNothingThatWasAcknowledged(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 6*piece)
	for sent := s.Received(); sent < p.total(); sent = s.Received() {
		s.CutAfter(piece + 7)
		ctx, cancel := context.WithCancel(t.Context())
		s.LoseAnswers(centraltest.IsReceipt)
		if _, err := s.client(t, s.A.Calling).Deliver(ctx, p); err == nil {
			t.Fatal("delivered without an answer")
		}
		cancel()
		s.restart(t)
	}
	s.LoseAnswers(nil)
	s.CutAfter(0)
	first, err := s.client(t, s.A.Calling).Deliver(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if again := s.Received() - p.total(); again > piece {
		t.Errorf("%d bytes sent again", again)
	}
	s.restart(t)
	if again, err := s.client(t, s.A.Calling).Deliver(t.Context(), p); err != nil || !bytes.Equal(first, again) {
		t.Errorf("receipt after a restart: %s, %v", again, err)
	}
}

func TestOneReceiptForEver(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 50_000)
	receipts := make([]string, 8)
	var all sync.WaitGroup
	for i := range receipts {
		all.Go(func() {
			signed, err := s.client(t, s.A.Calling).Deliver(t.Context(), p)
			for tries := 0; err != nil && tries < 5; tries++ { // two couriers at once are told to come again
				signed, err = s.client(t, s.A.Calling).Deliver(t.Context(), p)
			}
			if err != nil {
				t.Error(err)
			}
			receipts[i] = string(signed)
		})
	}
	all.Wait()
	for _, r := range receipts {
		if r != receipts[0] {
			t.Errorf("two receipts for one envelope:\n%s\n%s", r, receipts[0])
		}
	}
}

func TestEveryRouteOfTheContractIsServed(t *testing.T) {
	s := newSite(t)
	p := s.seal(t, s.A, idA, 100, 2*piece)
	s.CutAfter(piece)
	s.LoseAnswers(centraltest.IsPiece) // makes the client ask by HEAD
	client, bureau := s.client(t, s.A.Calling), s.client(t, s.Bureau.ClientTLS())
	for range 4 {
		if _, err := client.Deliver(t.Context(), p); err == nil {
			break
		}
	}
	s.LoseAnswers(nil)
	if _, err := client.Deliver(t.Context(), s.seal(t, s.A, idB, 100)); err != nil {
		t.Fatal(err)
	}
	if _, err := bureau.Envelopes(t.Context(), "", 5); err != nil {
		t.Error(err)
	}
	if _, err := bureau.Envelope(t.Context(), idA); err != nil {
		t.Error(err)
	}
	if _, err := bureau.Part(t.Context(), idA, 0); err != nil {
		t.Error(err)
	}
	s.parked(t, idC)
	if err := bureau.LetGo(t.Context(), idC, daysAgo(3)); err != nil {
		t.Error(err)
	}
	s.ask(t, s.A.Calling, "GET", "/v1/envelopes/"+idA+"/receipt", nil)
	s.ask(t, s.A.Calling, "GET", "/healthz", nil)
	for _, name := range []string{"timestamp.json", packArchive} {
		s.publish(t, name, []byte("{}"))
		if _, err := client.PackFile(t.Context(), name, 100); err != nil {
			t.Error(err)
		}
	}
	served := map[string]int{"appendUpload": 204, "closeEnvelope": 201, "createUpload": 201, "letGo": 204, "registerEnvelope": 201}
	for _, op := range s.contract.Operations(central.HealthPath, central.EnvelopesPath, central.FilesPath, central.PacksPath) {
		want := served[op]
		if want == 0 {
			want = 200
		}
		if !s.contract.Seen(op, want) {
			t.Errorf("%s was never answered with %d", op, want)
		}
	}
}

func TestAFullStoreIsAPassingTrouble(t *testing.T) {
	s := newSite(t)
	brim := &brimful{}
	s.spoil = func(p intake.Parts) intake.Parts { brim.Parts = p; return brim }
	s.restart(t)
	p := s.seal(t, s.A, idA, 100, 3*piece)
	brim.makeRoom(piece)
	client := s.client(t, s.A.Calling)
	_, err := client.Deliver(t.Context(), p)
	if err == nil || errors.Is(err, central.ErrRefused) {
		t.Errorf("delivered into a full store, or given up: %v", err)
	}
	brim.makeRoom(1 << 30)
	if _, err := client.Deliver(t.Context(), p); err != nil {
		t.Error(err)
	}
}

func TestStrangersWhoSayNothingDoNotStopTheService(t *testing.T) {
	s := newSite(t)
	for range 300 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "https://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	if _, err := s.client(t, s.A.Calling).Deliver(t.Context(), s.seal(t, s.A, idA, 100)); err != nil {
		t.Error(err)
	}
}

func TestProblemsAreInTheContractsWords(t *testing.T) {
	s := newSite(t)
	status, body := s.ask(t, s.A.Calling, "GET", "/v1/envelopes/"+idA+"/receipt", nil)
	var p central.Problem
	if err := json.Unmarshal([]byte(body), &p); status != 404 || err != nil || p.Code != central.CodeNotFound {
		t.Errorf("%d %s %v", status, body, err)
	}
}

// brimful is a store with so many bytes of room.
type brimful struct {
	intake.Parts
	mu   sync.Mutex
	room int64
}

func (b *brimful) makeRoom(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.room = n
}

func (b *brimful) Append(ctx context.Context, id string, no int, offset int64, src io.Reader) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.Parts.Append(ctx, id, no, offset, io.LimitReader(src, b.room))
	b.room -= n
	if err == nil && b.room <= 0 {
		err = intake.ErrFull
	}
	return n, err
}
