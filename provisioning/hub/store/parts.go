package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/intake"
)

// A part is a file parts/ENVELOPE/NO that grows at its end; its size is how far it has come. After a power cut the
// end may hold bytes that were never acknowledged, and wrong ones: whoever acknowledges a whole part reads it back.

// place gives the part's file. Only well-formed ids become paths.
func (s *Store) place(envelope string, no int) (string, error) {
	if _, _, ok := central.ParseUploadID(central.UploadID(envelope, no)); !ok {
		return "", fmt.Errorf("part %d of %q: %w", no, envelope, intake.ErrNotFound)
	}
	return filepath.Join(s.parts, envelope, strconv.Itoa(no)), nil
}

// Create implements intake.Parts.
func (s *Store) Create(_ context.Context, envelope string, no int) error {
	path, err := s.place(envelope, no)
	if err != nil {
		return err
	}
	folder := filepath.Dir(path)
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return noRoom(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return noRoom(err)
	}
	return f.Close()
}

// syncNames makes the name of a part last, and that of its folder. Whoever answers for a part's bytes does so, whoever
// made the names: another request, or a process that was killed, may not have synced them.
func (s *Store) syncNames(path string) error {
	return errors.Join(syncFolder(filepath.Dir(path)), syncFolder(s.parts))
}

// Size implements intake.Parts.
func (s *Store) Size(_ context.Context, envelope string, no int) (int64, error) {
	path, err := s.place(envelope, no)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, gone(err)
	}
	return info.Size(), nil
}

// Append implements intake.Parts.
func (s *Store) Append(_ context.Context, envelope string, no int, offset int64, src io.Reader) (n int64, err error) {
	path, err := s.place(envelope, no)
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return 0, gone(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if info.Size() != offset {
		return 0, fmt.Errorf("%w: at %d, not %d", intake.ErrOffset, info.Size(), offset)
	}
	named := make(chan error, 1)
	go func() { named <- s.syncNames(path) }() // while the bytes come
	out := &flusher{file: f}
	n, err = io.Copy(out, src)
	if syncErr := errors.Join(out.end(), <-named); syncErr != nil {
		// The kernel may have forgotten which bytes it could not write; only writing them anew brings them back.
		return 0, errors.Join(noRoom(syncErr), f.Truncate(offset))
	}
	return n, noRoom(err)
}

// Open implements intake.Parts.
func (s *Store) Open(_ context.Context, envelope string, no int) (io.ReadCloser, error) {
	path, err := s.place(envelope, no)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, gone(err)
	}
	// A process that was killed between write and sync left bytes that can be read and could still be lost.
	if err := errors.Join(fdatasync(f), s.syncNames(path)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Drop implements intake.Parts.
func (s *Store) Drop(_ context.Context, envelope string, no int) error {
	path, err := s.place(envelope, no)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// folder gives the folder of an envelope's parts. Only a well-formed id becomes a path.
func (s *Store) folder(envelope string) (string, error) {
	path, err := s.place(envelope, 0)
	return filepath.Dir(path), err
}

// Grown implements intake.Parts.
func (s *Store) Grown(_ context.Context, envelope string) (time.Time, error) {
	folder, err := s.folder(envelope)
	if err != nil {
		return time.Time{}, err
	}
	files, err := os.ReadDir(folder)
	if err == nil && len(files) == 0 {
		err = intake.ErrNotFound
	}
	if err != nil {
		return time.Time{}, gone(err)
	}
	var last time.Time
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			return time.Time{}, gone(err)
		}
		if at := info.ModTime(); at.After(last) {
			last = at
		}
	}
	return last, nil
}

// Clear implements intake.Parts.
func (s *Store) Clear(_ context.Context, envelope string) error {
	folder, err := s.folder(envelope)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return syncFolder(s.parts)
}

// fdatasync flushes a file's bytes and its size, but not its times.
func fdatasync(f *os.File) error {
	for {
		if err := unix.Fdatasync(int(f.Fd())); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return intake.ErrNotFound
	}
	return err
}

func noRoom(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return errors.Join(intake.ErrFull, err)
	}
	return err
}
