package notices

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
	"yimen/kiosk/noticeboard"
	"yimen/kiosk/policy"
)

const secret = "11010519491231002X"

var identity = device.Card{Kind: device.CitizenCard, Name: "王𠮷䶮", Number: secret, Birth: "19491231", ValidTo: "20401231"}

func hung(no, item string) noticeboard.Notice {
	return noticeboard.Notice{No: no, Item: item, Name: "佟子试", Members: 3, Amount: 74850, Posted: 20261120, First: 20261121, Last: 20261127, Office: "新城区民政局", Phone: "12349"}
}

// resident walks as a desk and a pair of hands would.
type resident struct {
	t       *testing.T
	s       journey.State
	now     time.Time
	effects []journey.Effect // of the last event
	ids     int
}

// begin opens the door, and the board shows what hangs.
func begin(t *testing.T, came ...noticeboard.Notice) *resident {
	t.Helper()
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &journey.Config{
		Pack: pack.With(policy.Demo), Services: []journey.Service{Service{}, other{}}, Terminal: "150102-0001",
		Hall: view.Hall{Name: "示例大厅", Hotline: "12349"}, Languages: []string{"zh-CN"},
		Zone: time.FixedZone("CST", 8*3600), Idle: journey.DefaultIdle(),
	}
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	r := &resident{t: t, s: journey.New(cfg, now), now: now}
	r.tap(view.DoStart, "")
	r.tap(view.DoNext, "")
	r.tap(view.DoChoose, "notices")
	r.looks(came...)
	return r
}

// looks answers the look at the board as the desk does.
func (r *resident) looks(came ...noticeboard.Notice) {
	r.t.Helper()
	look := wanted[journey.LookAtBoard](r)
	r.event(journey.BoardSeen{On: look.On, Notices: noticeboard.Hanging(came, look.On)})
}

// other is a second door, so that there is a menu.
type other struct{}

func (other) Door() view.Door                                   { return view.Door{ID: "other"} }
func (other) Offers(*policy.Pack) []view.Offer                  { return nil }
func (other) Begin(string, *journey.Course) (s []journey.Stage) { return nil }

func (r *resident) event(h journey.Happening) view.View {
	r.t.Helper()
	r.now = r.now.Add(time.Second)
	r.ids++
	r.s, r.effects = journey.Step(r.s, journey.Event{At: r.now, ID: fmt.Sprint("i", r.ids), Is: h})
	return r.s.View()
}

func (r *resident) tap(do view.Do, value string) view.View {
	r.t.Helper()
	v := r.s.View()
	if !slices.Contains(v.Offers, do) {
		r.t.Fatalf("%s offers %v, not %s; notes %v", v.Screen, v.Offers, do, v.Notes)
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
	r.t.Fatalf("want a %T, got %v", none, r.effects)
	return none
}

func TestTheBoardShowsWhatHangsAndOneNoticeWithWhatIsAllowed(t *testing.T) {
	r := begin(t, hung("150102-2026-00001-N07", "0101"))
	v := r.at(view.ScreenBoard)
	if len(v.Board.Lines) != 1 || v.Board.Lines[0].Name != "佟子试" || v.Board.Lines[0].Left != 6 {
		t.Fatalf("the board is %+v", v.Board.Lines)
	}
	v = r.tap(view.DoChoose, "150102-2026-00001-N07")
	p := v.Board.Posting
	if v.Screen != view.ScreenPosting || p.Members != 3 || p.Amount != "748.50" || p.Left != 6 || p.Last != "2026-11-27" || p.Phone != "12349" || !p.Here {
		t.Errorf("%s %+v", v.Screen, p)
	}
	if v = r.tap(view.DoBack, ""); v.Screen != view.ScreenBoard {
		t.Errorf("back at %s", v.Screen)
	}
	r.tap(view.DoBack, "")
	r.at(view.ScreenMenu)
}

func TestAnEmptyBoardSaysSo(t *testing.T) {
	r := begin(t)
	if v := r.at(view.ScreenBoard); len(v.Board.Lines) != 0 || v.Board.Looking || slices.Contains(v.Offers, view.DoChoose) {
		t.Errorf("%+v, offers %v", v.Board, v.Offers)
	}
}

func TestOfAChildAndOfWhatIsNotKnownNothingIsShown(t *testing.T) {
	r := begin(t, hung("A-1001", "0702"), hung("A-1002", "9999"), hung("A-1003", "0701"), hung("A-1004", "0101"))
	if v := r.at(view.ScreenBoard); len(v.Board.Lines) != 1 || v.Board.Lines[0].ID != "A-1004" {
		t.Errorf("%+v", v.Board.Lines)
	}
}

func TestANoticeIsGoneAtMidnightWhileItIsRead(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.tap(view.DoChoose, "A-1001")
	r.now = time.Date(2026, 11, 27, 16, 0, 1, 0, time.UTC) // a second into the 28th
	v := r.s.View()
	r.event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoDisagree})
	r.looks(hung("A-1001", "0101"))
	if v := r.at(view.ScreenBoard); len(v.Board.Lines) != 0 || len(v.Notes) != 1 {
		t.Errorf("%+v %v", v.Board, v.Notes)
	}
}

// objects goes to the end of the interview, with or without a name and with or without proof.
func (r *resident) objects(as, proof string) {
	r.t.Helper()
	r.tap(view.DoChoose, "A-1001")
	r.tap(view.DoDisagree, "")
	if v := r.at(view.ScreenNotice); !strings.Contains(strings.Join(v.Document.Paragraphs, ""), "写不写名字都行") {
		r.t.Errorf("the notice before it is %v", v.Document.Paragraphs)
	}
	r.tap(view.DoNext, "")
	r.at(view.ScreenQuestion)
	r.tap(view.DoAnswer, as)
	if as == named {
		wanted[journey.ReadCard](r)
		r.event(journey.CardRead{Card: identity})
		r.at(view.ScreenConfirm)
		r.tap(view.DoNext, "")
	}
	r.tap(view.DoAnswer, "income,members")
	r.tap(view.DoAnswer, "他家只有两口人")
	r.tap(view.DoAnswer, proof)
	r.tap(view.DoUnknown, "") // phone
}

// submits goes from the check to the slip and gives the letter.
func (r *resident) submits() letter.Letter {
	r.t.Helper()
	for _, s := range r.at(view.ScreenReview).Review.Sections {
		if len(s.Lines) == 0 {
			r.t.Errorf("the check has a heading %v over nothing", s.Phrase)
		}
	}
	r.tap(view.DoSubmit, "")
	l := wanted[journey.Post](r).Letter
	r.event(journey.Kept{Dossier: "d", SlipNo: "SJ-150102-0001-20261122-00001-3", QueryCode: "40718253"})
	r.event(journey.Central{Delivered: true})
	return l
}

func TestAnObjectionWithoutANameNamesNobody(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.objects(unnamed, "0")
	l := r.submits()
	said := l.Record.(letter.Objected)
	if l.From != (letter.Party{}) || said.Notice != "A-1001" || !slices.Equal(said.Grounds, []string{"income", "members"}) ||
		!slices.Equal(said.Shown, []string{"收入没有说全", "家里人数不对"}) || said.Words.Reveal() != "他家只有两口人" || said.Proof || said.Phone != "" || l.Item.Code != "0101" {
		t.Errorf("%+v said %+v", l.From, said)
	}
	slip := fmt.Sprintf("%+v", wanted[journey.Print](r).Slip)
	for _, want := range []string{"异议凭条", "A-1001", "40718253", "SJ-150102-0001-20261122-00001-3"} {
		if !strings.Contains(slip, want) {
			t.Errorf("the slip lacks %q", want)
		}
	}
	for _, never := range []string{"佟子试", "王𠮷", secret, "{about}", "{mark}", "{item}"} {
		if strings.Contains(slip, never) {
			t.Errorf("the slip says %q: %s", never, slip)
		}
	}
}

func TestAnObjectionUnderANameCarriesTheCard(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.objects(named, "0")
	l := r.submits()
	if l.From.Name != identity.Name || l.From.Number != secret || l.From.Proof != letter.ByCard {
		t.Error("who objects is not named as the card does")
	}
	if slip := fmt.Sprintf("%+v", wanted[journey.Print](r).Slip); strings.Contains(slip, "王𠮷") || strings.Contains(slip, secret) {
		t.Errorf("the slip names who objects: %s", slip)
	}
}

func TestWhoTakesTheNameBackIsNotNamed(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.tap(view.DoChoose, "A-1001")
	r.tap(view.DoDisagree, "")
	r.tap(view.DoNext, "")
	r.tap(view.DoAnswer, named)
	r.event(journey.CardRead{Card: identity})
	r.tap(view.DoNext, "")
	r.tap(view.DoBack, "") // from the first question to the card
	r.tap(view.DoBack, "") // not this card
	r.tap(view.DoBack, "")
	r.tap(view.DoAnswer, unnamed)
	for _, answer := range []string{"other", "没什么", "0"} {
		r.tap(view.DoAnswer, answer)
	}
	r.tap(view.DoUnknown, "")
	l := r.submits()
	if l.From != (letter.Party{}) {
		t.Error("a card that was taken back goes up")
	}
}

func TestEvidenceIsScannedWhereThereIsSome(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.objects(unnamed, "1")
	if v := r.at(view.ScreenScan); v.Scan.Material.Code != "E01" {
		t.Errorf("%+v", v.Scan.Material)
	}
	r.tap(view.DoLater, "")
	l := r.submits()
	if said := l.Record.(letter.Objected); said.Proof || l.Papers["E01"] == "" {
		t.Errorf("%+v, papers %v", said, l.Papers)
	}
}

func TestNothingIsObjectedToWhereNothingCanBeKept(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.event(journey.Standing{Full: true})
	if v := r.tap(view.DoChoose, "A-1001"); v.Board.Posting.Here || slices.Contains(v.Offers, view.DoDisagree) {
		t.Error("an objection is offered that cannot be kept")
	}
}

// A reader who walks away leaves the first screen; who has begun an objection is asked first, and then everything is wiped.
func TestWalkingAwayLeavesNothing(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	at, _ := r.s.Wake()
	r.now = at
	r.event(journey.Tick{})
	r.at(view.ScreenAttract)
	r = begin(t, hung("A-1001", "0101"))
	r.objects(named, "0")
	r.now = r.now.Add(journey.DefaultIdle().Ask + journey.DefaultIdle().Answer)
	r.event(journey.Tick{})
	if v := r.at(view.ScreenWiped); v.Review != nil || v.Board != nil {
		t.Error("something is left on the screen")
	}
}
