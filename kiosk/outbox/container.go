package outbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// An entry's file:
//
//	8 bytes   magic
//	4 bytes   length of the index, big-endian
//	index     JSON: id, kind, time, and length and CRC-32C of each section
//	4 bytes   CRC-32C of the index
//	sections  list, signature, part 0, part 1, … without gaps, to the end of the file
//
// The checksums tell a torn file from a whole one. Against malice stand the signature and the seals, which
// the receiving end checks.
const (
	magic        = "yimenbx1"
	maxIndexSize = 1 << 20 // bytes
)

var (
	// errDamaged means that a file is not as it was written.
	errDamaged = errors.New("entry file is damaged")
	// errMissing is a file damaged altogether.
	errMissing = fmt.Errorf("%w: it is missing", errDamaged)
)

type index struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	PutAt    time.Time `json:"put_at"`
	Sections []section `json:"sections"`
}

type section struct {
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc32c"`
}

// crcTable is Castagnoli's polynomial, which processors compute by themselves.
var crcTable = crc32.MakeTable(crc32.Castagnoli)

// writeContainer makes the file at path, whole and lasting or not at all, and gives its size in bytes.
func writeContainer(path string, it Item, at time.Time) (size int64, err error) {
	tmp := strings.TrimSuffix(path, entrySuffix) + tmpSuffix
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	size, err = writeSections(f, it, at)
	if err == nil {
		err = syncData(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, errors.Join(err, os.Remove(tmp))
	}
	if err := os.Rename(tmp, path); err != nil {
		return 0, errors.Join(err, os.Remove(tmp))
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return 0, errors.Join(err, discard(path))
	}
	return size, nil
}

// discard takes back a file that is in place but whose Put fails, so that no power cut brings it back.
func discard(path string) error {
	return errors.Join(os.Remove(path), syncFolder(filepath.Dir(path)))
}

func writeSections(w io.Writer, it Item, at time.Time) (size int64, err error) {
	sections := append([][]byte{it.List, it.Signature}, it.Parts...)
	x := index{ID: it.ID, Kind: it.Kind, PutAt: at.UTC()}
	for _, s := range sections {
		x.Sections = append(x.Sections, section{int64(len(s)), crc32.Checksum(s, crcTable)})
	}
	b, err := json.Marshal(x)
	if err != nil {
		return 0, err
	}
	if len(b) > maxIndexSize {
		return 0, fmt.Errorf("index of %d bytes, at most %d", len(b), maxIndexSize)
	}
	head := binary.BigEndian.AppendUint32([]byte(magic), uint32(len(b)))
	head = binary.BigEndian.AppendUint32(append(head, b...), crc32.Checksum(b, crcTable))
	for _, s := range append([][]byte{head}, sections...) {
		n, err := w.Write(s)
		size += int64(n)
		if err != nil {
			return size, err
		}
	}
	return size, nil
}

// readIndex reads the beginning of a file of the given size. It answers where the sections begin, and
// errDamaged if the file cannot be what writeContainer made.
func readIndex(r io.ReaderAt, size int64) (x index, start int64, err error) {
	head := make([]byte, len(magic)+4)
	if err := readAt(r, head, 0); err != nil {
		return x, 0, err
	}
	length := binary.BigEndian.Uint32(head[len(magic):])
	if string(head[:len(magic)]) != magic || length > maxIndexSize {
		return x, 0, fmt.Errorf("%w: no index", errDamaged)
	}
	b := make([]byte, length+4)
	if err := readAt(r, b, int64(len(head))); err != nil {
		return x, 0, err
	}
	b, sum := b[:length], binary.BigEndian.Uint32(b[length:])
	if crc32.Checksum(b, crcTable) != sum {
		return x, 0, fmt.Errorf("%w: index", errDamaged)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		return x, 0, fmt.Errorf("%w: index: %v", errDamaged, err)
	}
	start = int64(len(head)) + int64(length) + 4
	left := size - start
	for _, s := range x.Sections {
		if s.Size < 0 || s.Size > left {
			return x, 0, fmt.Errorf("%w: file is cut", errDamaged)
		}
		left -= s.Size
	}
	if left != 0 || len(x.Sections) < 3 || !idPattern.MatchString(x.ID) || x.Kind == "" {
		return x, 0, fmt.Errorf("%w: index does not fit the file", errDamaged)
	}
	return x, start, nil
}

// readAt fills b, and tells a file that is too short from one that cannot be read.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: file is cut", errDamaged)
	}
	return err
}

// Entry is one entry on its way out. It and its parts are valid until the courier returns.
type Entry struct {
	index     index
	from      io.ReaderAt
	offsets   []int64 // where each section begins
	list      []byte
	signature []byte
	close     func() error
}

// openEntry opens the file at path; the caller closes the entry.
func openEntry(path string) (_ *Entry, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errMissing
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	e, err := readEntry(f, info.Size())
	if err != nil {
		return nil, err
	}
	if e.ID()+entrySuffix != filepath.Base(path) {
		return nil, fmt.Errorf("%w: holds entry %s", errDamaged, e.ID())
	}
	e.close = f.Close
	return e, nil
}

// readEntry reads all of a file of the given size but its parts.
func readEntry(r io.ReaderAt, size int64) (*Entry, error) {
	x, at, err := readIndex(r, size)
	if err != nil {
		return nil, err
	}
	e := &Entry{index: x, from: r}
	for _, s := range x.Sections {
		e.offsets = append(e.offsets, at)
		at += s.Size
	}
	if e.list, err = e.section(0); err != nil {
		return nil, err
	}
	if e.signature, err = e.section(1); err != nil {
		return nil, err
	}
	return e, nil
}

// ID is the id under which the entry was put.
func (e *Entry) ID() string { return e.index.ID }

// Kind is the kind under which the entry was put.
func (e *Entry) Kind() string { return e.index.Kind }

// List is the envelope's list as it was put. It is not to be changed.
func (e *Entry) List() []byte { return e.list }

// Signature is the list's signature as it was put. It is not to be changed.
func (e *Entry) Signature() []byte { return e.signature }

// Part gives the bytes of part no and their count. Several parts may be open at once.
func (e *Entry) Part(no int) (io.ReadSeekCloser, int64, error) {
	if no < 0 || no+2 >= len(e.offsets) {
		return nil, 0, fmt.Errorf("part %d of entry %s: it has %d", no, e.ID(), len(e.offsets)-2)
	}
	size := e.index.Sections[no+2].Size
	return partReader{io.NewSectionReader(e.from, e.offsets[no+2], size)}, size, nil
}

// partReader reads through the entry's own file, which is closed after the last part.
type partReader struct{ *io.SectionReader }

func (partReader) Close() error { return nil }

// section reads one section whole and holds it against its checksum.
func (e *Entry) section(no int) ([]byte, error) {
	s := e.index.Sections[no]
	b := make([]byte, s.Size)
	if err := readAt(e.from, b, e.offsets[no]); err != nil {
		return nil, err
	}
	if crc32.Checksum(b, crcTable) != s.CRC {
		return nil, fmt.Errorf("%w: section %d", errDamaged, no)
	}
	return b, nil
}

// check holds every section against its checksum.
func (e *Entry) check() error {
	for no := range e.index.Sections {
		if _, err := e.section(no); err != nil {
			return err
		}
	}
	return nil
}
