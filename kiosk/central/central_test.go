package central_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/centraltest"
	"yimen/kiosk/envelope"
)

// parcel is a sealed envelope in memory.
type parcel struct {
	id     string
	sealed envelope.Sealed
}

func (p parcel) ID() string        { return p.id }
func (p parcel) List() []byte      { return p.sealed.List }
func (p parcel) Signature() []byte { return p.sealed.Signature }
func (p parcel) Part(no int) (io.ReadSeekCloser, int64, error) {
	return nopCloser{bytes.NewReader(p.sealed.Parts[no])}, int64(len(p.sealed.Parts[no])), nil
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

const testID = "01k9zqv8w3m5n7p2r4s6t8v0x1"

// seal makes a parcel with one part for each size given, in bytes of plain text.
func seal(t testing.TB, id string, sizes ...int) parcel {
	t.Helper()
	return sealWith(t, envelope.SuiteSM, id, sizes...)
}

func sealWith(t testing.TB, suite envelope.Suite, id string, sizes ...int) parcel {
	t.Helper()
	signer, err := envelope.GenerateSigner(rand.Reader, suite)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := envelope.GenerateOpener(rand.Reader, suite)
	if err != nil {
		t.Fatal(err)
	}
	var bodies [][]byte
	for _, n := range sizes {
		bodies = append(bodies, bytes.Repeat([]byte{'a'}, n))
	}
	head := envelope.Head{Suite: suite, ID: id, Kind: "application", Terminal: "150102-001", SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
	sealed, err := envelope.Seal(head, bodies, []envelope.Recipient{opener.Recipient()}, signer, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return parcel{id, sealed}
}

func newClient(t testing.TB, c *centraltest.Central, config central.Config) *central.Client {
	t.Helper()
	c.HoldTo(t, centraltest.LoadContract(t, "openapi.yaml"))
	config.URL = c.URL
	client, err := central.New(config, c.Identity, c.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func total(p parcel) (n int64) {
	for _, part := range p.sealed.Parts {
		n += int64(len(part))
	}
	return n
}

func TestDeliveredMeansAReceiptThatVerifies(t *testing.T) {
	c := centraltest.New(t)
	p := seal(t, testID, 3000, 200_000, 70_000)
	signed, err := newClient(t, c, central.Config{Piece: 64 << 10}).Deliver(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := central.VerifyReceipt(signed, p.List(), c.Receipts)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Envelope != testID || len(receipt.Parts) != 3 || !c.Whole(testID) {
		t.Errorf("receipt %+v, whole at central: %v", receipt, c.Whole(testID))
	}
	if c.Received() != total(p) {
		t.Errorf("%d bytes sent for %d", c.Received(), total(p))
	}
}

func TestDeliveringAgainGivesTheSameReceiptAndSendsNothing(t *testing.T) {
	c := centraltest.New(t)
	p := seal(t, testID, 3000, 100_000)
	client := newClient(t, c, central.Config{})
	first, err := client.Deliver(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	sent := c.Received()
	again, err := client.Deliver(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) || c.Received() != sent {
		t.Errorf("receipts equal: %v; %d bytes sent again", bytes.Equal(first, again), c.Received()-sent)
	}
}

func TestAfterACutAtMostOnePieceIsSentAgain(t *testing.T) {
	const piece = 64 << 10
	for _, cut := range []int64{1, 1000, piece - 1, piece, piece + 1, 3*piece + 17} {
		c := centraltest.New(t)
		p := seal(t, testID, 100, 400_000)
		c.CutAfter(cut)
		client := newClient(t, c, central.Config{Piece: piece})
		var err error
		for range 3 { // as the outbox does
			if _, err = client.Deliver(t.Context(), p); err == nil {
				break
			}
		}
		if err != nil {
			t.Fatalf("cut after %d: %v", cut, err)
		}
		if again := c.Received() - total(p); again > piece || !c.Whole(testID) {
			t.Errorf("cut after %d: %d bytes sent again, whole: %v", cut, again, c.Whole(testID))
		}
	}
}

func TestALostAnswerDoublesNothing(t *testing.T) {
	for name, lost := range map[string]func(*http.Request) bool{"receipt": centraltest.IsReceipt, "piece": centraltest.IsPiece} {
		t.Run(name, func(t *testing.T) {
			c := centraltest.New(t)
			c.LoseAnswers(lost)
			p := seal(t, testID, 100, 90_000)
			client := newClient(t, c, central.Config{Piece: 30_000})
			if _, err := client.Deliver(t.Context(), p); name == "receipt" && err == nil {
				t.Error("delivered without an answer")
			}
			c.LoseAnswers(nil)
			if _, err := client.Deliver(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			if again := c.Received() - total(p); again != 0 || !c.Whole(testID) {
				t.Errorf("%d bytes sent again, whole: %v", again, c.Whole(testID))
			}
		})
	}
}

func TestAnEnvelopeOfEitherSuiteIsDelivered(t *testing.T) {
	c := centraltest.New(t)
	client := newClient(t, c, central.Config{})
	for i, suite := range envelope.Suites() {
		p := sealWith(t, suite, fmt.Sprintf("%s%d", testID[:25], i), 100, 70_000)
		signed, err := client.Deliver(t.Context(), p)
		if err != nil || !c.Whole(p.id) {
			t.Fatalf("%s: %v, want it there as a whole", suite, err)
		}
		receipt, err := central.VerifyReceipt(signed, p.List(), c.Receipts)
		if err != nil || receipt.ListDigest != suite.Digest(p.List()) {
			t.Errorf("%s: receipt for list %s, %v", suite, receipt.ListDigest, err)
		}
	}
}

// TestAReceiptIsOfTheEnvelopesSuite: who changes to the other suite does so because the first is not trusted.
func TestAReceiptIsOfTheEnvelopesSuite(t *testing.T) {
	hub, err := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, suite := range envelope.Suites() {
		p := sealWith(t, suite, testID, 100)
		list, err := envelope.ParseList(p.List())
		if err != nil {
			t.Fatal(err)
		}
		r := central.Receipt{Envelope: p.id, ListDigest: suite.Digest(p.List()), Parts: []central.ReceiptPart{central.ReceiptPart(list.Parts[0])}, Hub: "hub"}
		for _, by := range envelope.Suites() {
			signed, err := central.SignReceipt(r, by, hub, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := central.VerifyReceipt(signed, p.List(), hub.Verifier()); (err == nil) != (by == suite) {
				t.Errorf("receipt of %s for an envelope of %s: %v", by, suite, err)
			}
		}
	}
}

func TestNothingButAReceiptIsADelivery(t *testing.T) {
	p := seal(t, testID, 100)
	other := seal(t, "01k9zqv8w3m5n7p2r4s6t8v0x2", 100)
	stranger, err := envelope.GenerateSigner(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	receiptFor := func(p parcel) central.Receipt {
		list, err := envelope.ParseList(p.List())
		if err != nil {
			t.Fatal(err)
		}
		r := central.Receipt{Envelope: p.id, ListDigest: envelope.Digest(p.List()), Hub: "central"}
		for _, part := range list.Parts {
			r.Parts = append(r.Parts, central.ReceiptPart(part))
		}
		return r
	}
	forged, err := central.SignReceipt(receiptFor(p), envelope.SuiteSM, stranger, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*centraltest.Central){
		"200 without a receipt": func(c *centraltest.Central) { c.AnswerReceipts([]byte(`{}`)) },
		"a forged receipt":      func(c *centraltest.Central) { c.AnswerReceipts(forged) },
		"another's receipt":     func(c *centraltest.Central) { c.AnswerReceipts(c.Sign(receiptFor(other))) },
		"a receipt under another id": func(c *centraltest.Central) {
			r := receiptFor(p)
			r.Envelope = other.id
			c.AnswerReceipts(c.Sign(r))
		},
		"a receipt for another list": func(c *centraltest.Central) {
			r := receiptFor(p)
			r.ListDigest = envelope.Digest(other.List())
			c.AnswerReceipts(c.Sign(r))
		},
		"a receipt for less": func(c *centraltest.Central) {
			r := receiptFor(p)
			r.Parts = nil
			c.AnswerReceipts(c.Sign(r))
		},
		"a portal's page":     func(c *centraltest.Central) { c.Portal(200) },
		"a proxy's refusal":   func(c *centraltest.Central) { c.Portal(403) },
		"a proxy's conflict":  func(c *centraltest.Central) { c.Portal(409) },
		"a dead line":         func(c *centraltest.Central) { c.Down(true) },
		"a receipt cut short": func(c *centraltest.Central) { c.AnswerReceipts(c.Sign(receiptFor(p))[:80]) },
	} {
		t.Run(name, func(t *testing.T) {
			c := centraltest.New(t)
			spoil(c)
			client := newClient(t, c, central.Config{})
			signed, err := client.Deliver(t.Context(), p)
			if err == nil || signed != nil {
				t.Fatalf("delivered: %s", signed)
			}
			if errors.Is(err, central.ErrRefused) {
				t.Errorf("given up for good: %v", err)
			}
			c.AnswerReceipts(nil)
			c.Portal(0)
			c.Down(false)
			if _, err := client.Deliver(t.Context(), p); err != nil {
				t.Errorf("not delivered when the trouble is over: %v", err)
			}
		})
	}
}

func TestPartSpoiledAtCentralIsSentAgain(t *testing.T) {
	for _, suite := range envelope.Suites() {
		t.Run(string(suite), func(t *testing.T) { spoiledPartIsSentAgain(t, suite) })
	}
}

func spoiledPartIsSentAgain(t *testing.T, suite envelope.Suite) {
	c := centraltest.New(t)
	p := sealWith(t, suite, testID, 100, 5000)
	client := newClient(t, c, central.Config{})
	c.AnswerReceipts([]byte(`{}`)) // everything is up, nothing is closed
	if _, err := client.Deliver(t.Context(), p); err == nil {
		t.Fatal("delivered without a receipt")
	}
	c.AnswerReceipts(nil)
	c.Spoil(testID, 1)
	if _, err := client.Deliver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if want := total(p) + int64(len(p.sealed.Parts[1])); c.Received() != want || !c.Whole(testID) {
		t.Errorf("%d bytes sent, want %d; whole: %v", c.Received(), want, c.Whole(testID))
	}
}

func TestPartDamagedHereIsRefusedNotSentForEver(t *testing.T) {
	c := centraltest.New(t)
	p := seal(t, testID, 100, 5000)
	p.sealed.Parts[1][7] ^= 1
	_, err := newClient(t, c, central.Config{}).Deliver(t.Context(), p)
	if !errors.Is(err, central.ErrRefused) {
		t.Errorf("got %v, want a refusal", err)
	}
	if c.Whole(testID) {
		t.Error("central has a whole envelope of a damaged part")
	}
}

func TestOtherListUnderAKnownIDIsRefused(t *testing.T) {
	c := centraltest.New(t)
	client := newClient(t, c, central.Config{})
	if _, err := client.Deliver(t.Context(), seal(t, testID, 100)); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Deliver(t.Context(), seal(t, testID, 101)); !errors.Is(err, central.ErrRefused) {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestOnlyAHubIsCentral(t *testing.T) {
	for _, role := range []string{"terminal", "bureau"} {
		c := centraltest.NewAs(t, role)
		if _, err := newClient(t, c, central.Config{}).Deliver(t.Context(), seal(t, testID, 100)); err == nil {
			t.Errorf("delivered to a %s", role)
		}
		if c.Received() != 0 {
			t.Errorf("%d bytes went to a %s", c.Received(), role)
		}
	}
}

func TestASlowLineThatMovesIsNotGivenUp(t *testing.T) {
	c := centraltest.New(t)
	c.SlowTo(20_000)
	patience := 300 * time.Millisecond
	p := seal(t, testID, 16_000) // takes more than twice the patience
	if _, err := newClient(t, c, central.Config{Piece: 4000, Patience: patience}).Deliver(t.Context(), p); err != nil {
		t.Error(err)
	}
}

func TestALineThatStandsStillIsGivenUp(t *testing.T) {
	c := centraltest.New(t)
	c.StandStill(true)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	client := newClient(t, c, central.Config{Patience: 50 * time.Millisecond})
	_, err := client.Deliver(ctx, seal(t, testID, 100))
	if err == nil || ctx.Err() != nil || errors.Is(err, central.ErrRefused) {
		t.Errorf("waited for ever, or gave the envelope up: %v", err)
	}
}

func TestDeliverEndsWithItsContext(t *testing.T) {
	c := centraltest.New(t)
	c.SlowTo(100)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := newClient(t, c, central.Config{}).Deliver(ctx, seal(t, testID, 50_000)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	c.SlowTo(0) // or central goes on reading what was on its way
}

func TestBadConfigIsAnError(t *testing.T) {
	c := centraltest.New(t)
	for _, url := range []string{"", "http://central.example", "https://", "https://central.example/v1", "central.example", "https://a:b@central.example"} {
		if _, err := central.New(central.Config{URL: url}, c.Identity, c.Receipts, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("url %q was taken", url)
		}
	}
}

func FuzzVerifyReceipt(f *testing.F) {
	p := seal(f, testID, 100)
	signer, err := envelope.GenerateSigner(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	good, err := central.SignReceipt(central.Receipt{Envelope: testID}, envelope.SuiteSM, signer, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"receipt":"e30=","signature":""}`))
	f.Fuzz(func(t *testing.T, signed []byte) {
		if _, err := central.VerifyReceipt(signed, p.List(), signer.Verifier()); !errors.Is(err, central.ErrReceipt) {
			t.Errorf("%q: %v", signed, err)
		}
	})
}

func FuzzParseUploadID(f *testing.F) {
	f.Add(testID + ".0")
	f.Add(testID + ".511")
	f.Add("../../../etc/passwd.1")
	f.Add(testID + ".01")
	f.Fuzz(func(t *testing.T, upload string) {
		id, no, ok := central.ParseUploadID(upload)
		if ok && central.UploadID(id, no) != upload {
			t.Errorf("%q is read as %s %d", upload, id, no)
		}
	})
}
