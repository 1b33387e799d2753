package notices

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/journey"
	"yimen/kiosk/journey/journeytest"
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
type resident struct{ *journeytest.Hands }

// begin opens the door, and the board shows what hangs.
func begin(t *testing.T, came ...noticeboard.Notice) *resident {
	t.Helper()
	r := &resident{journeytest.At(t, journeytest.Config(journeytest.Pack(t, policy.Demo), Service{}, other{}))}
	r.Tap(view.DoStart, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoChoose, "notices")
	r.looks(came...)
	return r
}

// looks answers the look at the board as the desk does.
func (r *resident) looks(came ...noticeboard.Notice) {
	r.T.Helper()
	look := journeytest.Wanted[journey.LookAtBoard](r)
	r.Event(journey.BoardSeen{On: look.On, Notices: noticeboard.Hanging(came, look.On)})
}

// other is a second door, so that there is a menu.
type other struct{}

func (other) Door() view.Door                                   { return view.Door{ID: "other"} }
func (other) Offers(*policy.Pack) []view.Offer                  { return nil }
func (other) Begin(string, *journey.Course) (s []journey.Stage) { return nil }

func TestTheBoardShowsWhatHangsAndOneNoticeWithWhatIsAllowed(t *testing.T) {
	r := begin(t, hung("150102-2026-00001-N07", "0101"))
	v := r.At(view.ScreenBoard)
	if len(v.Board.Lines) != 1 || v.Board.Lines[0].Name != "佟子试" || v.Board.Lines[0].Left != 6 {
		t.Fatalf("the board is %+v", v.Board.Lines)
	}
	v = r.Tap(view.DoChoose, "150102-2026-00001-N07")
	p := v.Board.Posting
	if v.Screen != view.ScreenPosting || p.Members != 3 || p.Amount != "748.50" || p.Left != 6 || p.Last != "2026-11-27" || p.Phone != "12349" || !p.Here {
		t.Errorf("%s %+v", v.Screen, p)
	}
	if v = r.Tap(view.DoBack, ""); v.Screen != view.ScreenBoard {
		t.Errorf("back at %s", v.Screen)
	}
	r.Tap(view.DoBack, "")
	r.At(view.ScreenMenu)
}

// granted is what was decided about hung's case.
func granted(no, item string) noticeboard.Notice {
	n := hung(no, item)
	n.Result, n.Posted, n.First, n.Last = true, 20261101, 20261102, 20261201
	return n
}

func TestAResultIsReadAndNeitherObjectedToNorPrinted(t *testing.T) {
	r := begin(t, granted("A-1001-N11", "0101"), hung("A-1002-N07", "0101"))
	v := r.At(view.ScreenBoard)
	if lines := v.Board.Lines; len(lines) != 2 || lines[0].Result || !lines[1].Result || lines[1].Left != 10 || !v.Board.Results {
		t.Fatalf("the board is %+v", v.Board)
	}
	if slices.Contains(v.Offers, view.DoPrint) {
		t.Error("the board can be printed")
	}
	v = r.Tap(view.DoChoose, "A-1001-N11")
	if p := v.Board.Posting; !p.Result || p.Here || p.Amount != "748.50" || p.Last != "2026-12-01" || p.Phone != "12349" {
		t.Errorf("%+v", p)
	}
	for _, never := range []view.Do{view.DoDisagree, view.DoAssist, view.DoPrint} {
		if slices.Contains(v.Offers, never) {
			t.Errorf("a result offers %s", never)
		}
	}
	r.Event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoDisagree})
	r.At(view.ScreenPosting)
}

func TestAResultIsGoneWhenItsDaysAreOverAndOfSomeItemsNoneIsShown(t *testing.T) {
	over := granted("A-1001-N11", "0101")
	over.Last = 20261121
	// The disability subsidy and the recognition of a household are announced nowhere, whatever came (domain.md P11).
	r := begin(t, over, granted("A-1002-N11", "0601"), granted("A-1003-N11", "0401"), granted("A-1004-N11", "0702"))
	if v := r.At(view.ScreenBoard); len(v.Board.Lines) != 0 {
		t.Errorf("%+v", v.Board.Lines)
	}
}

func TestAnEmptyBoardSaysSo(t *testing.T) {
	r := begin(t)
	if v := r.At(view.ScreenBoard); len(v.Board.Lines) != 0 || v.Board.Looking || slices.Contains(v.Offers, view.DoChoose) {
		t.Errorf("%+v, offers %v", v.Board, v.Offers)
	}
}

func TestOfAChildAndOfWhatIsNotKnownNothingIsShown(t *testing.T) {
	r := begin(t, hung("A-1001", "0702"), hung("A-1002", "9999"), hung("A-1003", "0701"), hung("A-1004", "0101"))
	if v := r.At(view.ScreenBoard); len(v.Board.Lines) != 1 || v.Board.Lines[0].ID != "A-1004" {
		t.Errorf("%+v", v.Board.Lines)
	}
}

func TestANoticeIsGoneAtMidnightWhileItIsRead(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.Tap(view.DoChoose, "A-1001")
	r.Now = time.Date(2026, 11, 27, 16, 0, 1, 0, time.UTC) // a second into the 28th
	v := r.View()
	r.Event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoDisagree})
	r.looks(hung("A-1001", "0101"))
	if v := r.At(view.ScreenBoard); len(v.Board.Lines) != 0 || len(v.Notes) != 1 {
		t.Errorf("%+v %v", v.Board, v.Notes)
	}
}

// objects goes to the end of the interview, with or without a name and with or without proof.
func (r *resident) objects(as, proof string) {
	r.T.Helper()
	r.Tap(view.DoChoose, "A-1001")
	r.Tap(view.DoDisagree, "")
	if v := r.At(view.ScreenNotice); !strings.Contains(strings.Join(v.Document.Paragraphs, ""), "写不写名字都行") {
		r.T.Errorf("the notice before it is %v", v.Document.Paragraphs)
	}
	r.Tap(view.DoNext, "")
	r.At(view.ScreenQuestion)
	r.Tap(view.DoAnswer, as)
	if as == named {
		journeytest.Wanted[journey.ReadCard](r)
		r.Event(journey.CardRead{Card: identity})
		r.At(view.ScreenConfirm)
		r.Tap(view.DoNext, "")
	}
	r.Tap(view.DoAnswer, "income,members")
	r.Tap(view.DoAnswer, "他家只有两口人")
	r.Tap(view.DoAnswer, proof)
	r.Tap(view.DoUnknown, "") // phone
}

// submits goes from the check to the slip and gives the letter.
func (r *resident) submits() letter.Letter {
	r.T.Helper()
	for _, s := range r.At(view.ScreenReview).Review.Sections {
		if len(s.Lines) == 0 {
			r.T.Errorf("the check has a heading %v over nothing", s.Phrase)
		}
	}
	r.Tap(view.DoSubmit, "")
	l := journeytest.Wanted[journey.Post](r).Letter
	r.Event(journey.Kept{Dossier: "d", SlipNo: "SJ-150102-0001-20261122-00001-3", QueryCode: "40718253"})
	r.Event(journey.Central{Delivered: true})
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
	slip := fmt.Sprintf("%+v", journeytest.Wanted[journey.Print](r).Slip)
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
	if slip := fmt.Sprintf("%+v", journeytest.Wanted[journey.Print](r).Slip); strings.Contains(slip, "王𠮷") || strings.Contains(slip, secret) {
		t.Errorf("the slip names who objects: %s", slip)
	}
}

func TestWhoTakesTheNameBackIsNotNamed(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.Tap(view.DoChoose, "A-1001")
	r.Tap(view.DoDisagree, "")
	r.Tap(view.DoNext, "")
	r.Tap(view.DoAnswer, named)
	r.Event(journey.CardRead{Card: identity})
	r.Tap(view.DoNext, "")
	r.Tap(view.DoBack, "") // from the first question to the card
	r.Tap(view.DoBack, "") // not this card
	r.Tap(view.DoBack, "")
	r.Tap(view.DoAnswer, unnamed)
	for _, answer := range []string{"other", "没什么", "0"} {
		r.Tap(view.DoAnswer, answer)
	}
	r.Tap(view.DoUnknown, "")
	l := r.submits()
	if l.From != (letter.Party{}) {
		t.Error("a card that was taken back goes up")
	}
}

func TestEvidenceIsScannedWhereThereIsSome(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.objects(unnamed, "1")
	if v := r.At(view.ScreenScan); v.Scan.Material.Code != "E01" {
		t.Errorf("%+v", v.Scan.Material)
	}
	r.Tap(view.DoLater, "")
	l := r.submits()
	if said := l.Record.(letter.Objected); said.Proof || l.Papers["E01"] == "" {
		t.Errorf("%+v, papers %v", said, l.Papers)
	}
}

func TestNothingIsObjectedToWhereNothingCanBeKept(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	r.Event(journey.Standing{Full: true})
	if v := r.Tap(view.DoChoose, "A-1001"); v.Board.Posting.Here || slices.Contains(v.Offers, view.DoDisagree) {
		t.Error("an objection is offered that cannot be kept")
	}
}

// A reader who walks away leaves the first screen; who has begun an objection is asked first, and then everything is wiped.
func TestWalkingAwayLeavesNothing(t *testing.T) {
	r := begin(t, hung("A-1001", "0101"))
	at, _ := r.State.Wake()
	r.Now = at
	r.Event(journey.Tick{})
	r.At(view.ScreenAttract)
	r = begin(t, hung("A-1001", "0101"))
	r.objects(named, "0")
	r.Now = r.Now.Add(journey.DefaultIdle().Ask + journey.DefaultIdle().Answer)
	r.Event(journey.Tick{})
	if v := r.At(view.ScreenWiped); v.Review != nil || v.Board != nil {
		t.Error("something is left on the screen")
	}
}
