// Package outbox keeps sealed envelopes on disk until central has acknowledged them.
//
// An entry is one file and one row. The file is written, synced, renamed into place and its folder synced;
// then the row is committed. From that moment the entry survives a power cut, and Put answers. After a
// receipt that verified, the receipt is stored in the row and the file removed, in this order: whatever
// moment the power fails, reopening finds each entry waiting, or delivered with its proof. Rows stay.
//
// The outbox knows bytes. It cannot read an envelope and holds nothing about a resident.
package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"yimen/kiosk/outbox/turns"
)

var (
	// ErrFull means that there is no room: nothing of the item was kept.
	ErrFull = errors.New("outbox is full")
	// ErrConflict means that other content is kept under the same id. A person must look.
	ErrConflict = errors.New("other content is kept under this id")
	// ErrRefused is wrapped by a Courier whose other end will never take the entry: it is put aside.
	ErrRefused = errors.New("refused for good")
	// ErrUnknown means that no entry was ever kept under the id.
	ErrUnknown = errors.New("no such entry")
	// ErrInUse means that another process has this outbox open.
	ErrInUse = errors.New("outbox is in use by another process")
)

// Config is how much the outbox keeps and how it tries. Zero means the value in brackets.
type Config struct {
	KeepFree   int64         `yaml:"keep_free"`   // bytes of disk that must be free for Room to agree [256 MiB]
	MaxEntries int           `yaml:"max_entries"` // waiting entries above which Room declines [2000]
	FirstRetry time.Duration `yaml:"first_retry"` // pause after one failed attempt [1 s]; doubles
	LastRetry  time.Duration `yaml:"last_retry"`  // the longest pause [2 min]
	Attempt    time.Duration `yaml:"attempt"`     // the longest one attempt may take before others have their turn [15 min]
	// Shares are the kinds' parts of the line's time while several wait, such as report: 4. A kind that is not named has 1.
	Shares map[string]int `yaml:"shares"`
}

func (c Config) orDefaults() Config {
	or := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	if c.KeepFree == 0 {
		c.KeepFree = 256 << 20
	}
	if c.MaxEntries == 0 {
		c.MaxEntries = 2000
	}
	or(&c.FirstRetry, time.Second)
	or(&c.LastRetry, 2*time.Minute)
	or(&c.Attempt, 15*time.Minute)
	return c
}

// Item is what Put keeps: a sealed envelope as bytes. ID names its file: 1 to 64 characters 0-9 a-z.
type Item struct {
	ID, Kind        string
	List, Signature []byte
	Parts           [][]byte
}

// State is how far an entry has come.
type State string

const (
	Waiting     State = "waiting"     // kept here, not yet acknowledged
	Delivered   State = "delivered"   // acknowledged; the receipt is kept, the contents are gone from here
	Quarantined State = "quarantined" // cannot be delivered; kept until a person has looked
)

var idPattern = regexp.MustCompile(`^[0-9a-z]{1,64}$`)

// Outbox is an open outbox. Its methods may be called from several goroutines; Run from one.
type Outbox struct {
	dir    string
	config Config
	log    *slog.Logger
	lock   *os.File
	rows   *rows
	// purging is told before a delivered entry's file is removed, and what it gives whether the file went.
	purging func(id string) (ended func(gone bool))

	putting sync.Mutex // one Put at a time: their flushes would only wait for each other

	mu      sync.Mutex
	queue   *turns.Queue  // the waiting entries
	changed chan struct{} // closed, and replaced, whenever an entry changes its state
	wake    chan struct{} // holds one token when the queue has something new for Run
}

// Open opens the outbox in dir, which is made if need be, and resolves what a sudden end left behind. One
// process at a time may have it open: a second one gets ErrInUse. The caller closes it.
func Open(ctx context.Context, dir string, config Config, log *slog.Logger) (*Outbox, error) {
	o, err := open(ctx, dir, config, log)
	if err != nil {
		return nil, fmt.Errorf("open outbox %s: %w", dir, err)
	}
	return o, nil
}

func open(ctx context.Context, dir string, config Config, log *slog.Logger) (_ *Outbox, err error) {
	if err := turns.CheckShares(config.Shares); err != nil {
		return nil, err
	}
	if err := makeFolder(filepath.Join(dir, entriesDir)); err != nil {
		return nil, err
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	o := &Outbox{
		dir: dir, config: config.orDefaults(), log: log, lock: lock,
		changed: make(chan struct{}), wake: make(chan struct{}, 1),
		purging: func(string) func(bool) { return func(bool) {} },
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.Close())
		}
	}()
	// The reserve is given up before the database is touched: a full disk must not keep it shut.
	if err := dropReserve(dir); err != nil {
		return nil, err
	}
	if o.rows, err = openRows(ctx, filepath.Join(dir, databaseFile)); err != nil {
		return nil, err
	}
	if err := o.resolve(ctx); err != nil {
		return nil, fmt.Errorf("recover: %w", err)
	}
	waiting, err := o.rows.waiting(ctx)
	if err != nil {
		return nil, err
	}
	o.queue = turns.New(o.config.FirstRetry, o.config.LastRetry, o.config.Shares)
	for _, e := range waiting {
		o.queue.Add(e.id, e.kind, e.seq, false)
	}
	o.keepReserve()
	return o, nil
}

// Close ends the use of the outbox. Run must have returned.
func (o *Outbox) Close() error {
	var err error
	if o.rows != nil {
		err = o.rows.close()
	}
	return errors.Join(err, o.lock.Close())
}

// Room answers ErrFull when a new entry might not find room. It is asked before a visit begins, so that no
// resident gives an hour to a dossier that cannot be kept.
func (o *Outbox) Room() error {
	free, err := freeBytes(o.dir)
	if err != nil {
		return err
	}
	if free < o.config.KeepFree {
		return fmt.Errorf("%w: %d bytes free, want %d", ErrFull, free, o.config.KeepFree)
	}
	o.mu.Lock()
	waiting := o.queue.Len()
	o.mu.Unlock()
	if waiting >= o.config.MaxEntries {
		return fmt.Errorf("%w: %d entries waiting", ErrFull, waiting)
	}
	return nil
}

// Put keeps the item. It answers nil only when the item will survive a power cut. The same item again is
// success; other content under its id is ErrConflict; no room is ErrFull, and then nothing is left of it.
// A context that ends during the work does not stop it: the answer is then the true one.
func (o *Outbox) Put(ctx context.Context, it Item) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put %s: %w", it.ID, err)
	}
	if !idPattern.MatchString(it.ID) || it.Kind == "" || len(it.List) == 0 || len(it.Parts) == 0 {
		return fmt.Errorf("put %q: want an id of 1 to 64 characters 0-9 a-z, a kind, a list and parts", it.ID)
	}
	o.putting.Lock()
	defer o.putting.Unlock()
	if err := o.put(context.WithoutCancel(ctx), it); err != nil {
		return fmt.Errorf("put %s: %w", it.ID, err)
	}
	return nil
}

func (o *Outbox) put(ctx context.Context, it Item) error {
	switch kept, err := o.rows.find(ctx, it.ID); {
	case err == nil && bytes.Equal(kept.list, it.List):
		return nil
	case err == nil:
		return ErrConflict
	case !errors.Is(err, ErrUnknown):
		return err
	}
	now := time.Now()
	size, err := writeContainer(o.path(it.ID), it, now)
	if err != nil {
		return asFull(err)
	}
	seq, err := o.rows.insert(ctx, row{
		id: it.ID, kind: it.Kind, state: Waiting, list: it.List, signature: it.Signature, size: size, putAt: now,
	})
	if err != nil {
		return errors.Join(asFull(err), discard(o.path(it.ID)))
	}
	o.enqueue(it.ID, it.Kind, seq)
	return nil
}

// enqueue lets Run know of an entry that waits.
func (o *Outbox) enqueue(id, kind string, seq int64) {
	o.mu.Lock()
	o.queue.Add(id, kind, seq, true)
	o.mu.Unlock()
	o.signal()
}

// Wait returns when the entry is delivered or quarantined, or when ctx ends, with the state at that moment.
func (o *Outbox) Wait(ctx context.Context, id string) (State, error) {
	for {
		o.mu.Lock()
		changed := o.changed
		o.mu.Unlock()
		r, err := o.rows.find(context.WithoutCancel(ctx), id)
		if err != nil {
			return "", fmt.Errorf("wait for %s: %w", id, err)
		}
		if r.state != Waiting {
			return r.state, nil
		}
		select {
		case <-ctx.Done():
			return r.state, nil
		case <-changed:
		}
	}
}

// Receipt gives the receipt by which a delivered entry can be proven, as the courier returned it.
func (o *Outbox) Receipt(ctx context.Context, id string) ([]byte, error) {
	r, err := o.rows.find(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("receipt of %s: %w", id, err)
	}
	if r.state != Delivered {
		return nil, fmt.Errorf("receipt of %s: entry is %s", id, r.state)
	}
	return r.receipt, nil
}

// State gives how far the entry has come, or ErrUnknown.
func (o *Outbox) State(ctx context.Context, id string) (State, error) {
	r, err := o.rows.find(ctx, id)
	if err != nil {
		return "", fmt.Errorf("state of %s: %w", id, err)
	}
	return r.state, nil
}

// HasFile says whether the entry's contents are still here.
func (o *Outbox) HasFile(id string) (bool, error) {
	_, err := os.Stat(o.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// WatchPurges has by called when an entry's receipt is stored, before its file is removed, and what by gives after
// that. It must be called before Run.
func (o *Outbox) WatchPurges(by func(id string) (ended func(gone bool))) { o.purging = by }

// signal lets Run look at the queue again.
func (o *Outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default: // a token is there already
	}
}

// settle takes an entry that waits no longer out of the queue and tells everyone who waits for it.
func (o *Outbox) settle(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue.Remove(id)
	close(o.changed)
	o.changed = make(chan struct{})
}

func (o *Outbox) path(id string) string {
	return filepath.Join(o.dir, entriesDir, id+entrySuffix)
}
