package trace

import (
	"bytes"
	"encoding/json"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

// write puts a small trace into a book: two steps and a flag, the sum n in all of them.
func write(b *Book, n int64) Result {
	sum := policy.Whole(n)
	source := &policy.Citation{Source: "R2", Article: "13"}
	said := policy.Text{"zh-CN": "一年{amount}元，{who}。", "en": "{amount} a year, {who}."}
	b.Open()
	b.Write(Working, Step{Rule: "INC", Subject: 1, Outcome: Figure, Wording: said, Citation: source}, Fill("amount", Yuan(sum)), Fill("who", Plain("甲"))).
		Gave(sum.Quo(policy.Whole(3))).Used(Used{Key: household.Key{Scope: household.Member, Subject: 1, Fact: "wage"}, Value: sum, Unit: "fen/month"}, Taken("times", policy.Ratio(1, 2), ""))
	b.Write(Flag, Step{Rule: "V01", Outcome: Met, Wording: said, Citation: source, Example: true}).Gave(sum)
	b.Write(Working, Step{Rule: "LT", Outcome: NotMet, Wording: said, Citation: source}).GaveWord("-")
	var r Result
	b.Close(&r)
	return r
}

func TestWhatABookGaveStandsWhenItIsWrittenAgain(t *testing.T) {
	var b Book
	first := write(&b, 120050)
	before := Canonical(first)
	for n := range int64(40) {
		write(&b, n)
	}
	if !bytes.Equal(Canonical(first), before) {
		t.Errorf("%s\nbecame\n%s", before, Canonical(first))
	}
	if again := Canonical(write(&Book{}, 120050)); !bytes.Equal(again, before) {
		t.Errorf("a fresh book gives\n%s, a used one gave\n%s", again, before)
	}
}

func TestABookPutsEachLineInItsPart(t *testing.T) {
	r := write(&Book{}, 120050)
	if len(r.Lines) != 2 || len(r.Flags) != 1 || r.Hints != nil || r.Lines[0].Rule != "INC" || r.Lines[1].Result != "-" {
		t.Fatalf("%+v", r)
	}
	l := r.Lines[0]
	if l.Result != "120050/3" || len(l.Inputs) != 2 || l.Inputs[0] != (Input{"member.1.wage", "120050", "fen/month"}) || l.Inputs[1] != (Input{"times", "1/2", ""}) {
		t.Errorf("%+v", l)
	}
	if zh, en := l.Sentence.In("zh-CN"), l.Sentence.In("en"); zh != "一年1,200.50元，甲。" || en != "1,200.50 a year, 甲." {
		t.Errorf("%s %s", zh, en)
	}
	if want, err := json.Marshal(r); err != nil || !bytes.Equal(want, Canonical(r)) {
		t.Errorf("%v\n%s\n%s", err, want, Canonical(r))
	}
}

func TestFiguresAreShownAsPeopleWriteThem(t *testing.T) {
	for want, v := range map[string]Value{
		"866.67":   Yuan(policy.Ratio(260000, 3)),
		"1,800":    Yuan(policy.Whole(180000)),
		"1.5":      Decimal(policy.Ratio(3, 2)),
		"3":        Count(3),
		"0.3333":   Decimal(policy.Ratio(1, 3)),
		"113.00":   Percent(policy.Ratio(113, 100)),
		"没有{name}": Spoken(policy.Text{"zh-CN": "没有{name}"}),
	} {
		if got := Say(policy.Text{"zh-CN": "{x}"}, Fill("x", v)).In("zh-CN"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
