package zinnia

import (
	"cmp"
	"slices"

	"yimen/ui/typing/ink"
)

// Candidate is a character that the ink may be. Scores of one answer can be compared, and those of two cannot.
type Candidate struct {
	Character rune
	Score     float64
}

// Characters are those that the model knows, in its own order.
func (m *Model) Characters() []rune { return slices.Clone(m.characters) }

// Classify gives the most likely characters, the likeliest first, at most so many; none for ink without strokes. It
// expects ink within a box with sides from 0 to 1, as ink.Normalise gives it, and looks at what is beyond its limits as
// little as that does. Strokes count in their order: what is written in another order than at school it often does not know.
func (m *Model) Classify(x ink.Ink, most int) []Candidate {
	found := featuresOf(x)
	if len(found) == 0 || most <= 0 {
		return nil
	}
	values := make([]float32, len(m.features))
	for number, value := range found {
		if column, ok := m.features[number]; ok {
			values[column] = value
		}
	}
	all := make([]Candidate, len(m.characters))
	begin := 0
	for i, end := range m.ends {
		sum := 0.0
		columns, weights := m.columns[begin:end], m.weights[begin:end]
		for k, column := range columns {
			sum += float64(weights[k] * values[column])
		}
		all[i] = Candidate{m.characters[i], float64(m.biases[i]) + sum}
		begin = end
	}
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return slices.Clone(all[:min(most, len(all))])
}
