// Command provisioning is the technician's tool: it prepares a terminal and the parties it talks to.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"yimen/provisioning/selftest"
)

// command is one thing the technician can ask for. run parses its own arguments, tells what it did on out,
// and answers flag.ErrHelp when it was only asked how it is used.
type command struct {
	name, purpose string
	run           func(ctx context.Context, args []string, out io.Writer) error
}

// commands lists them; progress is where a long one tells how far it is, apart from what it gives.
func commands(progress io.Writer) []command {
	return []command{
		{"keys", "make the keys and certificates of one hall", keys},
		{"enrol", "make this terminal's keys and have the hub certify them by a one-time code", enrolTerminal},
		{"estimate", "work out households by a policy pack, line by line", func(ctx context.Context, args []string, out io.Writer) error {
			return estimateHouseholds(ctx, args, out, progress)
		}},
		{"selftest", "try every device once and say what came of it", tryDevices},
		{"init", "set this terminal up, step by step, or by a file of answers", initialise},
		{"report", "say how the terminal stands: software, disk, clock, certificate, devices; on paper too", tellReport},
		{"lock", "close the terminal to visits while it is serviced", lockTerminal},
		{"unlock", "open it to residents again", unlockTerminal},
		{"update", "bring the newest release of the software, if nobody is disturbed by it", updateTerminal},
		{"release", "archive, sign and publish releases of the software", releaseCommands},
		{"log", "take a terminal's logs away, sealed for the bureau, and open them there", logs},
		{"checklist", "write what must be looked at on site, to be printed and signed", siteChecklist},
		{"lamps-off", "switch every lamp off; for the end of the daemon", lampsOff},
		{"day-sheet", "print what the terminal did on a day, with the journal's head", daySheet},
		{"outbox", "list what is not delivered and why, put back what was set aside", queued},
		{"journal", "prove that a terminal's journal is whole, or show it", journals},
		{"simulate", "play many terminals against a hub, over a bad line, and count what arrived", func(ctx context.Context, args []string, out io.Writer) error {
			return simulated(ctx, args, out, progress)
		}},
		{"pack", "begin, check, compare, sign and publish policy packs", packs},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out one command. It answers 0 when it was done, 1 when it went wrong, 2 when it was asked wrongly,
// 3 when a resident stands at the terminal and it has to wait.
func run(ctx context.Context, args []string, out, complaints io.Writer) int {
	if len(args) > 0 {
		for _, c := range commands(complaints) {
			if c.name == args[0] {
				return finish(c.name, c.run(ctx, args[1:], out), complaints)
			}
		}
	}
	fmt.Fprintln(complaints, "usage: provisioning COMMAND [flags]")
	for _, c := range commands(complaints) {
		fmt.Fprintf(complaints, "  %-10s %s\n", c.name, c.purpose)
	}
	return 2
}

func finish(name string, err error, complaints io.Writer) int {
	var wrong usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		return 2
	case errors.As(err, &wrong):
		fmt.Fprintf(complaints, "provisioning %s: %v\n", name, err)
		return 2
	case errors.Is(err, selftest.ErrVisit):
		fmt.Fprintf(complaints, "provisioning %s: %v\n", name, err)
		return 3
	default:
		fmt.Fprintf(complaints, "provisioning %s: %v\n", name, err)
		return 1
	}
}

// usageError is a command asked for in a way it cannot be understood.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// parse reads a command's flags. Asked for help it tells the flags on out, and answers flag.ErrHelp.
func parse(flags *flag.FlagSet, args []string, out io.Writer) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(out)
		flags.Usage()
		return err
	}
	if err != nil {
		return usageError{err.Error()}
	}
	return nil
}
