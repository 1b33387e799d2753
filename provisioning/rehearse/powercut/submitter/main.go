// Command submitter stands in for the terminal's daemon and for the hub when the power is cut under them: it keeps dossiers as the
// daemon does, with a slip number, an envelope and the outbox, as fast as they come, takes them in as the hub does, into
// its store, and tells the host over a line what it has promised. It never ends by itself. Never shipped.
//
// To the host, one line each:
//
//	row ID STATE           an entry that the last life left, once it has been resolved
//	held ID DIGEST         an envelope that the hub has acknowledged, as its store gives it back
//	sound NAME VERDICT     what SQLite's own check says of a database
//	ready                  all of that is told; from here on it works
//	putting ID             Put begins
//	kept ID NUMBER DIGEST  Put has answered: this is when a resident gets the slip with that number
//	carry ID DIGEST        the hub has acknowledged it; the host answers "receipt ID", and only then the outbox learns of it
//	done ID                the outbox calls it delivered
//	drained                nothing waits any more (-drain)
//	error WORDS            it cannot go on
//
// DIGEST is SHA-256 over list, signature and parts, each with its length before it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"yimen/kiosk/outbox"
	"yimen/kiosk/slip/number"
	"yimen/provisioning/hub/store"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "submitter:", err)
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	dir, host      string
	offline, drain bool
	deaf           string
	seed           uint64
}

// Where things lie below the folder.
func (s settings) outbox() string  { return filepath.Join(s.dir, "outbox") }
func (s settings) hub() string     { return filepath.Join(s.dir, "hub") }
func (s settings) numbers() string { return s.dir }

func parse(args []string) (settings, error) {
	var s settings
	f := flag.NewFlagSet("submitter", flag.ContinueOnError)
	f.StringVar(&s.dir, "dir", "", "`folder` on the disk that loses power")
	f.StringVar(&s.host, "host", "", "`address` of the host's end of the line")
	f.BoolVar(&s.offline, "offline", false, "deliver nothing")
	f.BoolVar(&s.drain, "drain", false, "keep nothing new, deliver all, and end")
	f.StringVar(&s.deaf, "deaf", "", "flushes that are answered and not carried out: of the databases' logs, or of an entry's names")
	f.Uint64Var(&s.seed, "seed", 1, "of sizes and pauses")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.dir == "" || s.host == "" {
		return s, errors.New("-dir and -host are needed")
	}
	return s, nil
}

// run works until it is killed, or drained, or cannot go on.
func run(ctx context.Context, args []string) (err error) {
	s, err := parse(args)
	if err != nil {
		return err
	}
	h, err := dial(s.host)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.tell("error %q", err.Error()))
		}
		err = errors.Join(err, h.conn.Close())
	}()
	issuer, err := number.Open(ctx, s.numbers(), "990000", "0001")
	if err != nil {
		return err
	}
	defer issuer.Close()
	box, err := outbox.Open(ctx, s.outbox(), outbox.Config{}, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	defer box.Close()
	kept, err := store.Open(ctx, s.hub())
	if err != nil {
		return err
	}
	defer kept.Close()
	central := hub{kept, h}
	if err := errors.Join(look(ctx, s, h), central.look(ctx)); err != nil {
		return err
	}
	if err := turnDeaf(s.deaf); err != nil {
		return err
	}
	if err := h.tell("ready"); err != nil {
		return err
	}
	w := newWorker(box, issuer, h, s.seed)
	if !s.offline {
		go func() { _ = box.Run(ctx, outbox.CourierFunc(central.deliver)) }() // ends with the process
	}
	if s.drain {
		return w.drain(ctx)
	}
	return w.work(ctx)
}
