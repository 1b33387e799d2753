package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/flows"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
	"yimen/kiosk/typeface"
)

// The privacy duties of domain.md §6 that no one service keeps alone. provisioning/checklist/duties.yaml lists what proves each.

// moment is what a visit came to by one move.
type moment struct {
	move    journeytest.Move
	before  view.View // on which the move was made
	after   view.View
	effects []journey.Effect
}

// eachFlow goes through everything that people come for, move by move.
func eachFlow(t *testing.T, test func(t *testing.T, flow string, moments []moment)) {
	cfg := flows.Config(t)
	for _, f := range flows.All() {
		h := journeytest.At(t, cfg)
		h.Event(flows.Standing())
		h.Transcript = nil
		h.Come("first", journeytest.Morning())
		f.Play(h)
		moves := h.Transcript
		again := journeytest.At(t, cfg)
		again.Event(flows.Standing())
		again.Come("first", journeytest.Morning())
		var moments []moment
		for _, m := range moves {
			before := again.View()
			again.Play(m)
			moments = append(moments, moment{m, before, again.View(), again.Effects})
		}
		t.Run(f.Name, func(t *testing.T) { test(t, f.Name, moments) })
	}
}

// giving are the screens on which somebody gives something of oneself.
var giving = []view.Screen{view.ScreenCard, view.ScreenQuestion, view.ScreenScan, view.ScreenSign, view.ScreenSlipNo, view.ScreenCode, view.ScreenFace}

// TestTheNoticeStandsBeforeAnythingIsAsked (P01): in whatever somebody has chosen, and its version goes up with what was given.
// The staff's own door asks the staff.
func TestTheNoticeStandsBeforeAnythingIsAsked(t *testing.T) {
	shown := map[string]bool{}
	eachFlow(t, func(t *testing.T, flow string, moments []moment) {
		chosen, told := false, false
		for _, m := range moments {
			if touch, ok := m.move.Is.(journey.Touch); ok && touch.Do == view.DoChoose && m.before.Screen == view.ScreenMenu {
				chosen, told = true, false
			}
			if m.before.Screen == view.ScreenNotice {
				told = true
				shown[m.before.Document.ID] = true
				if m.before.Document.Version == "" || m.before.Document.Digest == "" {
					t.Errorf("%+v has no version", m.before.Document)
				}
			}
			if chosen && !told && slices.Contains(giving, m.after.Screen) {
				t.Fatalf("%s comes before the notice", m.after.Screen)
			}
			for _, e := range m.effects {
				notice := sentWith(e)
				if notice != nil && chosen && (*notice == nil || (*notice).Version == "" || !shown[(*notice).Document] || (*notice).At.IsZero()) {
					t.Errorf("%T goes up with notice %+v", e, *notice)
				}
			}
		}
	})
	if len(shown) < 5 {
		t.Errorf("only %v were shown", shown)
	}
}

// sentWith is the notice that goes up with an effect; nil where nothing goes up.
func sentWith(e journey.Effect) **dossier.Told {
	switch sent := e.(type) {
	case journey.Keep:
		return &sent.Draft.Notice
	case journey.Post:
		return &sent.Letter.Notice
	}
	return nil
}

// TestEveryNoticeSaysWhoWhyHowLongAndWhatRightsThereAre (P01): and of sensitive data apart, with a telephone.
func TestEveryNoticeSaysWhoWhyHowLongAndWhatRightsThereAre(t *testing.T) {
	pack := journeytest.Pack(t, policy.Demo)
	ids := map[string]bool{"checkin": true, "privacy_progress": true}
	for _, it := range pack.Items() {
		if it.Notice != "" {
			ids[it.Notice] = true
		}
	}
	for id := range ids {
		d, ok := pack.Document(id)
		if !ok {
			t.Errorf("there is no %s", id)
			continue
		}
		s, _ := policy.DocumentDigest(d, "zh-CN", map[string]string{"office": "某民政局", "hotline": "12349", "item": "某事项", "hall": "某大厅"})
		text := strings.Join(s.Paragraphs, "\n")
		for what, words := range map[string][]string{
			"who": {"某民政局"}, "contact": {"12349"}, "why": {"为什么", "为了", "只用来"}, "how long": {"删除", "清除", "不留"}, "sensitive": {"敏感"}, "rights": {"权利"},
		} {
			if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) }) {
				t.Errorf("%s does not say %s:\n%s", id, what, text)
			}
		}
	}
}

// TestTheCardsPhotoServesTheComparisonAlone (P29, P05): no screen shows it, no dossier and no letter holds it, nothing prints it.
func TestTheCardsPhotoServesTheComparisonAlone(t *testing.T) {
	faces, err := typeface.Load(typeface.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer faces.Close()
	photo := []string{"the elder's photo"}
	compared := 0
	eachFlow(t, func(t *testing.T, flow string, moments []moment) {
		for _, m := range moments {
			if len(journeytest.Traces(m.after, photo)) > 0 {
				t.Errorf("%s shows it", m.after.Screen)
			}
			for _, e := range m.effects {
				var bodies [][]byte
				switch sent := e.(type) {
				case journey.MatchFace:
					compared++
					continue
				case journey.Keep:
					d := sent.Draft
					d.Pages, d.Signatures, d.SlipNo = nil, nil, "SJ-150102-0001-20261122-00001-3" // of made-up pictures and strokes
					doc, err := dossier.Compose(d, faces)
					must(t, err)
					bodies = doc.Bodies
				case journey.Post:
					l := sent.Letter
					l.Pages, l.Signatures = nil, nil
					doc, err := letter.Compose(l)
					must(t, err)
					bodies = doc.Bodies
				default:
					if len(journeytest.Traces(e, photo)) > 0 {
						t.Errorf("%T has it", e)
					}
				}
				for no, body := range bodies {
					if strings.Contains(string(body), photo[0]) || strings.Contains(string(body), base64.StdEncoding.EncodeToString([]byte(photo[0]))) {
						t.Errorf("body %d of %T holds it", no, e)
					}
				}
			}
		}
	})
	if compared == 0 {
		t.Error("nobody's face was compared")
	}
}

// toInterview begins an application for 最低生活保障 and lays a card.
func toInterview(t *testing.T) *journeytest.Hands {
	t.Helper()
	h := journeytest.At(t, journeytest.Config(journeytest.Pack(t, policy.Demo), apply.Service{}))
	h.Tap(view.DoStart, "")
	h.Tap(view.DoNext, "")
	h.Tap(view.DoChoose, "apply:0101")
	h.Tap(view.DoNext, "")
	h.Tap(view.DoNext, "")
	h.Event(journey.CardRead{Card: device.Card{Kind: device.CitizenCard, Name: "王试样", Sex: "2", Birth: "19491231", Number: "11010519491231002X", LongTerm: true}})
	h.Tap(view.DoNext, "")
	return h
}

// TestAnUnlikelyEstimateKeepsNobodyFromApplying (P24): the working can be opened, a person can be asked, and the same
// application goes up.
func TestAnUnlikelyEstimateKeepsNobodyFromApplying(t *testing.T) {
	h := toInterview(t)
	h.Answer(map[string]string{
		"household_size": "1", "hukou_here": "1", "supporter_count": "0", "member.1.health": "healthy", "member.1.disability_grade": "none", "member.1.work": "employed",
		"member.1.income_kinds": "wage", "member.1.wage": "90000", "member.1.job_cost": "0", "member.1.exempt_kinds": "none", "member.1.away": "none",
		"deposits": "0", "vehicle": "none", "houses": "1", "shop": "0", "company": "none", "recent_building": "none", "gave_up_property": "0", "idle_land": "0",
		"costly_spending": "0", "refused_check": "0", "medical_12m": "0", "pension_paid_12m": "0", "rented": "0", "court_papers": "0", "near_relative": "0",
	})
	v := h.At(view.ScreenEstimate)
	if v.Estimate.Verdict != "unlikely" {
		t.Fatalf("a wage of 90,000 a month is found %s: %+v, %v", v.Estimate.Verdict, v.Estimate.Flags, v.Estimate.Missing)
	}
	met := slices.ContainsFunc(v.Estimate.Sentences, func(l view.Line) bool {
		return l.Outcome == "not_met" && l.Source != "" && l.Article != ""
	})
	if !met || !slices.Contains(v.Offers, view.DoWhy) || !slices.Contains(v.Offers, view.DoHelp) || !slices.Contains(v.Offers, view.DoNext) {
		t.Errorf("the estimate offers %v and says %+v", v.Offers, v.Estimate.Sentences)
	}
	h.Tap(view.DoNext, "")
	h.Papers()
	h.Sign()
	h.At(view.ScreenReview)
	h.Tap(view.DoSubmit, "")
	if d := journeytest.Wanted[journey.Keep](h).Draft; d.Estimate == nil || d.Estimate.Verdict != "unlikely" {
		t.Error("the estimate does not go up with its working")
	}
}

// ofACase are the fields of what comes down about a case: an allow-list, to which a field more is a design review.
var ofACase = []string{
	"answers", "due", "id", "item", "item_name", "light", "missing", "missing_by", "notice", "over", "papers", "past", "remedy", "slip_no", "stage", "steps", "submitted", "until",
}

// TestWhatComesDownOfACaseHasNoPlaceForAChecksResult (P30): what an authority found about a supporter or anybody else is the
// office's; the applicant's screen gets stages and documents.
func TestWhatComesDownOfACaseHasNoPlaceForAChecksResult(t *testing.T) {
	of := reflect.TypeFor[inquiry.Case]()
	var fields []string
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		fields = append(fields, name)
	}
	slices.Sort(fields)
	if !slices.Equal(fields, ofACase) {
		t.Errorf("a case comes down with %v", fields)
	}
}

// TestASupporterIsSpokenForByNobody (P30): the applicant is asked for no number and no bank card of a supporter, and the
// authorisation that is signed here says that a supporter's is signed apart.
func TestASupporterIsSpokenForByNobody(t *testing.T) {
	pack := journeytest.Pack(t, policy.Demo)
	d, ok := pack.Document("authorisation")
	if !ok {
		t.Fatal("there is no authorisation")
	}
	s, _ := policy.DocumentDigest(d, "zh-CN", map[string]string{"name": "王试样", "number": "440*************14", "household_size": "1", "date": "某日", "item": "某事项"})
	if text := strings.Join(s.Paragraphs, "\n"); !strings.Contains(text, "义务人的授权单独") {
		t.Errorf("the authorisation says\n%s", text)
	}
	asked := 0
	for _, q := range toInterview(t).Answer(map[string]string{"supporter_count": "1", "supporter.1.situation": "none"}) {
		if strings.HasPrefix(q.Key, "supporter.") {
			asked++
			if slices.Contains([]policy.Input{policy.InputIDNumber, policy.InputAccount, policy.InputPhone}, q.Input) {
				t.Errorf("%s asks for %s", q.Key, q.Input)
			}
		}
	}
	if asked == 0 {
		t.Error("nothing is asked about a supporter")
	}
}

// TestWhatGoesUpOfAFaceIsTheOutcome (P05, P10): of all flows, no record has a score, a template or a picture.
func TestWhatGoesUpOfAFaceIsTheOutcome(t *testing.T) {
	checked := 0
	eachFlow(t, func(t *testing.T, flow string, moments []moment) {
		for _, m := range moments {
			for _, e := range m.effects {
				post, ok := e.(journey.Post)
				if !ok {
					continue
				}
				record, ok := post.Letter.Record.(letter.CheckedIn)
				if !ok || len(record.Faces) == 0 {
					continue
				}
				checked++
				b, err := json.Marshal(record.Faces)
				must(t, err)
				var tries []map[string]any
				must(t, json.Unmarshal(b, &tries))
				for _, try := range tries {
					if len(try) != 2 || try["band"] == nil || try["at"] == nil {
						t.Errorf("of a face goes up %s", fmt.Sprint(try))
					}
				}
			}
		}
	})
	if checked == 0 {
		t.Error("no face was compared")
	}
}
