package figure

import (
	"errors"
	"strings"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/wording"
)

func TestDecimalsAreExactOrRefused(t *testing.T) {
	for word, want := range map[string]string{"72500": "72500", "0.10": "1/10", "1.5": "3/2", "-3": "-3", "0": "0"} {
		var d Decimal
		if err := d.UnmarshalText([]byte(word)); err != nil {
			t.Errorf("%s: %v", word, err)
			continue
		}
		if r, err := d.Number(); err != nil || r.RatString() != want {
			t.Errorf("%s: %v, %v", word, r, err)
		}
	}
	for _, word := range []string{"", "1e9", "1/3", "0x10", "--1", "1.2.3", ".", "12345678901234567", "一", "Inf"} {
		var d Decimal
		if err := d.UnmarshalText([]byte(word)); err == nil {
			t.Errorf("%q was taken", word)
		}
	}
}

func TestAParameterHasNoDefaultAndNoLatest(t *testing.T) {
	p := Param{Key: "k", Unit: "fen", Periods: []Period{
		{From: 20200101, To: 20210101, Value: "1"}, {From: 20210101, To: 20220101, Pending: wording.Text{"zh-CN": "待定"}}}}
	for on, want := range map[household.Date]string{20200101: "1", 20201231: "1"} {
		if v, err := p.On(on, "CN"); err != nil || v.Amount.RatString() != want || v.Origin != "CN" {
			t.Errorf("%s: %+v, %v", on, v, err)
		}
	}
	if v, err := p.On(20210101, "CN"); err != nil || v.Amount != nil || v.Pending == nil {
		t.Errorf("a period that is waited for gives %+v, %v", v, err)
	}
	for _, on := range []household.Date{20191231, 20220101} {
		_, err := p.On(on, "CN")
		var outside *OutsideError
		if !errors.As(err, &outside) || outside.Key != "k" || outside.On != on {
			t.Errorf("%s: %v", on, err)
		}
	}
}

func TestPeriodsMustMeet(t *testing.T) {
	p := Param{Key: "k", Periods: []Period{{From: 20200101, To: 20210101, Value: "1"}, {From: 20210101, Value: "2"}}}
	if faults := append(p.Faults(0), p.Faults(1)...); len(faults) > 0 {
		t.Error(faults)
	}
	for from, want := range map[household.Date]string{20201231: "overlaps", 20210102: "close the gap", 0: "says from"} {
		p.Periods[1].From = from
		if faults := strings.Join(p.Faults(1), "; "); !strings.Contains(faults, want) {
			t.Errorf("from %s: %q", from, faults)
		}
	}
}
