package entry

import (
	"errors"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

func TestAnAnswerComesBackAsItWasShown(t *testing.T) {
	for _, c := range []struct {
		in   policy.Input
		a    household.Answer
		form string
	}{
		{policy.InputMoney, household.Answer{Number: 180_000}, "1800"},
		{policy.InputMoney, household.Answer{Number: 180_005}, "1800.05"},
		{policy.InputMoney, household.Answer{Number: 50}, "0.50"},
		{policy.InputCount, household.Answer{Number: 3}, "3"},
		{policy.InputYesNo, household.Answer{}, "0"},
		{policy.InputDate, household.Answer{Number: 19491231}, "19491231"},
		{policy.InputChoice, household.Answer{Code: "spouse"}, "spouse"},
		{policy.InputChoices, household.Answer{Code: "wage,other"}, "wage,other"},
		{policy.InputChoices, household.Answer{}, "none"},
		{policy.InputIDNumber, household.Answer{Text: "11010519491231002X"}, "11010519491231002X"},
		{policy.InputName, household.Answer{Text: "王𠮷䶮"}, "王𠮷䶮"},
	} {
		c.a.State = household.Given
		if got := Value(c.in, c.a); got != c.form {
			t.Errorf("%s shows %q, want %q", c.in, got, c.form)
		}
		if got, err := Parse(c.in, c.form); err != nil || got != c.a {
			t.Errorf("%s %q comes back changed: %v", c.in, c.form, err)
		}
	}
	if got := Value(policy.InputMoney, household.Answer{State: household.Unknown}); got != "" {
		t.Errorf("what is not known shows as %q", got)
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	for _, s := range []string{"", ".", ".5", "1.234", "1,000", "-5", "+5", "1e3", "1.-5", " ", "12345678901", "١"} {
		if a, err := Parse(policy.InputMoney, s); err == nil {
			t.Errorf("%q is taken as %d fen", s, a.Number)
		}
	}
	for _, s := range []string{"", "x", "99999999999", "1.5"} {
		if _, err := Parse(policy.InputCount, s); err == nil {
			t.Errorf("%q is taken as a count", s)
		}
	}
}

func TestASmallXIsALargeOne(t *testing.T) {
	if a, _ := Parse(policy.InputIDNumber, " 11010519491231002x "); a.Text != device.Personal("11010519491231002X") {
		t.Error("the number's check character stays small")
	}
}

func TestEveryRefusalHasItsWords(t *testing.T) {
	of := func(r policy.Reason) error { return &policy.AnswerError{Fact: "x", Reason: r, Limit: 7} }
	for _, c := range []struct {
		in   policy.Input
		err  error
		want string
	}{
		{policy.InputMoney, errNumber, view.PhraseAnswerNumber},
		{policy.InputMoney, of(policy.TooLarge), view.PhraseAnswerHigh},
		{policy.InputText, of(policy.TooLarge), view.PhraseAnswerLong},
		{policy.InputPhone, of(policy.TooSmall), view.PhraseAnswerShort},
		{policy.InputIDNumber, of(policy.WrongCheck), view.PhraseAnswerDigit},
		{policy.InputDate, of(policy.NoDate), view.PhraseAnswerDate},
		{policy.InputChoice, of(policy.NoOption), view.PhraseAnswerEmpty},
		{policy.InputName, errors.Join(of(policy.Empty)), view.PhraseAnswerEmpty},
	} {
		if got, _ := Refusal(c.in, c.err); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.in, c.err, got, c.want)
		}
	}
	if _, limit := Refusal(policy.InputCount, of(policy.TooLarge)); limit != "7" {
		t.Errorf("limit %q", limit)
	}
}

func TestTheThreeStatesAreToldApart(t *testing.T) {
	for state, want := range map[household.State]view.State3{household.NotYet: "", household.Unknown: "unknown", household.Given: "given"} {
		if got := Known(household.Answer{State: state}); got != want {
			t.Errorf("state %d shows as %q", state, got)
		}
	}
}
