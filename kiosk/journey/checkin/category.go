package checkin

import (
	"slices"

	"yimen/kiosk/journey"
	"yimen/kiosk/journey/view"
	"yimen/kiosk/policy"
)

// textCategory asks what kind of aid the slip shall name; each answer is a text of its own behind it.
const textCategory = "checkin.category"

// none prints nothing, as where nobody chose.
const none = "none"

// categories are the answers (domain.md §7: printed only if the resident ticks it). The terminal does not know what somebody
// has, and what is chosen goes nowhere but onto the paper.
var categories = []string{none, "dibao", "tekun", "dibao_edge", "rigid_hardship"}

// name takes what was chosen.
func (k *check) name(t journey.Touch) {
	switch {
	case t.Do == view.DoBack:
		k.naming = false
	case t.Do == view.DoAnswer && slices.Contains(categories, t.Value):
		k.category, k.naming = t.Value, false
	}
}

// chosen is the category that was chosen, or none.
func (v *visit) chosen() string {
	if v.category == "" {
		return none
	}
	return v.category
}

// ask shows the choice.
func (k *check) ask(c *journey.Course, v *view.View) {
	v.Screen, v.Offers = view.ScreenQuestion, []view.Do{view.DoBack, view.DoAnswer}
	v.Question = &view.Question{
		Key: "checkin_category", Input: policy.InputChoice, Must: true, Now: 1, Of: 1, Value: k.chosen(), Known: "given",
		Title: c.Pack.Text(textCategory), Help: c.Pack.Text(textCategory + ".help"), Section: c.Draft.Item.Name,
	}
	for _, id := range categories {
		v.Question.Options = append(v.Question.Options, policy.Option{Code: id, Title: c.Pack.Text(textCategory + "." + id)})
	}
}

// aid is what the screen says will be printed.
func (v *visit) aid(c *journey.Course) policy.Text {
	return c.Pack.Text(textCategory + "." + v.chosen())
}

// printed is the category as the slip has it; empty where nothing is to be printed.
func (v *visit) printed(c *journey.Course) string {
	if v.chosen() == none {
		return ""
	}
	return word(c.Pack, textCategory+"."+v.category)
}
