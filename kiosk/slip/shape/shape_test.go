package shape

import (
	"strings"
	"testing"
)

func TestWhatIsTypedOfANumberMakesItWhole(t *testing.T) {
	const whole = "SJ-150102-0A01-20261122-00001"
	number := whole + "-" + string(Check(whole))
	got, ok := Whole("1501020A012026112200001")
	if !ok || got != number || !Valid(got) {
		t.Errorf("made %q, want %q", got, number)
	}
	for _, wrong := range []string{"", "150102000120261122", "1501020a012026112200001", "1501020A0120261122000012", "15010 0A012026112200001"} {
		if got, ok := Whole(wrong); ok {
			t.Errorf("%q became %q", wrong, got)
		}
	}
}

func FuzzWhole(f *testing.F) {
	f.Add("1501020A012026112200001")
	f.Fuzz(func(t *testing.T, s string) {
		number, ok := Whole(s)
		if ok && (!Valid(number) || strings.ReplaceAll(number[3:len(number)-2], "-", "") != s) {
			t.Errorf("%q became %q", s, number)
		}
	})
}

func FuzzValid(f *testing.F) {
	f.Add("SJ-150102-0001-20261122-00001-3")
	f.Fuzz(func(t *testing.T, s string) {
		if Valid(s) && (len(s) != 31 || strings.Count(s, "-") != 5) {
			t.Errorf("%q is a number", s)
		}
	})
}
