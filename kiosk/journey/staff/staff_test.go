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
type worker struct {
	t       *testing.T
	s       journey.State
	now     time.Time
	effects []journey.Effect // of the last event
	ids     int
}

func newWorker(t *testing.T) *worker {
	t.Helper()
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &journey.Config{
		Pack: pack.With(policy.Demo), Services: []journey.Service{apply.Service{}}, Staff: Service{}, Terminal: "150102-0001",
		Hall: view.Hall{Name: "示例大厅", Hotline: "12349"}, Languages: []string{"zh-CN"},
		Zone: time.FixedZone("CST", 8*3600), Idle: journey.DefaultIdle(),
	}
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	return &worker{t: t, s: journey.New(cfg, now), now: now}
}

func (w *worker) event(h journey.Happening) view.View {
	w.t.Helper()
	w.now = w.now.Add(time.Second)
	w.ids++
	w.s, w.effects = journey.Step(w.s, journey.Event{At: w.now, ID: fmt.Sprint("i", w.ids), Is: h})
	return w.s.View()
}

func (w *worker) tap(do view.Do, value string) view.View {
	w.t.Helper()
	v := w.s.View()
	if !slices.Contains(v.Offers, do) {
		w.t.Fatalf("%s offers %v, not %s", v.Screen, v.Offers, do)
	}
	return w.event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: do, Value: value})
}

func (w *worker) at(want view.Screen) view.View {
	w.t.Helper()
	v := w.s.View()
	if v.Screen != want {
		w.t.Fatalf("at %s, want %s; notes %v", v.Screen, want, v.Notes)
	}
	return v
}

func wanted[E journey.Effect](w *worker) E {
	w.t.Helper()
	for _, e := range w.effects {
		if want, ok := e.(E); ok {
			return want
		}
	}
	var none E
	w.t.Fatalf("want a %T, got %v", none, w.effects)
	return none
}

// toPIN lays the member's card.
func (w *worker) toPIN() *worker {
	w.t.Helper()
	w.tap(view.DoStaff, "")
	w.at(view.ScreenEntrance)
	w.tap(view.DoChoose, chooseSignIn)
	w.at(view.ScreenCard)
	wanted[journey.ReadCard](w)
	w.event(journey.CardRead{Card: device.Card{Name: "李测试", Number: mine}})
	w.at(view.ScreenPIN)
	return w
}

// member is what the bureau says of a right PIN.
func (w *worker) member() inquiry.Answer {
	b, err := json.Marshal(inquiry.Member{No: 7, Name: "李**", Session: "SESSION", Until: w.now.Add(30 * time.Minute)})
	if err != nil {
		w.t.Fatal(err)
	}
	return inquiry.Answer{Outcome: inquiry.Found, Body: b}
}

func (w *worker) signIn() *worker {
	w.t.Helper()
	w.toPIN().tap(view.DoAnswer, "246810")
	ask := wanted[journey.Ask](w).Inquiry
	if ask.Kind != inquiry.Staff || ask.Proof.Number != mine {
		w.t.Errorf("asked %s with %q", ask.Kind, ask.Proof.Number.Reveal())
	}
	w.event(journey.Answered{Answer: w.member()})
	if came := wanted[journey.Attend](w); came != (journey.Attend{Staff: 7, Did: journey.Came}) {
		w.t.Errorf("%+v", came)
	}
	if v := w.at(view.ScreenStaff); v.Staff.Name != "李**" || v.Staff.Until != "10:30" {
		w.t.Errorf("%+v", v.Staff)
	}
	return w
}

var original = device.Slip{Rows: []device.Row{device.Text{Text: "收件回执", Size: 2}, device.Columns{Left: "申请人", Right: "王试样"}, device.Rule{}, device.QR{Data: no, Dots: 200}, device.Feed{Lines: 3}}}

// copied checks what is printed: what says that it is a copy, and under it the slip exactly as it was.
func (w *worker) copied(want ...string) {
	w.t.Helper()
	p := wanted[journey.Print](w)
	if p.Paper != journey.PaperCopy || p.Original != nil {
		w.t.Errorf("printed as %q of %v", p.Paper, p.Original)
	}
	n := len(p.Slip.Rows) - len(original.Rows)
	if n < 1 || !reflect.DeepEqual(p.Slip.Rows[n:], original.Rows) {
		w.t.Fatalf("the slip is another than it was: %v", p.Slip.Rows)
	}
	head := fmt.Sprintf("%+v", p.Slip.Rows[:n])
	for _, s := range want {
		if !strings.Contains(head, s) {
			w.t.Errorf("the copy does not say %s: %s", s, head)
		}
	}
}

func TestAMemberPrintsASlipAgainWithWhoWhenAndWhy(t *testing.T) {
	w := newWorker(t).signIn()
	w.tap(view.DoChoose, chooseSlips)
	wanted[journey.ListCopies](w)
	w.event(journey.CopiesListed{Copies: []journey.CopyEntry{{SlipNo: no, Title: "收件回执", At: w.now, Again: 1}}})
	if v := w.at(view.ScreenSlips); len(v.Staff.Slips) != 1 || v.Staff.Slips[0].SlipNo != no || v.Staff.Slips[0].Again != 1 {
		t.Errorf("%+v", v.Staff.Slips)
	}
	w.tap(view.DoChoose, no)
	if v := w.at(view.ScreenWhy); len(v.Staff.Whys) != 4 {
		t.Errorf("%+v", v.Staff.Whys)
	}
	w.tap(view.DoChoose, string(view.WhyLost))
	wanted[journey.FetchCopy](w)
	w.event(journey.CopyFetched{Sealed: []byte("sealed")})
	ask, err := inquiry.ReadStaffAsk(wanted[journey.Ask](w).Inquiry.Body)
	if err != nil || ask.Do != inquiry.OpenCopy || ask.Session != "SESSION" || string(ask.Copy) != "sealed" || ask.Why != "lost" || ask.PIN != "" {
		t.Errorf("%+v, %v", ask, err)
	}
	body, err := slip.Encode(original)
	if err != nil {
		t.Fatal(err)
	}
	w.event(journey.Answered{Answer: inquiry.Answer{Outcome: inquiry.Found, Body: body}})
	if c := wanted[journey.CountCopy](w); c != (journey.CountCopy{SlipNo: no, Staff: 7, Why: view.WhyLost}) {
		t.Errorf("counted %+v", c)
	}
	w.event(journey.CopyCounted{Nth: 2, First: w.now.Add(-time.Hour)})
	w.copied("补", "第2次", "007号", "原凭条遗失", "150102-0001", "2026-11-22 10:00", "2026-11-22 09:00")
	if v := w.s.View(); slices.Contains(v.Offers, view.DoChoose) || slices.Contains(v.Offers, view.DoFinish) || !v.Staff.Busy {
		t.Errorf("while it is printed: %v", v.Offers)
	}
	w.event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	w.at(view.ScreenStaff)
}

func TestWithoutALineASlipIsPrintedByItsCode(t *testing.T) {
	w := newWorker(t)
	w.tap(view.DoStaff, "")
	w.tap(view.DoChoose, chooseCode)
	wanted[journey.ReadCode](w)
	w.event(journey.CodeRead{Code: device.Code{Text: "https://elsewhere.example"}})
	if v := w.at(view.ScreenSlipNo); len(v.Notes) != 1 {
		t.Errorf("%v", v.Notes)
	}
	w.event(journey.CodeRead{Code: device.Code{Text: no}})
	w.at(view.ScreenCode)
	w.tap(view.DoAnswer, "123")
	w.at(view.ScreenCode)
	w.tap(view.DoAnswer, key)
	if o := wanted[journey.OpenCopy](w); o.SlipNo != no || o.Code != key {
		t.Errorf("opened %s with %q", o.SlipNo, o.Code.Reveal())
	}
	w.event(journey.CopyOpened{Slip: original})
	if c := wanted[journey.CountCopy](w); c.Staff != 0 || c.Why != view.WhyCode {
		t.Errorf("counted %+v", c)
	}
	w.event(journey.CopyCounted{Nth: 1, First: w.now})
	w.copied("第1次", "本人（凭查询码）")
	w.event(journey.Printed{Printed: device.Printed{Confirmed: true}})
	w.at(view.ScreenEntrance)
}

func TestWhatKeepsACopyFromBeingPrintedIsTold(t *testing.T) {
	for trouble, phrase := range troubles {
		w := newWorker(t)
		w.tap(view.DoStaff, "")
		w.tap(view.DoChoose, chooseCode)
		w.tap(view.DoAnswer, "15010200012026112200001")
		w.tap(view.DoAnswer, key)
		v := w.event(journey.CopyFault{Trouble: trouble})
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
		w.tap(view.DoAnswer, "000000")
		v := w.event(h)
		if v.Screen != view.ScreenPIN || v.Notes[0].ID != phrase || v.Staff.Name != "" {
			t.Errorf("%s: %s, %v", phrase, v.Screen, v.Notes)
		}
	}
	w := newWorker(t).toPIN()
	if v := w.tap(view.DoAnswer, "1234"); v.Notes[0].ID != view.PhraseStaffPIN || v.Staff.Busy {
		t.Errorf("four digits: %v", v.Notes)
	}
}

func TestASessionEndsWhenItsTimeIsOverWhateverIsDone(t *testing.T) {
	w := newWorker(t).signIn()
	until := w.now.Add(30 * time.Minute)
	for w.now.Before(until.Add(-30 * time.Second)) {
		w.now = w.now.Add(20 * time.Second)
		w.tap(view.DoChoose, chooseDevices)
		w.at(view.ScreenDevices)
		w.tap(view.DoBack, "")
	}
	if at, ok := w.s.Wake(); !ok || at.After(until) {
		t.Errorf("woken at %v, the session ends at %v", at, until)
	}
	w.now = until
	w.event(journey.Tick{})
	w.at(view.ScreenAttract)
	if left := wanted[journey.Attend](w); left.Did != journey.Left || left.Staff != 7 {
		t.Errorf("%+v", left)
	}
	wanted[journey.End](w)
}

func TestAMemberWhoWalksAwayLeavesNoSession(t *testing.T) {
	for name, walk := range map[string]func(w *worker){
		"entrance": func(w *worker) { w.tap(view.DoStaff, "") },
		"PIN":      func(w *worker) { w.toPIN() },
		"home":     func(w *worker) { w.signIn() },
		"devices":  func(w *worker) { w.signIn().tap(view.DoChoose, chooseDevices) },
		"code": func(w *worker) {
			w.tap(view.DoStaff, "")
			w.tap(view.DoChoose, chooseCode)
			w.tap(view.DoAnswer, "15010200012026112200001")
		},
	} {
		w := newWorker(t)
		walk(w)
		ended := false
		for range 61 {
			w.event(journey.Tick{})
			ended = ended || slices.ContainsFunc(w.effects, func(e journey.Effect) bool { _, is := e.(journey.End); return is })
		}
		if v := w.at(view.ScreenAttract); v.Visit != "" || v.Staff != nil || !ended {
			t.Errorf("%s: a minute later %+v", name, v)
		}
	}
}

func TestNothingOfAResidentsVisitIsSeenFromIt(t *testing.T) {
	w := newWorker(t)
	w.tap(view.DoStart, "")
	if v := w.s.View(); slices.Contains(v.Offers, view.DoStaff) {
		t.Error("staff can enter in the middle of a resident's visit")
	}
	v := w.s.View()
	w.event(journey.Touch{Visit: v.Visit, Seq: v.Seq, Do: view.DoStaff}) // nor can a page that lies
	w.at(view.ScreenLanguage)
}

func TestWhatDoesNotGetThroughIsToldWithItsCauseAndWhatToDo(t *testing.T) {
	w := newWorker(t).signIn()
	w.tap(view.DoChoose, chooseQueue)
	wanted[journey.Survey](w)
	v := w.event(journey.Surveyed{Waiting: 3, Oldest: w.now, Stuck: []journey.Stuck{{ID: "1", Kind: "checkin", PutAt: w.now, Cause: view.StuckUnheard}, {ID: "2", Kind: "riddle", PutAt: w.now, Cause: view.StuckRefused}}})
	q := v.Staff.Queue
	if q == nil || q.Waiting != 3 || len(q.Stuck) != 2 || q.Stuck[0].Kind.ID != "kind.checkin" || q.Stuck[1].Kind.ID != "kind.other" || q.Stuck[1].Next.ID != "stuck.refused.next" {
		t.Errorf("%+v", q)
	}
}

func TestACheckInIsConfirmedLaterByItsSlip(t *testing.T) {
	w := newWorker(t).signIn()
	w.tap(view.DoChoose, chooseVouch)
	wanted[journey.ReadCode](w)
	w.event(journey.CodeRead{Code: device.Code{Text: no}})
	l := wanted[journey.Post](w).Letter
	record, ok := l.Record.(letter.CheckedIn)
	if !ok || l.About != no || l.From != (letter.Party{}) || record.Confirmed != letter.ConfirmedStaff || record.Staff != 7 {
		t.Errorf("%+v", l)
	}
	v := w.event(journey.NotKept{Err: errors.New("disk"), Full: true})
	if v.Screen != view.ScreenSlipNo || v.Notes[0].ID != view.PhraseKeepFailed {
		t.Errorf("not kept: %s, %v", v.Screen, v.Notes)
	}
	w.event(journey.CodeRead{Code: device.Code{Text: no}})
	v = w.event(journey.Kept{Dossier: "d", SlipNo: "SJ"})
	if v.Screen != view.ScreenStaff || v.Notes[0].ID != view.PhraseVouched {
		t.Errorf("kept: %s, %v", v.Screen, v.Notes)
	}
	if a := wanted[journey.Attend](w); a != (journey.Attend{Staff: 7, Did: journey.Vouched}) {
		t.Errorf("%+v", a)
	}
	w.tap(view.DoChoose, chooseCode) // and a slip that is to be printed is not taken for one
	w.event(journey.CodeRead{Code: device.Code{Text: no}})
	w.at(view.ScreenCode)
}

func TestDevicesAreToldInWords(t *testing.T) {
	w := newWorker(t)
	w.event(journey.Standing{Devices: map[device.ID]device.Status{
		device.Printer: {State: device.Online, Paper: device.PaperLow}, device.IDCardReader: {State: device.NoDevice}, device.DocCam: {State: "strange"},
	}})
	w.signIn()
	v := w.tap(view.DoChoose, chooseDevices)
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
	w.tap(view.DoChoose, chooseSheet)
	wanted[journey.PrintDaySheet](w)
	v := w.event(journey.PrintFault{Err: device.ErrPaperOut})
	if v.Screen != view.ScreenStaff || v.Notes[0].ID != view.PhrasePrinterPaper || v.Staff.Busy {
		t.Errorf("%v", v.Notes)
	}
}
