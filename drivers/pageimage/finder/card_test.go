package finder

import (
	"slices"
	"testing"
)

// TestOfACardThatWasSeenInPartTheWholeIsTried: whichever of its edges was missed, one of the quads that are tried is the card.
func TestOfACardThatWasSeenInPartTheWholeIsTried(t *testing.T) {
	const long, short = 158.6, 100.0
	card := quad{{0, 0}, {long, 0}, {long, short}, {0, short}}
	for name, part := range map[string]quad{
		"right part":  {{60, 0}, {long, 0}, {long, short}, {60, short}},
		"left part":   {{0, 0}, {90, 0}, {90, short}, {0, short}},
		"upper part":  {{0, 0}, {long, 0}, {long, 70}, {0, 70}},
		"too much":    {{0, 0}, {200, 0}, {200, short}, {0, short}},
		"lower part":  {{0, 30}, {long, 30}, {long, short}, {0, short}},
		"bed as well": {{0, -25}, {long, -25}, {long, short}, {0, short}},
	} {
		if !slices.ContainsFunc(part.cards(), func(q quad) bool { return q.distance(card) < 1 }) {
			t.Errorf("%s: %.0f", name, part.cards())
		}
	}
	for _, q := range card.cards() {
		if q.distance(card) < 1 {
			t.Errorf("the card itself is tried again: %.0f", q)
		}
	}
}
