package slip

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/kiosk/policy"
)

var facts = Facts{
	SlipNo: "SJ-990000-0001-20260302-00001-X", QueryCode: "00420042", Item: "最低生活保障", ItemCode: "0101", Deadline: "20个工作日",
	Applicant: "𠮷䶮", Number: "11010519491231002X", HouseholdSize: 3,
	ReceivedAt: time.Date(2026, 3, 2, 9, 5, 0, 0, time.UTC), PrintedAt: time.Date(2026, 3, 2, 9, 6, 0, 0, time.UTC), PrintNo: 1,
	Terminal: "0001", Hall: "测试街道大厅",
	Materials: []Material{{Name: "诊断证明", Mark: Scanned, Pages: 2}, {Name: "户口簿", Mark: Shared}, {Name: "租房合同", Mark: Later}, {Name: "申请表", Mark: Here}},
}

func receipt(t testing.TB) (*policy.SlipTemplate, *policy.Pack) {
	t.Helper()
	pack, err := policy.Load("../policy/packs/CN-150102")
	if err != nil {
		t.Fatal(err)
	}
	template, ok := pack.Slip("receipt")
	if !ok {
		t.Fatal("the pack has no receipt")
	}
	return template, pack
}

// lines writes a slip's rows for a reader.
func lines(s device.Slip) string {
	var b strings.Builder
	for _, r := range s.Rows {
		switch r := r.(type) {
		case device.Text:
			fmt.Fprintln(&b, r.Text)
		case device.Columns:
			fmt.Fprintln(&b, r.Left+" | "+r.Right)
		case device.QR:
			fmt.Fprintln(&b, "QR "+r.Data)
		}
	}
	return b.String()
}

func TestTheReceiptSaysAllThatTheLawOfSlipsAsks(t *testing.T) {
	template, pack := receipt(t)
	slip, err := Fill(template, pack, facts)
	if err != nil {
		t.Fatal(err)
	}
	text := lines(slip)
	for _, want := range []string{
		"收件回执", "不等于受理", "SJ-990000-0001-20260302-00001-X", "QR SJ-990000-0001-20260302-00001-X\n", "00420042",
		"最低生活保障", "0101", "𠮷䶮", "110*************2X", "本人", "3人", "2026-03-02 09:05", "0001", "测试街道大厅",
		"诊断证明 | 2页", "户口簿 | 部门共享", "租房合同 | 未交", "待上传", "20个工作日", "查进度", "在本机点", "收件编号和查询码", "12349", "2026-03-02 09:06",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the slip does not say %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, "11010519491231002X") || strings.ContainsAny(text, "{}") {
		t.Errorf("the slip says too much:\n%s", text)
	}
}

func TestTheSlipSaysOnlyWhatIsKnownOfTheDelivery(t *testing.T) {
	template, pack := receipt(t)
	waiting, err := Fill(template, pack, facts)
	if err != nil {
		t.Fatal(err)
	}
	done := facts
	done.Delivered = true
	delivered, err := Fill(template, pack, done)
	if err != nil {
		t.Fatal(err)
	}
	if w, d := lines(waiting), lines(delivered); strings.Contains(w, "已上传") || strings.Contains(d, "待上传") || !strings.Contains(d, "已上传") {
		t.Errorf("waiting:\n%s\ndelivered:\n%s", w, d)
	}
}

func TestAnAgentIsNamedMasked(t *testing.T) {
	template, pack := receipt(t)
	f := facts
	f.Agent = "代小理"
	slip, err := Fill(template, pack, f)
	if err != nil {
		t.Fatal(err)
	}
	if text := lines(slip); !strings.Contains(text, "代**") || strings.Contains(text, "代小理") || !strings.Contains(text, "代办") {
		t.Errorf("the slip says:\n%s", text)
	}
}

func TestATemplateThatNobodyUnderstandsIsAnError(t *testing.T) {
	_, pack := receipt(t)
	for _, row := range []policy.SlipRow{{Text: "{salary}"}, {Left: "a", Right: "{salary}"}, {QR: "{salary}"}, {}, {Text: "x", When: "rain"}, {Text: "x", Align: "top"}} {
		_, err := Fill(&policy.SlipTemplate{ID: "x", Rows: []policy.SlipRow{row}}, pack, facts)
		if !errors.Is(err, ErrTemplate) {
			t.Errorf("%+v: %v", row, err)
		}
	}
}

func TestWhatAResidentIsCalledIsNeverReadAsTemplate(t *testing.T) {
	_, pack := receipt(t)
	f := facts
	f.Applicant = "{number}{query_code}"
	slip, err := Fill(&policy.SlipTemplate{ID: "x", Rows: []policy.SlipRow{{Text: "{name}"}}}, pack, f)
	if err != nil || lines(slip) != "{number}{query_code}\n" {
		t.Errorf("%q, %v", lines(slip), err)
	}
}
