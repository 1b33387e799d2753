package outbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"
	"golang.org/x/sys/unix"
)

// The outbox's folder.
const (
	databaseFile = "outbox.db"
	lockFile     = "lock"
	reserveFile  = "reserve"
	entriesDir   = "entries" // <id>.entry; <id>.tmp while it is being written
	entrySuffix  = ".entry"
	tmpSuffix    = ".tmp"
)

// reserveSize is disk kept occupied so that a full disk can still drain: storing a receipt needs some pages
// of log before the file it acknowledges may go.
const reserveSize = 256 << 10

// makeFolder makes dir and whatever leads to it, and makes sure that they last.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) { // another outbox's was just made beside
		return err
	}
	return syncFolder(parent)
}

// lockFolder claims dir until the returned file is closed or the process ends, however it ends.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// syncFolder makes the names in a folder last: a renamed file is there after a power cut only after this.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// syncData flushes a file's contents and its length, not its times: one barrier less on some file systems.
func syncData(f *os.File) error {
	if err := unix.Fdatasync(int(f.Fd())); err != nil {
		return &os.PathError{Op: "fdatasync", Path: f.Name(), Err: err}
	}
	return nil
}

// freeBytes is what an ordinary user may still write on dir's file system.
func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	return int64(s.Bavail) * s.Bsize, nil
}

// asFull adds ErrFull to the ways in which a disk says that it has no room.
func asFull(err error) error {
	var db sqlite3.Error
	full := errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || errors.Is(err, unix.EFBIG) ||
		errors.As(err, &db) && (db.Code == sqlite3.ErrFull || db.SystemErrno == unix.ENOSPC || db.SystemErrno == unix.EDQUOT)
	if full {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// keepReserve occupies the reserve again if the disk has room for it.
func (o *Outbox) keepReserve() {
	f, err := os.OpenFile(filepath.Join(o.dir, reserveFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = errors.Join(unix.Fallocate(int(f.Fd()), 0, 0, reserveSize), f.Close())
	}
	if err != nil {
		o.log.Warn("outbox keeps no reserve", "err", err)
	}
}

func dropReserve(dir string) error {
	err := os.Remove(filepath.Join(dir, reserveFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
