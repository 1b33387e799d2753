package checkin

import (
	"encoding/json"
	"strings"
	"testing"

	"yimen/kiosk/journey/view"
	"yimen/kiosk/letter"
)

// TestTheSlipNamesTheKindOfAidOnlyWhereTheResidentWantsIt (domain.md §7): nothing is chosen beforehand, what is chosen goes
// nowhere but onto the paper, and another card's holder has chosen nothing.
func TestTheSlipNamesTheKindOfAidOnlyWhereTheResidentWantsIt(t *testing.T) {
	choose := func(r *resident, value string) {
		t.Helper()
		r.Tap(view.DoEdit, "")
		v := r.At(view.ScreenQuestion)
		if len(v.Question.Options) != 5 || v.Question.Help == nil {
			t.Errorf("asked %+v", v.Question)
		}
		r.Tap(view.DoAnswer, value)
	}
	for _, c := range []struct {
		name string
		walk func(r *resident)
		want string
	}{
		{"nothing", func(*resident) {}, ""},
		{"tekun", func(r *resident) { choose(r, "tekun") }, "特困人员救助供养"},
		{"taken back", func(r *resident) { choose(r, "dibao"); choose(r, "none") }, ""},
		{"left", func(r *resident) { r.Tap(view.DoEdit, ""); r.Tap(view.DoBack, "") }, ""},
		{"no such kind", func(r *resident) { r.Tap(view.DoEdit, ""); r.Tap(view.DoAnswer, "x"); r.Tap(view.DoBack, "") }, ""},
		{"another card", func(r *resident) {
			choose(r, "dibao")
			r.Tap(view.DoBack, "")
			r.Tap(view.DoRetake, "")
			r.lay(son)
		}, ""},
	} {
		r := newResident(t, false).by(letter.WayStaff)
		c.walk(r)
		if said := r.At(view.ScreenCheckIn).CheckIn.Aid.In("zh-CN"); c.want != "" && said != c.want || c.want == "" && said != "不印" {
			t.Errorf("%s: the screen says %s", c.name, said)
		}
		_, record, paper := r.submit()
		if c.want != "" && !strings.Contains(paper, c.want) || strings.Contains(paper, "救助类别") != (c.want != "") {
			t.Errorf("%s: the slip says\n%s", c.name, paper)
		}
		if b, err := json.Marshal(record); err != nil || strings.Contains(string(b), "tekun") || strings.Contains(string(b), "特困") {
			t.Errorf("%s: %s goes up, %v", c.name, b, err)
		}
	}
}

// A helper's word about the kind of aid waits for the resident's own, as all that a helper touches.
func TestAHelpersChoiceOfTheKindOfAidWaitsForTheResident(t *testing.T) {
	r := newResident(t, false).by(letter.WayAssisted).lay(son)
	r.Tap(view.DoEdit, "")
	if v := r.Tap(view.DoAnswer, "dibao"); v.Cover == nil {
		t.Error("the helper decides alone")
	}
	r.Tap(view.DoConfirm, "")
	if _, _, paper := r.submit(); !strings.Contains(paper, "最低生活保障") {
		t.Errorf("the slip says\n%s", paper)
	}
}
