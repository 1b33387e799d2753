package wording

import "testing"

func TestYuanShowsFenOnlyWhereThereAreAny(t *testing.T) {
	for fen, want := range map[int64]string{0: "0", 5: "0.05", 72500: "725", 180000: "1,800", 180050: "1,800.50", 123456789: "1,234,567.89", -180050: "-1,800.50"} {
		if got := Yuan(fen); got != want {
			t.Errorf("%d: %q, want %q", fen, got, want)
		}
	}
}

func TestAWordingFallsBackToChinese(t *testing.T) {
	both := Text{"zh-CN": "是", "en": "Yes"}
	if both.In("en") != "Yes" || both.In("mn") != "是" || (Text{"zh-CN": "是"}).In("en") != "是" || Text(nil).In("en") != "" {
		t.Error("a language the pack lacks is not shown in Chinese")
	}
}

func TestOnlyKnownNamesAreFilled(t *testing.T) {
	values := map[string]string{"n": "3", "who": "{n}"}
	for text, want := range map[string]string{
		"{n}口人": "3口人", "{who}": "{n}", "{x}{n}": "{x}3", "{": "{", "{n": "{n", "}{n}": "}3", "": "", "{{n}}": "{3}",
	} {
		if got := Fill(text, values); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
