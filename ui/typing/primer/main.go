// Command primer draws the characters of the fonts, learns what they look like, and writes the index by which the
// terminal reads handwriting (ui/typing/likeness). It is run when the software is built; the same fonts give the same
// bytes.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"yimen/kiosk/typeface"
	"yimen/ui/typing/likeness"
	"yimen/ui/typing/shape"
	"yimen/ui/typing/skeleton"
)

// The characters that are learned: the first block of Chinese characters in Unicode, which holds all of GB 2312, the
// traditional forms, and the rare ones of names but for some that are reached by their strokes.
const first, last = 0x4E00, 0x9FFF

func main() {
	out := flag.String("o", "bin/handwriting.index", "the file to write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *out); err != nil {
		fmt.Fprintln(os.Stderr, "primer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string) error {
	faces, err := typeface.Load(typeface.Config{})
	if err != nil {
		return err
	}
	defer faces.Close()
	var characters []rune
	for r := rune(first); r <= last; r++ {
		characters = append(characters, r)
	}
	index, err := likeness.Train(ctx, characters, drawn(faces), func(done int) {
		fmt.Fprintf(os.Stderr, "\rlearning characters from fonts: %d of %d", done, len(characters))
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	return write(out, index)
}

// drawn draws a character in print without and with serifs; characters that neither font has are not learned.
func drawn(faces *typeface.Faces) likeness.Drawn {
	return func(r rune) ([][]shape.Dot, error) {
		var all [][]shape.Dot
		for _, style := range []typeface.Style{typeface.Sans, typeface.Serif} {
			o, err := faces.Outline(style, r)
			if err != nil {
				return nil, err
			}
			if o.Font != "" {
				all = append(all, skeleton.Dots(o))
			}
		}
		return all, nil
	}
}

// write leaves either the whole index or what was there before.
func write(out string, index *likeness.Index) error {
	f, err := os.CreateTemp(filepath.Dir(out), ".primer-*")
	if err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := index.Write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	if err := os.Rename(f.Name(), out); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	return nil
}
