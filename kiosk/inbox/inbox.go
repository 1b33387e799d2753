// Package inbox keeps what came down to the terminal: the editions of its policy pack. A pack is taken from a TUF
// repository (theupdateframework.io) only when two people have signed it, nothing about it has expired and nothing
// is older than what was accepted before; until then the edition that is in force stays. Editions once accepted
// are kept, and the last one is in force again after a restart without any line.
package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"yimen/kiosk/durable"
	"yimen/kiosk/policy"
)

// patience bounds one look into the repository. A line of 64 kbit/s brings MaxArchive in 17 minutes.
const patience = 30 * time.Minute

// Config says where packs come from and how often that is looked at.
type Config struct {
	// Repository is "central", or the absolute path of a folder that holds one. Empty: packs are not renewed.
	Repository string `yaml:"repository"`
	// Every is the time between two looks.
	Every time.Duration `yaml:"every"`
}

// Central is the Repository that central serves.
const Central = "central"

// Validate names the first key that cannot be.
func (c Config) Validate() error {
	switch {
	case c.Repository == "":
		return nil
	case c.Repository != Central && !filepath.IsAbs(c.Repository):
		return fmt.Errorf("repository: %q: want central, or the whole path of a folder", c.Repository)
	case c.Every < time.Minute:
		return fmt.Errorf("every: %s: want at least 1m", c.Every)
	}
	return nil
}

// Inbox is one terminal's inbox. Check and Run must not run beside each other; the other methods may be called
// from any goroutine.
type Inbox struct {
	dir  string
	id   string
	root []byte
	from Source
	log  *slog.Logger

	mu      sync.Mutex
	known   *record
	pack    *policy.Pack
	trouble error
}

// Open opens the inbox in the folder dir for the pack id. root is the metadata of the root that this terminal was
// given when it was set up. What is kept is verified again; when that fails the terminal goes on as if nothing had
// been kept, and Trouble says so.
func Open(ctx context.Context, dir, id string, root []byte, from Source, log *slog.Logger) (*Inbox, error) {
	in := &Inbox{dir: dir, id: id, root: root, from: from, log: log, known: &record{}}
	if err := os.RemoveAll(in.scratch()); err != nil { // what a power cut left there
		return nil, fmt.Errorf("open inbox: %w", err)
	}
	for _, folder := range []string{in.editions(), in.scratch()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fmt.Errorf("open inbox: %w", err)
		}
	}
	if err := in.restore(ctx); err != nil {
		in.trouble = fmt.Errorf("kept pack cannot be used: %w", err)
		log.ErrorContext(ctx, "kept pack cannot be used", "err", err)
	}
	return in, nil
}

func (in *Inbox) editions() string { return filepath.Join(in.dir, "editions") }
func (in *Inbox) scratch() string  { return filepath.Join(in.dir, "scratch") }
func (in *Inbox) record() string   { return filepath.Join(in.dir, "accepted.json") }

// InForce is the last edition accepted, nil before the first.
func (in *Inbox) InForce() *policy.Pack {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.pack
}

// Trouble says why the last look into the repository, or the restart before it, brought nothing; nil when all is
// well. It is for a technician to read.
func (in *Inbox) Trouble() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.trouble
}

// restore puts the last accepted edition in force again. It is judged by the time it was accepted at: a terminal
// whose line has been dead for weeks keeps its rules.
func (in *Inbox) restore(ctx context.Context) error {
	known, err := readRecord(in.record())
	if err != nil || len(known.Files) == 0 {
		return err
	}
	e, err := in.verify(ctx, files(known.Files), known, known.Accepted)
	if err != nil {
		return err
	}
	in.known, in.pack = known, e.pack
	return nil
}

// Check looks into the repository once. It gives the edition that came into force by it, nil when the old one
// stays: also with an error, which Trouble repeats.
func (in *Inbox) Check(ctx context.Context) (*policy.Pack, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	came, err := in.check(ctx)
	in.mu.Lock()
	defer in.mu.Unlock()
	in.trouble = err
	return came, err
}

func (in *Inbox) check(ctx context.Context) (*policy.Pack, error) {
	e, err := in.verify(ctx, in.from, in.known, time.Now())
	if err != nil {
		return nil, err
	}
	if e.record.same(in.known) {
		return nil, nil
	}
	if err := durable.Replace(filepath.Join(in.editions(), e.file), e.archive, in.scratch()); err != nil {
		return nil, err
	}
	if err := e.record.write(in.record(), in.scratch()); err != nil {
		return nil, err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.known = e.record
	if in.pack != nil && in.pack.Digest == e.pack.Digest {
		return nil, nil
	}
	in.pack = e.pack
	return e.pack, nil
}

// verify refreshes known from a source, but for what is kept here.
func (in *Inbox) verify(ctx context.Context, from Source, known *record, at time.Time) (*edition, error) {
	dir, err := os.MkdirTemp(in.scratch(), "look-*")
	if err != nil {
		return nil, fmt.Errorf("verify packs: %w", err)
	}
	defer os.RemoveAll(dir)
	return verify(ctx, in.root, kept{roots: known.Files, editions: in.editions(), further: from}, known, in.id, at, dir)
}

// Run looks into the repository at once and then again and again until ctx ends. came is told of each edition that
// comes into force.
func (in *Inbox) Run(ctx context.Context, every time.Duration, came func(*policy.Pack)) error {
	told := ""
	for {
		pack, err := in.Check(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && err.Error() != told: // once, not every hour
			in.log.ErrorContext(ctx, "policy pack not renewed, the old edition stays in force", "pack", in.id, "err", err)
			told = err.Error()
		case err == nil:
			told = ""
		}
		if pack != nil {
			in.log.InfoContext(ctx, "policy pack accepted", "pack", pack.ID, "edition", pack.Edition, "digest", pack.Digest)
			came(pack)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}
