package outbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFullDiskKeepsNothingByHalvesAndStillDrains works on a real file system of 4 MiB, mounted for one
// process alone: in its own mount namespace, so that nothing stays mounted.
func TestFullDiskKeepsNothingByHalvesAndStillDrains(t *testing.T) {
	cmd := helper(t, "small disk", nil, t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if uid := os.Getuid(); uid != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// smallDisk is the process that sees the small disk.
func smallDisk(args []string) error {
	dir := args[0]
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		return fmt.Errorf("mount a small disk: %w", err)
	}
	ctx := context.Background()
	o, err := Open(ctx, filepath.Join(dir, "outbox"), quick(), quiet())
	if err != nil {
		return err
	}
	defer o.Close()
	filler := filepath.Join(dir, "filler") // what others keep on this disk
	if err := os.WriteFile(filler, make([]byte, 1<<20), 0o600); err != nil {
		return err
	}
	kept, err := fill(ctx, o)
	if err != nil {
		return err
	}
	if err := squeeze(ctx, o, filler, kept); err != nil {
		return err
	}
	return drainFull(ctx, o, filler)
}

// fill puts entries until the disk is full, and gives how many it took.
func fill(ctx context.Context, o *Outbox) (int, error) {
	for n := 1; ; n++ {
		err := o.Put(ctx, item(n))
		if err == nil {
			continue
		}
		if !errors.Is(err, ErrFull) || n == 1 {
			return 0, fmt.Errorf("entry %d: %w, want ErrFull and not at once", n, err)
		}
		return n - 1, nothingLeft(ctx, o, item(n))
	}
}

// squeeze leaves 0, 1, 2, … pages free and puts an entry of a few bytes each time, so that the disk is full
// in turn for the file, for its name and for the row.
func squeeze(ctx context.Context, o *Outbox, filler string, kept int) error {
	refused, taken := 0, 0
	for pages := range int64(16) {
		if err := leaveFree(filler, pages); err != nil {
			return err
		}
		it := item(1000 + int(pages))
		it.Parts = [][]byte{[]byte("small")}
		switch err := o.Put(ctx, it); {
		case err == nil:
			taken++
		case errors.Is(err, ErrFull):
			refused++
			if err := nothingLeft(ctx, o, it); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%d pages free: %w, want ErrFull", pages, err)
		}
	}
	if refused < 2 || taken < 2 {
		return fmt.Errorf("%d refused, %d taken: the squeeze shows nothing", refused, taken)
	}
	s, err := o.Stats(ctx)
	if err == nil && s.Waiting != kept+taken {
		err = fmt.Errorf("%d waiting, want %d", s.Waiting, kept+taken)
	}
	return err
}

// leaveFree fills the disk until only so many pages are free.
func leaveFree(filler string, pages int64) error {
	if err := os.Remove(filler); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	free, err := freeBytes(filepath.Dir(filler))
	if err != nil {
		return err
	}
	size := free - pages*int64(os.Getpagesize())
	f, err := os.Create(filler)
	if err != nil || size <= 0 {
		return errors.Join(err, f.Close())
	}
	return errors.Join(unix.Fallocate(int(f.Fd()), 0, 0, size), f.Close())
}

func nothingLeft(ctx context.Context, o *Outbox, it Item) error {
	if _, err := o.rows.find(ctx, it.ID); !errors.Is(err, ErrUnknown) {
		return fmt.Errorf("refused entry has a row: %w", err)
	}
	files, err := os.ReadDir(filepath.Join(o.dir, entriesDir))
	for _, f := range files {
		if strings.Contains(f.Name(), it.ID) {
			err = errors.Join(err, fmt.Errorf("refused entry left %s", f.Name()))
		}
	}
	return err
}

// drainFull delivers everything while not one page of the disk is free.
func drainFull(ctx context.Context, o *Outbox, filler string) error {
	if err := leaveFree(filler, 0); err != nil {
		return err
	}
	before, err := o.Stats(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, tries := newCentral(), 0
	err = o.Run(ctx, CourierFunc(func(ctx context.Context, e *Entry) ([]byte, error) {
		if tries++; tries == before.Waiting {
			cancel()
		}
		return c.Deliver(ctx, e)
	}))
	if err != nil {
		return err
	}
	after, err := o.Stats(context.WithoutCancel(ctx))
	if err == nil && (after.Waiting != 0 || after.Delivered != before.Waiting) {
		err = fmt.Errorf("%d waiting, %d delivered of %d", after.Waiting, after.Delivered, before.Waiting)
	}
	return err
}
