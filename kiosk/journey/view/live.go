package view

import "yimen/drivers/device"

// Guide is what stands over the live picture at one moment: it is shown as it comes, beside the Views.
type Guide struct {
	Quad device.Quad // where the page's corners are seen; zero where no page is
	Hint string      // id of the one phrase on what to do
	Held float64     // how much of the waiting before an automatic shot is over, 0 to 1; 0 where none is coming
}

// The ids of what is said over the live picture. What keeps a page from being good is said by FlawHint.
const (
	HintStill = "hint.still" // good: hold it so
	HintSame  = "hint.same"  // this page was taken already, lay down the next
	HintAgain = "hint.again" // this page is to be taken again: lay it better, or take it by hand
	HintLeft  = "hint.left"  // move the page to the left
	HintRight = "hint.right"
	HintAway  = "hint.away" // away from oneself, to the picture's top
	HintNear  = "hint.near"
)

// FlawHint is the id of the phrase that says what to do about a flaw.
func FlawHint(f device.Flaw) string { return "hint." + string(f) }

// Hints lists the ids of all that a Guide may say.
func Hints() []string {
	ids := []string{HintStill, HintSame, HintAgain, HintLeft, HintRight, HintAway, HintNear}
	for _, f := range device.Flaws() {
		ids = append(ids, FlawHint(f))
	}
	return ids
}
