package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"yimen/kiosk/estimate"
	"yimen/kiosk/household"
	"yimen/kiosk/policy"
	"yimen/provisioning/bulk"
)

// comparison estimates households by two editions: provisioning pack compare -date YYYY-MM-DD OLD NEW
// households.ndjson. It reads a household a line, holds few of them in memory, and tells each household whose
// answer changes and which steps of the reckoning made it so.
type comparison struct {
	old, new  *policy.Pack
	programme string
	on        household.Date

	read, same, changed, wrong int
}

func compare(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pack compare", flag.ContinueOnError)
	day := flags.String("date", "", "the day to estimate for")
	programme := flags.String("programme", "dibao", "what to estimate")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	on, err := household.ParseDate(*day)
	if err != nil || flags.NArg() != 3 {
		return usageError{"want compare -date YYYY-MM-DD OLD NEW households.ndjson"}
	}
	c := comparison{programme: *programme, on: on}
	if c.old, err = policy.Load(flags.Arg(0)); err != nil {
		return err
	}
	if c.new, err = policy.Load(flags.Arg(1)); err != nil {
		return err
	}
	c.old, c.new = c.old.With(policy.Demo), c.new.With(policy.Demo)
	f, err := os.Open(flags.Arg(2))
	if err != nil {
		return err
	}
	defer f.Close()
	return c.run(ctx, f, out)
}

// every is how many households go by between two lines of progress.
const every = 10_000

func (c *comparison) run(ctx context.Context, in io.Reader, out io.Writer) error {
	if err := bulk.Lines(ctx, in, c.both, func(_ int, v verdicts) error { return c.tell(out, v) }); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d households: %d the same, %d changed, %d could not be estimated\n", c.read, c.same, c.changed, c.wrong)
	return err
}

// verdicts are one household's results by both editions, or why there is none.
type verdicts struct {
	old, new estimate.Result
	err      error
}

// tell counts a household and writes what changed for it.
func (c *comparison) tell(out io.Writer, v verdicts) (err error) {
	c.read++
	switch {
	case v.err != nil:
		c.wrong++
		_, err = fmt.Fprintf(out, "%d: %v\n", c.read, v.err)
	case v.old.Verdict == v.new.Verdict && v.old.Monthly == v.new.Monthly:
		c.same++
	default:
		c.changed++
		_, err = fmt.Fprintf(out, "%d: %s %s -> %s %s%s\n", c.read, v.old.Verdict, policy.Yuan(int64(v.old.Monthly)),
			v.new.Verdict, policy.Yuan(int64(v.new.Monthly)), why(v.old, v.new))
	}
	if err == nil && c.read%every == 0 {
		_, err = fmt.Fprintf(out, "... %d read, %d changed\n", c.read, c.changed)
	}
	return err
}

// both makes a worker that estimates by one edition and the other.
func (c *comparison) both() func(line []byte) verdicts {
	before, after := estimate.NewEstimator(c.old, c.on), estimate.NewEstimator(c.new, c.on)
	return func(line []byte) (v verdicts) {
		a, err := household.Parse(line)
		if err != nil {
			return verdicts{err: err}
		}
		if v.old, v.err = before.Compute(c.programme, a); v.err == nil {
			v.new, v.err = after.Compute(c.programme, a)
		}
		return v
	}
}

// why names the steps that came out otherwise: rule, what it gave before, what it gives now.
func why(before, after estimate.Result) (text string) {
	type step struct {
		rule    string
		subject int
	}
	was := map[step]string{}
	for _, l := range append(append([]estimate.Line{}, before.Lines...), before.Flags...) {
		was[step{l.Rule, l.Subject}] = string(l.Outcome) + " " + l.Result
	}
	for _, l := range append(append([]estimate.Line{}, after.Lines...), after.Flags...) {
		key, is := step{l.Rule, l.Subject}, string(l.Outcome)+" "+l.Result
		if old, known := was[key]; old != is {
			if !known {
				old = "-"
			}
			text += fmt.Sprintf("; %s: %s, now %s", l.Rule, old, is)
		}
		delete(was, key)
	}
	for _, l := range append(append([]estimate.Line{}, before.Lines...), before.Flags...) {
		if _, gone := was[step{l.Rule, l.Subject}]; gone {
			text += fmt.Sprintf("; %s: %s %s, now -", l.Rule, l.Outcome, l.Result)
		}
	}
	return text
}
