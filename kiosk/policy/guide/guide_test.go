package guide

import (
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/figure"
)

func TestAmountsAreWrittenAsPeopleReadThem(t *testing.T) {
	for _, c := range []struct {
		unit  string
		value figure.Decimal
		want  string
	}{
		{"fen/person/month", "72500", "725"}, {"fen", "800050", "8,000.50"}, {"share of the standard", "0.10", "10%"},
		{"share", "0.125", "12.5%"}, {"ratio of the standard", "1.3", "1.3"}, {"months", "100", "100"}, {"fen", "", ""}, {"fen/person/month", "145000/3", "483.33"},
	} {
		if got := Amount(c.unit, c.value); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.value, c.unit, got, c.want)
		}
	}
}

func TestAnAmountHoldsFromItsFirstDayToTheDayBeforeTheNext(t *testing.T) {
	p := figure.Param{Periods: []figure.Period{{From: 20190401, To: 20200401, Value: "1"}, {From: 20200401, Value: "2"}}}
	for on, want := range map[household.Date]figure.Decimal{20190331: "", 20190401: "1", 20200331: "1", 20200401: "2", 20991231: "2"} {
		if got, ok := Holding(p, on); got.Value != want || ok != (want != "") {
			t.Errorf("on %s: %q %v, want %q", on, got.Value, ok, want)
		}
	}
}
