// Package zinnia recognises handwritten characters with a model of Zinnia's, a recogniser by Taku Kudo (BSD licence): a
// linear classifier for each character over features of the strokes, in the order of writing. Its library ends the process
// that gives it a scribble; this package reads the same models and answers anything.
//
// The model for Chinese is Debian's tegaki-zinnia-simplified-chinese (LGPL-2.1+, made from the Tomoe project's data): the
// 6,763 characters of GB 2312 and no others.
package zinnia

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// File is where Debian's package puts the model.
const File = "/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model"

// ErrModel says that a file is no model that this package reads.
var ErrModel = errors.New("not a zinnia model")

// Bounds of what is taken for a model. Debian's has 27 MB, 6,763 characters and some thousand different features.
const (
	mostBytes      = 64 << 20
	mostCharacters = 1 << 16
	mostFeatures   = 1 << 16 // as many as a uint16 can name
)

// The file's format, as Zinnia 0.06 writes it (trainer.cpp) and reads it (recognizer.cpp): little-endian words, namely the
// file's length under a mask, the version, the number of characters; then for each its UTF-8 in 16 bytes, a bias and
// pairs of a feature's number and its weight, numbers ascending, ended by the number -1.
const (
	lengthMask   = 0xEF71821
	version      = 1
	headerBytes  = 12
	nameBytes    = 16
	leastBytes   = nameBytes + 4 + 8 // of a character without features
	endOfNumbers = 0xFFFFFFFF
)

// Model recognises characters. It is never changed once read, so that any number of goroutines may ask it. Debian's takes
// about 20 MB.
type Model struct {
	characters []rune
	biases     []float32
	ends       []int // where each character's weights end; they begin where those of the one before end

	columns  []uint16          // of each weight: which of the features it weighs
	weights  []float32         // as many
	features map[uint32]uint16 // a feature's number in the file, and its column
}

// Open reads the model in a file.
func Open(file string) (*Model, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open the handwriting model: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the handwriting model: %w", err)
	}
	return Read(f, info.Size())
}

// Read reads a model of that many bytes. What it refuses is ErrModel, or the reader's own error. It takes memory in
// proportion to the size given, and never for more than 64 MiB.
func Read(r io.Reader, size int64) (*Model, error) {
	if size < headerBytes || size > mostBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrModel, size)
	}
	words := &words{in: bufio.NewReaderSize(r, 1<<16), left: size}
	if length := words.next() ^ lengthMask; words.err == nil && int64(length) != size {
		return nil, fmt.Errorf("%w: it says it has %d bytes, and has %d", ErrModel, length, size)
	}
	if v := words.next(); words.err == nil && v != version {
		return nil, fmt.Errorf("%w: version %d", ErrModel, v)
	}
	count := int64(words.next())
	if words.err != nil {
		return nil, words.err
	}
	if count == 0 || count > mostCharacters || count > (size-headerBytes)/leastBytes {
		return nil, fmt.Errorf("%w: %d characters in %d bytes", ErrModel, count, size)
	}
	most := (size - headerBytes - count*leastBytes) / 8
	m := &Model{
		columns:  make([]uint16, 0, most),
		weights:  make([]float32, 0, most),
		features: make(map[uint32]uint16),
	}
	known := make(map[rune]bool)
	for range count {
		if err := m.readCharacter(words); err != nil {
			return nil, err
		}
		last := m.characters[len(m.characters)-1]
		if known[last] {
			return nil, fmt.Errorf("%w: U+%04X comes twice", ErrModel, last)
		}
		known[last] = true
	}
	if words.left != 0 {
		return nil, fmt.Errorf("%w: %d bytes after the last character", ErrModel, words.left)
	}
	return m, nil
}

// readCharacter reads a character, its bias and its weights.
func (m *Model) readCharacter(w *words) error {
	var name [nameBytes]byte
	w.fill(name[:])
	bias := w.number()
	if w.err != nil {
		return w.err
	}
	text := strings.TrimRight(string(name[:]), "\x00")
	character, length := utf8.DecodeRuneInString(text)
	if length != len(text) || character == utf8.RuneError || !unicode.IsGraphic(character) {
		return fmt.Errorf("%w: %q is not a character", ErrModel, text)
	}
	for before := int64(-1); ; {
		feature, weight := w.next(), w.number()
		if w.err != nil {
			return w.err
		}
		if feature == endOfNumbers {
			break
		}
		if int64(feature) <= before || feature > math.MaxInt32 {
			return fmt.Errorf("%w: feature %d after feature %d", ErrModel, feature, before)
		}
		before = int64(feature)
		column, ok := m.features[feature]
		if !ok {
			if len(m.features) == mostFeatures {
				return fmt.Errorf("%w: more than %d features", ErrModel, mostFeatures)
			}
			column = uint16(len(m.features))
			m.features[feature] = column
		}
		m.columns, m.weights = append(m.columns, column), append(m.weights, weight)
	}
	m.characters, m.biases, m.ends = append(m.characters, character), append(m.biases, bias), append(m.ends, len(m.weights))
	return nil
}

// words reads a file of known length by words of four bytes; after the first error it gives noughts.
type words struct {
	in   io.Reader
	left int64 // bytes
	err  error
}

func (w *words) fill(b []byte) {
	if w.err != nil {
		return
	}
	if w.left -= int64(len(b)); w.left < 0 {
		w.err = fmt.Errorf("%w: it ends within a character", ErrModel)
		return
	}
	if _, err := io.ReadFull(w.in, b); err != nil {
		if errors.Is(err, io.EOF) { // between two words, yet within what the size promised
			err = io.ErrUnexpectedEOF
		}
		w.err = fmt.Errorf("read the handwriting model: %w", err)
	}
}

func (w *words) next() uint32 {
	var b [4]byte
	w.fill(b[:])
	return binary.LittleEndian.Uint32(b[:])
}

func (w *words) number() float32 {
	f := math.Float32frombits(w.next())
	if v := float64(f); w.err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		w.err = fmt.Errorf("%w: a weight is %v", ErrModel, f)
	}
	return f
}
