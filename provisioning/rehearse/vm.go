package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"yimen/drivers/emulator/machine"
	"yimen/provisioning/hall"
)

// vm tries the terminal on a real kernel: a machine in QEMU whose USB devices are the bench's. It runs the drivers'
// own tests there and then whole visits by the daemon, during which cables are pulled, and counts what it did.
func vm(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("vm", flag.ContinueOnError)
	bin, pack := common(flags)
	unplugs := flags.Int("unplugs", 3, "cables to pull during visits, at least one of each device that a visit uses")
	seed := flags.Uint64("seed", 2026, "of the moments at which they are pulled")
	console := flags.String("console", "", "file for what the machine's kernel says")
	if err := flags.Parse(args); err != nil {
		return err
	}
	v := &rehearsal{out: out, began: time.Now(), bin: *bin, pack: *pack, unplugs: *unplugs, seed: *seed}
	image, err := buildMachine(ctx, machine.Headless(), v.log())
	if err != nil {
		return cannot(out, err)
	}
	if *console != "" {
		f, err := os.Create(*console)
		if err != nil {
			return err
		}
		defer f.Close()
		v.console = f
	}
	if err := v.play(ctx, image); err != nil {
		return err
	}
	v.tell("%s; it took %v", v.counts, time.Since(v.began).Round(time.Second))
	return nil
}

// requireVM is the variable of the environment that makes it an error when no machine can be built here.
const requireVM = "BENCH_VM_REQUIRED"

// cannot ends a rehearsal on a host where no machine can be built: the word is said, and is no error unless it
// was made one.
func cannot(out io.Writer, why error) error {
	if os.Getenv(requireVM) == "1" {
		return why
	}
	fmt.Fprintf(out, "not rehearsed: %v\n%s=1 makes this an error\n", why, requireVM)
	return nil
}

// buildMachine builds the machine of a recipe in the user's cache.
func buildMachine(ctx context.Context, recipe machine.Recipe, log *slog.Logger) (machine.Image, error) {
	dir, err := machine.CacheDir()
	if err != nil {
		return machine.Image{}, err
	}
	return machine.Build(ctx, dir, recipe, log)
}

// rehearsal is one run of the command.
type rehearsal struct {
	out       io.Writer
	console   io.Writer
	began     time.Time
	bin, pack string
	unplugs   int
	seed      uint64
	counts    counts
}

// counts are what a rehearsal did.
type counts struct{ boots, tests, visits, unplugs, dossiers int }

func (c counts) String() string {
	return fmt.Sprintf("%d boots, %d tests of drivers, %d visits with %d cables pulled, %d dossiers at the bureau and none lost",
		c.boots, c.tests, c.visits, c.unplugs, c.dossiers)
}

func (v *rehearsal) tell(format string, args ...any) {
	fmt.Fprintf(v.out, "%6.1fs  %s\n", time.Since(v.began).Seconds(), fmt.Sprintf(format, args...))
}

func (v *rehearsal) log() *slog.Logger { return slog.New(slog.NewTextHandler(v.out, nil)) }

// play puts the hall on the host and the terminal into a machine, and goes through the rehearsal.
func (v *rehearsal) play(ctx context.Context, image machine.Image) (err error) {
	dir, err := os.MkdirTemp("", "yimen-vm-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	pack, err := filepath.Abs(v.pack)
	if err != nil {
		return err
	}
	usb := filepath.Join(dir, "usb")
	h, err := hall.Start(ctx, hall.Options{Bin: v.bin, Dir: dir, Pack: pack, Frame: "1920x1440", Elsewhere: usb, Tell: v.out})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Stop()) }()
	t, err := v.boot(ctx, image, h, usb)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\n%s", err, t.evidence())
		}
		err = errors.Join(err, t.stop())
	}()
	if err := v.visits(ctx, t); err != nil {
		return err
	}
	return nil
}
