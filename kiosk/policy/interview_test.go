package policy

import (
	"errors"
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/kiosk/household"
)

func load(t *testing.T, id string) *Pack {
	t.Helper()
	p, err := Load("packs/" + id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// say gives a sheet from key and value pairs: an int is a number, a string a code, "?" is 不清楚.
func say(t *testing.T, pairs ...any) household.Answers {
	t.Helper()
	a := household.Answers{}.On(20260301)
	for i := 0; i < len(pairs); i += 2 {
		k, err := household.ParseKey(pairs[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		v := household.Answer{State: household.Given}
		switch x := pairs[i+1].(type) {
		case int:
			v.Number = int64(x)
		case string:
			v.Code = x
			if x == "?" {
				v = household.Answer{State: household.Unknown}
			}
		}
		a = a.With(k, v)
	}
	return a
}

func keys(list []Asked) (ks []string) {
	for _, q := range list {
		ks = append(ks, q.Key.String())
	}
	return ks
}

func TestAQuestionWaitsForTheAnswerItDependsOn(t *testing.T) {
	p := load(t, "CN-150102")
	waits := func(a household.Answers, key string) bool {
		return !slices.Contains(keys(p.Questions("dibao", a)), key)
	}

	if a := say(t); !waits(a, "member.2.name") || !waits(a, "house_area") {
		t.Error("asked about a second person or an area before anyone was said to be there")
	}
	if a := say(t, "household_size", 2, "houses", 2); waits(a, "member.2.name") || waits(a, "house_area") {
		t.Error("the second person or the area of two homes is not asked about")
	}
	if a := say(t, "houses", "?"); waits(a, "house_area") {
		t.Error("not knowing the number of homes closed the question about their area")
	}
	if a := say(t, "houses", 1); !waits(a, "house_area") {
		t.Error("the area of a single home is asked for")
	}
}

func TestAFamilyOfTwoAnswersFewQuestions(t *testing.T) {
	p := load(t, "CN-150102")
	a := say(t, "household_size", 1, "member.1.birth", 19500101, "member.1.income_kinds", "pension",
		"member.1.disability_grade", "none", "houses", 1)
	if n := len(p.Questions("dibao", a)); n < 15 || n > 34 {
		t.Errorf("a person living alone is asked %d questions", n)
	}
}

func TestMedicalSpendingAsksForTwoPapersOrMore(t *testing.T) {
	p := load(t, "CN-150102")
	it, ok := p.Item("0101")
	if !ok {
		t.Fatal("no item 0101")
	}
	must := map[string]bool{}
	for _, m := range p.Materials(it, say(t, "medical_12m", 960000, "household_size", 1, "member.1.health", "serious")) {
		must[m.Code] = m.Must
	}
	for code, want := range map[string]bool{"M07": true, "M09": true, "M10": true, "M02": false, "M01": false} {
		if got, listed := must[code]; got != want || !listed {
			t.Errorf("%s: listed %v, to be scanned %v, want %v", code, listed, got, want)
		}
	}
	if _, listed := must["M17"]; !listed {
		t.Error("M17 is not offered while nobody has said whether the home is rented")
	}
	for _, m := range p.Materials(it, say(t, "medical_12m", 0, "household_size", 1, "member.1.health", "healthy")) {
		if m.Code == "M10" || m.Code == "M09" {
			t.Errorf("%s is asked for although nobody was ill", m.Code)
		}
	}
}

func TestAnAnswerThatCannotBeTakenSaysWhy(t *testing.T) {
	given := func(n int64, code, text string) household.Answer {
		return household.Answer{State: household.Given, Number: n, Code: code, Text: device.Personal(text)}
	}
	options := []Option{{Code: "a"}, {Code: "b"}}
	for _, c := range []struct {
		name string
		q    Question
		v    household.Answer
		want Reason
	}{
		{"nothing", Question{Input: InputMoney}, household.Answer{}, Empty},
		{"unknown where an answer must be", Question{Input: InputName, Must: true}, household.Answer{State: household.Unknown}, Empty},
		{"unknown", Question{Input: InputName}, household.Answer{State: household.Unknown}, ""},
		{"people", Question{Input: InputCount, Min: 1, Max: 20}, given(0, "", ""), TooSmall},
		{"people", Question{Input: InputCount, Min: 1, Max: 20}, given(21, "", ""), TooLarge},
		{"people", Question{Input: InputCount, Min: 1, Max: 20}, given(20, "", ""), ""},
		{"people", Question{Input: InputCount, Min: 1, Max: 20}, given(1, "", ""), ""},
		{"money is bounded in yuan", Question{Input: InputMoney, Max: 10}, given(1001, "", ""), TooLarge},
		{"money is bounded in yuan", Question{Input: InputMoney, Max: 10}, given(1000, "", ""), ""},
		{"negative money", Question{Input: InputMoney}, given(-1, "", ""), TooSmall},
		{"check character", Question{Input: InputIDNumber}, given(0, "", "110105194912310021"), WrongCheck},
		{"check character", Question{Input: InputIDNumber}, given(0, "", "11010519491231002X"), ""},
		{"day", Question{Input: InputDate}, given(20250229, "", ""), NoDate},
		{"day", Question{Input: InputDate}, given(20240229, "", ""), ""},
		{"one option", Question{Input: InputChoice, Options: options}, given(0, "a,b", ""), Empty},
		{"option", Question{Input: InputChoice, Options: options}, given(0, "c", ""), NoOption},
		{"options", Question{Input: InputChoices, Options: options}, given(0, "b,a", ""), ""},
		{"no option", Question{Input: InputChoices, Options: options}, given(0, "", ""), ""},
		{"option twice", Question{Input: InputChoices, Options: options}, given(0, "a,a", ""), NoOption},
		{"yes", Question{Input: InputYesNo}, given(2, "", ""), NoOption},
		{"phone", Question{Input: InputPhone, Min: 7}, given(0, "", "138-0000"), WrongShape},
		{"phone", Question{Input: InputPhone, Min: 7}, given(0, "", "13800"), TooSmall},
		{"blank", Question{Input: InputText}, given(0, "", "  "), Empty},
	} {
		var got Reason
		var wrong *AnswerError
		if err := c.q.Check(c.v); errors.As(err, &wrong) {
			got = wrong.Reason
		}
		if got != c.want {
			t.Errorf("%s: %v gives %q, want %q", c.name, c.v, got, c.want)
		}
	}
}

func TestAnswersAreShownInWords(t *testing.T) {
	p := load(t, "CN-150102")
	a := say(t, "household_size", 1, "member.1.birth", 19580302, "member.1.income_kinds", "wage,pension")
	for key, c := range map[string]struct {
		v    household.Answer
		want string
	}{
		"member.1.wage":         {household.Answer{State: household.Given, Number: 180000}, "1,800 元/月"},
		"member.1.pension":      {household.Answer{State: household.Given, Number: 24050}, "240.50 元/月"},
		"member.1.birth":        {household.Answer{State: household.Given, Number: 19580302}, "1958年3月2日"},
		"member.1.income_kinds": {household.Answer{State: household.Given, Code: "wage,pension"}, "工资、打工钱；养老金、退休金"},
		"member.1.exempt_kinds": {household.Answer{State: household.Given}, "没有"},
		"shop":                  {household.Answer{State: household.Unknown}, "不清楚"},
		"rented":                {household.Answer{State: household.Given, Number: 1}, "是"},
	} {
		found := false
		for _, q := range p.Questions("dibao", a) {
			if q.Key.String() != key {
				continue
			}
			found = true
			if got := p.Show(q, c.v, "zh-CN"); got != c.want {
				t.Errorf("%s: %q, want %q", key, got, c.want)
			}
		}
		if !found {
			t.Errorf("%s is not asked", key)
		}
	}
}

func TestASignatureBindsToTheWordsShown(t *testing.T) {
	p := load(t, "CN-150102")
	d, ok := p.Document("undertaking")
	if !ok {
		t.Fatal("no undertaking")
	}
	vars := map[string]string{"name": "测试甲", "household_size": "2"}
	shown, digest := DocumentDigest(d, "zh-CN", vars)
	if shown.Digest() != digest {
		t.Error("the digest of what was shown is another when worked again")
	}
	vars["household_size"] = "3"
	if _, other := DocumentDigest(d, "zh-CN", vars); other == digest {
		t.Error("a changed word leaves the digest as it was")
	}
	if _, other := DocumentDigest(d, "en", map[string]string{"name": "测试甲", "household_size": "2"}); other == digest {
		t.Error("another language leaves the digest as it was")
	}
}

func TestThePacksCalendarCountsTheClocks(t *testing.T) {
	c := load(t, "CN-150102").Calendar
	for n, want := range map[int]household.Date{20: 20260424, 30: 20260512, 45: 20260602} {
		if got, err := c.After(20260326, n); got != want || err != nil {
			t.Errorf("%d working days after acceptance: %s, %v; want %s", n, got, err, want)
		}
	}
}
