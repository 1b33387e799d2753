package answers

import (
	"context"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/slip/number"
)

// Docket knows the cases. *docket.Book is one. It answers an empty list where the proof does not hold or there is no case,
// in a time that tells neither.
type Docket interface {
	Of(p inquiry.Proof) []inquiry.Case
}

// Progress tells how cases stand.
type Progress struct {
	Docket Docket
	Tries  *Tries
}

// Answer gives the cases of the card's holder, or the one of the slip.
func (p Progress) Answer(ctx context.Context, q inquiry.Question) (inquiry.Answer, error) {
	if outcome := may(q.Proof, p.Tries); outcome != inquiry.Found {
		return inquiry.Answer{Outcome: outcome}, nil
	}
	cases := p.Docket.Of(q.Proof)
	settle(p.Tries, q.Proof, len(cases) > 0)
	if len(cases) == 0 {
		return inquiry.Answer{Outcome: inquiry.Nothing}, nil
	}
	return inquiry.Answer{Outcome: inquiry.Found, Cases: cases}, nil
}

// may tells whether what the visit proved is looked up; another outcome than Found says why not.
func may(p inquiry.Proof, tries *Tries) inquiry.Outcome {
	switch {
	case p.Number != "" && p.SlipNo == "":
		return inquiry.Found
	case p.SlipNo == "" || !number.Valid(p.SlipNo):
		return inquiry.Nothing
	case tries.Closed(p.SlipNo):
		return inquiry.Locked
	}
	return inquiry.Found
}

// settle counts how a proof by code ended.
func settle(tries *Tries, p inquiry.Proof, held bool) {
	switch {
	case p.SlipNo == "":
	case held:
		tries.Passed(p.SlipNo)
	default:
		tries.Failed(p.SlipNo)
	}
}
