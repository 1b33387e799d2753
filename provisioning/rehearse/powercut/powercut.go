// Package powercut cuts the power under the terminal's outbox, again and again, and holds what the next boot finds against what was
// promised before: a real kernel and file system in a machine, on a disk that loses what was not flushed. What a
// resident was told is kept must be there, unchanged, and reach central once; no slip number comes twice.
//
// A rehearsal that finds nothing proves something only if it finds what is there to be found: the controls take one
// barrier away each, and must lose something.
package powercut

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"

	"yimen/drivers/emulator/disk"
	"yimen/drivers/emulator/machine/system"
)

// Config is one rehearsal.
type Config struct {
	Image   system.Image
	Bin     string // folder with the program submitter
	Cuts    int
	Seed    uint64
	Sector  int       // bytes that the disk writes whole or not at all; 0 for disk.DefaultAtomic
	Control Control   // none if its name is empty: nothing may be lost
	Out     io.Writer // progress, a line for each cut
}

// Report is what came of a rehearsal.
type Report struct {
	Cuts, Boots     int
	Repairs         int // file systems that the kernel did not take as they were
	Kept, Delivered int // dossiers acknowledged; dossiers that reached central
	Unflushed, Lost int // sectors that the cuts found in the cache, and those they took
	Findings        []Finding
}

func (r Report) String() string {
	return fmt.Sprintf("%d cuts in %d boots, %d file systems repaired: %d dossiers kept, %d delivered, %d of %d unflushed sectors lost, %d findings",
		r.Cuts, r.Boots, r.Repairs, r.Kept, r.Delivered, r.Lost, r.Unflushed, len(r.Findings))
}

// DiskSize is the size of the disks whose power is cut, in bytes: the daemon wants some hundred MiB free before it begins a visit.
const DiskSize = 1 << 30

// chain is how many cuts one file system goes through.
const chain = 10

// Rehearse cuts the power so many times. With a control it stops at the first finding. An error means that the rehearsal
// itself did not work; what it found is in the report.
func Rehearse(ctx context.Context, c Config) (report Report, err error) {
	dir, err := os.MkdirTemp("", "yimen-powercut-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	empty, err := Format(ctx, filepath.Join(dir, "empty"))
	if err != nil {
		return report, err
	}
	defer empty.Close()
	random := rand.New(rand.NewPCG(c.Seed, 3))
	for report.Cuts < c.Cuts && (c.Control.Name == "" || len(report.Findings) == 0) {
		options := c.Control.Disk
		options.Atomic = c.Sector
		d, err := disk.New(disk.NewMemory(DiskSize, empty), DiskSize, options)
		if err != nil {
			return report, err
		}
		t := &terminal{Config: c, random: random, disk: d, socket: filepath.Join(dir, "disk"), report: &report, ledger: newLedger()}
		if err := t.lives(ctx, min(chain, c.Cuts-report.Cuts)); err != nil {
			return report, err
		}
	}
	return report, nil
}

// Format makes an image of DiskSize bytes with an empty file system of the kind that Debian makes. The caller closes it.
func Format(ctx context.Context, path string) (*os.File, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(DiskSize); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	mkfs, err := exec.LookPath("mkfs.ext4")
	if err != nil {
		mkfs = "/usr/sbin/mkfs.ext4" // not in everyone's PATH
	}
	// Nothing is left for the kernel to initialise in the background: lives are short.
	out, err := exec.CommandContext(ctx, mkfs, "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", path).CombinedOutput()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a file system (Debian package e2fsprogs): %w: %s", err, out), f.Close())
	}
	return f, nil
}
