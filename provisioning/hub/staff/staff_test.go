package staff

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/envelope"
	"yimen/kiosk/inquiry"
)

const (
	terminal = "150102-0001"
	number   = "11010519491231002X"
	pin      = "246810"
)

// hall is a desk with one member, and a terminal that asks it.
type hall struct {
	*Desk
	asker inquiry.Asker
	now   time.Time
	file  string
}

func open(t *testing.T) *hall {
	t.Helper()
	opening, err1 := envelope.GenerateOpener(rand.Reader, envelope.SuiteX25519)
	word, err2 := envelope.GenerateSigner(rand.Reader, envelope.SuiteX25519)
	signing, err3 := envelope.GenerateSigner(rand.Reader, envelope.SuiteX25519)
	h := &hall{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), file: filepath.Join(t.TempDir(), "staff.db")}
	r, err4 := Open(t.Context(), h.file)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	if no, err := r.Enrol(t.Context(), "李测试", number, pin); err != nil || no != 1 {
		t.Fatal(no, err)
	}
	h.asker = inquiry.Asker{Suite: envelope.SuiteX25519, Terminal: terminal, To: []envelope.Recipient{opening.Recipient()}, By: signing, Word: word.Verifier(), Random: rand.Reader}
	h.Desk = &Desk{
		Roster: r, Zone: time.FixedZone("CST", 8*3600), Now: func() time.Time { return h.now },
		Clerk: inquiry.Clerk{With: opening, By: word, Terminals: envelope.NewSignatories(map[string]*envelope.Verifier{terminal: signing.Verifier()}), Random: rand.Reader},
	}
	return h
}

// ask asks as the terminal at would, all that lies between aside.
func (h *hall) ask(t *testing.T, at string, card device.Personal, ask inquiry.StaffAsk) inquiry.Answer {
	t.Helper()
	q, err := ask.Inquiry(device.Card{Number: card, Name: "李测试"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.Answer(t.Context(), inquiry.Question{Inquiry: q, ID: "1", Terminal: at})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (h *hall) signIn(t *testing.T) inquiry.Member {
	t.Helper()
	a := h.ask(t, terminal, number, inquiry.StaffAsk{Do: inquiry.SignIn, PIN: pin})
	if a.Outcome != inquiry.Found {
		t.Fatalf("signing in is answered %s", a.Outcome)
	}
	m, err := inquiry.ReadMember(a)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const copyID = "01k9zqv8w3m5n7p2r4s6t8v0a1"

func (h *hall) sealed(t *testing.T) []byte {
	t.Helper()
	b, err := h.asker.SealCopy([]byte(`{"rows":[]}`), copyID, h.now)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAMemberSignsInWithCardAndPINAndOpensACopy(t *testing.T) {
	h := open(t)
	m := h.signIn(t)
	if m.No != 1 || m.Name != "李**" || m.Until.Sub(h.now) != longest || len(m.Session) != 32 {
		t.Errorf("%+v", m)
	}
	a := h.ask(t, terminal, "", inquiry.StaffAsk{Do: inquiry.OpenCopy, Session: m.Session, Copy: h.sealed(t), Why: "lost"})
	if a.Outcome != inquiry.Found || string(a.Body) != `{"rows":[]}` {
		t.Errorf("%s %s", a.Outcome, a.Body)
	}
	var done int
	if err := h.Roster.db.QueryRow(`SELECT count(*) FROM done WHERE member = 1 AND terminal = ? AND (what = 'sign-in' OR what = 'open-copy' AND why = 'lost')`, terminal).Scan(&done); err != nil || done != 2 {
		t.Errorf("%d acts are written down, %v", done, err)
	}
}

func TestASessionEndsAfterHalfAnHourAndWithTheDay(t *testing.T) {
	h := open(t)
	m := h.signIn(t)
	copied := inquiry.StaffAsk{Do: inquiry.OpenCopy, Session: m.Session, Copy: h.sealed(t), Why: "lost"}
	h.now = h.now.Add(longest)
	if a := h.ask(t, terminal, "", copied); a.Outcome != inquiry.Nothing || a.Body != nil {
		t.Errorf("after half an hour: %s %s", a.Outcome, a.Body)
	}
	h.now = time.Date(2026, 11, 22, 15, 50, 0, 0, time.UTC) // ten to midnight in the hall
	if m := h.signIn(t); m.Until.Sub(h.now) != 10*time.Minute {
		t.Errorf("a session lasts until %v", m.Until)
	}
}

func TestASessionIsOfOneTerminalAndOneAtATime(t *testing.T) {
	h := open(t)
	first := h.signIn(t)
	ask := inquiry.StaffAsk{Do: inquiry.OpenCopy, Session: first.Session, Copy: h.sealed(t), Why: "lost"}
	if a := h.ask(t, "150102-0002", "", ask); a.Outcome != inquiry.Nothing {
		t.Errorf("another terminal's session is %s", a.Outcome)
	}
	h.signIn(t)
	if a := h.ask(t, terminal, "", ask); a.Outcome != inquiry.Nothing {
		t.Errorf("the session before is %s", a.Outcome)
	}
	if a := h.ask(t, terminal, "", inquiry.StaffAsk{Do: inquiry.OpenCopy, Copy: h.sealed(t), Why: "lost"}); a.Outcome != inquiry.Nothing {
		t.Errorf("no session is %s", a.Outcome)
	}
}

func TestFiveWrongPINsCloseAMemberForAWhile(t *testing.T) {
	h := open(t)
	for range 5 {
		if a := h.ask(t, terminal, number, inquiry.StaffAsk{Do: inquiry.SignIn, PIN: "000000"}); a.Outcome != inquiry.Nothing {
			t.Fatalf("a wrong PIN is answered %s", a.Outcome)
		}
	}
	right := inquiry.StaffAsk{Do: inquiry.SignIn, PIN: pin}
	if a := h.ask(t, terminal, number, right); a.Outcome != inquiry.Locked || a.Body != nil {
		t.Errorf("after five: %s %s", a.Outcome, a.Body)
	}
	reopened, err := Open(t.Context(), h.file) // a restart forgets no wrong PIN
	if err != nil {
		t.Fatal(err)
	}
	defer reopened.Close()
	if _, outcome, err := reopened.Know(t.Context(), number, pin, h.now); outcome != inquiry.Locked || err != nil {
		t.Errorf("after a restart: %s, %v", outcome, err)
	}
	h.now = h.now.Add(closedFor)
	if a := h.ask(t, terminal, number, right); a.Outcome != inquiry.Found {
		t.Errorf("a quarter of an hour later: %s", a.Outcome)
	}
}

func TestWhoIsNotOnTheRosterIsToldNothing(t *testing.T) {
	h := open(t)
	if a := h.ask(t, terminal, "440524188001010014", inquiry.StaffAsk{Do: inquiry.SignIn, PIN: pin}); a.Outcome != inquiry.Nothing || a.Body != nil {
		t.Errorf("a stranger: %s %s", a.Outcome, a.Body)
	}
	m := h.signIn(t)
	if err := h.Roster.Dismiss(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if a := h.ask(t, terminal, number, inquiry.StaffAsk{Do: inquiry.SignIn, PIN: pin}); a.Outcome != inquiry.Nothing {
		t.Errorf("who was dismissed: %s", a.Outcome)
	}
	if a := h.ask(t, terminal, "", inquiry.StaffAsk{Do: inquiry.OpenCopy, Session: m.Session, Copy: h.sealed(t), Why: "lost"}); a.Outcome != inquiry.Nothing {
		t.Errorf("the session of who was dismissed: %s", a.Outcome)
	}
	if err := h.Roster.Dismiss(t.Context(), 1); !errors.Is(err, ErrNobody) {
		t.Error(err)
	}
}

func TestVouchingGivesNoSession(t *testing.T) {
	h := open(t)
	a := h.ask(t, terminal, number, inquiry.StaffAsk{Do: inquiry.Vouch, PIN: pin})
	m, err := inquiry.ReadMember(a)
	if err != nil || m.No != 1 || m.Session != "" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestACopyThatTheTerminalDidNotSealIsNotOpened(t *testing.T) {
	h := open(t)
	m := h.signIn(t)
	altered := bytes.Clone(h.sealed(t))
	altered[len(altered)-1] ^= 1
	other := h.asker
	other.Terminal = "150102-0002"
	foreign, err := other.SealCopy([]byte("x"), copyID, h.now)
	if err != nil {
		t.Fatal(err)
	}
	asked, _, err := h.asker.Seal(inquiry.Inquiry{Kind: inquiry.Progress}, copyID, h.now) // the terminal's own, and no copy
	if err != nil {
		t.Fatal(err)
	}
	for what, sealed := range map[string][]byte{"altered": altered, "foreign": foreign, "question": asked, "nothing": nil} {
		q, err := inquiry.StaffAsk{Do: inquiry.OpenCopy, Session: m.Session, Copy: sealed, Why: "lost"}.Inquiry(device.Card{})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := h.Answer(t.Context(), inquiry.Question{Inquiry: q, Terminal: terminal}); err == nil {
			t.Errorf("%s: opened %q", what, a.Body)
		}
	}
}

func TestNothingOnDiskIsTheCardsNumberOrThePIN(t *testing.T) {
	h := open(t)
	h.signIn(t)
	files, err := filepath.Glob(h.file + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{number, pin} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s holds %s", f, strings.Repeat("*", len(secret)))
			}
		}
	}
}

func TestWhoIsEnrolledWronglyIsTold(t *testing.T) {
	h := open(t)
	for _, c := range []struct {
		name        string
		number, pin device.Personal
		want        error
	}{{"李", number, pin, ErrName}, {"李测试", "110105194912310021", pin, ErrNumber}, {"李测试", number, "1234", inquiry.ErrPIN}, {"李测试", number, "12345a", inquiry.ErrPIN}} {
		if _, err := h.Roster.Enrol(t.Context(), c.name, c.number, c.pin); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if no, err := h.Roster.Enrol(t.Context(), "李测试", number, "135790"); no != 1 || err != nil { // another PIN
		t.Error(no, err)
	}
	if a := h.ask(t, terminal, number, inquiry.StaffAsk{Do: inquiry.SignIn, PIN: pin}); a.Outcome != inquiry.Nothing {
		t.Errorf("the old PIN is %s", a.Outcome)
	}
}

// FuzzReadStaffAsk: a hostile body is an error, or a question that can be written again.
func FuzzReadStaffAsk(f *testing.F) {
	f.Add([]byte(`{"do":"sign-in","pin":"246810"}`))
	f.Add([]byte(`{"do":"open-copy","session":"A","copy":"WU1RMQ==","why":"lost"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		ask, err := inquiry.ReadStaffAsk(b)
		if err != nil {
			return
		}
		if _, err := ask.Inquiry(device.Card{}); err != nil {
			t.Error(err)
		}
	})
}
