package staff

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
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
	"yimen/kiosk/slip"
)

const (
	no   = "SJ-150102-0001-20261122-00001-3"
	key  = "40718253"
	mine = "11010519491231002X"
)

// worker is a member of the staff, as a desk and a pair of hands would have it.
type worker struct{ *journeytest.Hands }

func newWorker(t *testing.T) *worker {
	t.Helper()
	cfg := journeytest.Config(journeytest.Pack(t, policy.Demo), apply.Service{})
	cfg.Staff = Service{}
	return &worker{journeytest.At(t, cfg)}
}

// toPIN lays the member's card.
func (w *worker) toPIN() *worker {
	w.T.Helper()
	w.Tap(view.DoStaff, "")
	w.At(view.ScreenEntrance)
	w.Tap(view.DoChoose, chooseSignIn)
	w.At(view.ScreenCard)
	journeytest.Wanted[journey.ReadCard](w)
	w.Event(journey.CardRead{Card: device.Card{Name: "李测试", Number: mine}})
	w.At(view.ScreenPIN)
	return w
}

// member is what the bureau says of a right PIN.
func (w *worker) member() inquiry.Answer {
	b, err := json.Marshal(inquiry.Member{No: 7, Name: "李**", Session: "SESSION", Until: w.Now.Add(30 * time.Minute)})
	if err != nil {
		w.T.Fatal(err)
	}
	return inquiry.Answer{Outcome: inquiry.Found, Body: b}
}

func (w *worker) signIn() *worker {
	w.T.Helper()
	w.toPIN().Tap(view.DoAnswer, "246810")
	ask := journeytest.Wanted[journey.Ask](w).Inquiry
	if ask.Kind != inquiry.Staff || ask.Proof.Number != mine {
		w.T.Errorf("asked %s with %q", ask.Kind, ask.Proof.Number.Reveal())
	}
	w.Event(journey.Answered{Answer: w.member()})
	if came := journeytest.Wanted[journey.Attend](w); came != (journey.Attend{Staff: 7, Did: journey.Came}) {
		w.T.Errorf("%+v", came)
	}
	if v := w.At(view.ScreenStaff); v.Staff.Name != "李**" || v.Staff.Until != "10:30" {
		w.T.Errorf("%+v", v.Staff)
	}
	return w
}

var original = device.Slip{Rows: []device.Row{device.Text{Text: "收件回执", Size: 2}, device.Columns{Left: "申请人", Right: "王试样"}, device.Rule{}, device.QR{Data: no, Dots: 200}, device.Feed{Lines: 3}}}

// copied checks what is printed: what says that it is a copy, and under it the slip exactly as it was.
func (w *worker) copied(want ...string) {
	w.T.Helper()
	p := journeytest.Wanted[journey.Print](w)
	if p.Paper != journey.PaperCopy || p.Original != nil {
		w.T.Errorf("printed as %q of %v", p.Paper, p.Original)
	}
	n := len(p.Slip.Rows) - len(original.Rows)
	if n < 1 || !reflect.DeepEqual(p.Slip.Rows[n:], original.Rows) {
		w.T.Fatalf("the slip is another than it was: %v", p.Slip.Rows)
	}
	head := fmt.Sprintf("%+v", p.Slip.Rows[:n])
	for _, s := range want {
		if !strings.Contains(head, s) {
			w.T.Errorf("the copy does not say %s: %s", s, head)
		}
	}
}

func TestAMemberPrintsASlipAgainWithWhoWhenAndWhy(t *testing.T) {
	w := newWorker(t).signIn()
	w.Tap(view.DoChoose, chooseSlips)
	journeytest.Wanted[journey.ListCopies](w)
	w.Event(journey.CopiesListed{Copies: []journey.CopyEntry{{SlipNo: no, Title: "收件回执", At: w.Now, Again: 1}}})
	if v := w.At(view.ScreenSlips); len(v.Staff.Slips) != 1 || v.Staff.Slips[0].SlipNo != no || v.Staff.Slips[0].Again != 1 {
		t.Errorf("%+v", v.Staff.Slips)
	}
	w.Tap(view.DoChoose, no)
	if v := w.At(view.ScreenWhy); len(v.Staff.Whys) != 4 {
		t.Errorf("%+v", v.Staff.Whys)
	}
	w.Tap(view.DoChoose, string(view.WhyLost))
	journeytest.Wanted[journey.FetchCopy](w)
	w.Event(journey.CopyFetched{Sealed: []byte("sealed")})
	ask, err := inquiry.ReadStaffAsk(journeytest.Wanted[journey.Ask](w).Inquiry.Body)
	if err != nil || ask.Do != inquiry.OpenCopy || ask.Session != "SESSION" || string(ask.Copy) != "sealed" || ask.Why != "lost" || ask.PIN != "" {
		t.Errorf("%+v, %v", ask, err)
	}
	body, err := slip.Encode(original)
	if err != nil {
		t.Fatal(err)
	}
	w.Event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: body}})
	if c := journeytest.Wanted[journey.CountCopy](w); c != (journey.CountCopy{SlipNo: no, Staff: 7, Why: view.WhyLost}) {
		t.Errorf("counted %+v", c)
	}
	w.Event(journey.CopyCounted{Nth: 2, First: w.Now.Add(-time.Hour)})
	w.copied("补", "第2次", "007号", "原凭条遗失", "150102-0001", "2026-11-22 10:00", "2026-11-22 09:00")
	if v := w.View(); slices.Contains(v.Offers, view.DoChoose) || slices.Contains(v.Offers, view.DoFinish) || !v.Staff.Busy {
		t.Errorf("while it is printed: %v", v.Offers)
	}
	w.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	w.At(view.ScreenStaff)
}

func TestWithoutALineASlipIsPrintedByItsCode(t *testing.T) {
	w := newWorker(t)
	w.Tap(view.DoStaff, "")
	w.Tap(view.DoChoose, chooseCode)
	journeytest.Wanted[journey.ReadCode](w)
	w.Event(journey.CodeRead{Code: device.Code{Text: "https://elsewhere.example"}})
	if v := w.At(view.ScreenSlipNo); len(v.Notes) != 1 {
		t.Errorf("%v", v.Notes)
	}
	w.Event(journey.CodeRead{Code: device.Code{Text: no}})
	w.At(view.ScreenCode)
	w.Tap(view.DoAnswer, "123")
	w.At(view.ScreenCode)
	w.Tap(view.DoAnswer, key)
	if o := journeytest.Wanted[journey.OpenCopy](w); o.SlipNo != no || o.Code != key {
		t.Errorf("opened %s with %q", o.SlipNo, o.Code.Reveal())
	}
	w.Event(journey.CopyOpened{Slip: original})
	if c := journeytest.Wanted[journey.CountCopy](w); c.Staff != 0 || c.Why != view.WhyCode {
		t.Errorf("counted %+v", c)
	}
	w.Event(journey.CopyCounted{Nth: 1, First: w.Now})
	w.copied("第1次", "本人（凭查询码）")
	w.Event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	w.At(view.ScreenEntrance)
}

func TestWhatKeepsACopyFromBeingPrintedIsTold(t *testing.T) {
	for trouble, phrase := range troubles {
		w := newWorker(t)
		w.Tap(view.DoStaff, "")
		w.Tap(view.DoChoose, chooseCode)
		w.Tap(view.DoAnswer, "15010200012026112200001")
		w.Tap(view.DoAnswer, key)
		v := w.Event(journey.CopyFault{Trouble: trouble})
		if v.Screen != view.ScreenCode || len(v.Notes) != 1 || v.Notes[0].ID != phrase {
			t.Errorf("%s: %s, %v", trouble, v.Screen, v.Notes)
		}
	}
}

func TestAWrongPINASleepingLineAndALockAreToldApart(t *testing.T) {
	for phrase, h := range map[string]journey.Happening{
		view.PhraseStaffUnknown: journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Nothing}},
		view.PhraseStaffLocked:  journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Locked}},
		view.PhraseStaffLine:    journey.NotAnswered{Err: errors.New("no route to host")},
	} {
		w := newWorker(t).toPIN()
		w.Tap(view.DoAnswer, "000000")
		v := w.Event(h)
		if v.Screen != view.ScreenPIN || v.Notes[0].ID != phrase || v.Staff.Name != "" {
			t.Errorf("%s: %s, %v", phrase, v.Screen, v.Notes)
		}
	}
	w := newWorker(t).toPIN()
	if v := w.Tap(view.DoAnswer, "1234"); v.Notes[0].ID != view.PhraseStaffPIN || v.Staff.Busy {
		t.Errorf("four digits: %v", v.Notes)
	}
}

func TestASessionEndsWhenItsTimeIsOverWhateverIsDone(t *testing.T) {
	w := newWorker(t).signIn()
	until := w.Now.Add(30 * time.Minute)
	for w.Now.Before(until.Add(-30 * time.Second)) {
		w.Now = w.Now.Add(20 * time.Second)
		w.Tap(view.DoChoose, chooseDevices)
		w.At(view.ScreenDevices)
		w.Tap(view.DoBack, "")
	}
	if at, ok := w.State.Wake(); !ok || at.After(until) {
		t.Errorf("woken at %v, the session ends at %v", at, until)
	}
	w.Now = until
	w.Event(journey.Tick{})
	w.At(view.ScreenAttract)
	if left := journeytest.Wanted[journey.Attend](w); left.Did != journey.Left || left.Staff != 7 {
		t.Errorf("%+v", left)
	}
	journeytest.Wanted[journey.End](w)
}

func TestAMemberWhoWalksAwayLeavesNoSession(t *testing.T) {
	for name, walk := range map[string]func(w *worker){
		"entrance": func(w *worker) { w.Tap(view.DoStaff, "") },
		"PIN":      func(w *worker) { w.toPIN() },
		"home":     func(w *worker) { w.signIn() },
		"devices":  func(w *worker) { w.signIn().Tap(view.DoChoose, chooseDevices) },
		"code": func(w *worker) {
			w.Tap(view.DoStaff, "")
			w.Tap(view.DoChoose, chooseCode)
			w.Tap(view.DoAnswer, "15010200012026112200001")
		},
	} {
		w := newWorker(t)
		walk(w)
		ended := false
		for range 61 {
			w.Event(journey.Tick{})
			ended = ended || slices.ContainsFunc(w.Effects, func(e journey.Effect) bool { _, is := e.(journey.End); return is })
		}
		if v := w.At(view.ScreenAttract); v.Visit != "" || v.Staff != nil || !ended {
			t.Errorf("%s: a minute later %+v", name, v)
		}
	}
}

func TestNothingOfAResidentsVisitIsSeenFromIt(t *testing.T) {
	w := newWorker(t)
	w.Tap(view.DoStart, "")
	if v := w.View(); slices.Contains(v.Offers, view.DoStaff) {
		t.Error("staff can enter in the middle of a resident's visit")
	}
	v := w.View()
	w.Event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoStaff}) // nor can a page that lies
	w.At(view.ScreenLanguage)
}

func TestWhatDoesNotGetThroughIsToldWithItsCauseAndWhatToDo(t *testing.T) {
	w := newWorker(t).signIn()
	w.Tap(view.DoChoose, chooseQueue)
	journeytest.Wanted[journey.Survey](w)
	v := w.Event(journey.Surveyed{Waiting: 3, Oldest: w.Now, Stuck: []journey.Stuck{{ID: "1", Kind: "checkin", PutAt: w.Now, Cause: view.StuckUnheard}, {ID: "2", Kind: "riddle", PutAt: w.Now, Cause: view.StuckRefused}}})
	q := v.Staff.Queue
	if q == nil || q.Waiting != 3 || len(q.Stuck) != 2 || q.Stuck[0].Kind.ID != "kind.checkin" || q.Stuck[1].Kind.ID != "kind.other" || q.Stuck[1].Next.ID != "stuck.refused.next" {
		t.Errorf("%+v", q)
	}
}

func TestACheckInIsConfirmedLaterByItsSlip(t *testing.T) {
	w := newWorker(t).signIn()
	w.Tap(view.DoChoose, chooseVouch)
	journeytest.Wanted[journey.ReadCode](w)
	w.Event(journey.CodeRead{Code: device.Code{Text: no}})
	l := journeytest.Wanted[journey.Post](w).Letter
	record, ok := l.Record.(letter.CheckedIn)
	if !ok || l.About != no || l.From != (letter.Party{}) || record.Confirmed != letter.ConfirmedStaff || record.Staff != 7 {
		t.Errorf("%+v", l)
	}
	v := w.Event(journey.NotKept{Err: errors.New("disk"), Full: true})
	if v.Screen != view.ScreenSlipNo || v.Notes[0].ID != view.PhraseKeepFailed {
		t.Errorf("not kept: %s, %v", v.Screen, v.Notes)
	}
	w.Event(journey.CodeRead{Code: device.Code{Text: no}})
	v = w.Event(journey.Kept{Dossier: "d", SlipNo: "SJ"})
	if v.Screen != view.ScreenStaff || v.Notes[0].ID != view.PhraseVouched {
		t.Errorf("kept: %s, %v", v.Screen, v.Notes)
	}
	if a := journeytest.Wanted[journey.Attend](w); a != (journey.Attend{Staff: 7, Did: journey.Vouched}) {
		t.Errorf("%+v", a)
	}
	w.Tap(view.DoChoose, chooseCode) // and a slip that is to be printed is not taken for one
	w.Event(journey.CodeRead{Code: device.Code{Text: no}})
	w.At(view.ScreenCode)
}

func TestDevicesAreToldInWords(t *testing.T) {
	w := newWorker(t)
	w.Event(journey.Standing{Devices: map[device.ID]device.Status{
		device.Printer: {State: device.Online, Paper: device.PaperLow}, device.IDCardReader: {State: device.NoDevice}, device.DocCam: {State: "strange"},
	}})
	w.signIn()
	v := w.Tap(view.DoChoose, chooseDevices)
	want := []view.DeviceLine{
		{Name: view.Phrase{ID: "device.idcard"}, State: view.Phrase{ID: "state.noDevice"}, Bad: true},
		{Name: view.Phrase{ID: "device.doccam"}, State: view.Phrase{ID: "state.hardwareError"}, Bad: true},
		{Name: view.Phrase{ID: "device.printer"}, State: view.Phrase{ID: "state.low"}},
	}
	if !reflect.DeepEqual(v.Staff.Devices, want) {
		t.Errorf("%+v", v.Staff.Devices)
	}
}

func TestTheDaySheetIsPrintedAndWhatThePrinterSaidIsTold(t *testing.T) {
	w := newWorker(t).signIn()
	w.Tap(view.DoChoose, chooseSheet)
	journeytest.Wanted[journey.PrintDaySheet](w)
	v := w.Event(journey.PrintFault{Err: device.ErrPaperOut})
	if v.Screen != view.ScreenStaff || v.Notes[0].ID != view.PhrasePrinterPaper || v.Staff.Busy {
		t.Errorf("%v", v.Notes)
	}
}
