package checkin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/apply"
	"yimen/kiosk/journey/journeytest"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
)

// resident checks in as a desk and a pair of hands would.
type resident struct{ *journeytest.Hands }

func newResident(t *testing.T, faces bool) *resident {
	t.Helper()
	cfg := journeytest.Config(journeytest.Pack(t, policy.Demo), apply.Service{}, Service{})
	cfg.Hall.Example = true
	r := &resident{journeytest.At(t, cfg)}
	r.Event(journey.Standing{Faces: faces})
	return r
}

var (
	elder = device.Card{Kind: device.CitizenCard, Name: "王𠮷䶮", Sex: "2", Birth: "19491231", Number: "11010519491231002X", LongTerm: true, Picture: []byte("photo")}
	son   = device.Card{Kind: device.CitizenCard, Name: "王试样", Sex: "1", Birth: "18800101", Number: "440524188001010014", LongTerm: true}
)

// toWays goes from the first screen to the choice of ways.
func (r *resident) toWays() *resident {
	r.T.Helper()
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "checkin")
	r.At(view.ScreenWays)
	return r
}

// lay lays a card and confirms it.
func (r *resident) lay(card device.Card) *resident {
	r.T.Helper()
	r.At(view.ScreenCard)
	journeytest.Wanted[journey.ReadCard](r)
	r.Event(journey.CardRead{Card: card})
	r.At(view.ScreenConfirm)
	r.Tap(view.DoNext, "")
	return r
}

// by chooses a way and lays the resident's card.
func (r *resident) by(way letter.Way) *resident {
	r.T.Helper()
	r.toWays().Tap(view.DoChoose, string(way))
	r.At(view.ScreenNotice)
	r.Tap(view.DoNext, "")
	return r.lay(elder)
}

// submit hands the check-in in, and gives what goes up and what is printed.
func (r *resident) submit() (letter.Letter, letter.CheckedIn, string) {
	r.T.Helper()
	r.At(view.ScreenCheckIn)
	if v := r.Tap(view.DoSubmit, ""); v.Cover != nil { // a helper touched it
		r.Tap(view.DoConfirm, "")
	}
	l := journeytest.Wanted[journey.Post](r).Letter
	r.Event(journey.Kept{Dossier: "d", SlipNo: "SJ-150102-0001-20261122-00001-6", QueryCode: "12345678"})
	r.Event(journey.Central{Delivered: true})
	var paper strings.Builder
	for _, row := range journeytest.Wanted[journey.Print](r).Slip.Rows {
		fmt.Fprintf(&paper, "%v\n", row)
	}
	r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	if v := r.At(view.ScreenSlip); !v.Slip.CheckIn {
		r.T.Error("the screen speaks of an application")
	}
	return l, l.Record.(letter.CheckedIn), paper.String()
}

func TestEveryWayEndsInTheSameCheckIn(t *testing.T) {
	for way, walk := range map[letter.Way]func(r *resident){
		letter.WayStaff: func(*resident) {},
		letter.WayFace: func(r *resident) {
			r.At(view.ScreenConsent)
			r.Tap(view.DoNext, "")
			r.At(view.ScreenFace)
			if m := journeytest.Wanted[journey.MatchFace](r); string(m.Photo) != "photo" {
				t.Errorf("compared with %q", m.Photo)
			}
			r.Event(journey.FaceMatched{Confirmed: true, Band: journey.BandSame})
		},
		letter.WayGuardian: func(r *resident) { r.lay(son) },
		letter.WayAssisted: func(r *resident) { r.lay(son) },
	} {
		r := newResident(t, true).by(way)
		walk(r)
		l, record, paper := r.submit()
		if record.Way != way || record.Next != "2027-05-22" || record.Kind() != letter.CheckIn {
			t.Errorf("%s: %+v", way, record)
		}
		who := l.From
		if way == letter.WayGuardian {
			who = l.For
			if l.From.Number != son.Number {
				t.Error("the guardian is not named as the one who came")
			}
		}
		if who.Number != elder.Number || who.Name != elder.Name {
			t.Errorf("%s: somebody else is checked in", way)
		}
		if confirmed := record.Confirmed == letter.ConfirmedFace; confirmed != (way == letter.WayFace) || confirmed != (who.Proof == letter.ByFace) {
			t.Errorf("%s: confirmed by %s, known by %s", way, record.Confirmed, who.Proof)
		}
		if along := record.Companion != nil; along != (way == letter.WayGuardian || way == letter.WayAssisted) {
			t.Errorf("%s: companion %v", way, record.Companion)
		}
		if way == letter.WayAssisted && record.Companion.Confirmed != 1 {
			t.Errorf("the resident confirmed %d pages in person", record.Companion.Confirmed)
		}
		for _, want := range []string{"签到凭条", "110*************2X", "2027-05-22", "不会因为没签到就停发"} {
			if !strings.Contains(paper, want) {
				t.Errorf("%s: the slip does not say %s:\n%s", way, want, paper)
			}
		}
		if strings.Contains(paper, elder.Number.Reveal()) || strings.Contains(paper, son.Name.Reveal()) {
			t.Errorf("%s: the slip says too much:\n%s", way, paper)
		}
	}
}

// P03: consent is asked apart and at the moment of use; refusal leads to another way of the same result, and is not asked
// about again.
func TestWhoRefusesTheFaceChecksInJustTheSame(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.At(view.ScreenConsent)
	v := r.Tap(view.DoRefuse, "")
	if v.Screen != view.ScreenCheckIn || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseFaceRefused {
		t.Fatalf("%s, %v", v.Screen, v.Notes)
	}
	for v = r.View(); v.Screen != view.ScreenWays; v = r.Tap(view.DoBack, "") {
		if v.Screen == view.ScreenConsent || v.Screen == view.ScreenFace {
			t.Fatal("who refused is asked again")
		}
	}
	for _, w := range v.Ways.Ways {
		if w.ID == string(letter.WayFace) {
			t.Error("the face is offered again in the same visit")
		}
	}
	r.Tap(view.DoChoose, string(letter.WayStaff))
	r.Tap(view.DoNext, "")
	r.lay(elder)
	_, record, _ := r.submit()
	if record.Consent != nil || record.Faces != nil || record.Way != letter.WayStaff {
		t.Errorf("%+v", record)
	}
}

func TestConsentCanBeTakenBackBeforeTheCamera(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.Tap(view.DoNext, "")
	r.At(view.ScreenFace)
	r.Tap(view.DoRefuse, "")
	journeytest.Wanted[journey.StopFace](r)
	_, record, _ := r.submit()
	if record.Consent != nil || record.Way != letter.WayStaff {
		t.Errorf("%+v", record)
	}
}

// P06: at most three tries, then a person.
func TestThreeFailedTriesLeadToTheStaff(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.Tap(view.DoNext, "")
	r.Event(journey.FaceMatched{Band: journey.BandDead}) // a photo held before the camera
	if v := r.At(view.ScreenFace); v.Face.Live || v.Face.Left != 2 || v.Face.Said.ID != view.PhraseFaceAgain {
		t.Errorf("%+v", v.Face)
	}
	r.Tap(view.DoRetake, "")
	r.Event(journey.FaceFault{Err: &device.Fault{Device: device.FaceCam, Op: "look", Err: device.ErrNoMedia}})
	if v := r.At(view.ScreenFace); v.Face.Left != 1 || v.Face.Said.ID != view.PhraseFaceUnseen {
		t.Errorf("%+v", v.Face)
	}
	r.Tap(view.DoRetake, "")
	r.Event(journey.FaceMatched{Band: journey.BandOther})
	v := r.At(view.ScreenCheckIn)
	if v.Notes[0].ID != view.PhraseFaceEnough || v.CheckIn.Stands.ID != view.PhraseStandsLater {
		t.Errorf("%v, %+v", v.Notes, v.CheckIn)
	}
	r.Tap(view.DoBack, "") // no fourth try by going back
	r.At(view.ScreenConfirm)
	r.Tap(view.DoNext, "")
	_, record, paper := r.submit()
	if record.Way != letter.WayStaff || record.Confirmed != letter.ConfirmedLater || len(record.Faces) != 3 || record.Faces[0].Band != "not_living" || record.Faces[1].Band != "none" {
		t.Errorf("%+v", record)
	}
	if !strings.Contains(paper, "请到窗口确认") {
		t.Errorf("the slip claims more than is known:\n%s", paper)
	}
}

func TestWhatTheMachineLacksIsNoTry(t *testing.T) {
	for err, phrase := range map[error]string{device.ErrGone: view.PhraseFaceGone, device.ErrInvalidMedia: view.PhraseFacePhoto} {
		r := newResident(t, true).by(letter.WayFace)
		r.Tap(view.DoNext, "")
		v := r.Event(journey.FaceFault{Err: &device.Fault{Device: device.FaceCam, Op: "look", Err: err}})
		if v.Screen != view.ScreenCheckIn || v.Notes[0].ID != phrase {
			t.Errorf("%v: %s, %v", err, v.Screen, v.Notes)
		}
		if _, record, _ := r.submit(); len(record.Faces) != 0 {
			t.Errorf("%v counts as a try: %+v", err, record)
		}
	}
}

// P04: there are other ways, and they are there without a camera and without a line.
func TestThereAreOtherWaysWithoutTheFace(t *testing.T) {
	v := newResident(t, false).toWays().View()
	if len(v.Ways.Ways) != 3 || len(v.Ways.Not) != 1 || v.Ways.Not[0].ID != view.PhraseNoFace {
		t.Errorf("%+v", v.Ways)
	}
	if v := newResident(t, true).toWays().View(); len(v.Ways.Ways) != 4 || v.Ways.Not != nil {
		t.Errorf("%+v", v.Ways)
	}
}

func TestAMemberOfTheStaffConfirmsAtOnce(t *testing.T) {
	r := newResident(t, false).by(letter.WayStaff)
	r.Tap(view.DoStaff, "")
	r.At(view.ScreenCard)
	if v := r.Event(journey.CardRead{Card: elder}); v.Screen != view.ScreenCard || v.Notes[0].ID != view.PhraseCardTwice {
		t.Errorf("somebody vouches for oneself: %s, %v", v.Screen, v.Notes)
	}
	r.Event(journey.CardRead{Card: device.Card{Name: "李测试", Number: "932682198501010017"}})
	r.At(view.ScreenPIN)
	r.Tap(view.DoAnswer, "246810")
	q := journeytest.Wanted[journey.Ask](r).Inquiry
	ask, err := inquiry.ReadStaffAsk(q.Body)
	if err != nil || ask.Do != inquiry.Vouch || q.Proof.Number != "932682198501010017" {
		t.Errorf("%+v, %v", ask, err)
	}
	r.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Nothing}})
	r.At(view.ScreenPIN)
	r.Tap(view.DoAnswer, "246810")
	body, err := json.Marshal(inquiry.Member{No: 7, Name: "李**", Until: r.Now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	r.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: body}})
	if a := journeytest.Wanted[journey.Attend](r); a != (journey.Attend{Staff: 7, Did: journey.Vouched}) {
		t.Errorf("%+v", a)
	}
	if v := r.At(view.ScreenCheckIn); v.CheckIn.Stands.ID != view.PhraseStandsStaff || slices.Contains(v.Offers, view.DoStaff) {
		t.Errorf("%+v", v.CheckIn)
	}
	l, record, paper := r.submit()
	if record.Confirmed != letter.ConfirmedStaff || record.Staff != 7 || l.From.Proof != letter.ByStaff || !strings.Contains(paper, "工作人员已确认") {
		t.Errorf("%+v, known by %s:\n%s", record, l.From.Proof, paper)
	}
}

func TestWithoutALineTheDeskConfirmsLater(t *testing.T) {
	r := newResident(t, false).by(letter.WayStaff)
	r.Tap(view.DoStaff, "")
	r.Event(journey.CardRead{Card: son})
	r.Tap(view.DoAnswer, "246810")
	v := r.Event(journey.NotAnswered{Err: device.ErrSilent})
	if v.Screen != view.ScreenCheckIn || v.Notes[0].ID != view.PhraseVouchLine {
		t.Fatalf("%s, %v", v.Screen, v.Notes)
	}
	if _, record, _ := r.submit(); record.Confirmed != letter.ConfirmedLater || record.Staff != 0 {
		t.Errorf("%+v", record)
	}
}

// P05: of a face, the outcome and the time go up, and nothing that could be compared again.
func TestNoPictureGoesUp(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.Tap(view.DoNext, "")
	r.Event(journey.FaceMatched{Confirmed: true, Band: journey.BandSame})
	l, record, _ := r.submit()
	b, err := json.Marshal(record)
	if err != nil || len(l.Pages) != 0 || strings.Contains(string(b), "photo") {
		t.Errorf("%v, %d pages, %s", err, len(l.Pages), b)
	}
	if c := record.Consent; c == nil || c.Document != consentDoc || !strings.HasPrefix(c.Digest, "sha256:") || c.At.IsZero() {
		t.Errorf("the consent's receipt is %+v", c)
	}
}

// P07: a child does not do this alone, and its face is not compared by default.
func TestAChildComesWithAGuardian(t *testing.T) {
	r := newResident(t, true).toWays()
	r.Tap(view.DoChoose, string(letter.WayFace))
	r.Tap(view.DoNext, "")
	kid := elder
	kid.Birth = "20130101"
	v := r.lay(kid).At(view.ScreenCard)
	if v.Card.Whose.ID != view.PhraseCardOfGuardian || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCheckInChild {
		t.Fatalf("%+v, %v", v.Card, v.Notes)
	}
	r.lay(son)
	_, record, _ := r.submit()
	if record.Way != letter.WayGuardian || record.Consent != nil || record.Companion.Role != letter.Guardian {
		t.Errorf("%+v", record)
	}
}

func TestAHelperCannotBeTheResident(t *testing.T) {
	r := newResident(t, true).by(letter.WayAssisted)
	v := r.lay(elder).At(view.ScreenCard)
	if len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCardTwice {
		t.Errorf("%v", v.Notes)
	}
	journeytest.Wanted[journey.ReadCard](r)
	r.lay(son).At(view.ScreenCheckIn)
}

func TestAnotherCardForgetsWhatTheFirstProved(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.Tap(view.DoNext, "")
	r.Event(journey.FaceMatched{Confirmed: true, Band: journey.BandSame})
	r.At(view.ScreenCheckIn)
	r.Tap(view.DoBack, "")
	r.At(view.ScreenConfirm)
	r.Tap(view.DoRetake, "")
	r.lay(son)
	r.At(view.ScreenConsent)
	r.Tap(view.DoRefuse, "")
	l, record, _ := r.submit()
	if l.From.Number != son.Number || record.Confirmed != letter.ConfirmedLater {
		t.Errorf("the second card is confirmed by the first one's face: %+v", record)
	}
}

// Nothing of a check-in is left in the machine after it, or after whoever began it has walked away, at any screen.
func TestWhoWalksAwayLeavesNothing(t *testing.T) {
	walks := []func(r *resident){
		func(r *resident) {},
		func(r *resident) { r.Tap(view.DoChoose, string(letter.WayAssisted)) },
		func(r *resident) { r.Tap(view.DoNext, "") },
		func(r *resident) { r.lay(elder) },
		func(r *resident) { r.lay(son) },
		func(r *resident) { r.Tap(view.DoSubmit, "") },
		func(r *resident) { r.Tap(view.DoConfirm, "") },
		func(r *resident) {
			r.Event(journey.Kept{SlipNo: "SJ-150102-0001-20261122-00001-6", QueryCode: "12345678"})
		},
		func(r *resident) { r.Event(journey.Central{}) },
		func(r *resident) { r.Event(journey.Printed{Printed: device.Printed{Confirmed: true}}) },
	}
	faces := []func(r *resident){
		func(r *resident) { r.Tap(view.DoChoose, string(letter.WayFace)) },
		func(r *resident) { r.Tap(view.DoNext, "") },
		func(r *resident) { r.lay(elder) },
		func(r *resident) { r.Tap(view.DoNext, "") },
		func(r *resident) { r.Event(journey.FaceMatched{Band: journey.BandUnsure}) },
	}
	for name, walk := range map[string][]func(*resident){"assisted": walks, "face": faces} {
		for n := range walk {
			r := newResident(t, true).toWays()
			for _, step := range walk[:n+1] {
				step(r)
			}
			from, ended := r.View().Screen, false
			for range 1200 { // twenty minutes
				r.Event(journey.Tick{})
				for _, e := range r.Effects {
					_, is := e.(journey.End)
					ended = ended || is
				}
			}
			v := r.At(view.ScreenAttract)
			if v.Visit != "" || v.CheckIn != nil || v.Card != nil || v.Slip != nil || !ended {
				t.Errorf("%s: walked away from %s: ended %v, the screen still has %+v", name, from, ended, v)
			}
		}
	}
}
