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
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
)

// resident checks in as a desk and a pair of hands would.
type resident struct {
	t       *testing.T
	s       journey.State
	now     time.Time
	effects []journey.Effect // of the last event
	ids     int
}

func newResident(t *testing.T, faces bool) *resident {
	t.Helper()
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &journey.Config{
		Pack: pack.With(policy.Demo), Services: []journey.Service{apply.Service{}, Service{}}, Terminal: "150102-0001",
		Hall: view.Hall{Name: "示例大厅", Hotline: "12349", Example: true}, Languages: []string{"zh-CN"},
		Zone: time.FixedZone("CST", 8*3600), Idle: journey.DefaultIdle(),
	}
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	r := &resident{t: t, s: journey.New(cfg, now), now: now}
	r.event(journey.Standing{Faces: faces})
	return r
}

func (r *resident) event(h journey.Happening) view.View {
	r.t.Helper()
	r.now = r.now.Add(time.Second)
	r.ids++
	r.s, r.effects = journey.Step(r.s, journey.Event{At: r.now, ID: strings.Repeat("i", r.ids), Is: h})
	return r.s.View()
}

func (r *resident) tap(do view.Do, value string) view.View {
	r.t.Helper()
	v := r.s.View()
	if !slices.Contains(v.Offers, do) {
		r.t.Fatalf("%s offers %v, not %s", v.Screen, v.Offers, do)
	}
	return r.event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: do, Value: value})
}

func (r *resident) at(want view.Screen) view.View {
	r.t.Helper()
	v := r.s.View()
	if v.Screen != want {
		r.t.Fatalf("at %s, want %s; notes %v", v.Screen, want, v.Notes)
	}
	return v
}

func wanted[E journey.Effect](r *resident) E {
	r.t.Helper()
	for _, e := range r.effects {
		if want, ok := e.(E); ok {
			return want
		}
	}
	var none E
	r.t.Fatalf("want a %T, got %T", none, r.effects)
	return none
}

var (
	elder = device.Card{Kind: device.CitizenCard, Name: "王𠮷䶮", Sex: "2", Birth: "19491231", Number: "11010519491231002X", LongTerm: true, Picture: []byte("photo")}
	son   = device.Card{Kind: device.CitizenCard, Name: "王试样", Sex: "1", Birth: "18800101", Number: "440524188001010014", LongTerm: true}
)

// toWays goes from the first screen to the choice of ways.
func (r *resident) toWays() *resident {
	r.t.Helper()
	r.tap(view.DoStart, "")
	r.tap(view.DoNext, "")
	r.tap(view.DoChoose, "checkin")
	r.at(view.ScreenWays)
	return r
}

// lay lays a card and confirms it.
func (r *resident) lay(card device.Card) *resident {
	r.t.Helper()
	r.at(view.ScreenCard)
	wanted[journey.ReadCard](r)
	r.event(journey.CardRead{Card: card})
	r.at(view.ScreenConfirm)
	r.tap(view.DoNext, "")
	return r
}

// by chooses a way and lays the resident's card.
func (r *resident) by(way letter.Way) *resident {
	r.t.Helper()
	r.toWays().tap(view.DoChoose, string(way))
	r.at(view.ScreenNotice)
	r.tap(view.DoNext, "")
	return r.lay(elder)
}

// submit hands the check-in in, and gives what goes up and what is printed.
func (r *resident) submit() (letter.Letter, letter.CheckedIn, string) {
	r.t.Helper()
	r.at(view.ScreenCheckIn)
	if v := r.tap(view.DoSubmit, ""); v.Cover != nil { // a helper touched it
		r.tap(view.DoConfirm, "")
	}
	l := wanted[journey.Post](r).Letter
	r.event(journey.Kept{Dossier: "d", SlipNo: "SJ-150102-0001-20261122-00001-6", QueryCode: "12345678"})
	r.event(journey.Central{Delivered: true})
	var paper strings.Builder
	for _, row := range wanted[journey.Print](r).Slip.Rows {
		fmt.Fprintf(&paper, "%v\n", row)
	}
	r.event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	r.at(view.ScreenSlip)
	return l, l.Record.(letter.CheckedIn), paper.String()
}

func TestEveryWayEndsInTheSameCheckIn(t *testing.T) {
	for way, walk := range map[letter.Way]func(r *resident){
		letter.WayStaff: func(*resident) {},
		letter.WayFace: func(r *resident) {
			r.at(view.ScreenConsent)
			r.tap(view.DoNext, "")
			r.at(view.ScreenFace)
			if m := wanted[journey.MatchFace](r); string(m.Photo) != "photo" {
				t.Errorf("compared with %q", m.Photo)
			}
			r.event(journey.FaceMatched{Confirmed: true, Band: journey.BandSame})
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
	r.at(view.ScreenConsent)
	v := r.tap(view.DoRefuse, "")
	if v.Screen != view.ScreenCheckIn || len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseFaceRefused {
		t.Fatalf("%s, %v", v.Screen, v.Notes)
	}
	for v = r.s.View(); v.Screen != view.ScreenWays; v = r.tap(view.DoBack, "") {
		if v.Screen == view.ScreenConsent || v.Screen == view.ScreenFace {
			t.Fatal("who refused is asked again")
		}
	}
	for _, w := range v.Ways.Ways {
		if w.ID == string(letter.WayFace) {
			t.Error("the face is offered again in the same visit")
		}
	}
	r.tap(view.DoChoose, string(letter.WayStaff))
	r.tap(view.DoNext, "")
	r.lay(elder)
	_, record, _ := r.submit()
	if record.Consent != nil || record.Faces != nil || record.Way != letter.WayStaff {
		t.Errorf("%+v", record)
	}
}

func TestConsentCanBeTakenBackBeforeTheCamera(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.tap(view.DoNext, "")
	r.at(view.ScreenFace)
	r.tap(view.DoRefuse, "")
	wanted[journey.StopFace](r)
	_, record, _ := r.submit()
	if record.Consent != nil || record.Way != letter.WayStaff {
		t.Errorf("%+v", record)
	}
}

// P06: at most three tries, then a person.
func TestThreeFailedTriesLeadToTheStaff(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.tap(view.DoNext, "")
	r.event(journey.FaceMatched{Band: journey.BandDead}) // a photo held before the camera
	if v := r.at(view.ScreenFace); v.Face.Live || v.Face.Left != 2 || v.Face.Said.ID != view.PhraseFaceAgain {
		t.Errorf("%+v", v.Face)
	}
	r.tap(view.DoRetake, "")
	r.event(journey.FaceFault{Err: &device.Fault{Device: device.FaceCam, Op: "look", Err: device.ErrNoMedia}})
	if v := r.at(view.ScreenFace); v.Face.Left != 1 || v.Face.Said.ID != view.PhraseFaceUnseen {
		t.Errorf("%+v", v.Face)
	}
	r.tap(view.DoRetake, "")
	r.event(journey.FaceMatched{Band: journey.BandOther})
	v := r.at(view.ScreenCheckIn)
	if v.Notes[0].ID != view.PhraseFaceEnough || v.CheckIn.Stands.ID != view.PhraseStandsLater {
		t.Errorf("%v, %+v", v.Notes, v.CheckIn)
	}
	r.tap(view.DoBack, "") // no fourth try by going back
	r.at(view.ScreenConfirm)
	r.tap(view.DoNext, "")
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
		r.tap(view.DoNext, "")
		v := r.event(journey.FaceFault{Err: &device.Fault{Device: device.FaceCam, Op: "look", Err: err}})
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
	v := newResident(t, false).toWays().s.View()
	if len(v.Ways.Ways) != 3 || len(v.Ways.Not) != 1 || v.Ways.Not[0].ID != view.PhraseNoFace {
		t.Errorf("%+v", v.Ways)
	}
	if v := newResident(t, true).toWays().s.View(); len(v.Ways.Ways) != 4 || v.Ways.Not != nil {
		t.Errorf("%+v", v.Ways)
	}
}

func TestAMemberOfTheStaffConfirmsAtOnce(t *testing.T) {
	r := newResident(t, false).by(letter.WayStaff)
	r.tap(view.DoStaff, "")
	r.at(view.ScreenCard)
	if v := r.event(journey.CardRead{Card: elder}); v.Screen != view.ScreenCard || v.Notes[0].ID != view.PhraseCardTwice {
		t.Errorf("somebody vouches for oneself: %s, %v", v.Screen, v.Notes)
	}
	r.event(journey.CardRead{Card: device.Card{Name: "李测试", Number: "932682198501010017"}})
	r.at(view.ScreenPIN)
	r.tap(view.DoAnswer, "246810")
	q := wanted[journey.Ask](r).Inquiry
	ask, err := inquiry.ReadStaffAsk(q.Body)
	if err != nil || ask.Do != inquiry.Vouch || q.Proof.Number != "932682198501010017" {
		t.Errorf("%+v, %v", ask, err)
	}
	r.event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Nothing}})
	r.at(view.ScreenPIN)
	r.tap(view.DoAnswer, "246810")
	body, err := json.Marshal(inquiry.Member{No: 7, Name: "李**", Until: r.now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	r.event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: body}})
	if a := wanted[journey.Attend](r); a != (journey.Attend{Staff: 7, Did: journey.Vouched}) {
		t.Errorf("%+v", a)
	}
	if v := r.at(view.ScreenCheckIn); v.CheckIn.Stands.ID != view.PhraseStandsStaff || slices.Contains(v.Offers, view.DoStaff) {
		t.Errorf("%+v", v.CheckIn)
	}
	l, record, paper := r.submit()
	if record.Confirmed != letter.ConfirmedStaff || record.Staff != 7 || l.From.Proof != letter.ByStaff || !strings.Contains(paper, "工作人员已确认") {
		t.Errorf("%+v, known by %s:\n%s", record, l.From.Proof, paper)
	}
}

func TestWithoutALineTheDeskConfirmsLater(t *testing.T) {
	r := newResident(t, false).by(letter.WayStaff)
	r.tap(view.DoStaff, "")
	r.event(journey.CardRead{Card: son})
	r.tap(view.DoAnswer, "246810")
	v := r.event(journey.NotAnswered{Err: device.ErrSilent})
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
	r.tap(view.DoNext, "")
	r.event(journey.FaceMatched{Confirmed: true, Band: journey.BandSame})
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
	r.tap(view.DoChoose, string(letter.WayFace))
	r.tap(view.DoNext, "")
	kid := elder
	kid.Birth = "20130101"
	v := r.lay(kid).at(view.ScreenCard)
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
	v := r.lay(elder).at(view.ScreenCard)
	if len(v.Notes) != 1 || v.Notes[0].ID != view.PhraseCardTwice {
		t.Errorf("%v", v.Notes)
	}
	wanted[journey.ReadCard](r)
	r.lay(son).at(view.ScreenCheckIn)
}

func TestAnotherCardForgetsWhatTheFirstProved(t *testing.T) {
	r := newResident(t, true).by(letter.WayFace)
	r.tap(view.DoNext, "")
	r.event(journey.FaceMatched{Confirmed: true, Band: journey.BandSame})
	r.at(view.ScreenCheckIn)
	r.tap(view.DoBack, "")
	r.at(view.ScreenConfirm)
	r.tap(view.DoRetake, "")
	r.lay(son)
	r.at(view.ScreenConsent)
	r.tap(view.DoRefuse, "")
	l, record, _ := r.submit()
	if l.From.Number != son.Number || record.Confirmed != letter.ConfirmedLater {
		t.Errorf("the second card is confirmed by the first one's face: %+v", record)
	}
}

// Nothing of a check-in is left in the machine after it, or after whoever began it has walked away, at any screen.
func TestWhoWalksAwayLeavesNothing(t *testing.T) {
	walks := []func(r *resident){
		func(r *resident) {},
		func(r *resident) { r.tap(view.DoChoose, string(letter.WayAssisted)) },
		func(r *resident) { r.tap(view.DoNext, "") },
		func(r *resident) { r.lay(elder) },
		func(r *resident) { r.lay(son) },
		func(r *resident) { r.tap(view.DoSubmit, "") },
		func(r *resident) { r.tap(view.DoConfirm, "") },
		func(r *resident) {
			r.event(journey.Kept{SlipNo: "SJ-150102-0001-20261122-00001-6", QueryCode: "12345678"})
		},
		func(r *resident) { r.event(journey.Central{}) },
		func(r *resident) { r.event(journey.Printed{Printed: device.Printed{Confirmed: true}}) },
	}
	faces := []func(r *resident){
		func(r *resident) { r.tap(view.DoChoose, string(letter.WayFace)) },
		func(r *resident) { r.tap(view.DoNext, "") },
		func(r *resident) { r.lay(elder) },
		func(r *resident) { r.tap(view.DoNext, "") },
		func(r *resident) { r.event(journey.FaceMatched{Band: journey.BandUnsure}) },
	}
	for name, walk := range map[string][]func(*resident){"assisted": walks, "face": faces} {
		for n := range walk {
			r := newResident(t, true).toWays()
			for _, step := range walk[:n+1] {
				step(r)
			}
			from, ended := r.s.View().Screen, false
			for range 1200 { // twenty minutes
				r.event(journey.Tick{})
				for _, e := range r.effects {
					_, is := e.(journey.End)
					ended = ended || is
				}
			}
			v := r.at(view.ScreenAttract)
			if v.Visit != "" || v.CheckIn != nil || v.Card != nil || v.Slip != nil || !ended {
				t.Errorf("%s: walked away from %s: ended %v, the screen still has %+v", name, from, ended, v)
			}
		}
	}
}
