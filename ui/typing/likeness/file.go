package likeness

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"unicode/utf8"

	"yimen/ui/typing/overlay"
	"yimen/ui/typing/shape"
)

// ErrIndex says that a file is no index that this package reads.
var ErrIndex = errors.New("not an index of what characters look like")

// The file: magic, the number of drawings as a little-endian uint32, the unit and the axes as float32; then of all drawings
// the characters as uint32, the numbers, the packed dots as uint16.
const (
	magic        = "yimen likeness 1\n"
	mostDrawings = 1 << 18
)

// Write writes the index so that Read gives it again.
func (x *Index) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(magic); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	for _, part := range []any{uint32(len(x.characters)), x.unit, x.axes, x.characters, x.numbers, x.drawings} {
		if err := binary.Write(out, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("write the index: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	return nil
}

// Open reads the index in a file.
func Open(file string) (*Index, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open the index of characters: %w", err)
	}
	defer f.Close()
	return Read(bufio.NewReaderSize(f, 1<<16))
}

// Read reads an index to its end. What it refuses is ErrIndex, or the reader's own error. It takes memory for what is
// really there, and never more than 128 MiB.
func Read(r io.Reader) (*Index, error) {
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, broken(err)
	}
	if string(head) != magic {
		return nil, fmt.Errorf("%w: it begins otherwise", ErrIndex)
	}
	var n uint32
	x := &Index{axes: make([]float32, shape.Size*Axes)}
	for _, part := range []any{&n, &x.unit, x.axes} {
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return nil, broken(err)
		}
	}
	if n == 0 || n > mostDrawings {
		return nil, fmt.Errorf("%w: %d drawings", ErrIndex, n)
	}
	if !(x.unit > 0) || !finite(x.unit) {
		return nil, fmt.Errorf("%w: its unit is %v", ErrIndex, x.unit)
	}
	for _, v := range x.axes {
		if !finite(v) {
			return nil, fmt.Errorf("%w: an axis holds %v", ErrIndex, v)
		}
	}
	if err := x.readDrawings(r, int(n)); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(r, head[:1]); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows it", ErrIndex)
	}
	return x, nil
}

// readDrawings reads in pieces, so that a file which only says that it is large takes no memory.
func (x *Index) readDrawings(r io.Reader, n int) error {
	for len(x.characters) < n {
		some := make([]rune, min(piece, n-len(x.characters)))
		if err := binary.Read(r, binary.LittleEndian, some); err != nil {
			return broken(err)
		}
		for _, c := range some {
			if k := len(x.characters); !utf8.ValidRune(c) || k > 0 && c < x.characters[k-1] {
				return fmt.Errorf("%w: %#x is no character, or out of order", ErrIndex, uint32(c))
			}
			x.characters = append(x.characters, c)
		}
	}
	var err error
	if x.numbers, err = readAll[int8](r, n*Axes, piece*Axes); err != nil {
		return err
	}
	x.drawings, err = readAll[overlay.Drawing](r, n, piece)
	return err
}

const piece = 4096

// readAll reads n of a kind, at most so many at a time.
func readAll[T any](r io.Reader, n, most int) ([]T, error) {
	var all []T
	for len(all) < n {
		some := make([]T, min(most, n-len(all)))
		if err := binary.Read(r, binary.LittleEndian, some); err != nil {
			return nil, broken(err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// broken makes the end of the file the file's fault.
func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut off", ErrIndex)
	}
	return fmt.Errorf("read the index of characters: %w", err)
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
