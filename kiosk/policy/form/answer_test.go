package form

import (
	"errors"
	"testing"

	"yimen/kiosk/household"
)

func TestAnAnswerIsTakenOrSaidWhyNot(t *testing.T) {
	number := func(n int64) household.Answer { return household.Answer{State: household.Given, Number: n} }
	chosen := func(codes string) household.Answer { return household.Answer{State: household.Given, Code: codes} }
	options := []Option{{Code: "a"}, {Code: "b"}}
	for name, c := range map[string]struct {
		q    Question
		v    household.Answer
		want Reason
	}{
		"in bounds":           {Question{Input: InputMoney, Min: 1, Max: 10}, number(1000), ""},
		"above, in yuan":      {Question{Input: InputMoney, Max: 10}, number(1001), TooLarge},
		"below nothing":       {Question{Input: InputCount}, number(-1), TooSmall},
		"no day":              {Question{Input: InputDate}, number(20230229), NoDate},
		"two where one":       {Question{Input: InputChoice, Options: options}, chosen("a,b"), Empty},
		"two of several":      {Question{Input: InputChoices, Options: options}, chosen("a,b"), ""},
		"one twice":           {Question{Input: InputChoices, Options: options}, chosen("a,a"), NoOption},
		"none that is there":  {Question{Input: InputChoice, Options: options}, chosen("c"), NoOption},
		"not sure":            {Question{Input: InputMoney}, household.Answer{State: household.Unknown}, ""},
		"not sure where must": {Question{Input: InputMoney, Must: true}, household.Answer{State: household.Unknown}, Empty},
		"nothing":             {Question{Input: InputName}, household.Answer{State: household.Given, Text: " "}, Empty},
		"wrong check":         {Question{Input: InputIDNumber}, household.Answer{State: household.Given, Text: "110105194912310021"}, WrongCheck},
		"letters in a phone":  {Question{Input: InputPhone}, household.Answer{State: household.Given, Text: "1a"}, WrongShape},
	} {
		err := c.q.Check(c.v)
		var wrong *AnswerError
		if errors.As(err, &wrong) != (c.want != "") || wrong != nil && wrong.Reason != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
