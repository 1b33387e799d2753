// Package simulate plays many terminals at once against a hub: each with its own certificate, keys, outbox and client,
// all as the product has them, over a line that fails by chance. It ends with what went how fast and whether anything was
// lost or doubled.
package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"yimen/kiosk/central/badline"
	"yimen/provisioning/identity"
)

// Options is what is simulated.
type Options struct {
	Terminals int
	Dossiers  int           // of each terminal
	Size      int           // bytes of a dossier before it is sealed
	Faults    float64       // chance that a stretch of 16 KiB on the line meets a trouble, in either direction
	Seed      uint64        // of the line's troubles
	Patience  time.Duration // for all of it
	Dir       string        // for outboxes and, if one is started, the hub; it must be there and empty

	Hub string // program of the hub that is started; or:

	Intake string // URL of a hub that runs already
	As     string // and a folder with a folder for each terminal that it knows, as enrolment makes them
	Bureau string // and the folder of a bureau that may look what arrived; nothing is looked at if empty

	Progress io.Writer // a line a second
}

// Run simulates. An error means that it could not be carried out; what was lost or doubled stands in the report.
func Run(ctx context.Context, o Options) (_ Report, err error) {
	r := Report{Terminals: o.Terminals, Dossiers: o.Terminals * o.Dossiers, Size: o.Size}
	h, err := o.hall()
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, h.end()) }()
	line, err := badline.Open(strings.TrimPrefix(h.url, "https://"), o.Seed)
	if err != nil {
		return r, fmt.Errorf("open line: %w", err)
	}
	fleet, err := open(ctx, o, h, "https://"+line.Addr())
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, fleet.close()) }()
	line.Set(badline.Faults{Chance: o.Faults, Stall: stall})

	began := time.Now()
	if err := o.play(ctx, fleet, line, h); err != nil {
		return r, err
	}
	r.Took = time.Since(began)
	r.Line = line.Counts()
	r.addDelivered(fleet)
	if r.HubMemory, err = h.peakMemory(); err != nil {
		return r, err
	}
	if h.bureau != nil {
		err = r.look(ctx, h, fleet)
	}
	return r, err
}

// stall is how long a stretch is held up that meets this trouble.
const stall = 200 * time.Millisecond

// play has all terminals submit, over the line, until everything is delivered or patience ends.
func (o Options) play(ctx context.Context, fleet *fleet, line *badline.Line, h *hall) error {
	playing, done := context.WithTimeout(ctx, o.Patience)
	defer done()
	var all errgroup.Group
	all.Go(func() error { return line.Run(playing) })
	all.Go(func() error { o.tell(playing, fleet, line, h); return nil })
	err := fleet.submit(playing, o)
	done()
	if err := errors.Join(err, all.Wait()); err != nil {
		return err
	}
	return ctx.Err() // the caller's end is one; patience's is what the report tells
}

// tell writes how far it is, every second.
func (o Options) tell(ctx context.Context, fleet *fleet, line *badline.Line, h *hall) {
	began := time.Now()
	for tick := time.NewTicker(time.Second); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		memory := ""
		if bytes, err := h.memory(); err == nil && bytes > 0 {
			memory = fmt.Sprintf(", hub %d MB", bytes>>20)
		}
		fmt.Fprintf(o.Progress, "%4.0f s  kept %d, delivered %d of %d; %d troubles on the line%s\n", time.Since(began).Seconds(),
			fleet.kept.Load(), fleet.delivered.Load(), o.Terminals*o.Dossiers, line.Counts().Faulty(), memory)
	}
}

// known gives the identities in a folder of folders, count of them.
func known(dir string, count int) ([]*identity.Terminal, error) {
	folders, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var terminals []*identity.Terminal
	for _, f := range folders {
		if !f.IsDir() || len(terminals) == count {
			continue
		}
		t, err := identity.LoadTerminal(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		terminals = append(terminals, t)
	}
	if len(terminals) < count {
		return nil, fmt.Errorf("%s has %d terminals, want %d", dir, len(terminals), count)
	}
	return terminals, nil
}
