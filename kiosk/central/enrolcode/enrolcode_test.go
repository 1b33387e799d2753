package enrolcode

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
)

func TestACodeIsReadAsPeopleWriteIt(t *testing.T) {
	hall := sha256.Sum256([]byte("hall"))
	code := New(hall)
	written := code.String()
	if len(written) != 39 || strings.Count(written, "-") != 7 {
		t.Fatalf("written %q", written)
	}
	for _, text := range []string{
		written, strings.ToLower(written), strings.ReplaceAll(written, "-", ""), "  " + strings.ReplaceAll(written, "-", " ") + "\n",
		strings.ReplaceAll(strings.ReplaceAll(written, "0", "O"), "1", "l"),
	} {
		got, err := Parse(text)
		if err != nil || got != code || !got.IsOf(hall) || got.IsOf(sha256.Sum256([]byte("another"))) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	if got, err := ParseTold(code.Told()); err != nil || got.ID != code.ID || got.Secret != code.Secret {
		t.Errorf("told %+v, %v", got, err)
	}
}

func TestASlipOfTheFingerIsNoticedBeforeTheCodeIsSpent(t *testing.T) {
	written := New(sha256.Sum256(nil)).String()
	missed := 0
	for i := range written {
		slip := []byte(written)
		if slip[i] = 'X'; written[i] == 'X' {
			slip[i] = 'Y'
		}
		if _, err := Parse(string(slip)); err == nil {
			missed++
		} else if !errors.Is(err, ErrCode) {
			t.Errorf("%s: %v", slip, err)
		}
	}
	if missed > 2 { // of 39; one in 1024 is to be expected
		t.Errorf("%d slips are not noticed", missed)
	}
	for _, text := range []string{"", written[:38], written + "X", strings.Repeat("U", 32)} {
		if _, err := Parse(text); !errors.Is(err, ErrCode) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(New(sha256.Sum256(nil)).String())
	f.Add("oooo-llll")
	f.Fuzz(func(t *testing.T, text string) {
		code, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(code.String()); err != nil || again != code {
			t.Errorf("%q is %+v, written %q is %+v, %v", text, code, code, again, err)
		}
	})
}
