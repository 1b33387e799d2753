package noticeboard

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"yimen/kiosk/household"
)

func sample() Notice {
	return Notice{
		No: "150102-2026-N07-00001", Item: "0101", Name: "佟子试", Members: 3, Amount: 74800, Posted: 20260413, First: 20260414, Last: 20260420,
		Office: "新城区民政局", Phone: "12349",
	}
}

func TestANoticeTravelsUnchanged(t *testing.T) {
	body, err := sample().Body()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse(body); err != nil || got != sample() {
		t.Errorf("%+v, %v", got, err)
	}
}

// How long a result hangs is the place's to say (domain.md P12); what is proposed hangs for some days.
func TestAResultMayHangForAYearAndAProposalMayNot(t *testing.T) {
	n := sample()
	n.Last = 20270412
	if err := n.Check(); !errors.Is(err, ErrNotice) {
		t.Errorf("a proposal for a year: %v", err)
	}
	n.Result = true
	body, err := n.Body()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse(body); err != nil || got != n {
		t.Errorf("%+v, %v", got, err)
	}
	if !n.Hangs(20270412) || n.Hangs(20270413) || n.Left(20270413) != 0 {
		t.Error("a result hangs on when its days are over, or is gone before")
	}
	if n.Last = 20280101; n.Check() == nil {
		t.Error("a result hangs for ever")
	}
}

// The allow-list of domain.md P11, held to by name: a field more is a design review.
func TestANoticeHasTheAllowedFieldsAndNoOther(t *testing.T) {
	allowed := []string{"no", "item", "name", "members", "amount", "result,omitempty", "posted", "first", "last", "office", "phone"}
	kind := reflect.TypeFor[Notice]()
	if kind.NumField() != len(allowed) {
		t.Errorf("a notice has %d fields, %d are allowed", kind.NumField(), len(allowed))
	}
	for i := range kind.NumField() {
		if tag := kind.Field(i).Tag.Get("json"); tag != allowed[i] {
			t.Errorf("field %q is not on the list", tag)
		}
	}
	body, err := sample().Body()
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{"id_number", "address", "disability", "picture", "member_names", "account", "Reason"} {
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil {
			t.Fatal(err)
		}
		fields[more] = "x"
		b, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(b); !errors.Is(err, ErrNotice) {
			t.Errorf("a notice with %s is taken", more)
		}
	}
}

func TestNothingThatCouldBeAnybodysNumberIsPublished(t *testing.T) {
	for name, spoil := range map[string]func(*Notice){
		"card in the name":  func(n *Notice) { n.Name = "佟子试11010519491231002X" },
		"phone in the name": func(n *Notice) { n.Name = "佟 13800000000" },
		"wide digits":       func(n *Notice) { n.Office = "民政局１３８００００００００" },
		"no name":           func(n *Notice) { n.Name = "" },
		"two lines":         func(n *Notice) { n.Name = "佟\n子" },
		"long":              func(n *Notice) { n.Name = strings.Repeat("佟", 65) },
		"nobody":            func(n *Notice) { n.Members = 0 },
		"a fortune":         func(n *Notice) { n.Amount = maxAmount + 1 },
		"less than nothing": func(n *Notice) { n.Amount = -1 },
		"no such day":       func(n *Notice) { n.Last = 20260431 },
		"backwards":         func(n *Notice) { n.Last = 20260401 },
		"for ever":          func(n *Notice) { n.Last = 20270420 },
		"words for a phone": func(n *Notice) { n.Phone = "call me" },
		"no number":         func(n *Notice) { n.No = "" },
		"no item":           func(n *Notice) { n.Item = "低保" },
	} {
		n := sample()
		spoil(&n)
		if err := n.Check(); !errors.Is(err, ErrNotice) {
			t.Errorf("%s: it may hang", name)
		}
		if _, err := n.Body(); err == nil {
			t.Errorf("%s: it travels", name)
		}
	}
}

// Posted 2026-04-13, the seven days are 04-14 to 04-20 (domain.md E23).
func TestANoticeCountsDownAndIsGoneWhenItIsOver(t *testing.T) {
	came := []Notice{sample()}
	for day, left := range map[household.Date]int{20260413: 7, 20260414: 7, 20260415: 6, 20260420: 1} {
		list := Hanging(came, day)
		if len(list) != 1 || list[0].Left(day) != left {
			t.Errorf("%s: %d hang, want one with %d days left", day, len(list), left)
		}
	}
	for _, day := range []household.Date{20260412, 20260421, 20270414} {
		if len(Hanging(came, day)) != 0 || day > 20260420 && sample().Left(day) != 0 {
			t.Errorf("%s: it hangs", day)
		}
	}
}

func TestWhatIsOverSoonestHangsFirst(t *testing.T) {
	early, late := sample(), sample()
	early.No, late.No, late.Last = "B-2", "A-1", 20260422
	came := []Notice{late, early}
	if list := Hanging(came, 20260414); len(list) != 2 || list[0].No != "B-2" {
		t.Errorf("%+v", list)
	}
	if came[0].No != "A-1" {
		t.Error("the list that came was changed")
	}
}

func FuzzParse(f *testing.F) {
	body, err := sample().Body()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	result := sample()
	result.Result = true
	if body, err = result.Body(); err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{}`))
	f.Add(append(body, body...))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := Parse(b)
		if err != nil {
			return
		}
		out, err := n.Body()
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if again, err := Parse(out); err != nil || again != n {
			t.Fatalf("%+v became %+v, %v", n, again, err)
		}
	})
}
