package policy

import "testing"

func TestShippedPacksLoad(t *testing.T) {
	for _, id := range []string{"CN", "CN-150102"} {
		if _, err := Load("packs/" + id); err != nil {
			t.Errorf("%s:\n%v", id, err)
		}
	}
}
