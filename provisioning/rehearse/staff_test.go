package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// enrolStaff has whoever holds the card "specimen" sign in with a PIN.
func enrolStaff(t *testing.T, dir, pin string) {
	t.Helper()
	enrol := exec.CommandContext(t.Context(), filepath.Join(programs(t), "hub"), "staff", "enrol", "-docket", filepath.Join(dir, "docket"), "-name", "张测试")
	enrol.Stdin = strings.NewReader("11010519491231002X\n" + pin + "\n")
	if out, err := enrol.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Fatalf("enrol: %v: %s", err, out)
	}
}

// printer gives what the printer was sent since the last call, once another slip is out.
type printer struct {
	bench *visitor.Bench
	slips int
	sent  int // bytes
}

func (p *printer) slip(ctx context.Context, t *testing.T) []byte {
	t.Helper()
	p.slips++
	eventually(t, "slip", func() bool {
		n, err := p.bench.Slips(ctx)
		return err == nil && n >= p.slips
	})
	all, err := p.bench.PaperBytes(ctx)
	must(t, err)
	fresh := all[p.sent:]
	p.sent = len(all)
	return fresh
}

// inGB is how the printer is sent a text.
func inGB(t *testing.T, text string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	must(t, err)
	return b
}

// TestACheckInIsConfirmedByStaffAndItsSlipIsPrintedAgain: a resident checks in, a member of the staff confirms beside the
// terminal with card and PIN; the bureau has it. The slip is printed again by its code, then by the member, who says why.
func TestACheckInIsConfirmedByStaffAndItsSlipIsPrintedAgain(t *testing.T) {
	dir := ""
	h := startHall(t, func(o *hall.Options) { dir = o.Dir })
	enrolStaff(t, dir, "246810")
	ctx, bench := within(t, 4*time.Minute), &visitor.Bench{Panel: h.Panel}
	paper := &printer{bench: bench}
	line, err := visitor.OpenLine(h.Screen)
	must(t, err)
	q := &visitor.Quick{Line: line, Bench: bench, Card: "liu", Offer: "checkin:self"}
	do := func(screen, what, value string) {
		t.Helper()
		must(t, line.Press(ctx, to(ctx, t, q, screen), what, value))
	}

	do("ways", "choose", "id_card+staff")
	do("checkin", "staff", "")
	q.Card = "specimen" // the member's own
	do("pin", "answer", "000000")
	says(ctx, t, q, "身份证或密码不对")
	do("pin", "answer", "246810")
	says(ctx, t, q, "工作人员已经当面确认")
	do("checkin", "submit", "")
	first := paper.slip(ctx, t)
	s := to(ctx, t, q, "slip")
	slipNo, digits := slipNumber.FindString(s.Text), queryCode.FindStringSubmatch(s.Text)
	if digits == nil {
		t.Fatalf("no code on %q", s.Text)
	}
	over(ctx, t, q)
	checkedIn(ctx, t, h, slipNo)

	// What was printed is printed again, byte by byte, under what says that it is a copy.
	from, end := bytes.Index(first, inGB(t, "签到凭条")), bytes.LastIndex(first, inGB(t, "打印序号"))
	if from < 0 || end < from {
		t.Fatal("the first slip is no 签到凭条")
	}
	again := func(who string, words ...string) {
		t.Helper()
		copied := paper.slip(ctx, t)
		if !bytes.Contains(copied, first[from:end]) {
			t.Errorf("%s: the slip is another than it was", who)
		}
		head := copied[:max(0, bytes.Index(copied, inGB(t, "签到凭条")))]
		for _, w := range append(words, "补", "内容与原凭条相同", "150102-0001") {
			if !bytes.Contains(head, inGB(t, w)) {
				t.Errorf("%s: the copy does not say %s", who, w)
			}
		}
	}
	do("attract", "staff", "")
	do("entrance", "choose", "by-code")
	q.SlipNo, q.Code = slipNo, digits[1]+digits[2]
	to(ctx, t, q, "entrance")
	again("by its code", "第1次", "本人")
	says(ctx, t, q, "已打印")

	do("entrance", "choose", "sign-in")
	do("pin", "answer", "246810")
	do("staff", "choose", "slips")
	says(ctx, t, q, slipNo)
	do("slips", "choose", slipNo)
	do("why", "choose", "lost")
	again("by the staff", "第2次", "001", "原凭条遗失")
	says(ctx, t, q, "已打印")
	do("staff", "choose", "queue")
	says(ctx, t, q, "全部送到了")
	do("queue", "back", "")
	do("staff", "finish", "")
	to(ctx, t, q, "attract")

	_, said := technician(t, h, "journal show")
	for _, want := range []string{"staff-vouched", "staff-came", "staff-left", `"time":1,"staff":0,"reason":"code"`, `"time":2,"staff":1,"reason":"lost"`, `{"paper":"copy"}`} {
		if !strings.Contains(said, want) {
			t.Errorf("the journal does not tell %s:\n%s", want, said)
		}
	}
	for _, secret := range []string{"11010519491231002X", "990000196203150022", "246810", "刘桂兰"} {
		if holds(t, h.Data(), secret) {
			t.Errorf("the terminal's disk holds %s", secret)
		}
	}
}

// checkedIn finds the check-in at the bureau.
func checkedIn(ctx context.Context, t *testing.T, h *hall.Hall, slipNo string) {
	t.Helper()
	desk := &visitor.BureauDesk{URL: h.Bureau}
	d, err := desk.Find(ctx, slipNo, time.Minute)
	must(t, err)
	body, err := desk.Part(ctx, d, d.Parts[0])
	must(t, err)
	var record struct {
		Kind   string
		Record struct {
			Way, Confirmed string
			Staff          int
		}
	}
	must(t, json.Unmarshal(body, &record))
	if record.Kind != "checkin" || record.Record.Way != "id_card+staff" || record.Record.Confirmed != "staff" || record.Record.Staff != 1 {
		t.Errorf("the bureau has %s", body)
	}
}

// play plays on from where the walk stands to the wanted screen, with a card.
func (w *walk) play(bench *visitor.Bench, card, screen string, elder bool) {
	w.t.Helper()
	v := visitor.Visitor{Browser: w.browser, Bench: bench, Card: card, Offer: "checkin:self", Elder: elder}
	v.Before = func(_ context.Context, s visitor.Seen) error {
		w.see(s)
		if s.Screen == screen {
			return visitor.ErrEnd
		}
		return nil
	}
	_, err := v.Play(w.ctx)
	must(w.t, err)
}

func TestCheckInAndStaffFitThePanelAtEachTap(t *testing.T) {
	dir := ""
	h := startHall(t, func(o *hall.Options) { dir = o.Dir })
	enrolStaff(t, dir, "135790")
	for _, face := range []struct {
		name          string
		width, height int64
		elder         bool
	}{{"portrait", 1080, 1920, true}, {"landscape", 1920, 1080, false}} {
		w, bench := walkOf(t, h, face.name, face.width, face.height), &visitor.Bench{Panel: h.Panel}
		w.play(bench, "liu", "ways", face.elder)
		w.tap(do("choose", "guardian_on_behalf"))
		w.play(bench, "liu", "confirm", face.elder)
		w.tap(`[data-do="next"]`)
		must(t, bench.TakeCard(w.ctx))
		must(t, bench.LayCard(w.ctx, "batu"))
		w.play(bench, "batu", "confirm", face.elder)
		w.tap(`[data-do="next"]`)
		w.tap(`[data-do="submit"]`)
		w.until("已打印")
		w.tap(`[data-do="finish"]`)

		w.tap(`[data-do="staff"]`)
		w.tap(do("choose", "sign-in"))
		must(t, bench.TakeCard(w.ctx))
		must(t, bench.LayCard(w.ctx, "specimen"))
		w.until("六位密码")
		for _, digit := range "135790" {
			must(t, visitor.Touch(w.ctx, w.browser, fmt.Sprintf("[data-key=%q]", string(digit))))
		}
		w.tap(`[data-do="answer"]`)
		w.until("到 ")
		for _, page := range []string{"slips", "queue", "devices"} {
			w.tap(do("choose", page))
			w.tap(`[data-do="back"]`)
		}
		w.tap(do("choose", "by-code"))
		w.tap(`[data-do="back"]`)
		w.tap(`[data-do="finish"]`)
		for _, complaint := range w.browser.Complaints() {
			t.Errorf("the page complains: %s", complaint)
		}
		w.browser.Close()
	}
}
