package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/central/badline"
	"yimen/kiosk/envelope"
	"yimen/provisioning/identity"
)

// asCommand makes the test's program be the command itself, so that it can be killed.
const asCommand = "YIMEN_TEST_AS_HUB"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, io.Discard))
	}
	os.Exit(m.Run())
}

// spawn starts the command as a process and gives its URL.
func spawn(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	line, err := bufio.NewReader(out).ReadString('\n')
	var ready struct{ URL string }
	if err != nil || json.Unmarshal([]byte(line), &ready) != nil {
		t.Fatalf("ready line %q: %v", line, err)
	}
	return cmd, ready.URL
}

// kill ends a process as a power cut would, for the process. Once more does no harm.
func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// parcel is a sealed envelope in memory.
type parcel struct {
	id string
	envelope.Sealed
}

func (p parcel) ID() string        { return p.id }
func (p parcel) List() []byte      { return p.Sealed.List }
func (p parcel) Signature() []byte { return p.Sealed.Signature }
func (p parcel) Part(no int) (io.ReadSeekCloser, int64, error) {
	return nopCloser{bytes.NewReader(p.Parts[no])}, int64(len(p.Parts[no])), nil
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// deliverAll is what an outbox does with each parcel until ctx ends; it gives the receipts it got.
func deliverAll(ctx context.Context, client *central.Client, parcels []parcel) map[string][]byte {
	var mu sync.Mutex
	got := map[string][]byte{}
	var all sync.WaitGroup
	for _, p := range parcels {
		all.Go(func() {
			for tries := 0; tries < 50 && ctx.Err() == nil; tries++ {
				if signed, err := client.Deliver(ctx, p); err == nil {
					mu.Lock()
					got[p.id] = signed
					mu.Unlock()
					return
				}
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	all.Wait()
	return got
}

// halls is how many intakes are killed killsOfOne times each.
func halls() uint64 {
	if os.Getenv("YIMEN_SOAK") != "" {
		return 100
	}
	return 1
}

const killsOfOne = 25

// throughLine is a good line whose bytes are counted. The caller says where it leads to.
func throughLine(t *testing.T) *badline.Line {
	t.Helper()
	line, err := badline.Open("", 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- line.Run(ctx) }()
	t.Cleanup(func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return line
}

func TestAKilledIntakeKeepsWhatItAcknowledgedExactlyOnce(t *testing.T) {
	for no := range halls() {
		t.Run(fmt.Sprint("hall ", no), func(t *testing.T) { keepsThroughKills(t, 20261122+no) })
	}
}

func keepsThroughKills(t *testing.T, seed uint64) {
	const rounds = killsOfOne
	dir := keys(t)
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	bureau, err := identity.LoadBureau(filepath.Join(dir, "bureau"))
	if err != nil {
		t.Fatal(err)
	}
	var parcels []parcel
	for i := range rounds {
		p := parcel{id: fmt.Sprintf("01k9zqv8w3m5n7p2r4s6t8v0%02d", i)}
		head := envelope.Head{ID: p.id, Kind: "application", Terminal: "150102-001", SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
		bodies := [][]byte{[]byte("manifest"), bytes.Repeat([]byte{byte(i)}, 150_000), bytes.Repeat([]byte{1}, 90_000)}
		if p.Sealed, err = envelope.Seal(head, bodies, []envelope.Recipient{terminal.Bureau}, terminal.Signing, rand.Reader); err != nil {
			t.Fatal(err)
		}
		parcels = append(parcels, p)
	}
	store := filepath.Join(t.TempDir(), "store")
	line := throughLine(t)
	begin := func() (*exec.Cmd, string, *central.Client) {
		cmd, url := spawn(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", store)
		line.LeadTo(strings.TrimPrefix(url, "https://"))
		client, err := central.New(central.Config{URL: "https://" + line.Addr(), Piece: 16 << 10}, terminal.ClientTLS(), terminal.Receipts, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return cmd, url, client
	}
	acknowledged := map[string][]byte{}
	chance := mathrand.New(mathrand.NewPCG(seed, 0))
	for round := range rounds {
		cmd, _, client := begin()
		ctx, cancel := context.WithCancel(t.Context())
		// A life is so many bytes long: a busy machine makes it no shorter.
		end := line.Counts().Up + chance.Int64N(900_000)
		killed := make(chan struct{})
		go func() {
			defer close(killed)
			for ctx.Err() == nil && line.Counts().Up < end {
				time.Sleep(100 * time.Microsecond)
			}
			kill(cmd)
			cancel()
		}()
		for id, signed := range deliverAll(ctx, client, parcels[max(0, round-2):round+1]) {
			if before := acknowledged[id]; before != nil && !bytes.Equal(before, signed) {
				t.Errorf("seed %d: two receipts for %s", seed, id)
			}
			acknowledged[id] = signed
		}
		cancel()
		<-killed
		client.Close()
	}
	if len(acknowledged) == 0 {
		t.Errorf("seed %d: nothing was acknowledged between %d kills: that proves nothing", seed, rounds)
	}
	t.Logf("%d of %d were acknowledged between %d kills", len(acknowledged), len(parcels), rounds)

	_, url, client := begin()
	defer client.Close()
	for id, signed := range deliverAll(t.Context(), client, parcels) {
		if before := acknowledged[id]; before != nil && !bytes.Equal(before, signed) {
			t.Errorf("seed %d: the receipt of %s is another after the kills", seed, id)
		}
	}
	desk, err := central.New(central.Config{URL: url}, bureau.ClientTLS(), bureau.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	page, err := desk.Envelopes(t.Context(), "", 200)
	if err != nil || len(page.Envelopes) != len(parcels) {
		t.Fatalf("seed %d: %d envelopes at the hub, %d sent: %v", seed, len(page.Envelopes), len(parcels), err)
	}
	for _, p := range parcels {
		for no, want := range p.Parts {
			if got, err := desk.Part(t.Context(), p.id, no); err != nil || !bytes.Equal(got, want) {
				t.Errorf("seed %d: part %d of %s is another: %v", seed, no, p.id, err)
			}
		}
	}
}
