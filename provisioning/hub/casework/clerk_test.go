package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/central"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/bureau"
	"yimen/provisioning/hub/crier"
	"yimen/provisioning/hub/docket"
)

var china = time.FixedZone("UTC+8", 8*60*60)

const (
	idNumber = "11010519491231002X"
	other    = "440524188001010014"
)

// hall is a desk with what came in, a book of cases and a voice.
type hall struct {
	t     *testing.T
	at    time.Time
	pack  *policy.Pack
	rows  []bureau.Row
	parts map[string]map[string][]byte
	said  []crier.Saying
	mute  error
	clerk *Clerk
}

var clerkOfAll = docket.Officer{ID: "01", Name: "李办案", Roles: flow.Roles()}

func newHall(t *testing.T) *hall {
	t.Helper()
	pack, err := policy.Load("../../../kiosk/policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{t: t, at: time.Date(2026, 3, 26, 9, 0, 0, 0, china), pack: pack, parts: map[string]map[string][]byte{}}
	book, err := docket.Open(t.Context(), t.TempDir(), h, h.now, china, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	h.clerk = &Clerk{Desk: h, Book: book, Voice: h, Zone: china, Now: h.now, Log: slog.New(slog.DiscardHandler)}
	return h
}

func (h *hall) now() time.Time { return h.at }

func (h *hall) Edition(id, digest string) (*policy.Pack, error) {
	if digest != h.pack.Digest {
		return nil, errors.New("not on the shelf")
	}
	return h.pack, nil
}

func (h *hall) Dossiers(context.Context) ([]bureau.Row, error) {
	rows := slices.Clone(h.rows)
	slices.Reverse(rows)
	return rows, nil
}

func (h *hall) Look(_ context.Context, id string, names ...string) (bureau.Manifest, map[string][]byte, error) {
	for _, row := range h.rows {
		if row.ID == id {
			return row.Manifest, h.parts[id], nil
		}
	}
	return bureau.Manifest{}, nil, errors.New("not here")
}

func (h *hall) Say(_ context.Context, s crier.Saying) (central.Event, error) {
	if h.mute != nil {
		return central.Event{}, h.mute
	}
	h.said = append(h.said, s)
	return central.Event{ID: s.ID}, nil
}

// comes lets an envelope come in: kind, slip, what it says and about what.
func (h *hall) comes(kind, slipNo, about string, whose device.Personal, part string, body any) string {
	h.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	id := fmt.Sprintf("%026d", len(h.rows)+1)
	m := bureau.Manifest{
		Kind: kind, Item: "0101", Applicant: "佟子试", SlipNo: slipNo, About: about, Terminal: "150102-0001", Region: "150102", SubmittedAt: h.at,
		Parts: []bureau.Part{{No: 1, Name: part}},
	}
	if !whose.Empty() {
		m.From = bureau.Party{Name: "佟子试", Number: whose}
	}
	m.Pack.ID, m.Pack.Edition, m.Pack.Digest = h.pack.ID, h.pack.Edition, h.pack.Digest
	h.rows = append(h.rows, bureau.Row{ID: id, Manifest: m, ReceivedAt: h.at, Summary: central.Summary{Envelope: id, Kind: kind, Terminal: "150102-0001"}})
	h.parts[id] = map[string][]byte{part: b}
	return id
}

func (h *hall) applies(slipNo string) string {
	return h.comes("application", slipNo, "", "", "answers.json", map[string]any{"card": map[string]any{"number": idNumber}})
}

func recordBody(r letter.Record) any {
	return map[string]any{"kind": r.Kind(), "version": r.Version(), "record": r}
}

func (h *hall) round() {
	h.t.Helper()
	if err := h.clerk.Round(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// takes moves a case as far as the named stages.
func (h *hall) takes(no string, to ...string) {
	h.t.Helper()
	for _, stage := range to {
		c, _ := h.clerk.Book.Case(no)
		i := slices.IndexFunc(h.clerk.Book.Lawful(c), func(m flow.Move) bool { return m.To == stage })
		if i < 0 {
			h.t.Fatalf("no way from %s to %s", c.Now().Code, stage)
		}
		fields := map[string]string{"day": "2026-12-01", "visitors": "甲、乙", "doing": "再看一遍", "kind": "存款", "facts": "存款超过", "clause": "第七条", "working": "不算", "members": "3", "amount": "748", "materials": "M09,M10", "by": "2026-12-01", "from": "2026年4月"}
		if err := h.clerk.Book.Take(h.t.Context(), clerkOfAll, no, docket.Act{Move: h.clerk.Book.Lawful(c)[i].ID(), Fields: fields}); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestAnApplicationBecomesACaseOnce(t *testing.T) {
	h := newHall(t)
	id := h.applies("SJ-1")
	for range 3 {
		h.round()
	}
	cases := h.clerk.Book.Cases()
	if len(cases) != 1 || cases[0].Envelope != id || cases[0].Number != idNumber || cases[0].Name != "佟子试" {
		t.Fatalf("%d cases", len(cases))
	}
	if h.clerk.Left(id) != nil {
		t.Error("it is filed and left")
	}
}

func TestWhatComesLaterIsPutWithItsCase(t *testing.T) {
	h := newHall(t)
	h.applies("SJ-1")
	h.comes("supplement", "SJ-2", "SJ-1", idNumber, "record.json", recordBody(letter.Supplied{Papers: []letter.SuppliedPaper{{Code: "M09", Pages: 2}, {Code: "M10", Later: true}}}))
	h.comes("checkin", "SJ-3", "", idNumber, "record.json", recordBody(letter.CheckedIn{}))
	h.comes("checkin", "SJ-4", "", other, "record.json", recordBody(letter.CheckedIn{}))
	h.comes("draft", "SJ-5", "", idNumber, "record.json", nil)
	h.round()
	c, _ := h.clerk.Book.BySlip("SJ-1")
	var got []string
	for _, a := range c.Attached {
		got = append(got, a.Kind+" "+a.SlipNo+" "+strings.Join(a.Materials, ","))
	}
	if fmt.Sprint(got) != "[supplement SJ-2 M09 checkin SJ-3 ]" {
		t.Errorf("with the case are %v", got)
	}
	h.round()
	if c, _ := h.clerk.Book.BySlip("SJ-1"); len(c.Attached) != 2 {
		t.Errorf("%d are with it after another round", len(c.Attached))
	}
}

func TestASupplementBeforeItsApplicationWaitsAndHoldsNothingUp(t *testing.T) {
	h := newHall(t)
	early := h.comes("supplement", "SJ-2", "SJ-1", idNumber, "record.json", recordBody(letter.Supplied{}))
	odd := h.comes("objection", "SJ-9", "", "", "record.json", "no record")
	h.applies("SJ-7")
	if err := h.clerk.Round(t.Context()); err == nil {
		t.Error("nothing is said about what is left")
	}
	if h.clerk.Left(early) == nil || h.clerk.Left(odd) == nil || len(h.clerk.Book.Cases()) != 1 {
		t.Error("it is not left, or it held the other up")
	}
	h.applies("SJ-1")
	_ = h.clerk.Round(t.Context())
	_ = h.clerk.Round(t.Context())
	if c, _ := h.clerk.Book.BySlip("SJ-1"); len(c.Attached) != 1 || h.clerk.Left(early) != nil {
		t.Error("it is not put with the application that came after it")
	}
}

func TestAnotherEditionsApplicationIsLeftWithTheReason(t *testing.T) {
	h := newHall(t)
	id := h.applies("SJ-1")
	h.rows[0].Manifest.Pack.Digest = "sha256:other"
	if err := h.clerk.Round(t.Context()); err == nil || h.clerk.Left(id) == nil || !strings.Contains(h.clerk.Left(id).Error(), "shelf") {
		t.Errorf("left: %v", h.clerk.Left(id))
	}
}

func TestANoticeIsSaidOnceAndTakenBackByItsName(t *testing.T) {
	h := newHall(t)
	h.applies("SJ-1")
	h.round()
	no := h.clerk.Book.Cases()[0].No
	h.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM", "PUBLICITY")
	h.mute = errors.New("the line is down")
	if err := h.clerk.Round(t.Context()); err == nil || len(h.said) != 0 {
		t.Errorf("said over a dead line: %v", err)
	}
	h.mute = nil
	h.round()
	h.round()
	if len(h.said) != 1 {
		t.Fatalf("said %d times", len(h.said))
	}
	up := h.said[0]
	if up.Kind != central.KindNotice || up.For != "150102" || !up.Until.Equal(time.Date(2026, 4, 3, 0, 0, 0, 0, china)) || !central.ValidEnvelopeID(up.ID) {
		t.Errorf("said %+v", up)
	}
	if strings.Contains(string(up.Body), idNumber) || strings.Contains(string(up.Body), "SJ-") {
		t.Errorf("said %s", up.Body)
	}
	h.takes(no, "OBJECTION", "PRELIM")
	h.round()
	if len(h.said) != 2 || h.said[1].Kind != central.KindNoticeWithdrawn || h.said[1].Withdraws != up.ID {
		t.Errorf("taken back by %+v", h.said[1:])
	}
}

func TestANoticeWhoseDaysAreOverIsNotSaidAnyMore(t *testing.T) {
	h := newHall(t)
	h.applies("SJ-1")
	h.round()
	h.takes(h.clerk.Book.Cases()[0].No, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM", "PUBLICITY")
	h.at = h.at.AddDate(0, 0, 9)
	h.round()
	if len(h.said) != 0 || len(h.clerk.Book.News()) != 0 {
		t.Errorf("said %d, waiting %d", len(h.said), len(h.clerk.Book.News()))
	}
}

func TestAnObjectionBecomesACaseAndIsPutWithTheHouseholds(t *testing.T) {
	h := newHall(t)
	h.applies("SJ-1")
	h.round()
	no := h.clerk.Book.Cases()[0].No
	h.takes(no, "ACCEPTED", "VERIFYING", "SURVEYING", "PRELIM", "PUBLICITY")
	id := h.comes("objection", "SJ-2", "", "", "record.json", recordBody(letter.Objected{Notice: no + "-N07", Grounds: []string{"income"}}))
	h.round()
	raised, ok := h.clerk.Book.BySlip("SJ-2")
	if !ok || raised.Now().Code != "RAISED" || raised.About != no+"-N07" || !raised.Number.Empty() {
		t.Fatalf("%v, %+v", ok, h.clerk.Left(id))
	}
	if c, _ := h.clerk.Book.Case(no); len(c.Attached) != 1 || c.Attached[0].Case != raised.No {
		t.Error("the household's case does not have it")
	}
}
