package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"time"

	"yimen/provisioning/simulate"
)

// errUnsound: not everything arrived exactly once.
var errUnsound = errors.New("not everything is known to have arrived exactly once")

// simulated plays many terminals: provisioning simulate -terminals N -dossiers M -size BYTES -faults P. It starts a hub, or
// speaks to the one that is named.
func simulated(ctx context.Context, args []string, out, progress io.Writer) error {
	o := simulate.Options{Progress: progress}
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.IntVar(&o.Terminals, "terminals", 10, "how many `terminals`")
	flags.IntVar(&o.Dossiers, "dossiers", 3, "`dossiers` of each")
	flags.IntVar(&o.Size, "size", 200_000, "`bytes` of a dossier")
	flags.Float64Var(&o.Faults, "faults", 0.05, "`chance` that a stretch of 16 KiB on the line meets a cut, a reset, a stall or a turned bit")
	flags.Uint64Var(&o.Seed, "seed", 1, "of the line's troubles")
	flags.DurationVar(&o.Patience, "patience", 15*time.Minute, "for all of it")
	flags.StringVar(&o.Dir, "dir", "", "an empty `folder` for outboxes and hub; one that is removed afterwards, if none is named")
	flags.StringVar(&o.Hub, "hub", beside("hub"), "`program` of the hub that is started")
	flags.StringVar(&o.Intake, "intake", "", "`URL` of a hub that runs already, in its place; it needs -as")
	flags.StringVar(&o.As, "as", "", "`folder` with a folder for each terminal that this hub knows")
	flags.StringVar(&o.Bureau, "bureau", "", "`folder` of a bureau that looks what arrived there")
	if err := parse(flags, args, out); err != nil {
		return err
	}
	if flags.NArg() > 0 || o.Terminals < 1 || o.Dossiers < 1 || o.Size < 1 || o.Faults < 0 || o.Faults >= 1 || (o.Intake == "") != (o.As == "") {
		return usageError{"want -terminals, -dossiers and -size above 0, -faults from 0 to below 1, and -as with -intake"}
	}
	if o.Dir == "" {
		dir, err := os.MkdirTemp("", "yimen-simulate-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.Dir = dir
	}
	report, err := simulate.Run(ctx, o)
	if err != nil {
		return err
	}
	if err := report.Write(out); err != nil {
		return err
	}
	if !report.Sound() {
		return errUnsound
	}
	return nil
}

// beside is where a program of ours lies, next to this one.
func beside(name string) string {
	self, err := os.Executable()
	if err != nil {
		return name
	}
	return filepath.Join(filepath.Dir(self), name)
}
