package journey

// needless is a Stage that may have nothing to do, such as signing where no document is to be signed. The visit
// passes it by, in both directions.
type needless interface {
	Needless(c *Course) bool
}

// past gives the next step in a direction, 1 or -1, that has something to do.
func (s *State) past(by int) int {
	to := s.at + by
	for ; to >= 0 && to < len(s.steps); to += by {
		if n, ok := s.steps[to].(needless); !ok || !n.Needless(s.course) {
			break
		}
	}
	return to
}
