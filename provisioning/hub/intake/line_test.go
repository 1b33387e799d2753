package intake_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/badline"
	"yimen/kiosk/central/centraltest"
	"yimen/kiosk/outbox"
	"yimen/provisioning/hub/hubtest"
	"yimen/provisioning/identity"
)

// road is a terminal's outbox and its client, a line, and an intake.
type road struct {
	*site
	line    *badline.Line
	box     *outbox.Outbox
	courier outbox.CourierFunc
	tried   atomic.Int32
	clock   atomic.Int64 // how far the terminal's is off, in nanoseconds
	parcels []parcel
}

// off is a clock that is wrong by so much.
func off(by *atomic.Int64) func() time.Time {
	return func() time.Time { return time.Now().Add(time.Duration(by.Load())) }
}

func newRoad(t *testing.T, s *site) *road {
	t.Helper()
	r := &road{site: s}
	var err error
	if r.line, err = badline.Open(strings.TrimPrefix(s.url, "https://"), 20261123); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.line.Run(ctx) }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	calling := s.A.Calling.Clone()
	calling.Time = off(&r.clock)
	client, err := central.New(central.Config{URL: "https://" + r.line.Addr(), Piece: piece, Patience: 500 * time.Millisecond},
		calling, s.Bureau.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	config := outbox.Config{KeepFree: 1, FirstRetry: time.Millisecond, LastRetry: 20 * time.Millisecond}
	if r.box, err = outbox.Open(t.Context(), t.TempDir(), config, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.box.Close() })
	r.courier = func(ctx context.Context, e *outbox.Entry) ([]byte, error) {
		r.tried.Add(1)
		receipt, err := client.Deliver(ctx, e)
		if errors.Is(err, central.ErrRefused) {
			err = fmt.Errorf("%w: %w", outbox.ErrRefused, err)
		}
		return receipt, err
	}
	return r
}

// put seals dossiers with parts of these sizes and puts them into the outbox.
func (r *road) put(t *testing.T, count int, sizes ...int) {
	t.Helper()
	for i := range count {
		p := r.seal(t, r.A, fmt.Sprintf("01k9zqv8w3m5n7p2r4s6t8v2%02d", i), sizes...)
		r.parcels = append(r.parcels, p)
		item := outbox.Item{ID: p.id, Kind: "application", List: p.Sealed.List, Signature: p.Sealed.Signature, Parts: p.Parts}
		if err := r.box.Put(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
}

// run delivers until the test ends.
func (r *road) run(t *testing.T) {
	t.Helper()
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- r.box.Run(ctx, r.courier) }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// wantAllOnce waits for the receipts and looks at what the hub has.
func (r *road) wantAllOnce(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, p := range r.parcels {
		if state, err := r.box.Wait(ctx, p.id); err != nil || state != outbox.Delivered {
			list, _ := r.box.List(t.Context())
			t.Fatalf("%s is %s, %v: %+v", p.id, state, err, list)
		}
	}
	r.line.Set(badline.Faults{})
	bureau := r.client(t, r.Bureau.ClientTLS())
	page, err := bureau.Envelopes(t.Context(), "", 100)
	if err != nil || len(page.Envelopes) != len(r.parcels) {
		t.Fatalf("%d envelopes at the hub, %d sent, %v", len(page.Envelopes), len(r.parcels), err)
	}
	for _, p := range r.parcels {
		for no, want := range p.Parts {
			if got, err := bureau.Part(t.Context(), p.id, no); err != nil || !bytes.Equal(got, want) {
				t.Errorf("part %d of %s is another: %v", no, p.id, err)
			}
		}
	}
}

func (r *road) total() (n int64) {
	for _, p := range r.parcels {
		n += p.total()
	}
	return n
}

// TestATroubleThatLastsLosesNothing: as long as it lasts nothing is delivered and nothing given up; when it is over
// everything goes up, once.
func TestATroubleThatLastsLosesNothing(t *testing.T) {
	decade := int64(10 * 365 * 24 * time.Hour)
	hubClock := func(by int64) func(*testing.T, *road) func() {
		return func(t *testing.T, r *road) func() { return r.serveWith(t, func(c *tls.Config) { c.Time = offBy(by) }) }
	}
	hubIs := func(template x509.Certificate, ca func(*testing.T, *road) string) func(*testing.T, *road) func() {
		return func(t *testing.T, r *road) func() {
			certificate, _ := hubtest.Certify(t, ca(t, r), &template)
			return r.serveWith(t, func(c *tls.Config) { c.Certificates = []tls.Certificate{certificate} })
		}
	}
	ours := func(_ *testing.T, r *road) string { return r.CA() }
	hub := func(change func(*x509.Certificate)) x509.Certificate {
		c := x509.Certificate{Subject: pkix.Name{CommonName: "hub", OrganizationalUnit: []string{"hub"}}, NotAfter: time.Now().Add(time.Hour),
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
		change(&c)
		return c
	}
	for name, begin := range map[string]func(*testing.T, *road) (end func()){
		"a dead line":        lineIs(badline.Faults{Down: true}),
		"a portal":           lineIs(badline.Faults{Portal: true}),
		"200 and a page":     func(_ *testing.T, r *road) func() { r.Portal(200); return func() { r.Portal(0) } },
		"a proxy's 403":      func(_ *testing.T, r *road) func() { r.Portal(403); return func() { r.Portal(0) } },
		"answers all lost":   func(_ *testing.T, r *road) func() { r.LoseAnswers(anyRequest); return func() { r.LoseAnswers(nil) } },
		"answers that stand": func(_ *testing.T, r *road) func() { r.StandStill(true); return func() { r.StandStill(false) } },
		"terminal's clock ahead": func(_ *testing.T, r *road) func() {
			r.clock.Store(decade)
			return func() { r.clock.Store(0) }
		},
		"terminal's clock behind": func(_ *testing.T, r *road) func() {
			r.clock.Store(-decade)
			return func() { r.clock.Store(0) }
		},
		"hub's clock ahead": hubClock(decade), "hub's clock behind": hubClock(-decade),
		"hub's certificate expired": hubIs(hub(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }), ours),
		"hub's certificate for another host": hubIs(hub(func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{"central.example"}
		}), ours),
		"a terminal that says it is the hub": hubIs(hub(func(c *x509.Certificate) { c.Subject.OrganizationalUnit = []string{"terminal"} }), ours),
		"another authority's hub": hubIs(hub(func(*x509.Certificate) {}), func(t *testing.T, _ *road) string {
			dir := filepath.Join(t.TempDir(), "other")
			if err := identity.NewHall(dir, hubtest.TerminalA, []string{"127.0.0.1"}, time.Now()); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(dir, "ca")
		}),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, newSite(t))
			end := begin(t, r)
			r.put(t, 2, 100, 3*piece)
			r.run(t)
			for deadline := time.Now().Add(time.Minute); r.tried.Load() < 4; {
				if time.Sleep(time.Millisecond); time.Now().After(deadline) {
					t.Fatal("hardly tried")
				}
			}
			for _, p := range r.parcels {
				if state, err := r.box.State(t.Context(), p.id); err != nil || state != outbox.Waiting {
					t.Errorf("%s is %s, %v", p.id, state, err)
				}
			}
			end()
			r.wantAllOnce(t)
			if again := r.Received() - r.total(); again > piece {
				t.Errorf("%d bytes were sent again", again)
			}
		})
	}
}

func anyRequest(*http.Request) bool { return true }

func lineIs(f badline.Faults) func(*testing.T, *road) func() {
	return func(_ *testing.T, r *road) func() {
		r.line.Set(f)
		return func() { r.line.Set(badline.Faults{}) }
	}
}

func offBy(by int64) func() time.Time {
	var fixed atomic.Int64
	fixed.Store(by)
	return off(&fixed)
}

// serveWith has the hub serve with another configuration, at the same address, until end is called.
func (r *road) serveWith(t *testing.T, change func(*tls.Config)) (end func()) {
	t.Helper()
	r.secure = change
	r.restartAt(t)
	return func() {
		r.secure = nil
		r.restartAt(t)
	}
}

// restartAt restarts the intake and has the line lead to where it is now.
func (r *road) restartAt(t *testing.T) {
	t.Helper()
	r.restart(t)
	r.line.LeadTo(strings.TrimPrefix(r.url, "https://"))
}

// TestATroubleThatComesAndGoesIsLivedWith: everything goes up while it lasts.
func TestATroubleThatComesAndGoesIsLivedWith(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(*testing.T, *road) func()
		again func(*road) int64 // bytes that may be sent again
	}{
		"cuts, resets, stalls and turned bits": {lineIs(badline.Faults{Chance: 0.05, Stall: 5 * time.Millisecond}),
			func(r *road) int64 { return r.line.Counts().Faulty() * piece }},
		"every request twice": {func(_ *testing.T, r *road) func() { r.Twice(true); return nil }, func(*road) int64 { return 0 }},
		"late answers":        {func(_ *testing.T, r *road) func() { r.DelayAnswers(50 * time.Millisecond); return nil }, func(*road) int64 { return 0 }},
		// Every answer to a piece is later than the terminal's patience: it asks how far central is, and goes on from there.
		"answers to pieces lost": {func(_ *testing.T, r *road) func() { r.LoseAnswers(centraltest.IsPiece); return nil }, func(*road) int64 { return 0 }},
		"terminal's clock an hour ahead": {func(_ *testing.T, r *road) func() {
			r.clock.Store(int64(time.Hour))
			return nil
		}, func(*road) int64 { return 0 }},
		"hub's clock an hour ahead": {func(t *testing.T, r *road) func() {
			return r.serveWith(t, func(c *tls.Config) { c.Time = offBy(int64(time.Hour)) })
		}, func(*road) int64 { return 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, newSite(t))
			c.begin(t, r)
			r.put(t, 6, 100, 3*piece)
			r.run(t)
			r.wantAllOnce(t)
			again := r.Received() - r.total()
			if most := c.again(r); again > most {
				t.Errorf("%d bytes were sent again, at most %d may be; %+v", again, most, r.line.Counts())
			}
			if r.line.Counts().Faulty() > 0 {
				t.Logf("%d bytes sent again after %+v", again, r.line.Counts())
			}
		})
	}
}

// TestASlowLineOnWhichBytesMoveIsNotGivenUp: a piece takes longer than the terminal's patience, and most of it lies in the
// kernel meanwhile.
func TestASlowLineOnWhichBytesMoveIsNotGivenUp(t *testing.T) {
	r := newRoad(t, newSite(t))
	r.line.Set(badline.Faults{Rate: piece})
	r.put(t, 1, 100, 3*piece)
	r.run(t)
	r.wantAllOnce(t)
	if c := r.line.Counts(); c.Connections > 1 || r.Received() > r.total() {
		t.Errorf("%d connections, %d bytes for %d", c.Connections, r.Received(), r.total())
	}
}
