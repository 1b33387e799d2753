package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"yimen/provisioning/visitor"
)

// oneVisit plays one short visit at a terminal that somebody else set up, such as one installed from its package, with the
// bench's devices: visit -screen URL -panel URL. It tells the slip's number.
func oneVisit(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("visit", flag.ContinueOnError)
	screen := flags.String("screen", "http://127.0.0.1:8480/", "the terminal's page")
	panel := flags.String("panel", "http://127.0.0.1:8481/", "the bench's panel")
	patience := flags.Duration("patience", 3*time.Minute, "for the whole visit")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, *patience)
	defer stop()
	line, err := visitor.OpenLine(*screen)
	if err != nil {
		return err
	}
	q := &visitor.Quick{
		Line: line, Bench: &visitor.Bench{Panel: *panel}, Card: "liu", Page: "bankbook", Scan: 1,
		Answers: map[string]string{"household_size": "1", "member.1.income_kinds": "none"},
	}
	last, err := q.To(ctx, "slip")
	if err != nil {
		return err
	}
	slip := number(last.Text)
	if slip == "" {
		return errors.New("the last screen shows no slip number")
	}
	if err := errors.Join(leave(ctx, line), q.Bench.TakeCard(ctx)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, slip)
	return err
}

// leave ends a visit at its last screen, which may become another while it is touched: the dossier arrives, the slip is out.
func leave(ctx context.Context, line *visitor.Line) error {
	for {
		s, err := line.Look(ctx)
		if err != nil || s.Screen != "slip" {
			return err
		}
		if err := line.Do(ctx, s, "finish", ""); err != nil {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
