package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"yimen/kiosk/household"
)

// Reason says why an answer cannot be taken; the screen has words for each.
type Reason string

const (
	Empty      Reason = "empty"       // nothing given, or "不清楚" where the question needs an answer
	TooSmall   Reason = "too_small"   // below Limit
	TooLarge   Reason = "too_large"   // above Limit
	WrongCheck Reason = "wrong_check" // identity number with a wrong check character or birthday
	NoDate     Reason = "no_date"     // not a day of the calendar
	NoOption   Reason = "no_option"   // not one of the options
	WrongShape Reason = "wrong_shape" // phone or account with other characters than digits
)

// AnswerError says what is wrong with an answer. It holds nothing of the answer itself.
type AnswerError struct {
	Fact   string
	Reason Reason
	Limit  int64 // for TooSmall and TooLarge: in the unit the resident types (yuan, people, characters)
}

func (e *AnswerError) Error() string {
	return fmt.Sprintf("answer to %s: %s (limit %d)", e.Fact, e.Reason, e.Limit)
}

// Bounds that hold where a question sets none.
const (
	mostText  = 60          // characters
	mostYuan  = 100_000_000 // beyond, a slip of the finger
	mostCount = 100_000
)

// Check says whether v can be taken as the answer to q; its error is an *AnswerError. Min and Max of a money
// question are in yuan, as typed. "不清楚" passes unless the question Must be answered.
func (q *Question) Check(v household.Answer) error {
	if v.State == household.Unknown && !q.Must {
		return nil
	}
	if v.State != household.Given {
		return &AnswerError{Fact: q.Fact, Reason: Empty}
	}
	switch q.Input {
	case InputChoice, InputChoices:
		return q.checkChoice(v)
	case InputYesNo:
		if v.Number != 0 && v.Number != 1 {
			return &AnswerError{Fact: q.Fact, Reason: NoOption}
		}
	case InputMoney:
		return q.within(v.Number, 100, mostYuan)
	case InputCount:
		return q.within(v.Number, 1, mostCount)
	case InputDate:
		if v.Number < 0 || v.Number > 99991231 || !household.Date(v.Number).Valid() {
			return &AnswerError{Fact: q.Fact, Reason: NoDate}
		}
		return q.within(v.Number, 1, 99991231)
	default:
		return q.checkText(v.Text.Reveal())
	}
	return nil
}

// within compares n with the question's bounds, times is how many of n's unit make one of the bounds'.
func (q *Question) within(n, times, most int64) error {
	if q.Max != 0 {
		most = q.Max
	}
	switch {
	case n < q.Min*times:
		return &AnswerError{q.Fact, TooSmall, q.Min}
	case n > most*times:
		return &AnswerError{q.Fact, TooLarge, most}
	}
	return nil
}

func (q *Question) checkChoice(v household.Answer) error {
	chosen := v.Chosen()
	if q.Input == InputChoice && len(chosen) != 1 {
		return &AnswerError{Fact: q.Fact, Reason: Empty}
	}
	for i, code := range chosen {
		known := slices.ContainsFunc(q.Options, func(o Option) bool { return o.Code == code })
		if !known || slices.Contains(chosen[:i], code) {
			return &AnswerError{Fact: q.Fact, Reason: NoOption}
		}
	}
	return nil
}

func (q *Question) checkText(s string) error {
	if strings.TrimSpace(s) == "" {
		return &AnswerError{Fact: q.Fact, Reason: Empty}
	}
	digits := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) || r > '9' }) < 0
	switch q.Input {
	case InputIDNumber:
		if !household.ValidNumber(s) {
			return &AnswerError{Fact: q.Fact, Reason: WrongCheck}
		}
		return nil
	case InputPhone, InputAccount:
		if !digits {
			return &AnswerError{Fact: q.Fact, Reason: WrongShape}
		}
	}
	if q.Max == 0 {
		if n := len([]rune(s)); n > mostText {
			return &AnswerError{q.Fact, TooLarge, mostText}
		}
	}
	return q.within(int64(len([]rune(s))), 1, mostText)
}
