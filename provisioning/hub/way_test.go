package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/outbox"
	"yimen/provisioning/identity"
)

// dossier is a manifest and one part, as bodies to seal.
func dossier(t *testing.T, id string, answers []byte) [][]byte {
	t.Helper()
	manifest, err := json.Marshal(map[string]any{
		"format": 1, "dossier": id, "kind": "application", "item": "0101", "slip_no": "SJ-1", "terminal": "150102-001",
		"submitted_at": time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC),
		"parts":        []any{map[string]any{"no": 1, "name": "answers.json", "media_type": "application/json", "size": len(answers), "digest": envelope.Digest(answers)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return [][]byte{manifest, answers}
}

// TestAReportPassesTheStreetsDeskUnread has the street's desk and the district's ask the same intake.
func TestAReportPassesTheStreetsDeskUnread(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := identity.NewHall(dir, "150102-001", []string{"127.0.0.1"}, time.Now(), "report"); err != nil {
		t.Fatal(err)
	}
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	to, err := terminal.Addressees(envelope.Config{Suite: envelope.SuiteSM, Closed: []string{"report"}})
	if err != nil {
		t.Fatal(err)
	}
	intake := begin(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "store"))
	client, err := central.New(central.Config{URL: intake.url}, terminal.ClientTLS(), terminal.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	p := parcel{id: "01k9zqv8w3m5n7p2r4s6t8v0x1"}
	recipients, err := to.For("report")
	if err != nil {
		t.Fatal(err)
	}
	answers := []byte(`{"answers":[]}`)
	if p.Sealed, err = envelope.Seal(envelope.Head{ID: p.id, Kind: "report", Terminal: terminal.Name, SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)},
		dossier(t, p.id, answers), recipients, terminal.Signing, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Deliver(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/api/dossiers/%s/parts/answers.json", p.id)
	district := begin(t, "bureau", "-identity", filepath.Join(dir, "desk-report"), "-intake", intake.url)
	if status, body := get(t, district.url+path); status != 200 || !bytes.Equal(body, answers) {
		t.Errorf("the district's desk: %d %s", status, body)
	}
	street := begin(t, "bureau", "-identity", filepath.Join(dir, "bureau"), "-intake", intake.url)
	if status, body := get(t, street.url+path); status != http.StatusUnprocessableEntity || !bytes.Contains(body, []byte("elsewhere")) {
		t.Errorf("the street's desk: %d %s", status, body)
	}
	http.DefaultClient.CloseIdleConnections()
	if district.stop() != 0 || street.stop() != 0 || intake.stop() != 0 {
		t.Errorf("not a clean end: %s%s%s", district.complaints, street.complaints, intake.complaints)
	}
}

// freeAddress gives an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func get(t *testing.T, url string) (int, []byte) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, body
}

func TestADossierGoesFromTheOutboxToTheDesk(t *testing.T) {
	for _, suite := range envelope.Suites() {
		t.Run(string(suite), func(t *testing.T) { goesToTheDesk(t, suite) })
	}
}

func goesToTheDesk(t *testing.T, suite envelope.Suite) {
	dir, address := keys(t), freeAddress(t)
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	client, err := central.New(central.Config{URL: "https://" + address}, terminal.ClientTLS(), terminal.Receipts, quiet)
	if err != nil {
		t.Fatal(err)
	}
	box, err := outbox.Open(t.Context(), t.TempDir(), outbox.Config{KeepFree: 1, FirstRetry: 10 * time.Millisecond, LastRetry: 50 * time.Millisecond}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	const id = "01k9zqv8w3m5n7p2r4s6t8v0x1"
	answers := []byte(`{"answers":[]}`)
	sealed, err := envelope.Seal(envelope.Head{Suite: suite, ID: id, Kind: "application", Terminal: terminal.Name, SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)},
		dossier(t, id, answers), []envelope.Recipient{terminal.Bureau}, terminal.Signing, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Put(t.Context(), outbox.Item{ID: id, Kind: "application", List: sealed.List, Signature: sealed.Signature, Parts: sealed.Parts}); err != nil {
		t.Fatal(err)
	}
	running, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- box.Run(running, outbox.CourierFunc(func(ctx context.Context, e *outbox.Entry) ([]byte, error) { return client.Deliver(ctx, e) }))
	}()
	// The hub is down at first: the dossier waits, and nobody says that it was delivered.
	short, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	if state, err := box.Wait(short, id); err != nil || state != outbox.Waiting {
		t.Errorf("while the hub is down: %s, %v", state, err)
	}
	cancel()
	intake := begin(t, "intake", "-listen", address, "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "store"))
	if state, err := box.Wait(t.Context(), id); err != nil || state != outbox.Delivered {
		t.Fatalf("when the hub is up: %s, %v", state, err)
	}
	bureau := begin(t, "bureau", "-identity", filepath.Join(dir, "bureau"), "-intake", intake.url)
	if status, body := get(t, fmt.Sprintf("%s/api/dossiers/%s/parts/answers.json", bureau.url, id)); status != 200 || !bytes.Equal(body, answers) {
		t.Errorf("answers at the desk: %d %s", status, body)
	}
	receipt, err := box.Receipt(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, fmt.Sprintf("%s/api/dossiers/%s/receipt", bureau.url, id)); status != 200 || !bytes.Equal(body, receipt) {
		t.Errorf("receipt at the desk: %d %s", status, body)
	}
	http.DefaultClient.CloseIdleConnections()
	end()
	if err := <-ended; err != nil {
		t.Errorf("outbox ended with %v", err)
	}
	client.Close()
	if bureau.stop() != 0 || intake.stop() != 0 {
		t.Errorf("not a clean end: %s%s", bureau.complaints, intake.complaints)
	}
	if err := box.Close(); err != nil {
		t.Error(err)
	}
}
