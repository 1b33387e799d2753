package journeytest

import (
	"fmt"
	"strings"
	"time"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
)

// Transcript is what happened at a terminal, one move after the other.
type Transcript []Move

// Move is one thing that happened: a touch, what came of an effect, or that time passed.
type Move struct {
	Screen  view.Screen   // on which it happened
	Covered bool          // something lay over the screen
	After   time.Duration // since the move before
	Is      journey.Happening
}

// Play lets moves happen again, on the screens on which they happened: touches are made on what is shown now, and pages are
// cut out of the frames of now.
func (h *Hands) Play(moves ...Move) view.View {
	h.T.Helper()
	for i, m := range moves {
		v, is := h.View(), m.Is
		if v.Screen != m.Screen {
			h.T.Fatalf("move %d (%s) meets %s", i, m, v.Screen)
		}
		switch it := is.(type) {
		case journey.Touch:
			it.Visit, it.Seq = v.Visit, v.Seq
			is = it
		case journey.PageMade:
			if wanted := Every[journey.MakePage](h); len(wanted) > 0 {
				it.Frame = wanted[len(wanted)-1].Frame
			}
			is = it
		}
		h.after(m.After, is)
	}
	return h.View()
}

// String gives a line for each move, without what anybody said.
func (t Transcript) String() string {
	var b strings.Builder
	for _, m := range t {
		fmt.Fprintf(&b, "%s\n", m)
	}
	return b.String()
}

func (m Move) String() string {
	at := string(m.Screen)
	if m.Covered {
		at += " (covered)"
	}
	if t, ok := m.Is.(journey.Touch); ok {
		return fmt.Sprintf("%s: %s", at, t.Do)
	}
	return fmt.Sprintf("%s: %s", at, strings.TrimPrefix(fmt.Sprintf("%T", m.Is), "journey."))
}
