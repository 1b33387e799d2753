package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/provisioning/bulk"
)

// bulkEstimate works a file of households out, one a line, on every processor and with few of them in memory.
type bulkEstimate struct {
	pack      *policy.Pack
	programme string
	on        household.Date
	json      bool
	progress  io.Writer

	read, wrong int
}

// worked is what came of one line.
type worked struct {
	text []byte
	err  error
}

func (b *bulkEstimate) file(ctx context.Context, name string, out io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return b.run(ctx, f, out)
}

// run writes each household's results to out in the order of the lines, and how far it is to progress. A line that
// cannot be estimated is told with its number and does not stop the others; the run then ends with an error.
func (b *bulkEstimate) run(ctx context.Context, in io.Reader, out io.Writer) error {
	err := bulk.Lines(ctx, in, b.worker, func(no int, w worked) error {
		b.read = no
		if no%every == 0 {
			fmt.Fprintf(b.progress, "... %d read\n", no)
		}
		if w.err != nil {
			b.wrong++
			fmt.Fprintf(b.progress, "line %d: %v\n", no, w.err)
			return nil
		}
		_, err := out.Write(w.text)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(b.progress, "%d households\n", b.read)
	if b.wrong > 0 {
		return fmt.Errorf("%d of %d households could not be estimated", b.wrong, b.read)
	}
	return nil
}

// worker makes one that puts a household's results into lines: canonical, or programme, verdict, amount and digest.
func (b *bulkEstimate) worker() func(line []byte) worked {
	e := estimate.NewEstimator(b.pack, b.on)
	return func(line []byte) worked {
		answers, err := household.Parse(line)
		if err != nil {
			return worked{err: err}
		}
		results, err := reckon(e, b.programme, answers)
		if err != nil {
			return worked{err: err}
		}
		var text bytes.Buffer
		for _, r := range results {
			if b.json {
				fmt.Fprintf(&text, "%s\n", estimate.Canonical(r))
				continue
			}
			monthly := "-"
			if r.HasMonthly {
				monthly = policy.Yuan(int64(r.Monthly))
			}
			fmt.Fprintf(&text, "%s %s %s %s%s\n", r.Programme, r.Verdict, monthly, r.ShortDigest(), short(r))
		}
		return worked{text: text.Bytes()}
	}
}

// short names the rules that a result rests on: conditions not met or not known, and flags.
func short(r estimate.Result) (text string) {
	for _, l := range r.Lines {
		if l.Outcome == estimate.NotKnown || l.Outcome == estimate.NotMet && r.Verdict != estimate.Likely {
			text += " " + l.Rule
		}
	}
	for _, l := range r.Flags {
		text += " !" + l.Rule
	}
	return text
}
