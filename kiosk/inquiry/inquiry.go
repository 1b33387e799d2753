// Package inquiry is what a visit asks of the bureau and what comes back. A visit proves the card or the slip with its
// code; the question goes up sealed to the bureau, and the answer comes down sealed to a key that is drawn for that one
// question and lives in the visit's memory. Whoever relays both can read neither. Pure: time and randomness are arguments.
package inquiry

import (
	"encoding/json"
	"errors"
	"fmt"

	"yimen/drivers/device"
)

// Kind says what is asked.
type Kind string

const (
	Progress Kind = "progress" // how the cases stand: Answer.Cases
	Draft    Kind = "draft"    // the application that was begun and parked: Answer.Body and Pages
	Staff    Kind = "staff"    // a member of the staff signs in
)

// Inquiry is one question.
type Inquiry struct {
	Kind  Kind
	Proof Proof
	Body  json.RawMessage // what the kind asks beyond the proof; nil for nothing
}

// Proof is what the visit proved: either the card that this terminal read, or a slip's number with its query code.
type Proof struct {
	Name   device.Personal // on the card
	Number device.Personal // of the identity card (GB 11643)
	SlipNo string
	Code   device.Personal // query code, eight digits
}

// Answer is what the bureau says.
type Answer struct {
	Outcome Outcome         `json:"outcome"`
	Cases   []Case          `json:"cases,omitempty"`  // Progress, the newest first
	Drafts  []Parked        `json:"drafts,omitempty"` // Progress: what was begun and parked, the newest first
	Body    json.RawMessage `json:"body,omitempty"`   // what the kind answers beyond that
	Pages   [][]byte        `json:"-"`                // pictures that Body refers to by their place
}

// Outcome is how the question ended.
type Outcome string

const (
	// Found: the proof holds, and there is something to tell.
	Found Outcome = "found"
	// Nothing: nothing is told to this proof. Whether the number does not exist, the code is wrong or there is no case is
	// not told apart, so that nobody learns which numbers exist.
	Nothing Outcome = "nothing"
	// Locked: too many wrong codes were tried with this slip's number; it is closed for a while, whether it exists or not.
	Locked Outcome = "locked"
	// Unable: the bureau cannot say now.
	Unable Outcome = "unable"
)

// ErrAsk: a question or an answer is not what this package writes.
var ErrAsk = errors.New("not an inquiry")

const format = 1

// asked is an Inquiry as it is written into what is sealed, and nowhere else.
type asked struct {
	Format  int             `json:"format"`
	Kind    Kind            `json:"kind"`
	Name    string          `json:"name,omitempty"`
	Number  string          `json:"number,omitempty"`
	SlipNo  string          `json:"slip_no,omitempty"`
	Code    string          `json:"code,omitempty"`
	Body    json.RawMessage `json:"body,omitempty"`
	ReplyTo string          `json:"reply_to"` // PEM of the public key that the answer is sealed to
}

func (q Inquiry) write(replyTo []byte) ([]byte, error) {
	b, err := json.Marshal(asked{
		Format: format, Kind: q.Kind, Name: q.Proof.Name.Reveal(), Number: q.Proof.Number.Reveal(), SlipNo: q.Proof.SlipNo,
		Code: q.Proof.Code.Reveal(), Body: q.Body, ReplyTo: string(replyTo),
	})
	if err != nil {
		return nil, fmt.Errorf("write inquiry: %w", err)
	}
	return b, nil
}

func readAsked(body []byte) (Inquiry, []byte, error) {
	var a asked
	if err := json.Unmarshal(body, &a); err != nil {
		return Inquiry{}, nil, fmt.Errorf("%w: %w", ErrAsk, err)
	}
	if a.Format != format || a.Kind == "" {
		return Inquiry{}, nil, fmt.Errorf("%w: format %d, kind %q", ErrAsk, a.Format, a.Kind)
	}
	proof := Proof{Name: device.Personal(a.Name), Number: device.Personal(a.Number), SlipNo: a.SlipNo, Code: device.Personal(a.Code)}
	return Inquiry{Kind: a.Kind, Proof: proof, Body: a.Body}, []byte(a.ReplyTo), nil
}
