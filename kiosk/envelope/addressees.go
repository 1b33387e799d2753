package envelope

import (
	"errors"
	"fmt"
)

// Addressees says who may open an envelope, by its kind. A kind that is closed to the usual addressees (a report
// about the street, which the street's own desk must not read) has others in their stead.
type Addressees struct {
	Usual  []Recipient
	Closed map[string][]Recipient // by kind
}

// For gives the recipients of a kind. A closed kind without a recipient is an error: it never falls back to the
// usual ones, from whom it is closed.
func (a Addressees) For(kind string) ([]Recipient, error) {
	to, closed := a.Closed[kind]
	if !closed {
		to = a.Usual
	}
	if len(to) == 0 {
		return nil, fmt.Errorf("addressees of kind %s: %w", kind, errNobody)
	}
	return to, nil
}

var errNobody = errors.New("nobody may open it")
