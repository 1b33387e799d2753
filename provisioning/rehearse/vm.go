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
	"yimen/drivers/emulator/machine/system"
	"yimen/provisioning/hall"
	"yimen/provisioning/rehearse/powercut"
)

// vm tries the terminal on a real kernel: a machine in QEMU whose USB devices are the bench's. It runs the drivers'
// own tests there, then whole visits by the daemon, during which cables are pulled, then cuts the power, and counts
// what it did. It compiles tests, so it runs in the module's own folder.
func vm(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("vm", flag.ContinueOnError)
	v := &rehearsal{out: out, began: time.Now()}
	bin, pack := common(flags)
	flags.BoolVar(&v.soak, "soak", false, "everything, hours of it: all of the drivers' tests, 200 cables, 300 cuts, and cuts that must lose something")
	flags.IntVar(&v.unplugs, "unplugs", len(pulls), "cables to pull during visits: each device's once a visit, while it is used")
	flags.IntVar(&v.cuts, "cuts", 5, "how often the power is cut")
	flags.Uint64Var(&v.seed, "seed", 2026, "of the moments of all this")
	console := flags.String("console", "", "file for what the machine's kernel says")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if v.soak {
		v.unplugs, v.cuts = max(v.unplugs, 200), max(v.cuts, 300)
	}
	var err error
	if v.bin, err = filepath.Abs(*bin); err != nil {
		return err
	}
	v.pack = *pack
	image, err := buildMachine(ctx, system.Headless(), v.log())
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
	if err := errors.Join(v.machineTests(ctx), v.inHall(ctx, image), v.powerCuts(ctx, image)); err != nil {
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
func buildMachine(ctx context.Context, recipe system.Recipe, log *slog.Logger) (system.Image, error) {
	dir, err := system.CacheDir()
	if err != nil {
		return system.Image{}, err
	}
	return machine.Build(ctx, dir, recipe, log)
}

// rehearsal is one run of the command.
type rehearsal struct {
	out       io.Writer
	console   io.Writer
	began     time.Time
	bin, pack string
	soak      bool
	unplugs   int // cables to pull
	cuts      int // of the power
	seed      uint64
	counts    counts
}

// counts are what a rehearsal did.
type counts struct{ tests, visits, unplugs, dossiers, cuts int }

func (c counts) String() string {
	return fmt.Sprintf("%d tests of drivers on a real kernel, %d visits with %d cables pulled, %d dossiers at the bureau, %d power cuts, nothing lost",
		c.tests, c.visits, c.unplugs, c.dossiers, c.cuts)
}

func (v *rehearsal) tell(format string, args ...any) {
	fmt.Fprintf(v.out, "%6.1fs  %s\n", time.Since(v.began).Seconds(), fmt.Sprintf(format, args...))
}

func (v *rehearsal) log() *slog.Logger { return slog.New(slog.NewTextHandler(v.out, nil)) }

// inHall puts a hall on the host, and runs the drivers' tests and the visits in machines that have its devices.
func (v *rehearsal) inHall(ctx context.Context, image system.Image) (err error) {
	dir, err := os.MkdirTemp("", "yimen-vm-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if v.pack, err = filepath.Abs(v.pack); err != nil {
		return err
	}
	usb := filepath.Join(dir, "usb")
	h, err := hall.Start(ctx, hall.Options{Bin: v.bin, Dir: dir, Pack: v.pack, Frame: "1920x1440", Elsewhere: usb, Tell: v.out})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Stop()) }()
	return errors.Join(v.driverTests(ctx, image, h, usb, filepath.Join(dir, "tests")), v.terminal(ctx, image, h, usb))
}

// terminal plays the visits.
func (v *rehearsal) terminal(ctx context.Context, image system.Image, h *hall.Hall, usb string) (err error) {
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
	return v.visits(ctx, t)
}

// powerCuts cuts the power under the outbox, and in a soak also where that must lose something, and in whole visits.
func (v *rehearsal) powerCuts(ctx context.Context, image system.Image) error {
	c := powercut.Config{Image: image, Bin: v.bin, Cuts: v.cuts, Seed: v.seed, Out: v.out}
	if err := mustKeep(ctx, c); err != nil {
		return err
	}
	v.counts.cuts = v.cuts
	if !v.soak {
		return nil
	}
	for _, control := range powercut.Controls() {
		c.Control = control
		if err := mustLose(ctx, c); err != nil {
			return err
		}
	}
	return v.cutVisits(ctx, image, soakVisitCuts)
}

// soakVisitCuts is how often a soak cuts the power under the whole daemon.
const soakVisitCuts = 20
