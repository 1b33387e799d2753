// Package upright tells which way up a page is from what is written on it: which way its lines run by the room between
// them, and where their feet are by the shapes of the characters, Chinese, Latin and digits, and of the marks between
// them, which stand low. It knows no language and reads nothing.
package upright

import (
	"image"
	"math"
)

// Guess is how the writing on a page seems to lie.
type Guess struct {
	Quarters  int     // turns clockwise, 0 to 3, that bring it upright
	Certainty float64 // 0 to 1; 0 where nothing tells
}

// Of looks at a straightened page that begins at 0, 0. For cards there is OfCard.
func Of(page *image.YCbCr) Guess {
	k := inkOf(page)
	k.withoutRules()
	along := k.along()
	quarters := 0
	if along < 0 {
		k, quarters = k.turned(), 1
	}
	up := k.upwards()
	if up < 0 {
		quarters += 2
	}
	return Guess{quarters, min(math.Abs(along)/allLines, math.Abs(up)/allFeet, 1)}
}

// Sure is the certainty from which on a page may be turned: of the papers of 260 scenes, a hundred of them never seen before,
// each lying in all four ways, not one that was as sure was wrong. allLines and allFeet are what the way of the lines, and the
// characters on them, tell where no doubt is left.
const (
	Sure     = 0.5
	allLines = 2.0
	allFeet  = 7.0
)

// A page has to have some characters, that their shapes tell anything; more than many tell nothing more.
const fewest, many = 8, 300

// upwards tells where the feet of the lines are that run across: positive below.
func (k ink) upwards() float64 {
	var said mean
	all := k.characters()
	step := (len(all) + many - 1) / many
	for i := 0; i < len(all); i += step {
		t := k.shape(all[i])
		said.add(t.stands())
	}
	if said.n < fewest {
		return 0
	}
	return said.errors()
}
