package answers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/policy"
	"yimen/kiosk/slip/number"
	"yimen/provisioning/hub/bureau"
)

// Shelf holds what was parked; *bureau.Drafts is one.
type Shelf interface {
	All(ctx context.Context) ([]bureau.Parked, error)
	Content(ctx context.Context, id string, most int) (record []byte, pages [][]byte, err error)
}

// Drafts gives an application that was parked to the visit that proved the card of whoever began it, or the code of its slip.
type Drafts struct {
	Shelf Shelf
	Tries *Tries
	Now   func() time.Time // in the office's zone
}

// mostContent leaves room for the answer's own bytes and seals.
const mostContent = central.MaxAnswer - 1<<20

// Answer reseals what was given in the draft that the question names.
func (d Drafts) Answer(ctx context.Context, q inquiry.Question) (inquiry.Answer, error) {
	proof, outcome := proofOf(q.Proof, d.Tries)
	if outcome != inquiry.Found {
		return inquiry.Answer{Outcome: outcome}, nil
	}
	var which inquiry.WhichDraft
	if err := json.Unmarshal(q.Body, &which); err != nil {
		return inquiry.Answer{Outcome: inquiry.Nothing}, nil
	}
	mine, err := d.of(ctx, proof)
	if err != nil {
		return inquiry.Answer{}, err
	}
	settle(d.Tries, proof, len(mine) > 0)
	i := slices.IndexFunc(mine, func(p bureau.Parked) bool { return p.SlipNo == which.SlipNo })
	if i < 0 {
		return inquiry.Answer{Outcome: inquiry.Nothing}, nil
	}
	record, pages, err := d.Shelf.Content(ctx, mine[i].ID, mostContent)
	if err != nil {
		return inquiry.Answer{}, fmt.Errorf("draft %s: %w", mine[i].ID, err)
	}
	return inquiry.Answer{Outcome: inquiry.Found, Body: record, Pages: pages}, nil
}

// of gives the drafts that a proof is for and that are still given out, the newest first.
func (d Drafts) of(ctx context.Context, p inquiry.Proof) (mine []bureau.Parked, err error) {
	all, err := d.Shelf.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("drafts: %w", err)
	}
	today := household.DateOf(d.Now())
	for _, parked := range all {
		switch {
		case parked.Until < today:
		case p.SlipNo != "":
			if parked.SlipNo == p.SlipNo && number.Matches(parked.QueryCheck, p.SlipNo, p.Code.Reveal()) {
				mine = append(mine, parked)
			}
		case parked.Number == p.Number:
			mine = append(mine, parked)
		}
	}
	return mine, nil
}

// list tells which drafts there are, beside the cases: of each item the newest, and none that was handed in since.
func (d Drafts) list(ctx context.Context, p inquiry.Proof, cases []inquiry.Case) (told []inquiry.Parked, err error) {
	mine, err := d.of(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, parked := range mine {
		later := slices.ContainsFunc(cases, func(c inquiry.Case) bool { return c.Item == parked.Item && c.Submitted.After(parked.ParkedAt) })
		twice := slices.ContainsFunc(told, func(t inquiry.Parked) bool { return t.Item == parked.Item })
		if !later && !twice {
			told = append(told, inquiry.Parked{SlipNo: parked.SlipNo, Item: parked.Item, ItemName: policy.Text{"zh-CN": parked.ItemName}, ParkedAt: parked.ParkedAt, Until: parked.Until})
		}
	}
	return told, nil
}
