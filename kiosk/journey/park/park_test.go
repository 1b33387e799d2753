package park

import (
	"errors"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/dossier"
	"yimen/kiosk/household"
	"yimen/kiosk/inquiry"
	"yimen/kiosk/journey"
	"yimen/kiosk/letter"
	"yimen/kiosk/policy"
)

// begun is an application in which somebody has answered and laid down a page.
func begun(t testing.TB) *journey.Course {
	t.Helper()
	pack, err := policy.Load("../../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	it, ok := pack.Item("0101")
	if !ok {
		t.Fatal("no item 0101")
	}
	c := &journey.Course{Config: &journey.Config{Pack: pack, Terminal: "150102-0001"}, Began: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	c.Draft = dossier.Draft{
		Pack: pack, Item: it, Card: device.Card{Name: "王𠮷䶮", Number: "11010519491231002X"}, Later: []string{"M09"},
		Pages: []dossier.Page{{ID: "p1", Material: "M07", No: 1, Original: []byte("frame"), Derived: []byte("page"), DPI: 200, Check: true}},
		Answers: household.Answers{}.
			With(household.Key{Fact: "deposits"}, household.Answer{State: household.Given, Number: 30_000_000}).
			With(household.Key{Fact: "vehicle"}, household.Answer{State: household.Unknown}).
			With(household.Key{Fact: "phone"}, household.Answer{State: household.Given, Text: "13800000000"}),
	}
	return c
}

// answer is what the bureau gives of a letter that parks c.
func answer(t testing.TB, c *journey.Course) inquiry.Answer {
	t.Helper()
	post, ok := Keep(c).(journey.Post)
	if !ok {
		t.Fatal("nothing is posted")
	}
	doc, err := letter.Compose(post.Letter)
	if err != nil {
		t.Fatal(err)
	}
	a := inquiry.Answer{Outcome: inquiry.Found, Body: doc.Bodies[1]}
	for _, p := range c.Draft.Pages {
		a.Pages = append(a.Pages, p.Derived, p.Original)
	}
	return a
}

func TestWhatWasParkedComesBackAsItWasGiven(t *testing.T) {
	c := begun(t)
	d, err := Restore(c.Pack, answer(t, c))
	if err != nil {
		t.Fatal(err)
	}
	for _, fact := range []string{"deposits", "vehicle", "phone", "household_size"} {
		key := household.Key{Fact: fact}
		if got, want := d.Answers.Get(key), c.Draft.Answers.Get(key); got != want {
			t.Errorf("%s is %v, want %v", fact, got.State, want.State)
		}
	}
	if len(d.Pages) != 1 || string(d.Pages[0].Derived) != "page" || string(d.Pages[0].Original) != "frame" || !d.Pages[0].Check || d.Pages[0].DPI != 200 {
		t.Errorf("pages %+v", d.Pages)
	}
	if len(d.Later) != 1 || d.Later[0] != "M09" || d.Item.Code != "0101" {
		t.Errorf("later %v of item %s", d.Later, d.Item.Code)
	}
	if d.Card.Number != c.Draft.Card.Number || d.Card.Name != "" {
		t.Error("more of the card comes back than the number that tells whose it is")
	}
}

func TestTheRecordHoldsNoPicture(t *testing.T) {
	c := begun(t)
	for _, p := range record(c).Pages {
		if p.Original != nil || p.Derived != nil {
			t.Error("a picture stands in the record too")
		}
	}
	if c.Draft.Pages[0].Derived == nil {
		t.Error("the visit's own page lost its picture")
	}
}

func TestNothingCanBeParkedBeforeACardAndAnAnswer(t *testing.T) {
	if !Can(begun(t)) {
		t.Fatal("an application in its middle cannot be parked")
	}
	for what, change := range map[string]func(*journey.Course){
		"no card":   func(c *journey.Course) { c.Draft.Card = device.Card{} },
		"no answer": func(c *journey.Course) { c.Draft.Answers = household.Answers{} },
		"no item":   func(c *journey.Course) { c.Draft.Item = nil },
	} {
		c := begun(t)
		change(c)
		if Can(c) {
			t.Errorf("parked with %s", what)
		}
	}
}

func FuzzRestore(f *testing.F) {
	c := begun(f)
	f.Add([]byte(answer(f, c).Body))
	f.Add([]byte(`{"kind":"draft","version":1,"record":{"item":"0101","number":"1","answers":[{"key":"member.99999999.wage","known":true,"number":-1}],"pages":[{"Material":"M07"}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := Restore(c.Pack, inquiry.Answer{Outcome: inquiry.Found, Body: body, Pages: [][]byte{{1}, {2}}})
		if err != nil && !errors.Is(err, ErrDraft) {
			t.Errorf("error %v", err)
		}
		if err == nil && (d.Item == nil || d.Card.Number == "" || len(d.Pages) > 1) {
			t.Errorf("restored %d pages of item %v", len(d.Pages), d.Item)
		}
	})
}
