package camera

import (
	"strings"
	"testing"
)

func TestModelsCanBeUsed(t *testing.T) {
	if len(Models()) < 2 {
		t.Errorf("models %v", Models())
	}
	for _, name := range Models() {
		m, err := LookUp(name)
		if err != nil || m.Settle == 0 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	if _, err := LookUp("lens"); err == nil || !strings.Contains(err.Error(), "standard") {
		t.Errorf("an unknown model: %v", err)
	}
	for _, s := range []string{"640", "640x", "640x480x2", "640*480", "0x0", "-640x480", "99999x480", "640x480 "} {
		if p, err := ParseSize(s); err == nil {
			t.Errorf("%q is %v", s, p)
		}
	}
}
