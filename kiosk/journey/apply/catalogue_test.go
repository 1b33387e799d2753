package apply

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"yimen/kiosk/household"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// toReviewOf goes from the first screen to the review of any item, whatever steps it has.
func (r *resident) toReviewOf(code string, given map[string]string) *resident {
	r.T.Helper()
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "apply:"+code)
	r.Tap(view.DoNext, "")
	r.Tap(view.DoNext, "")
	r.Event(journey.CardRead{Card: card})
	r.Tap(view.DoNext, "")
	r.answers(given)
	for range 60 {
		switch r.View().Screen {
		case view.ScreenReview:
			return r
		case view.ScreenSign:
			r.signatures()
		case view.ScreenScan:
			r.ScanPage()
			r.Tap(view.DoNext, "")
		default:
			r.Tap(view.DoNext, "")
		}
	}
	r.T.Fatalf("%s: the review is never reached; at %s", code, r.View().Screen)
	return r
}

func TestEveryItemThatCanBeAppliedForReachesItsSlip(t *testing.T) {
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	applied := 0
	for _, it := range pack.Items() {
		if it.Form == "" {
			continue
		}
		applied++
		for _, whom := range []string{"self", "family"} {
			r := newResident(t)
			r.toReviewOf(it.Code, map[string]string{"beneficiary": whom})
			r.Tap(view.DoSubmit, "")
			d := journeytest.Wanted[journey.Keep](r).Draft
			if d.Item.Code != it.Code || len(d.Signatures) != len(it.Documents) || (it.Estimate != "") != (d.Estimate != nil) {
				t.Errorf("%s: item %s, %d signatures, estimate %v", it.Code, d.Item.Code, len(d.Signatures), d.Estimate != nil)
			}
			r.Event(journey.Kept{Dossier: "d1", SlipNo: "SJ-1", QueryCode: "12345678"})
			r.Event(journey.Central{Delivered: true})
			text := words(journeytest.Wanted[journey.Print](r).Slip)
			if !strings.Contains(text, it.Code) || !strings.Contains(text, it.Name.In("zh-CN")) || strings.Contains(text, "{") {
				t.Errorf("%s: the slip says\n%s", it.Code, text)
			}
			if size := d.Answers.Get(household.Size); (size.State == household.Given) != strings.Contains(text, "家庭人数") {
				t.Errorf("%s: household size %v, and the slip says\n%s", it.Code, size, text)
			}
		}
	}
	if pack.Items()[0].Code != "0101" {
		t.Errorf("%s stands first", pack.Items()[0].Code)
	}
	if applied < 19 {
		t.Errorf("only %d items can be applied for", applied)
	}
}

func TestWhoIsInDangerIsToldWhomToCallAndTheApplicationGoesOn(t *testing.T) {
	for answer, told := range map[string]bool{"1": true, "0": false} {
		r := newResident(t)
		r.Tap(view.DoStart, "")
		r.Tap(view.DoNext, "")
		r.Tap(view.DoChoose, "apply:0301")
		r.Tap(view.DoNext, "")
		if d := r.At(view.ScreenNotice).Document; d.ID != "privacy_person" {
			t.Errorf("emergency help begins with %s", d.ID)
		}
		r.Tap(view.DoNext, "")
		r.Event(journey.CardRead{Card: card})
		r.Tap(view.DoNext, "")
		if q := r.At(view.ScreenQuestion).Question; q.Key != "urgent" {
			t.Fatalf("the interview begins with %s", q.Key)
		}
		v := r.Tap(view.DoAnswer, answer)
		if got := len(v.Notes) > 0 && v.Notes[0].ID == view.PhraseAnswerDanger; got != told || v.Screen != view.ScreenQuestion {
			t.Errorf("urgent %s: on %s, notes %v", answer, v.Screen, v.Notes)
		}
	}
}

// long is a catalogue of 134 items, as 尧化 has (domain.md §1 row 28).
func long(t *testing.T) *policy.Pack {
	t.Helper()
	var b strings.Builder
	b.WriteString("pack: {id: CN, edition: \"1\", name: {zh-CN: \"国\"}, from: 2021-07-01, languages: [zh-CN]}\nsources:\n- {id: R1, title: {zh-CN: \"办法\"}}\n" +
		"forms:\n- id: f\n  sections:\n  - id: s\n    title: {zh-CN: \"联系\"}\n    questions:\n    - {fact: phone, input: phone, title: {zh-CN: \"电话？\"}, label: {zh-CN: \"电话\"}}\n" +
		"documents:\n- {id: n, version: \"1\", title: {zh-CN: \"告知\"}, citation: {source: R1}, paragraphs: [{zh-CN: \"说明。\"}]}\n" +
		"slips:\n- id: s\n  rows:\n  - {text: \"{item}\"}\nitems:\n")
	for i := range 134 {
		fmt.Fprintf(&b, "- code: \"%04d\"\n  name: {zh-CN: \"事项%d\"}\n  plain: {zh-CN: \"说明。\"}\n  deadline: {zh-CN: \"当场\"}\n  decider: {zh-CN: \"窗口\"}\n  citation: {source: R1}\n  form: f\n  notice: n\n  no_estimate: {zh-CN: \"不算。\"}\n  slip: s\n", i, i)
	}
	p, err := policy.LoadFS(fstest.MapFS{"CN/pack.yaml": {Data: []byte(b.String())}}, "CN")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestACatalogueOfAHundredAndThirtyFourItemsIsWholeInTheMenu(t *testing.T) {
	r := newResidentOf(t, long(t))
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	offers := r.At(view.ScreenMenu).Menu.Offers
	if len(offers) != 134 {
		t.Fatalf("%d tiles", len(offers))
	}
	for i, o := range offers {
		if o.ID != fmt.Sprintf("apply:%04d", i) || o.First != (i == 0) || !o.Here {
			t.Errorf("tile %d is %+v", i, o)
		}
	}
	if v := r.Tap(view.DoChoose, "apply:0133"); v.Screen != view.ScreenItem || v.Item.Title["zh-CN"] != "事项133" {
		t.Errorf("the last tile leads to %s %+v", v.Screen, v.Item)
	}
}
