package penman

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Folder is where the Makefile puts the strokes, seen from this package.
const Folder = "strokes/node_modules/hanzi-writer-data"

// ErrNoStrokes says that the book does not have a character.
var ErrNoStrokes = errors.New("no strokes known")

// Bounds of what is taken for a character: among the 9,574, 9 kB, 33 strokes and 38 points in one are the most.
const (
	mostBytes   = 1 << 18
	mostStrokes = 100
	mostPoints  = 1000
)

// The source's box is 1024 wide and high; its y runs up, and the top is 900.
const (
	side = 1024
	top  = 900
)

// Book knows the strokes of characters. It reads a file for each question and keeps nothing.
type Book struct{ dir string }

// Open opens the book in the folder of hanzi-writer-data. It fails if there is none.
func Open(dir string) (*Book, error) {
	if _, err := os.Stat(filepath.Join(dir, "ARPHICPL.TXT")); err != nil {
		return nil, fmt.Errorf("open the book of strokes (make install-test installs it): %w", err)
	}
	return &Book{dir}, nil
}

// Characters are those that the book knows, in the order of their code points.
func (b *Book) Characters() ([]rune, error) {
	files, err := os.ReadDir(b.dir)
	if err != nil {
		return nil, fmt.Errorf("list the book of strokes: %w", err)
	}
	var all []rune
	for _, file := range files {
		name, ok := strings.CutSuffix(file.Name(), ".json")
		if r, size := utf8.DecodeRuneInString(name); ok && size > 1 && size == len(name) {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	return all, nil
}

// Strokes gives a character's strokes in the order of school, or ErrNoStrokes.
func (b *Book) Strokes(character rune) ([]Stroke, error) {
	file, err := os.Open(filepath.Join(b.dir, string(character)+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoStrokes
	}
	if err != nil {
		return nil, fmt.Errorf("read strokes: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, mostBytes))
	if err != nil {
		return nil, fmt.Errorf("read strokes: %w", err)
	}
	return parse(data)
}

// parse reads one file of the source: its medians, a list of points for each stroke.
func parse(data []byte) ([]Stroke, error) {
	var entry struct {
		Medians [][][2]float64 `json:"medians"`
	}
	if err := json.Unmarshal(data, &entry); err != nil {
		return nil, fmt.Errorf("parse strokes: %w", err)
	}
	if n := len(entry.Medians); n == 0 || n > mostStrokes {
		return nil, fmt.Errorf("parse strokes: %d of them", n)
	}
	strokes := make([]Stroke, len(entry.Medians))
	for i, median := range entry.Medians {
		if n := len(median); n == 0 || n > mostPoints {
			return nil, fmt.Errorf("parse strokes: stroke %d has %d points", i, n)
		}
		for _, p := range median {
			at := Point{p[0] / side, (top - p[1]) / side}
			if at.X < -1 || at.X > 2 || at.Y < -1 || at.Y > 2 {
				return nil, fmt.Errorf("parse strokes: stroke %d leaves the box at %v", i, p)
			}
			strokes[i] = append(strokes[i], at)
		}
	}
	return strokes, nil
}
