package answers

import (
	"context"
	"encoding/json"
	"fmt"

	"yimen/kiosk/inquiry"
	"yimen/kiosk/slip/number"
	"yimen/provisioning/hub/docket"
)

// Docket knows the cases. *docket.Docket is one. It answers an empty list where the proof does not hold or there is no
// case, in a time that tells neither.
type Docket interface {
	Of(ctx context.Context, p docket.Proof) ([]docket.CaseView, error)
}

// Progress tells how cases stand.
type Progress struct {
	Docket Docket
	Tries  *Tries
}

// Answer gives the cases of the card's holder, or the one of the slip.
func (p Progress) Answer(ctx context.Context, q inquiry.Question) (inquiry.Answer, error) {
	proof, outcome := proofOf(q.Proof, p.Tries)
	if outcome != inquiry.Found {
		return inquiry.Answer{Outcome: outcome}, nil
	}
	views, err := p.Docket.Of(ctx, proof)
	if err != nil {
		return inquiry.Answer{}, fmt.Errorf("docket: %w", err)
	}
	settle(p.Tries, proof, len(views) > 0)
	if len(views) == 0 {
		return inquiry.Answer{Outcome: inquiry.Nothing}, nil
	}
	cases, err := casesOf(views)
	return inquiry.Answer{Outcome: inquiry.Found, Cases: cases}, err
}

// proofOf takes what the visit proved; another outcome than Found says why not.
func proofOf(p inquiry.Proof, tries *Tries) (docket.Proof, inquiry.Outcome) {
	switch {
	case p.Number != "" && p.SlipNo == "":
		return docket.Proof{Number: p.Number}, inquiry.Found
	case p.SlipNo == "" || !number.Valid(p.SlipNo):
		return docket.Proof{}, inquiry.Nothing
	case tries.Closed(p.SlipNo):
		return docket.Proof{}, inquiry.Locked
	}
	return docket.Proof{SlipNo: p.SlipNo, QueryCode: p.Code.Reveal()}, inquiry.Found
}

// settle counts how a proof by code ended.
func settle(tries *Tries, p docket.Proof, held bool) {
	switch {
	case p.SlipNo == "":
	case held:
		tries.Passed(p.SlipNo)
	default:
		tries.Failed(p.SlipNo)
	}
}

// casesOf gives the docket's views as the terminal reads them: what it does not know stays here.
func casesOf(views []docket.CaseView) ([]inquiry.Case, error) {
	b, err := json.Marshal(views)
	if err != nil {
		return nil, fmt.Errorf("write cases: %w", err)
	}
	var cases []inquiry.Case
	if err := json.Unmarshal(b, &cases); err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	return cases, nil
}
