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
	Drafts *Drafts // nil where nothing is parked
	Tries  *Tries
}

// Answer gives the cases of the card's holder, or the one of the slip.
func (p Progress) Answer(ctx context.Context, q inquiry.Question) (inquiry.Answer, error) {
	proof, outcome := proofOf(q.Proof, p.Tries)
	if outcome != inquiry.Found {
		return inquiry.Answer{Outcome: outcome}, nil
	}
	told := inquiry.Answer{Outcome: inquiry.Found, Cases: p.Docket.Of(proof)}
	if p.Drafts != nil {
		drafts, err := p.Drafts.list(ctx, proof, told.Cases)
		if err != nil {
			return inquiry.Answer{}, err
		}
		told.Drafts = drafts
	}
	found := len(told.Cases)+len(told.Drafts) > 0
	settle(p.Tries, proof, found)
	if !found {
		return inquiry.Answer{Outcome: inquiry.Nothing}, nil
	}
	return told, nil
}

// proofOf takes what the visit proved, the slip where both came; another outcome than Found says why not.
func proofOf(p inquiry.Proof, tries *Tries) (inquiry.Proof, inquiry.Outcome) {
	switch {
	case p.Number != "" && p.SlipNo == "":
		return inquiry.Proof{Number: p.Number}, inquiry.Found
	case p.SlipNo == "" || !number.Valid(p.SlipNo):
		return inquiry.Proof{}, inquiry.Nothing
	case tries.Closed(p.SlipNo):
		return inquiry.Proof{}, inquiry.Locked
	}
	return inquiry.Proof{SlipNo: p.SlipNo, Code: p.Code}, inquiry.Found
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
