package estimate

import (
	"strings"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy"
)

func TestASealedResultIsReckonedAgainToTheByte(t *testing.T) {
	p, a := load(t, "CN-150102"), read(t, "E07")
	for _, mode := range []policy.Mode{policy.Production, policy.Demo} {
		first, err := Compute(p.With(mode), "dibao", a, 20220701)
		if err != nil {
			t.Fatal(err)
		}
		again, same, err := Replay(load(t, "CN-150102"), Canonical(first), read(t, "E07"))
		if err != nil || !same || again.ShortDigest() != first.ShortDigest() {
			t.Errorf("mode %d: %v, %v", mode, same, err)
		}
		changed := say(a, "member.1.wage", household.Answer{Number: 1})
		if _, same, err := Replay(p, Canonical(first), changed); err != nil || same {
			t.Errorf("mode %d: other answers give the same bytes: %v, %v", mode, same, err)
		}
	}
	sealed := Canonical(compute(t, p, a, 20220701))
	if _, _, err := Replay(load(t, "CN-150422"), sealed, a); err == nil || !strings.Contains(err.Error(), p.Digest) {
		t.Errorf("another edition was taken: %v", err)
	}
	for _, wrong := range []string{"", "{}", "[]", `{"Programme":"dibao"}`} {
		if _, _, err := Replay(p, []byte(wrong), a); err == nil {
			t.Errorf("%q was taken for a sealed result", wrong)
		}
	}
}
