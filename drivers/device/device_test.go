package device

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestPersonalTextIsNotShownByAnyVerb(t *testing.T) {
	const secret = "张测试11010519491231002X"
	p := Personal(secret)
	type holder struct {
		P Personal
		M map[string]Personal
		S []Personal
	}
	h := holder{p, map[string]Personal{"a": p}, []Personal{p}}
	for _, verb := range strings.Split("v +v #v T s q x X d c U b o O e E f F g G t", " ") {
		for _, v := range []any{p, h, &h, []any{p}} {
			if got := fmt.Sprintf("%"+verb, v); strings.Contains(got, "张") || strings.Contains(got, "1949") || strings.Contains(strings.ToLower(got), "e5bca0") {
				t.Errorf("%%%s shows %s", verb, got)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "p", p, "h", h)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "p", p, "h", h)
	b, err := json.Marshal(map[string]holder{"a": h})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{log.String(), string(b), fmt.Sprint(&Fault{Printer, "print", fmt.Errorf("for %s: %w", p, ErrPaperOut)})} {
		if strings.Contains(s, "张") || strings.Contains(s, "1949") {
			t.Errorf("shows %s", s)
		}
	}
	if p.Reveal() != secret {
		t.Error("Reveal does not give the text")
	}
}

func TestMasksShowNoMoreThanP13Allows(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Personal("11010519491231002X").MaskNumber(), "110*************2X"},
		{Personal("12").MaskNumber(), "**"},
		{Personal("张测试").MaskName(), "张**"},
		{Personal("𠮷").MaskName(), "𠮷*"},
		{Personal("6217000012345678").MaskTail(), "************5678"},
		{Personal("13800000000").MaskPhone(), "138****0000"},
		{Personal("04711234567890").MaskPhone(), "**********7890"},
		{Personal("19491231").MaskBirth(), "1949-**-**"},
		{Personal("1949").MaskBirth(), ""},
		{Personal("内蒙古呼和浩特市新城区").MaskAddress(), "内蒙古呼和浩*****"},
		{Personal("测试街").MaskAddress(), "测试街"},
	} {
		if c.got != c.want {
			t.Errorf("got %s want %s", c.got, c.want)
		}
	}
}
