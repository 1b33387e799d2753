package crash_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/kiosk/journal"
	"yimen/kiosk/outbox"
	"yimen/kiosk/slip/number"
	"yimen/kiosk/witness"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/store"
	"yimen/provisioning/identity"
)

const (
	asSubmitter  = "YIMEN_TEST_AS_SUBMITTER"
	firstDossier = "YIMEN_TEST_FIRST_DOSSIER" // its number: each life has new ones
	killedIn     = "YIMEN_TEST_KILLED_IN"     // where a life ends suddenly; empty if it does not
	terminalID   = "990000-0001"
	piece        = 32 << 10
	dossiers     = 3
)

// TestMain lets the test's own program be the one that is recorded.
func TestMain(m *testing.M) {
	dir := os.Getenv(asSubmitter)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := submit(context.Background(), folders{dir}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

// folders is where things lie.
type folders struct{ dir string }

func (f folders) recorded() string { return filepath.Join(f.dir, "disk") }
func (f folders) keys() string     { return filepath.Join(f.dir, "keys") }
func (f folders) promises() string { return filepath.Join(f.dir, "promises") }
func (f folders) trace() string    { return filepath.Join(f.dir, "trace") }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// street is a terminal's keeping parts and a hub's, opened from one disk.
type street struct {
	terminal *identity.Terminal
	box      *outbox.Outbox
	journal  *journal.Journal
	witness  *witness.Witness
	numbers  *number.Issuer
	store    *store.Store
	client   *central.Client
	server   *httptest.Server
}

// openStreet opens everything on a disk as the programs do, and serves the intake on a free port.
func openStreet(ctx context.Context, keys, disk string) (_ *street, err error) {
	s := &street{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.terminal, err = identity.LoadTerminal(filepath.Join(keys, "terminal")); err != nil {
		return nil, err
	}
	hub, err := identity.LoadHub(filepath.Join(keys, "hub"))
	if err != nil {
		return nil, err
	}
	if s.box, err = outbox.Open(ctx, filepath.Join(disk, "kiosk", "outbox"), outbox.Config{KeepFree: 1, FirstRetry: time.Millisecond, LastRetry: 4 * time.Millisecond}, quiet()); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	of, err := journal.ParseTerminal(terminalID)
	if err != nil {
		return nil, err
	}
	if s.journal, err = journal.Open(filepath.Join(disk, "kiosk", "journal"), journal.Config{}, of, time.Now, quiet()); err != nil {
		return nil, err
	}
	s.witness = witness.New(s.journal, quiet())
	if _, err = s.witness.Settle(ctx, s.journal.Interrupted(), s.box); err != nil {
		return nil, err
	}
	if s.numbers, err = openNumbers(ctx, filepath.Join(disk, "kiosk", "numbers")); err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	if s.store, err = store.Open(ctx, filepath.Join(disk, "hub")); err != nil {
		return nil, err
	}
	in, err := intake.New(hub, door.New(ctx, quiet()), s.store, fragile{s.store}, time.Now, rand.Reader, quiet())
	if err != nil {
		return nil, err
	}
	return s, s.serve(in, hub.ServerTLS())
}

// endIn ends this life suddenly if it is to end there.
func endIn(place string) {
	if os.Getenv(killedIn) == place {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // until it comes
	}
}

// fragile is a store whose process may end while it still holds what came of a part.
type fragile struct{ *store.Store }

func (f fragile) Append(ctx context.Context, id string, no int, offset int64, src io.Reader) (int64, error) {
	n, err := f.Store.Append(ctx, id, no, offset, src)
	if no == 2 && offset > 0 {
		endIn("part")
	}
	return n, err
}

func openNumbers(ctx context.Context, dir string) (*number.Issuer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return number.Open(ctx, dir, terminalID[:6], terminalID[7:])
}

func (s *street) serve(in http.Handler, identity *tls.Config) (err error) {
	s.server = httptest.NewUnstartedServer(in)
	s.server.TLS = identity
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.server.StartTLS()
	s.client, err = central.New(central.Config{URL: s.server.URL, Piece: piece}, s.terminal.ClientTLS(), s.terminal.Receipts, quiet())
	return err
}

func (s *street) close() error {
	var err error
	if s.client != nil {
		s.client.Close()
	}
	if s.server != nil {
		s.server.CloseClientConnections()
		s.server.Close()
	}
	if s.store != nil {
		err = errors.Join(err, s.store.Close())
	}
	if s.numbers != nil {
		err = errors.Join(err, s.numbers.Close())
	}
	if s.journal != nil {
		err = errors.Join(err, s.journal.Close())
	}
	if s.box != nil {
		err = errors.Join(err, s.box.Close())
	}
	return err
}

// dossierID names dossier no.
func dossierID(no int) string { return fmt.Sprintf("01k9zqv8w3m5n7p2r4s6t8v4%02d", no) }

// promiser writes down what the world was told, each by one call.
type promiser struct{ *os.File }

func (p promiser) promise(format string, args ...any) error {
	_, err := fmt.Fprintf(p, format+"\n", args...)
	return err
}

// submit keeps a few dossiers while those before are delivered, and promises as the daemon does: a number and a place in
// the outbox to the resident, a receipt to the outbox, its end to whoever waits.
func submit(ctx context.Context, at folders) error {
	marks, err := os.OpenFile(at.promises(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer marks.Close()
	to := promiser{marks}
	s, err := openStreet(ctx, at.keys(), at.recorded())
	if err != nil {
		return err
	}
	box := s.witness.Box(s.box)
	sending, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- box.Run(sending, outbox.CourierFunc(func(ctx context.Context, e *outbox.Entry) ([]byte, error) {
			endIn("courier")
			receipt, err := s.client.Deliver(ctx, e)
			if err == nil {
				err = to.promise("receipt %s %x", e.ID(), receipt)
				endIn("receipt")
			}
			return receipt, err
		}))
	}()
	left, err := s.box.List(ctx) // by an earlier life
	if err != nil {
		return err
	}
	var ids []string
	for _, e := range left {
		ids = append(ids, e.ID)
	}
	first, err := strconv.Atoi(os.Getenv(firstDossier))
	if err != nil {
		return err
	}
	for no := first; no < first+dossiers; no++ {
		if err := s.keep(ctx, to, box, no); err != nil {
			return err
		}
		ids = append(ids, dossierID(no))
	}
	for _, id := range ids {
		if state, err := box.Wait(ctx, id); err != nil || state != outbox.Delivered {
			return fmt.Errorf("dossier %s is %s: %w", id, state, err)
		}
		if err := to.promise("done %s", id); err != nil {
			return err
		}
	}
	stop()
	return errors.Join(<-ended, s.close())
}

func (s *street) keep(ctx context.Context, to promiser, box *witness.Box, no int) error {
	slip, err := s.numbers.Next(ctx, time.Now())
	if err != nil {
		return err
	}
	if err := to.promise("number %s", slip); err != nil {
		return err
	}
	head := envelope.Head{ID: dossierID(no), Kind: "application", Terminal: terminalID, SealedAt: time.Now()}
	bodies := [][]byte{[]byte("manifest"), bytes.Repeat([]byte{byte(no)}, 5_000), bytes.Repeat([]byte{1}, 50_000+no%10*20_000)}
	sealed, err := envelope.Seal(head, bodies, []envelope.Recipient{s.terminal.Bureau}, s.terminal.Signing, rand.Reader)
	if err != nil {
		return err
	}
	if err := box.Put(ctx, outbox.Item{ID: head.ID, Kind: head.Kind, List: sealed.List, Signature: sealed.Signature, Parts: sealed.Parts}); err != nil {
		return err
	}
	// The list names every part's digest: who has it can tell whether the dossier is whole.
	return to.promise("kept %s %x %s", head.ID, sealed.List, s.journal.Head())
}
