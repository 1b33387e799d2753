package letter

import (
	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
)

// Parked is the record of a draft: an application that was begun, with what was given so far. Signatures are not parked: whoever goes on reads and signs again.
type Parked struct {
	Item    string         `json:"item"`    // code
	Until   household.Date `json:"until"`   // the last day on which it is given out
	Number  Text           `json:"number"`  // of the card of the person who applies: only that card goes on
	Answers []ParkedAnswer `json:"answers"` // in the order of the form
	Later   []string       `json:"later"`   // codes of materials that will be brought
	Pages   []dossier.Page `json:"pages"`   // without their pictures, which are the letter's parts
}

// ParkedAnswer is one answer as it was given.
type ParkedAnswer struct {
	Key    string `json:"key"`   // household.Key
	Known  bool   `json:"known"` // false for 不清楚
	Number int64  `json:"number,omitempty"`
	Code   string `json:"code,omitempty"`
	Text   Text   `json:"text,omitempty"`
}

func (Parked) Kind() Kind   { return Draft }
func (Parked) Version() int { return 1 }
