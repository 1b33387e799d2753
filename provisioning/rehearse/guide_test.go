package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/visitor"
)

// TestAnEstimateIsAnonymousOnPaperAndLeavesNothingBehind plays an estimate to its slip and looks for the answers on
// the disks of the terminal and of the hub.
func TestAnEstimateIsAnonymousOnPaperAndLeavesNothingBehind(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 2*time.Minute), quick(t, h)
	q.Offer = "reckon:all"
	const savings, made = "87654", "8765400"
	q.Answers = map[string]string{"household_size": "1", "member.1.income_kinds": "none", "deposits": savings}
	s := to(ctx, t, q, "results")
	says(ctx, t, q, "这不是最后决定", "最低生活保障")
	must(t, q.Line.Do(ctx, s, "print", ""))
	s = says(ctx, t, q, "已打印，请从出纸口取走")
	paper(ctx, t, q, "estimate")
	must(t, q.Line.Do(ctx, s, "choose", "dibao"))
	s, err := q.Line.Until(ctx, "working", func(s visitor.Seen) bool { return s.Screen == "estimate" })
	must(t, err)
	must(t, q.Line.Do(ctx, s, "disagree", ""))
	says(ctx, t, q, "我不同意这个结果", "人工核实")
	for _, dir := range []string{h.Data(), h.Store()} {
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			b, err := os.ReadFile(path)
			if bytes.Contains(b, []byte(savings)) || bytes.Contains(b, []byte(made)) {
				t.Errorf("%s holds an answer", path)
			}
			return err
		}))
	}
	waiting, err := filepath.Glob(filepath.Join(h.Data(), "outbox", "*", "*"))
	must(t, err)
	if len(waiting) > 0 {
		t.Errorf("an estimate waits to be sent: %v", waiting)
	}
	slips, err := (&visitor.BureauDesk{URL: h.Bureau}).Slips(ctx)
	must(t, err)
	if len(slips) > 0 {
		t.Errorf("an estimate came to the bureau: %v", slips)
	}
	over(ctx, t, q)
}

// paper keeps what the printer has printed if YIMEN_SCREENS names a folder.
func paper(ctx context.Context, t *testing.T, q *visitor.Quick, name string) {
	t.Helper()
	if dir := os.Getenv("YIMEN_SCREENS"); dir != "" {
		png, err := q.Bench.PaperPNG(ctx)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, "paper-"+name+".png"), png, 0o600))
	}
}

func TestPolicyIsLookedUpWithoutTheHub(t *testing.T) {
	h := startHall(t, nil)
	must(t, h.Hub.Stop())
	ctx, q := within(t, 2*time.Minute), quick(t, h)
	q.Offer = "lookup:all"
	s := to(ctx, t, q, "topics")
	for _, step := range []struct{ topic, screen, word string }{
		{"situation:income", "topics", "就业救助"}, {"item:0101", "policy", "银行卡"}, {"print", "policy", "已打印，请从出纸口取走"}, {"", "topics", "就业救助"}, {"", "topics", "发放标准"},
		{"standards:", "standards", "725"}, {"", "topics", "表格样子"}, {"forms:", "topics", "最低生活保障"}, {"forms:01", "topics", "低保动态调整"}, {"form:0101", "form", "存款"},
	} {
		do := "choose"
		switch step.topic {
		case "":
			do = "back"
		case "print":
			do = "print"
		}
		must(t, q.Line.Do(ctx, s, do, step.topic))
		now, err := q.Line.Until(ctx, step.word, func(now visitor.Seen) bool {
			return now.Seq != s.Seq && now.Screen == step.screen && strings.Contains(now.Text, step.word)
		})
		must(t, err)
		s = now
	}
	paper(ctx, t, q, "checklist")
	over(ctx, t, q)
}
