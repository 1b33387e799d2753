package main

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/visitor"
)

// TestANoticeIsReadObjectedToAnsweredAndTakenDown goes the whole way through terminal, hub and bureau: an application becomes a
// case, its notice hangs at the terminal, hub or no hub; somebody objects without a name, the desk answers, and who objected
// reads the answer by slip and code alone.
func TestANoticeIsReadObjectedToAnsweredAndTakenDown(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 5*time.Minute), quick(t, h)
	to(ctx, t, q, "slip")
	applied := slipNumber.FindString(says(ctx, t, q, "已上传，对方已签收").Text)
	over(ctx, t, q)
	desk := office{t: t, url: h.Bureau}
	var err error
	desk.password, err = h.Password()
	must(t, err)
	no := desk.caseOf(ctx, applied)
	desk.acts(ctx, "01", no, "SUBMITTED-ACCEPTED", nil)
	desk.acts(ctx, "02", no, "ACCEPTED-VERIFYING", nil)
	desk.acts(ctx, "02", no, "ACCEPTED-SURVEYING", url.Values{"day": {"2031-12-20"}, "visitors": {"甲、乙"}})
	desk.acts(ctx, "02", no, "SURVEYING-PRELIM", nil)
	desk.acts(ctx, "02", no, "PRELIM-PUBLICITY", url.Values{"members": {"1"}, "amount": {"725"}})

	board := func() (*visitor.Quick, visitor.Seen) {
		line, err := visitor.OpenLine(h.Screen)
		must(t, err)
		q := &visitor.Quick{Line: line, Bench: q.Bench, Offer: "notices:all", Answers: map[string]string{"objection_grounds": "members", "objection_proof": "0"}}
		to(ctx, t, q, "board")
		s, err := line.Until(ctx, "board that was read", func(s visitor.Seen) bool { return strings.Contains(s.Text, "公示") })
		must(t, err)
		return q, s
	}
	hangs := func(want bool) {
		t.Helper()
		eventually(t, "the board shows it", func() bool {
			q, s := board()
			over(ctx, t, q)
			return strings.Contains(s.Text, "还有7天") == want
		})
	}
	hangs(true)
	must(t, h.Hub.Stop())
	hangs(true) // without any line
	must(t, h.StartHub(ctx))

	q, s := board()
	must(t, q.Line.Do(ctx, s, "choose", no+"-N07"))
	s = says(ctx, t, q, "每月725元", "1人", no+"-N07")
	for _, never := range []string{applied, "990000", "凭条"} {
		if strings.Contains(s.Text, never) {
			t.Errorf("the notice says %q: %s", never, s.Text)
		}
	}
	must(t, q.Line.Do(ctx, s, "disagree", ""))
	says(ctx, t, q, "写不写名字都行")
	to(ctx, t, q, "slip")
	s = says(ctx, t, q, "已上传，对方已签收")
	raised, digits := slipNumber.FindString(s.Text), queryCode.FindStringSubmatch(s.Text)
	over(ctx, t, q)

	objection := desk.caseOf(ctx, raised)
	desk.acts(ctx, "02", objection, "RAISED-EXAMINING", url.Values{"doing": {"再入户看一次"}})
	desk.acts(ctx, "03", objection, "RAISED-ANSWERED", url.Values{"outcome": {"家里确实是一口人，公示没有错。"}})
	visit, s := asks(ctx, t, h.Screen, q.Bench, visitor.Quick{SlipNo: raised, Code: digits[1] + digits[2]})
	if s.Screen != "case" || !strings.Contains(s.Text, "已答复") || !strings.Contains(s.Text, "异议答复") || strings.Contains(s.Text, applied) {
		t.Errorf("who objected reads %s %q", s.Screen, s.Text)
	}
	over(ctx, t, visit)
	visit, s = asks(ctx, t, h.Screen, q.Bench, visitor.Quick{Card: "liu"})
	if !strings.Contains(s.Text, "公示中") || strings.Contains(s.Text, raised) {
		t.Errorf("the household reads %s %q", s.Screen, s.Text)
	}
	over(ctx, t, visit)

	desk.acts(ctx, "03", no, "PUBLICITY-REJECTED", url.Values{"facts": {"示例"}, "clause": {"第七条"}, "working": {"示例"}})
	hangs(false)
}

// office is the bureau's desk with its officers.
type office struct {
	t             *testing.T
	url, password string
	signed        map[string]*visitor.Officer
}

func (o *office) officer(ctx context.Context, id string) *visitor.Officer {
	o.t.Helper()
	if o.signed[id] == nil {
		of, err := visitor.SignIn(ctx, o.url, id, o.password)
		must(o.t, err)
		if o.signed == nil {
			o.signed = map[string]*visitor.Officer{}
		}
		o.signed[id] = of
	}
	return o.signed[id]
}

// caseOf waits for the case of a slip.
func (o *office) caseOf(ctx context.Context, slipNo string) string {
	o.t.Helper()
	d, err := (&visitor.BureauDesk{URL: o.url}).Find(ctx, slipNo, time.Minute)
	must(o.t, err)
	no, err := o.officer(ctx, "01").Case(ctx, d.ID)
	must(o.t, err)
	return no
}

func (o *office) acts(ctx context.Context, officer, no, move string, fields url.Values) {
	o.t.Helper()
	must(o.t, o.officer(ctx, officer).Act(ctx, no, move, fields))
}
