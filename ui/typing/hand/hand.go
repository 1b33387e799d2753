// Package hand reads one handwritten character by two recognisers at once: one that knows the order of strokes taught at
// school (zinnia), and one that only sees what was drawn (likeness). What the first is sure of it is mostly right about;
// what it does not know, because somebody writes in an order of their own, the second sees.
package hand

import (
	"cmp"
	"math"
	"slices"

	"yimen/ui/typing/ink"
	"yimen/ui/typing/likeness"
	"yimen/ui/typing/zinnia"
)

// Most is how many characters are offered.
const Most = 10

// Reader reads characters. It holds nothing of what it read; any number of goroutines may ask it.
type Reader struct {
	Looks *likeness.Index
	Order *zinnia.Model
}

// What the two say, in logarithms of how likely it is: found with the hands of penman.DevelopmentSeed.
const (
	perDistance = 1.0 / 130   // for each unit of likeness.Candidate.Distance
	perApart    = 1.0 / 0.007 // for each side of the box by which the lines lie apart
	perScore    = 1.3         // for each unit of zinnia's score above that of its eleventh
	surest      = 4           // is what the order of strokes may add at most: another order is no proof against
	unseen      = 0.3         // is what a character loses that does not look like the ink at all, below the last that does
)

const (
	looked  = 24 // candidates by looks
	ordered = 10 // candidates by order
)

// Read gives the characters that the ink may be in this field, the likeliest first, at most Most; none for no ink.
func (r *Reader) Read(raw ink.Ink, f Field) []rune {
	x := ink.Normalise(raw)
	scores := r.byLooks(x)
	r.addOrder(scores, x)
	for c := range scores {
		scores[c] += f.prior(c)
	}
	all := make([]rune, 0, len(scores))
	for c := range scores {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b rune) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b))
	})
	return all[:min(Most, len(all))]
}

func (r *Reader) byLooks(x ink.Ink) map[rune]float64 {
	scores := map[rune]float64{}
	for _, c := range r.Looks.Classify(x, looked) {
		scores[c.Character] = -c.Distance*perDistance - c.Apart*perApart
	}
	return scores
}

// addOrder adds how much likelier the order of strokes makes its best characters than its eleventh.
func (r *Reader) addOrder(scores map[rune]float64, x ink.Ink) {
	found := r.Order.Classify(x, ordered+1)
	if len(found) == 0 {
		return
	}
	last := 0.0
	for _, s := range scores {
		last = min(last, s)
	}
	floor := found[len(found)-1].Score
	for _, c := range found[:min(ordered, len(found))] {
		if _, seen := scores[c.Character]; !seen {
			scores[c.Character] = last - unseen
		}
		scores[c.Character] += min(surest, perScore*math.Max(0, c.Score-floor))
	}
}
