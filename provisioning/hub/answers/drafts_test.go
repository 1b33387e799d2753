package answers

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/slip/number"
	"yimen/provisioning/hub/bureau"
)

// shelf holds drafts in memory.
type shelf []bureau.Parked

func (s shelf) All(context.Context) ([]bureau.Parked, error) { return s, nil }
func (s shelf) Content(_ context.Context, id string, _ int) ([]byte, [][]byte, error) {
	return []byte(`"` + id + `"`), [][]byte{[]byte("page of " + id)}, nil
}

// drafts are two of the card's holder, one of them expired, and one of somebody else.
func drafts(t *testing.T, now time.Time) Drafts {
	t.Helper()
	check, err := number.Check(slipNo, code)
	if err != nil {
		t.Fatal(err)
	}
	return Drafts{Tries: DefaultTries(time.Now), Now: func() time.Time { return now }, Shelf: shelf{
		{ID: "mine", SlipNo: slipNo, QueryCheck: check, Number: card, Item: "0101", ItemName: "最低生活保障", ParkedAt: now.Add(-time.Hour), Until: 20261222},
		{ID: "old", SlipNo: absent, QueryCheck: check, Number: card, Item: "0301", ParkedAt: now.AddDate(0, -2, 0), Until: 20261101},
		{ID: "another", SlipNo: "SJ-150102-0001-20261122-00009-X", QueryCheck: "", Number: "440524188001010014", Item: "0101", Until: 20261222},
	}}
}

func which(slipNo string) json.RawMessage {
	b, _ := json.Marshal(inquiry.WhichDraft{SlipNo: slipNo})
	return b
}

func TestADraftIsGivenToTheCardOrTheCodeAlone(t *testing.T) {
	d := drafts(t, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	for what, c := range map[string]struct {
		proof inquiry.Proof
		slip  string
		want  inquiry.Outcome
	}{
		"the card":                {inquiry.Proof{Number: card}, slipNo, inquiry.Found},
		"the code":                {inquiry.Proof{SlipNo: slipNo, Code: device.Personal(code)}, slipNo, inquiry.Found},
		"a wrong code":            {inquiry.Proof{SlipNo: slipNo, Code: "00000000"}, slipNo, inquiry.Nothing},
		"another card":            {inquiry.Proof{Number: "110105194912310029"}, slipNo, inquiry.Nothing},
		"somebody else's":         {inquiry.Proof{Number: card}, "SJ-150102-0001-20261122-00009-X", inquiry.Nothing},
		"one that has expired":    {inquiry.Proof{Number: card}, absent, inquiry.Nothing},
		"another by a right code": {inquiry.Proof{SlipNo: slipNo, Code: device.Personal(code)}, absent, inquiry.Nothing},
		"nobody":                  {inquiry.Proof{}, slipNo, inquiry.Nothing},
	} {
		a, err := d.Answer(t.Context(), inquiry.Question{Inquiry: inquiry.Inquiry{Kind: inquiry.Draft, Proof: c.proof, Body: which(c.slip)}})
		if err != nil || a.Outcome != c.want || (a.Body != nil) != (c.want == inquiry.Found) {
			t.Errorf("%s: %s with %s, %v; want %s", what, a.Outcome, a.Body, err, c.want)
		}
	}
}

func TestADraftIsListedUntilItWasHandedIn(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	d := drafts(t, now)
	p := Progress{Docket: none{}, Drafts: &d, Tries: d.Tries}
	ask := inquiry.Question{Inquiry: inquiry.Inquiry{Kind: inquiry.Progress, Proof: inquiry.Proof{Number: card}}}
	a, err := p.Answer(t.Context(), ask)
	if err != nil || a.Outcome != inquiry.Found || len(a.Drafts) != 1 || a.Drafts[0].SlipNo != slipNo || a.Body != nil {
		t.Errorf("told %+v, %v", a, err)
	}
	p.Docket = none{{Item: "0101", Submitted: now}}
	if a, err = p.Answer(t.Context(), ask); err != nil || len(a.Drafts) != 0 || len(a.Cases) != 1 {
		t.Errorf("after it was handed in: %+v, %v", a, err)
	}
}

// none is a docket that has the same cases for everybody.
type none []inquiry.Case

func (n none) Of(inquiry.Proof) []inquiry.Case { return n }

func TestADraftsCodeIsLockedAsACasesIs(t *testing.T) {
	d := drafts(t, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	q := inquiry.Question{Inquiry: inquiry.Inquiry{Kind: inquiry.Draft, Proof: inquiry.Proof{SlipNo: slipNo, Code: "00000000"}, Body: which(slipNo)}}
	for range 5 {
		if a, err := d.Answer(t.Context(), q); err != nil || a.Outcome != inquiry.Nothing {
			t.Fatalf("%s, %v", a.Outcome, err)
		}
	}
	q.Proof.Code = device.Personal(code)
	if a, err := d.Answer(t.Context(), q); err != nil || a.Outcome != inquiry.Locked {
		t.Errorf("%s, %v", a.Outcome, err)
	}
}
