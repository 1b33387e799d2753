// Package entry is how an answer travels between the screen and the journey: the machine form in which a View
// shows it and a Touch brings it back, and the words for one that cannot be taken.
package entry

import (
	"errors"
	"strconv"
	"strings"

	"yimen/drivers/device"
	"yimen/kiosk/household"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// Value is an answer in the machine form that a Touch brings back.
func Value(in policy.Input, a household.Answer) string {
	if a.State != household.Given {
		return ""
	}
	switch in {
	case policy.InputMoney:
		s := strconv.FormatInt(a.Number/100, 10)
		if cents := a.Number % 100; cents != 0 {
			s += "." + strconv.FormatInt(100+cents, 10)[1:]
		}
		return s
	case policy.InputCount, policy.InputDate, policy.InputYesNo:
		return strconv.FormatInt(a.Number, 10)
	case policy.InputChoice:
		return a.Code
	case policy.InputChoices:
		if a.Code == "" {
			return none
		}
		return a.Code
	}
	return a.Text.Reveal()
}

// Known tells an answer's state as a View does.
func Known(a household.Answer) view.State3 {
	switch a.State {
	case household.Given:
		return "given"
	case household.Unknown:
		return "unknown"
	}
	return ""
}

// none is how a Touch says that nothing of several applies; an empty value says nothing.
const none = "none"

var errNumber = errors.New("not a number")

// Parse reads a Touch's value for an input.
func Parse(in policy.Input, s string) (household.Answer, error) {
	a := household.Answer{State: household.Given}
	s = strings.TrimSpace(s)
	switch in {
	case policy.InputMoney:
		fen, err := parseYuan(s)
		a.Number = fen
		return a, err
	case policy.InputCount, policy.InputDate, policy.InputYesNo:
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return a, errNumber
		}
		a.Number = n
		return a, nil
	case policy.InputChoice, policy.InputChoices:
		if a.Code = s; in == policy.InputChoices && s == none {
			a.Code = ""
		}
		return a, nil
	}
	a.Text = device.Personal(strings.ToUpper(s))
	if in != policy.InputIDNumber {
		a.Text = device.Personal(s)
	}
	return a, nil
}

// parseYuan reads "1800" or "1800.5" as fen; more than a thousand million yuan is not a household's.
func parseYuan(s string) (int64, error) {
	whole, cents, _ := strings.Cut(s, ".")
	if len(cents) > 2 || len(whole) > 9 || whole == "" {
		return 0, errNumber
	}
	cents = (cents + "00")[:2]
	n, err := strconv.ParseUint(whole+cents, 10, 63)
	if err != nil {
		return 0, errNumber
	}
	return int64(n), nil
}

// Refusal gives the phrase that says why an answer cannot be taken, and the limit that it names.
func Refusal(in policy.Input, err error) (phrase, limit string) {
	var wrong *policy.AnswerError
	if !errors.As(err, &wrong) {
		return view.PhraseAnswerNumber, ""
	}
	limit = strconv.FormatInt(wrong.Limit, 10)
	wordy := in == policy.InputText || in == policy.InputName || in == policy.InputPhone || in == policy.InputAccount
	switch { // of words the limit counts characters
	case wordy && wrong.Reason == policy.TooSmall:
		return view.PhraseAnswerShort, limit
	case wordy && wrong.Reason == policy.TooLarge:
		return view.PhraseAnswerLong, limit
	}
	if phrase, ok := refusals[wrong.Reason]; ok {
		return phrase, limit
	}
	return view.PhraseAnswerEmpty, limit
}

var refusals = map[policy.Reason]string{
	policy.TooSmall: view.PhraseAnswerLow, policy.TooLarge: view.PhraseAnswerHigh,
	policy.WrongCheck: view.PhraseAnswerDigit, policy.NoDate: view.PhraseAnswerDate,
	policy.WrongShape: view.PhraseAnswerNumber,
}
