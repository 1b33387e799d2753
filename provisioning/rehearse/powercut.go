package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"yimen/drivers/emulator/machine/system"
	"yimen/provisioning/rehearse/powercut"
)

// powercuts rehearses power cuts: nothing may be lost, or with a control something must be.
func powercuts(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("powercut", flag.ContinueOnError)
	bin, pack := common(flags)
	cuts := flags.Int("cuts", 0, "how often the power is cut [5]; with a control, at most [60]")
	seed := flags.Uint64("seed", uint64(time.Now().UnixNano()), "of moments and losses; another one each time if it is not set")
	control := flags.String("control", "", "what to take away: normal, folders, barrier, liar, or all, one after the other")
	sector := flags.Int("sector", 4096, "bytes that the disk writes whole or not at all; with 512, as on old disks, ext4 can break beyond what is repaired at boot")
	visits := flags.Int("visits", 0, "cut the power so often in whole visits at the daemon instead")
	if err := flags.Parse(args); err != nil {
		return err
	}
	image, err := buildMachine(ctx, system.Headless(), slog.New(slog.NewTextHandler(out, nil)))
	if err != nil {
		return cannot(out, err)
	}
	if *cuts == 0 && *control == "" {
		*cuts = 5
	} else if *cuts == 0 {
		*cuts = 60
	}
	c := powercut.Config{Image: image, Bin: *bin, Cuts: *cuts, Seed: *seed, Sector: *sector, Out: out}
	if *visits > 0 {
		v := &rehearsal{out: out, began: time.Now(), bin: *bin, pack: *pack, seed: *seed}
		return v.cutVisits(ctx, image, *visits)
	}
	if *control == "" {
		return mustKeep(ctx, c)
	}
	known := false
	for _, one := range powercut.Controls() {
		if *control == one.Name || *control == "all" {
			known = true
			c.Control = one
			err = errors.Join(err, mustLose(ctx, c))
		}
	}
	if !known {
		return fmt.Errorf("no such control: %s", *control)
	}
	return err
}

// mustKeep rehearses what is shipped.
func mustKeep(ctx context.Context, c powercut.Config) error {
	fmt.Fprintf(c.Out, "power cuts, seed %d\n", c.Seed)
	report, err := powercut.Rehearse(ctx, c)
	fmt.Fprintln(c.Out, report)
	for _, f := range report.Findings {
		err = errors.Join(err, errors.New(f.String()))
	}
	return err
}

// mustLose rehearses a control. One that loses nothing means that the rehearsal proves nothing.
func mustLose(ctx context.Context, c powercut.Config) error {
	fmt.Fprintf(c.Out, "control %s, seed %d: %s\n", c.Control.Name, c.Seed, c.Control.Why)
	report, err := powercut.Rehearse(ctx, c)
	if err != nil {
		return fmt.Errorf("control %s: %w", c.Control.Name, err)
	}
	fmt.Fprintln(c.Out, report)
	as := false
	for _, f := range report.Findings {
		as = as || slices.Contains(c.Control.Finds, f.Kind)
		fmt.Fprintln(c.Out, "  found:", f)
	}
	if !as {
		return fmt.Errorf("control %s has not found any of %q in %d cuts: a rehearsal that finds nothing proves nothing",
			c.Control.Name, c.Control.Finds, report.Cuts)
	}
	return nil
}
