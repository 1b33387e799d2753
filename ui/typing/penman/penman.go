// Package penman writes characters as hands do: neatly, in any order of strokes, joining them, trembling, small in a
// corner. It is what recognisers of handwriting are developed and examined with. It is for tests only and shares nothing
// with any recogniser, not even the type of a point.
//
// The strokes are those of npm hanzi-writer-data, which are the middle lines of a printed hand in the order taught at
// school (Arphic Public License; derived from the fonts AR PL KaitiM by way of Make Me a Hanzi). They are a model of
// writing, not writing: how a recogniser fares with residents is known only after residents have written.
//
// Lengths are shares of the side of the box that is written into; x runs right, y down, both from 0 to 1.
package penman

import (
	"fmt"
	"math/rand/v2"
)

// Seeds of the hands. Who works on a recogniser looks at what the first writes and never at the second.
const (
	DevelopmentSeed uint64 = 1
	ExamSeed        uint64 = 1_000_000
)

// Point is one report of the touch panel.
type Point struct{ X, Y float64 }

// Stroke is what the finger did between down and up.
type Stroke []Point

// Hand is a way to write. What it does not name the seed decides, within what it does name.
type Hand struct {
	Name string

	Drift    float64 // standard deviation of a stroke's place
	Sway     float64 // height of slow waves along a stroke, standard deviation
	Tremor   float64 // standard deviation of each point, on its own
	Slant    float64 // greatest lean of the verticals, as a tangent, to either side
	Shuffled bool    // strokes in any order
	Joins    int     // so many times the finger stays down between two strokes
	Size     float64 // side of the box really used; 1 is all of it
}

// Hands are those that a recogniser is examined with, the neat one first.
func Hands() []Hand {
	neat := Hand{Drift: 0.01, Tremor: 0.002, Size: 1}
	named := func(name string, change func(*Hand)) Hand {
		h := neat
		h.Name = name
		change(&h)
		return h
	}
	return []Hand{
		named("neat", func(*Hand) {}),
		named("random order", func(h *Hand) { h.Shuffled = true }),
		named("two joined", func(h *Hand) { h.Joins = 1 }),
		named("tremor", func(h *Hand) { h.Tremor = 0.02 }),
		named("wobble", func(h *Hand) { h.Drift, h.Sway = 0.03, 0.03 }),
		named("slant", func(h *Hand) { h.Slant = 0.3 }),
		named("small in a corner", func(h *Hand) { h.Size = 0.5 }),
	}
}

// Write gives the character as this hand writes it with this seed: always the same for the same three.
func (h Hand) Write(b *Book, character rune, seed uint64) ([]Stroke, error) {
	strokes, err := b.Strokes(character)
	if err != nil {
		return nil, fmt.Errorf("write %c: %w", character, err)
	}
	r := rand.New(rand.NewPCG(seed, uint64(character)))
	for i := range strokes {
		strokes[i] = h.wobble(resample(strokes[i]), r)
	}
	if h.Shuffled {
		r.Shuffle(len(strokes), func(i, j int) { strokes[i], strokes[j] = strokes[j], strokes[i] })
	}
	for range h.Joins {
		strokes = join(strokes, r)
	}
	h.place(strokes, r)
	return strokes, nil
}

// Draw chooses n of the characters, or all if there are fewer, in an order of the seed's.
func Draw(characters []rune, n int, seed uint64) []rune {
	r := rand.New(rand.NewPCG(seed, 0))
	drawn := make([]rune, 0, n)
	for _, i := range r.Perm(len(characters)) {
		if len(drawn) == n {
			break
		}
		drawn = append(drawn, characters[i])
	}
	return drawn
}
