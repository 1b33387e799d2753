package officer

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/policy/flow"
	"yimen/provisioning/hub/docket"
)

var li = docket.Officer{ID: "01", Name: "李受理", Roles: []flow.Role{flow.Accept}}

func file(t *testing.T) string {
	t.Helper()
	f := filepath.Join(t.TempDir(), "officers.json")
	if err := Add(f, li, "correct horse"); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOnlyNumberAndPasswordTogetherSignIn(t *testing.T) {
	f := file(t)
	if err := Add(f, docket.Officer{ID: "02", Name: "王审核", Roles: []flow.Role{flow.Review}}, "battery staple"); err != nil {
		t.Fatal(err)
	}
	r, err := Load(f)
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := r.Check("01", "correct horse"); !ok || o.Name != "李受理" || len(o.Roles) != 1 {
		t.Errorf("%+v, %v", o, ok)
	}
	for _, c := range [][2]string{{"01", "battery staple"}, {"02", "correct horse"}, {"03", "correct horse"}, {"", ""}, {"01", ""}} {
		if _, ok := r.Check(c[0], c[1]); ok {
			t.Errorf("%q signs in with %q", c[0], c[1])
		}
	}
	if r.Name("02") != "王审核" || r.Name("09") != "09" {
		t.Error("names")
	}
	b, err := os.ReadFile(f)
	if err != nil || strings.Contains(string(b), "horse") {
		t.Errorf("the file shows a password, or %v", err)
	}
}

func TestARosterThatOthersMayReadOrIsUnsoundIsRefused(t *testing.T) {
	f := file(t)
	if err := os.Chmod(f, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(f); err == nil {
		t.Error("others may read it, and it is loaded")
	}
	for name, o := range map[string]docket.Officer{
		"no number": {Name: "甲", Roles: li.Roles}, "no name": {ID: "1", Roles: li.Roles}, "no duty": {ID: "1", Name: "甲"}, "odd duty": {ID: "1", Name: "甲", Roles: []flow.Role{"boss"}},
	} {
		if err := Add(filepath.Join(t.TempDir(), "x"), o, "long enough"); err == nil {
			t.Errorf("%s: added", name)
		}
	}
	if err := Add(f, li, "short"); err == nil {
		t.Error("a short password is taken")
	}
}

func TestFiveWrongPasswordsCloseTheNumberForAWhile(t *testing.T) {
	r, err := Load(file(t))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := NewSessions(r, func() time.Time { return now })
	for range mostWrong {
		if _, err := s.SignIn("01", "wrong one"); !errors.Is(err, ErrRefused) {
			t.Fatal(err)
		}
	}
	if _, err := s.SignIn("01", "correct horse"); !errors.Is(err, ErrLocked) {
		t.Errorf("the right one after five wrong: %v", err)
	}
	now = now.Add(lockedFor + time.Second)
	if _, err := s.SignIn("01", "correct horse"); err != nil {
		t.Errorf("a while later: %v", err)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	r, err := Load(file(t))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := NewSessions(r, func() time.Time { return now })
	sign := func() string {
		token, err := s.SignIn("01", "correct horse")
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	idle := sign()
	now = now.Add(idleCap + time.Second)
	if _, ok := s.Who(idle); ok {
		t.Error("signed in after half an hour of nothing")
	}
	long := sign()
	for range 21 {
		now = now.Add(idleCap)
		s.Who(long)
	}
	if _, ok := s.Who(long); ok {
		t.Error("signed in after a whole working day")
	}
	out := sign()
	if o, ok := s.Who(out); !ok || o.ID != "01" {
		t.Error("not signed in")
	}
	s.SignOut(out)
	if _, ok := s.Who(out); ok {
		t.Error("signed in after signing out")
	}
	if _, ok := s.Who(""); ok {
		t.Error("nobody is somebody")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`[{"id":"01","name":"甲","roles":["accept"],"salt":"AAAAAAAAAAAAAAAAAAAAAA==","check":"x"}]`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parse(b)
		if err != nil {
			return
		}
		for _, m := range r.members {
			if err := m.sound(); err != nil {
				t.Error(err)
			}
		}
	})
}
