package household

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestCheckCharacterTellsRightNumbersFromWrong(t *testing.T) {
	for number, want := range map[string]bool{
		"11010519491231002X": true,
		"440524188001010014": true,
		"932682198501010017": true, // 外国人永久居留身份证 specimen
		"110105194912310021": false,
		"11010519491231002x": false,
		"11010519491331002X": false,
		"1101051949123100":   false,
		"１１010519491231002":  false,
		"":                   false,
	} {
		if got := ValidNumber(number); got != want {
			t.Errorf("%q: %v", number, got)
		}
	}
}

func TestEveryChangedDigitIsNoticed(t *testing.T) {
	const number = "11010519491231002X"
	for i := range number {
		for d := byte('0'); d <= '9'; d++ {
			changed := []byte(number)
			if changed[i] == d {
				continue
			}
			changed[i] = d
			if ValidNumber(string(changed)) {
				t.Errorf("%s passes", changed)
			}
		}
	}
}

func TestBirthAndSexComeFromTheNumber(t *testing.T) {
	birth, ok := BirthOf("11010519491231002X")
	if !ok || birth != 19491231 {
		t.Errorf("born %s, %v", birth, ok)
	}
	for number, want := range map[string]string{"11010519491231002X": "female", "440524188001010014": "male"} {
		if sex, ok := SexOf(number); !ok || sex != want {
			t.Errorf("%s: %q, %v", number, sex, ok)
		}
	}
	if _, ok := SexOf("110105194912310021"); ok {
		t.Error("a wrong number has a sex")
	}
}

func TestAgeChangesOnTheBirthday(t *testing.T) {
	for _, c := range []struct {
		birth, on Date
		want      int
	}{
		{19560510, 20260509, 69}, {19560510, 20260510, 70}, {20080229, 20260228, 17}, {20080229, 20260301, 18},
	} {
		if got := Age(c.birth, c.on); got != c.want {
			t.Errorf("born %s, on %s: %d, want %d", c.birth, c.on, got, c.want)
		}
	}
}

func TestAnUnbelievableAgeIsNotKnown(t *testing.T) {
	born := func(d Date) Answers {
		return Answers{}.On(20260301).With(Key{Member, 1, "birth"}, Answer{State: Given, Number: int64(d)})
	}
	for d, want := range map[Date]bool{20260301: true, 20260302: false, 18950302: true, 18950301: false} {
		if age, known := born(d).AgeOf(1); known != want {
			t.Errorf("born %s: %d, known %v", d, age, known)
		}
	}
}

func TestDaysOfTheCalendarOnly(t *testing.T) {
	for d, want := range map[Date]bool{20240229: true, 20250229: false, 20251301: false, 20250100: false, 17991231: false, 0: false, -20250101: false} {
		if d.Valid() != want {
			t.Errorf("%d valid: %v", d, !want)
		}
	}
}

func TestAnAnswersSheetIsNeverChangedInPlace(t *testing.T) {
	k := Key{Fact: "deposits"}
	before := Answers{}.With(k, Answer{State: Given, Number: 1})
	after := before.With(k, Answer{State: Given, Number: 2})
	if before.Get(k).Number != 1 || after.Get(k).Number != 2 {
		t.Errorf("before %v, after %v", before.Get(k), after.Get(k))
	}
	if gone := after.With(k, Answer{}); gone.Len() != 0 || after.Len() != 1 {
		t.Error("taking an answer away changed the sheet it was taken from")
	}
}

func TestAHouseholdOfImpossibleSizeHasNoMembers(t *testing.T) {
	for _, n := range []int64{-1, 31, 1 << 40} {
		if got := (Answers{}).With(Size, Answer{State: Given, Number: n}).MemberCount(); got != 0 {
			t.Errorf("size %d: %d members", n, got)
		}
	}
}

func TestTheHouseholdFormatNamesEveryFactItCannotRead(t *testing.T) {
	_, err := Parse([]byte(`{"format":1,"household":{"depositts":"1","deposits":"1.234","shop":1,"vehicle":"boat"},"members":[{"birth":"1950-02-30","income_kinds":["luck"]}]}`))
	if err == nil {
		t.Fatal("it was read")
	}
	for _, want := range []string{"depositts", "deposits", "shop", "boat", "member.1.birth", "luck"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

func TestNullIsNotTheSameAsLeftOut(t *testing.T) {
	a, err := Parse([]byte(`{"format":1,"household":{"deposits":null},"members":[{}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if a.Get(Key{Fact: "deposits"}).State != Unknown || a.Get(Key{Fact: "shop"}).State != NotYet || a.MemberCount() != 1 {
		t.Errorf("deposits %v, shop %v, members %d", a.Get(Key{Fact: "deposits"}), a.Get(Key{Fact: "shop"}), a.MemberCount())
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"format":1,"household":{"deposits":"40000.00","shop":false,"rented":null},"members":[{"relation":"self","birth":"1950-01-02","income_kinds":["wage"],"wage":"1800.05","name":"甲"}],"supporters":[{"income_12m":"1"}]}`))
	f.Add([]byte(`{"format":1,"members":[]}`))
	f.Add([]byte(`{"format":1,"household":{"household_size":99999999999}}`))
	f.Add([]byte(`"甲\u00e9"`))
	f.Add([]byte("\"\xff\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, plain := plainText(data); plain && json.Valid(data) {
			var want string
			if err := json.Unmarshal(data, &want); err != nil || s != want {
				t.Fatalf("%q read as %q, want %q", data, s, want)
			}
		}
		a, err := Parse(data)
		if err != nil {
			return
		}
		written, err := Write(a)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := Parse(written)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		rewritten, err := Write(again)
		if err != nil || !bytes.Equal(written, rewritten) {
			t.Fatalf("written twice: %s and %s (%v)", written, rewritten, err)
		}
	})
}
