package enrol

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"yimen/provisioning/identity"
)

// hub certifies terminals, or fails.
type hub struct {
	issuer *identity.Issuer
	mu     sync.Mutex
	down   error
	asked  []time.Time
}

func (h *hub) Renew(_ context.Context, request []byte) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, time.Now())
	if h.down != nil {
		return nil, h.down
	}
	issued, err := h.issuer.Issue(request, "150102-0009", time.Now())
	return issued.Chain, err
}

func (h *hub) line(down error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.down = down
}

func (h *hub) tries() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.asked)
}

// newTerminal makes a hall and a terminal that it certified just now.
func newTerminal(t *testing.T) (*hub, *identity.Terminal, string) {
	t.Helper()
	keys, dir := filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "identity")
	if err := identity.NewHall(keys, "150102-0001", []string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	issuer, issuerErr := identity.LoadIssuer(filepath.Join(keys, "hub"))
	signed, cardErr := identity.ReadCard(filepath.Join(keys, "hub"))
	card, openErr := identity.OpenCard(signed)
	device, deviceErr := identity.NewDevice()
	if err := errors.Join(issuerErr, cardErr, openErr, deviceErr); err != nil {
		t.Fatal(err)
	}
	request, err := device.Request()
	if err != nil {
		t.Fatal(err)
	}
	issued, err := issuer.Issue(request, "150102-0009", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := device.Settle(dir, card, issued.Chain); err != nil {
		t.Fatal(err)
	}
	terminal, err := identity.LoadTerminal(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &hub{issuer: issuer}, terminal, dir
}

func TestACertificateIsRenewedBeforeItEndsAndADeadLineIsOutlived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, terminal, dir := newTerminal(t)
		var told bytes.Buffer
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- Keep(ctx, terminal, dir, h, slog.New(slog.NewTextHandler(&told, nil))) }()
		first := terminal.Ends()
		time.Sleep(59 * 24 * time.Hour)
		if h.tries() != 0 {
			t.Errorf("asked after %d days of 90", 59)
		}
		h.line(errors.New("dead line"))
		time.Sleep(24 * 24 * time.Hour)
		if n := h.tries(); n < 10 || n > 120 || !terminal.Ends().Equal(first) {
			t.Errorf("%d tries in 24 days of a dead line", n)
		}
		h.line(nil)
		time.Sleep(24 * time.Hour)
		if !terminal.Ends().After(first.Add(60 * 24 * time.Hour)) {
			t.Errorf("ends %v, before %v", terminal.Ends(), first)
		}
		tries := h.tries()
		time.Sleep(30 * 24 * time.Hour)
		if h.tries() != tries {
			t.Error("a fresh certificate is renewed again")
		}
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if !bytes.Contains(told.Bytes(), []byte("level=WARN")) || !bytes.Contains(told.Bytes(), []byte("level=ERROR")) {
			t.Errorf("the trouble is told as\n%s", told.String())
		}
	})
}
