package idcard

import (
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// TestFormerlyPrivateCharactersAreShownAsWhatTheyAre: the bytes are those of a card, the characters those that GB 18030 of
// 2022 encodes; x/text follows that edition.
func TestFormerlyPrivateCharactersAreShownAsWhatTheyAre(t *testing.T) {
	if len(formerlyPrivate) != 25 {
		t.Errorf("%d characters", len(formerlyPrivate))
	}
	taken := map[rune]bool{}
	for private, now := range formerlyPrivate {
		b := []byte{byte(private), byte(private >> 8), 'A', 0}
		if got := rawField(b, 0, len(b)); got != string(now)+"A" {
			t.Errorf("%U is read as %+q", private, got)
		}
		if taken[now] {
			t.Errorf("%U stands twice", now)
		}
		taken[now] = true
		code, err := simplifiedchinese.GB18030.NewEncoder().String(string(now))
		back, errBack := simplifiedchinese.GB18030.NewDecoder().String(code)
		if err != nil || errBack != nil || back != string(now) {
			t.Errorf("%U does not come back from GB 18030: %+q", now, back)
		}
	}
}

func TestOtherPrivateCharactersStayWhatTheyAre(t *testing.T) {
	b := []byte{0x00, 0xE0, 0xFF, 0xF8}
	if got := rawField(b, 0, len(b)); got != "\ue000\uf8ff" {
		t.Errorf("%+q", got)
	}
}
