package portrait

import "testing"

// FuzzParse: a photo's bytes may be anything; what is read from them is read again from what it says of itself.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", mark, mark + "{}", mark + `{"tone":178,"skin":160}` + "\x00}", mark + `{"tone":300}`, mark + `{"skin":1e308}`, "WL"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, photo string) {
		p, err := Parse(photo)
		if err != nil {
			return
		}
		if again, err := Parse(p.String()); err != nil || again != p {
			t.Errorf("%+v is read again as %+v, %v", p, again, err)
		}
	})
}
