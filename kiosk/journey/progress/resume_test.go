package progress

import (
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
)

// applicant is a resident at a terminal with both services, in the middle of an application.
func applicant(t *testing.T) *resident {
	t.Helper()
	r := atBoth(t)
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "apply")
	r.Tap(view.DoChoose, "apply:0101")
	r.Tap(view.DoNext, "")
	r.At(view.ScreenNotice)
	r.Tap(view.DoNext, "")
	r.Event(journey.CardRead{Card: card})
	r.Tap(view.DoNext, "")
	r.At(view.ScreenQuestion)
	return r
}

func atBoth(t *testing.T) *resident {
	t.Helper()
	return &resident{journeytest.At(t, journeytest.Config(journeytest.Pack(t, policy.Demo), apply.Service{}, Service{}))}
}

// answer answers n questions with 不清楚 or what comes first, and gives the key of the next.
func (r *resident) answer(n int) string {
	r.T.Helper()
	for range n {
		r.At(view.ScreenQuestion)
		r.AnswerOne(nil)
	}
	return r.At(view.ScreenQuestion).Question.Key
}

// parks leaves the visit by parking and gives the letter that goes up.
func (r *resident) parks() letter.Letter {
	r.T.Helper()
	r.Tap(view.DoLeave, "")
	r.Tap(view.DoPark, "")
	v := r.At(view.ScreenNotice)
	if v.Document.ID != "park" {
		r.T.Fatalf("parked without being told what that is: %s", v.Document.ID)
	}
	r.Tap(view.DoNext, "")
	return journeytest.Wanted[journey.Post](r).Letter
}

func TestWhatIsParkedIsNoApplicationAndSaysSo(t *testing.T) {
	r := applicant(t)
	r.answer(3)
	l := r.parks()
	if l.Record.Kind() != letter.Draft || l.From.Number != secret || len(l.Signatures) != 0 {
		t.Errorf("sent %s of %q with %d signatures", l.Record.Kind(), l.From.Number.Reveal(), len(l.Signatures))
	}
	r.Event(journey.Kept{Dossier: "d", SlipNo: slipNo, QueryCode: code})
	v := r.Event(journey.Central{Delivered: true})
	text := printed(journeytest.Wanted[journey.Print](r).Slip)
	if !v.Slip.Parked || !strings.Contains(text, "还没有提交") || !strings.Contains(text, "2026年12月22日") || strings.Contains(text, "收件回执") {
		t.Errorf("screen %+v, slip:\n%s", v.Slip, text)
	}
	r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	r.Tap(view.DoFinish, "")
	r.At(view.ScreenAttract)
}

func TestWhoDoesNotAgreeGoesOnWhereTheVisitWas(t *testing.T) {
	r := applicant(t)
	next := r.answer(3)
	r.Tap(view.DoLeave, "")
	r.Tap(view.DoPark, "")
	r.Tap(view.DoBack, "")
	if q := r.At(view.ScreenQuestion).Question; q.Key != next {
		t.Errorf("back at %s, want %s", q.Key, next)
	}
	for range 60 {
		if r.View().Screen != view.ScreenQuestion {
			break
		}
		r.AnswerOne(nil)
	}
	r.At(view.ScreenEstimate) // and the rest of the visit is still to come
}

func TestNothingIsOfferedToParkBeforeSomebodyIsKnown(t *testing.T) {
	r := atBoth(t)
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "progress")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "card")
	r.Event(journey.CardRead{Card: card})
	r.told(running(), refused())
	if v := r.Tap(view.DoLeave, ""); slices.Contains(v.Offers, view.DoPark) {
		t.Error("a visit that only asks can be parked")
	}
}

// agreeing is applicant with the agreement, or without, that what was given is kept when the resident walks away.
func agreeing(t *testing.T, times int) *resident {
	t.Helper()
	r := atBoth(t)
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "apply")
	r.Tap(view.DoChoose, "apply:0101")
	for range times {
		r.Tap(view.DoPark, "")
	}
	if got := r.At(view.ScreenItem).Item.Agreed; got != (times%2 == 1) {
		t.Errorf("after %d touches agreed is %v", times, got)
	}
	r.Tap(view.DoNext, "")
	r.Tap(view.DoNext, "")
	return r
}

// walksAway lets the time pass until the screen says that all is wiped, and gives what was done then.
func (r *resident) walksAway() []journey.Effect {
	r.T.Helper()
	for range 4 {
		r.Now = r.Now.Add(3 * time.Minute)
		if v := r.Event(journey.Tick{}); v.Screen == view.ScreenWiped {
			return r.Effects
		}
	}
	r.T.Fatalf("still at %s", r.View().Screen)
	return nil
}

func TestWhoAgreedAndWalksAwayIsKeptAndOthersAreWiped(t *testing.T) {
	for times, keeps := range []bool{false, true, false} { // agreement that was taken back is none
		r := agreeing(t, times)
		r.Event(journey.CardRead{Card: card})
		r.Tap(view.DoNext, "")
		r.answer(3)
		var kept *letter.Letter
		for _, e := range r.walksAway() {
			switch e := e.(type) {
			case journey.Post:
				kept = &e.Letter
			case journey.End:
				if keeps && kept == nil {
					t.Error("the visit ended before anything was kept")
				}
			}
		}
		if (kept != nil) != keeps || kept != nil && (kept.Record.Kind() != letter.Draft || kept.From.Number != secret) {
			t.Errorf("touched %d times: kept %v", times, kept != nil)
		}
		notes := r.View().Notes
		if told := len(notes) == 1 && notes[0].ID == view.PhraseParkedAway; told != keeps {
			t.Errorf("touched %d times: told %v", times, notes)
		}
		r.Tap(view.DoFinish, "")
		r.Tap(view.DoStart, "")
		r.Tap(view.DoNext, "")
		r.Tap(view.DoChoose, "apply")
		r.Tap(view.DoChoose, "apply:0101")
		if r.At(view.ScreenItem).Item.Agreed {
			t.Error("the next resident is taken to agree")
		}
	}
}

func TestWhoAgreedAndHasGivenNothingIsNotKept(t *testing.T) {
	r := agreeing(t, 1)
	r.Event(journey.CardRead{Card: card}) // and does not even say that the card is the right one
	for _, e := range r.walksAway() {
		if _, posts := e.(journey.Post); posts {
			t.Error("somebody's card alone is kept")
		}
	}
}

// asksForDraft asks at another visit for what was parked.
func asksForDraft(t *testing.T) *resident {
	t.Helper()
	r := atBoth(t)
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "progress")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "slip")
	r.Event(journey.CodeRead{Code: device.Code{Text: slipNo}})
	r.Tap(view.DoAnswer, code)
	v := r.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Drafts: []inquiry.Parked{{SlipNo: slipNo, Item: "0101", Until: 20261222}}}})
	if v.Screen != view.ScreenCases || len(v.Cases.Drafts) != 1 {
		t.Fatalf("at %s with %+v", v.Screen, v.Cases)
	}
	r.Tap(view.DoChoose, slipNo)
	if q := journeytest.Wanted[journey.Ask](r).Inquiry; q.Kind != inquiry.Draft || !strings.Contains(string(q.Body), slipNo) {
		t.Errorf("asked %s %s", q.Kind, q.Body)
	}
	return r
}

// resumes goes on with what l parked; pages are the pictures that came.
func resumes(t *testing.T, l letter.Letter, pages ...[]byte) *resident {
	t.Helper()
	doc, err := letter.Compose(l)
	if err != nil {
		t.Fatal(err)
	}
	r := asksForDraft(t)
	r.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: doc.Bodies[1], Pages: pages}})
	r.At(view.ScreenNotice)
	return r
}

func TestWhatWasParkedGoesOnAtTheFirstOpenQuestionWithTheSameCardAlone(t *testing.T) {
	first := applicant(t)
	next := first.answer(4)
	r := resumes(t, first.parks())
	r.Tap(view.DoNext, "")
	v := r.Event(journey.CardRead{Card: device.Card{Name: "李示例", Number: "440524188001010014"}})
	if v.Screen != view.ScreenCard || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCardOther {
		t.Fatalf("another card: at %s with notes %v", v.Screen, v.Notes)
	}
	r.Event(journey.CardRead{Card: card})
	r.Tap(view.DoNext, "")
	if q := r.At(view.ScreenQuestion).Question; q.Key != next {
		t.Errorf("goes on at %s, want %s", q.Key, next)
	}
	r.Tap(view.DoBack, "") // and what was answered can be seen
	if q := r.At(view.ScreenQuestion).Question; q.Known == "" {
		t.Errorf("before it stands %s without an answer", q.Key)
	}
}

func TestPagesThatDidNotComeAreNotThere(t *testing.T) {
	first := applicant(t)
	first.answer(4)
	l := first.parks()
	record := l.Record.(letter.Parked)
	record.Pages = []dossier.Page{{ID: "p1", Material: "M07", No: 1}, {ID: "p2", Material: "M07", No: 2}}
	l.Record = record
	r := resumes(t, l, []byte("page"), []byte("frame"))
	var shown []string
	for _, e := range r.Effects {
		if rem, ok := e.(journey.Remember); ok {
			shown = append(shown, rem.ID+string(rem.JPEG))
		}
	}
	if !slices.Equal(shown, []string{"p1page"}) {
		t.Errorf("pictures %v", shown)
	}
}

func TestADraftThatCannotBeHadIsTold(t *testing.T) {
	for name, a := range map[string]inquiry.Answer{
		"gone":           {Outcome: inquiry.Nothing},
		"not a draft":    {Outcome: inquiry.Found, Body: []byte(`{"kind":"supplement","version":1,"record":{}}`)},
		"of nobody":      {Outcome: inquiry.Found, Body: []byte(`{"kind":"draft","version":1,"record":{"item":"0101"}}`)},
		"of what is not": {Outcome: inquiry.Found, Body: []byte(`{"kind":"draft","version":1,"record":{"item":"9999","number":"1"}}`)},
	} {
		r := asksForDraft(t)
		v := r.Event(journey.Answered{Answer: a})
		if v.Screen != view.ScreenCases || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseDraftGone {
			t.Errorf("%s: at %s with notes %v", name, v.Screen, v.Notes)
		}
	}
}
