package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"yimen/ui"
	"yimen/ui/typing/hand"
	"yimen/ui/typing/ink"
	"yimen/ui/typing/likeness"
	"yimen/ui/typing/zinnia"
)

// indexName is the file that says what characters look like, which make build learns from the fonts. It lies beside the
// program.
const indexName = "handwriting.index"

// pen reads handwriting for the screen.
type pen struct{ reader hand.Reader }

// openHand opens both recognisers. Without them residents are told to use the keys, and all else works: nil.
func openHand(log *slog.Logger) ui.Hand {
	p, err := openPen()
	if err != nil {
		log.Warn("handwriting is not read", "err", err)
		return nil
	}
	return p
}

func openPen() (*pen, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find what characters look like: %w", err)
	}
	looks, err := likeness.Open(filepath.Join(filepath.Dir(program), indexName))
	if err != nil {
		return nil, err
	}
	order, err := zinnia.Open(zinnia.File)
	if err != nil {
		return nil, err
	}
	return &pen{hand.Reader{Looks: looks, Order: order}}, nil
}

// Read implements ui.Hand.
func (p *pen) Read(strokes [][]ui.Point, kind, before string) []string {
	x := make(ink.Ink, len(strokes))
	for i, s := range strokes {
		for _, at := range s {
			x[i] = append(x[i], ink.Point{X: at.X, Y: at.Y})
		}
	}
	var found []string
	for _, c := range p.reader.Read(x, hand.Field{Kind: hand.Kind(kind), Before: before}) {
		found = append(found, string(c))
	}
	return found
}
