package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// A journal grows for years. When its file is large, or a new year begins, the file is closed: it becomes a volume, named
// by the number of its last record, and the next record begins a new file. The chain goes on as if there were one file:
// the volumes in their order and then the file are, byte for byte, one journal. No act's intent and outcome stand in two
// volumes, so that a daemon that starts need read only the last file.

// volumeSize is from when on a file is closed, in bytes: some sixty thousand records.
const volumeSize = 16 << 20

// nextFile is the new file before it takes the old one's place.
const nextFile = File + ".next"

var volumeName = regexp.MustCompile(`^journal-([0-9]{10})\.log$`)

func volume(dir string, last uint32) string {
	return filepath.Join(dir, fmt.Sprintf("journal-%010d.log", last))
}

// closed is a volume.
type closed struct {
	path string
	last uint32 // number of its last record
}

// volumes lists the closed files of a journal in their order.
func volumes(dir string) ([]closed, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []closed
	for _, f := range files { // sorted by name, and so by number
		m := volumeName.FindStringSubmatch(f.Name())
		if m == nil {
			continue
		}
		last, err := strconv.ParseUint(m[1], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("volume %s: %w", f.Name(), err)
		}
		all = append(all, closed{filepath.Join(dir, f.Name()), uint32(last)})
	}
	return all, nil
}

// whole is a journal's files, read one after the other.
type whole struct {
	io.Reader
	files []*os.File
}

func (w *whole) Close() error {
	var errs []error
	for _, f := range w.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// OpenDir opens the journal in folder dir with all its volumes for reading, from its beginning. A daemon that writes it
// is not disturbed, and may close a file meanwhile: what was written before is read, once. The caller closes it.
func OpenDir(dir string) (io.ReadCloser, error) {
	current, err := os.Open(path(dir)) // before the volumes are listed: if it becomes one meanwhile, that is seen below
	if err != nil {
		return nil, err
	}
	w := &whole{}
	before, err := volumes(dir)
	for _, v := range before {
		if err != nil {
			break
		}
		var f *os.File
		if f, err = os.Open(v.path); err == nil {
			w.files = append(w.files, f)
		}
	}
	same := false
	if err == nil && len(w.files) > 0 {
		same, err = sameFile(w.files[len(w.files)-1], current)
	}
	if same {
		err = current.Close()
	} else {
		w.files = append(w.files, current)
	}
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	var parts []io.Reader
	for _, f := range w.files {
		parts = append(parts, f)
	}
	w.Reader = io.MultiReader(parts...)
	return w, nil
}

func sameFile(a, b *os.File) (bool, error) {
	infoA, errA := a.Stat()
	infoB, errB := b.Stat()
	if err := errors.Join(errA, errB); err != nil {
		return false, err
	}
	return os.SameFile(infoA, infoB), nil
}

// errVolume means that a volume is not as it was closed.
var errVolume = errors.New("volume is damaged")

// lastOf reads from closed volumes where the chain goes on: the digest from their first record, the head from their last.
// Their records are not held against the chain here: that is what Verify is for.
func lastOf(all []closed) (Story, error) {
	if len(all) == 0 {
		return Story{}, nil
	}
	first, err := lineAt(all[0].path, func(l []byte) []byte { return l[:bytes.IndexByte(l, '\n')+1] }, io.SeekStart)
	if err != nil {
		return Story{}, err
	}
	begun, ok := first.Event.(JournalBegun)
	end := all[len(all)-1]
	last, err := lineAt(end.path, func(l []byte) []byte { return l[bytes.LastIndexByte(l[:max(0, len(l)-1)], '\n')+1:] }, io.SeekEnd)
	if err != nil {
		return Story{}, err
	}
	if !ok || first.No != 1 || last.No != end.last {
		return Story{}, fmt.Errorf("%w: %s begins with record %d and ends with %d", errVolume, filepath.Base(end.path), first.No, last.No)
	}
	return Story{Head: Head{No: last.No, Sum: last.Sum}, digest: begun.Digest}, nil
}

// lineAt reads one record at the beginning or the end of a volume; pick finds its line in so many bytes as a line may have.
func lineAt(file string, pick func([]byte) []byte, whence int) (Record, error) {
	f, err := os.Open(file)
	if err != nil {
		return Record{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Record{}, err
	}
	from := int64(0)
	if whence == io.SeekEnd {
		from = max(0, info.Size()-maxLine)
	}
	b := make([]byte, min(maxLine, info.Size()))
	if _, err := f.ReadAt(b, from); err != nil {
		return Record{}, err
	}
	r, _, err := parse(pick(b))
	if err != nil {
		return Record{}, fmt.Errorf("%w: %s: %w", errVolume, filepath.Base(file), err)
	}
	return r, nil
}

// due reports whether the file is to be closed before the record of a moment is written.
func (j *Journal) due(at time.Time) bool {
	return j.size > 0 && len(j.unclosed) == 0 && (j.size >= j.full || at.UTC().Year() > j.year)
}

// turn closes the file and begins the next. After an error the file stays as it is and goes on; closing is tried again
// with the next record.
func (j *Journal) turn() error {
	next, err := claim(filepath.Join(j.dir, nextFile), os.O_TRUNC)
	if err != nil {
		return fmt.Errorf("begin the next volume: %w", err)
	}
	name := volume(j.dir, j.head.No)
	if err = os.Link(path(j.dir), name); errors.Is(err, fs.ErrExist) {
		err = nil // from a turn that a power cut ended
	}
	// The old file must have its new name for good before it loses the old one.
	if err == nil {
		err = syncFolder(j.dir)
	}
	if err == nil {
		err = os.Rename(filepath.Join(j.dir, nextFile), path(j.dir))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("close volume: %w", err), next.Close())
	}
	before := j.file
	j.file, j.size = next, 0
	if err := syncFolder(j.dir); err != nil {
		j.broken = fmt.Errorf("close volume: %w", err) // after a power cut the new file's records might be gone
	}
	return errors.Join(j.broken, before.Close())
}

// claim opens a file for writing and keeps others from doing so until it is closed or the process ends, however it ends.
func claim(path string, flags int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|flags, 0o600)
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

// note keeps track of the acts under way, and of the year that the file is of.
func (j *Journal) note(no uint32, e Event, at time.Time) {
	if j.size == 0 {
		j.year = at.UTC().Year()
	}
	switch e := e.(type) {
	case Intent:
		j.unclosed = append(j.unclosed, no)
	case Outcome:
		j.unclosed = slices.DeleteFunc(j.unclosed, func(open uint32) bool { return open == e.closes() })
	}
}
