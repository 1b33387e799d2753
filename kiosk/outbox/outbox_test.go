package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func quick() Config {
	return Config{KeepFree: 1, FirstRetry: time.Millisecond, LastRetry: 4 * time.Millisecond}
}

func reopen(t *testing.T, dir string) *Outbox {
	t.Helper()
	o, err := Open(t.Context(), dir, quick(), quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() }) // closed twice where a test closes it first
	return o
}

// item makes an item whose every byte follows from its number.
func item(n int) Item {
	part := func(i, size int) []byte {
		return bytes.Repeat([]byte(fmt.Sprintf("%d.%d|", n, i)), size)
	}
	return Item{
		ID: fmt.Sprintf("%026d", n), Kind: "application", List: []byte(fmt.Sprintf(`{"n":%d}`, n)),
		Signature: []byte("signed"), Parts: [][]byte{part(0, 10), {}, part(2, 30_000)},
	}
}

func put(t *testing.T, o *Outbox, items ...Item) {
	t.Helper()
	for _, it := range items {
		if err := o.Put(t.Context(), it); err != nil {
			t.Fatal(err)
		}
	}
}

// central takes what a courier brings and remembers it.
type central struct {
	mu    sync.Mutex
	order []string
	items map[string]Item
	fail  func(id string, attempt int) error // nil: takes everything
	tries map[string]int
}

func newCentral() *central {
	return &central{items: make(map[string]Item), tries: make(map[string]int)}
}

func (c *central) Deliver(_ context.Context, e *Entry) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries[e.ID()]++
	if c.fail != nil {
		if err := c.fail(e.ID(), c.tries[e.ID()]); err != nil {
			return nil, err
		}
	}
	got := Item{ID: e.ID(), Kind: e.Kind(), List: e.List(), Signature: e.Signature()}
	for no := 0; no+2 < len(e.offsets); no++ {
		r, size, err := e.Part(no)
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(r)
		if err != nil || int64(len(b)) != size {
			return nil, fmt.Errorf("part %d: %d of %d bytes: %w", no, len(b), size, err)
		}
		got.Parts = append(got.Parts, b)
	}
	c.items[e.ID()] = got
	c.order = append(c.order, e.ID())
	return []byte("receipt " + e.ID()), nil
}

// drain runs o until nothing waits, and fails if that does not come about.
func drain(t *testing.T, o *Outbox, by Courier) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- o.Run(ctx, by) }()
	list, err := o.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if state, err := o.Wait(ctx, e.ID); err != nil || state == Waiting {
			t.Errorf("entry %s: %s, %v", e.ID, state, err)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func wantDelivered(t *testing.T, o *Outbox, c *central, items ...Item) {
	t.Helper()
	for _, it := range items {
		got := c.items[it.ID]
		if got.Kind != it.Kind || !bytes.Equal(got.List, it.List) || !bytes.Equal(got.Signature, it.Signature) || len(got.Parts) != len(it.Parts) {
			t.Fatalf("entry %s arrived as %s %s with %d parts", it.ID, got.Kind, got.List, len(got.Parts))
		}
		for no := range it.Parts {
			if !bytes.Equal(got.Parts[no], it.Parts[no]) {
				t.Errorf("entry %s part %d differs", it.ID, no)
			}
		}
		if r, err := o.Receipt(t.Context(), it.ID); err != nil || string(r) != "receipt "+it.ID {
			t.Errorf("receipt of %s: %q, %v", it.ID, r, err)
		}
		if _, err := os.Stat(o.path(it.ID)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("delivered entry %s still has its file: %v", it.ID, err)
		}
	}
}

func wantState(t *testing.T, o *Outbox, id string, want State) {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := o.Wait(ended, id); err != nil || got != want {
		t.Errorf("entry %s is %s, %v; want %s", id, got, err, want)
	}
}

func TestEverythingPutArrivesUnchangedOldestFirst(t *testing.T) {
	o, c := reopen(t, t.TempDir()), newCentral()
	put(t, o, item(3), item(1), item(2))
	drain(t, o, c)
	wantDelivered(t, o, c, item(1), item(2), item(3))
	if got, want := fmt.Sprint(c.order), fmt.Sprint([]string{item(3).ID, item(1).ID, item(2).ID}); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	s, err := o.Stats(t.Context())
	if err != nil || s.Delivered != 3 || s.Waiting != 0 || !s.Oldest.IsZero() {
		t.Errorf("stats %+v, %v", s, err)
	}
}

func TestSameItemAgainIsSuccessAndOtherContentIsAConflict(t *testing.T) {
	dir := t.TempDir()
	o := reopen(t, dir)
	other := item(1)
	other.List = []byte(`{"n":"other"}`)
	again := func(when string) {
		t.Helper()
		if err := o.Put(t.Context(), item(1)); err != nil {
			t.Errorf("%s: same item: %v", when, err)
		}
		if err := o.Put(t.Context(), other); !errors.Is(err, ErrConflict) {
			t.Errorf("%s: other content: %v, want ErrConflict", when, err)
		}
	}
	put(t, o, item(1))
	again("waiting")
	c := newCentral()
	drain(t, o, c)
	again("delivered")
	drain(t, o, c)
	if len(c.order) != 1 {
		t.Errorf("delivered %d times, want once", len(c.order))
	}
	wantDelivered(t, o, c, item(1))
}

func TestNoIDLeavesTheFolder(t *testing.T) {
	o := reopen(t, t.TempDir())
	for _, id := range []string{"", "../escape", "a/b", "UPPER", strings.Repeat("a", 65), "a.b"} {
		it := item(1)
		it.ID = id
		if err := o.Put(t.Context(), it); err == nil {
			t.Errorf("id %q was taken", id)
		}
	}
}

func TestRefusedEntryIsPutAsideAndKept(t *testing.T) {
	dir := t.TempDir()
	o, c := reopen(t, dir), newCentral()
	c.fail = func(id string, _ int) error {
		if id == item(1).ID {
			return fmt.Errorf("unknown terminal: %w", ErrRefused)
		}
		return nil
	}
	put(t, o, item(1), item(2))
	drain(t, o, c)
	wantDelivered(t, o, c, item(2))
	if _, err := o.Receipt(t.Context(), item(1).ID); err == nil {
		t.Error("a refused entry has a receipt")
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	o = reopen(t, dir)
	wantState(t, o, item(1).ID, Quarantined)
	list, err := o.List(t.Context())
	if err != nil || len(list) != 1 || !strings.Contains(list[0].Problem, "unknown terminal") {
		t.Errorf("list %+v, %v", list, err)
	}
	if _, err := os.Stat(o.path(item(1).ID)); err != nil {
		t.Errorf("refused entry lost its file: %v", err)
	}
	drain(t, o, c)
	if c.tries[item(1).ID] != 1 {
		t.Errorf("refused entry was tried %d times, want once", c.tries[item(1).ID])
	}
}

func TestAnswerWithoutReceiptIsNotDelivery(t *testing.T) {
	o := reopen(t, t.TempDir())
	put(t, o, item(1))
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	err := o.Run(ctx, CourierFunc(func(context.Context, *Entry) ([]byte, error) {
		if tries++; tries == 3 {
			cancel()
		}
		return []byte{}, nil
	}))
	if err != nil {
		t.Error(err)
	}
	wantState(t, o, item(1).ID, Waiting)
	c := newCentral()
	drain(t, o, c)
	wantDelivered(t, o, c, item(1))
}

func TestWaitTellsWhenTheEntryIsDelivered(t *testing.T) {
	o := reopen(t, t.TempDir())
	put(t, o, item(1))
	arrived, release := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- o.Run(ctx, CourierFunc(func(context.Context, *Entry) ([]byte, error) {
			close(arrived)
			<-release
			return []byte("receipt"), nil
		}))
	}()
	<-arrived
	wantState(t, o, item(1).ID, Waiting)
	close(release)
	if state, err := o.Wait(t.Context(), item(1).ID); err != nil || state != Delivered {
		t.Errorf("%s, %v", state, err)
	}
	if _, err := o.Wait(t.Context(), item(9).ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("waiting for nothing: %v, want ErrUnknown", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestRoomIsDeclinedBeforeTheVisit(t *testing.T) {
	dir := t.TempDir()
	few := quick()
	few.MaxEntries = 2
	o, err := Open(t.Context(), dir, few, quiet())
	if err != nil {
		t.Fatal(err)
	}
	put(t, o, item(1))
	if err := o.Room(); err != nil {
		t.Errorf("one of two entries: %v", err)
	}
	put(t, o, item(2))
	if err := o.Room(); !errors.Is(err, ErrFull) {
		t.Errorf("two of two entries: %v, want ErrFull", err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	scarce := quick()
	scarce.KeepFree = 1 << 60
	if o, err = Open(t.Context(), dir, scarce, quiet()); err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.Room(); !errors.Is(err, ErrFull) {
		t.Errorf("disk below the watermark: %v, want ErrFull", err)
	}
}

func TestSecondOpenFailsClearly(t *testing.T) {
	dir := t.TempDir()
	o := reopen(t, dir)
	_, err := Open(t.Context(), dir, quick(), quiet())
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("second open: %v, want ErrInUse naming %s", err, dir)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	reopen(t, dir)
}

func TestFolderWithOddNameWorks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c%20#d")
	o, c := reopen(t, dir), newCentral()
	put(t, o, item(1))
	drain(t, o, c)
	wantDelivered(t, o, c, item(1))
	if _, err := os.Stat(filepath.Join(dir, databaseFile)); err != nil {
		t.Error(err)
	}
}
