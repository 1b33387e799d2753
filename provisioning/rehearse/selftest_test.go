package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/selftest"
	"yimen/provisioning/visitor"
)

// selftestOf runs the technician's command on a hall's terminal and gives its exit status and what it said.
func selftestOf(ctx context.Context, t *testing.T, h *hall.Hall, flags ...string) (status int, out, complaints string) {
	t.Helper()
	cmd := exec.CommandContext(ctx, filepath.Join(programs(t), "provisioning"), append([]string{"selftest", "-config", h.Config()}, flags...)...)
	var said, complained bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complained
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), said.String(), complained.String()
}

// holdCode holds a code before the hall's scanner.
func holdCode(ctx context.Context, t *testing.T, h *hall.Hall, text string) {
	t.Helper()
	b := visitor.Bench{Panel: h.Panel}
	must(t, b.HoldCode(ctx, text))
}

func TestSelftestAsksTheDaemonWhichRefusesDuringAVisit(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 3*time.Minute), quick(t, h)
	holdCode(ctx, t, h, "YIMEN-SELFTEST")
	must(t, q.Bench.LayCard(ctx, "rare"))
	status, out, complaints := selftestOf(ctx, t, h)
	if status != 0 || strings.Count(out, "正常") < 7 || !strings.Contains(out, "王**") || strings.Contains(out, "𠮷") {
		t.Errorf("status %d\n%s%s", status, out, complaints)
	}
	must(t, q.Bench.TakeCard(ctx))

	to(ctx, t, q, "card")
	if status, out, complaints := selftestOf(ctx, t, h); status != 3 || out != "" || !strings.Contains(complaints, "a visit is going on") {
		t.Errorf("during a visit: status %d\n%s%s", status, out, complaints)
	}
	over(ctx, t, q)

	must(t, q.Bench.Fault(ctx, "printer", "paper-out", true))
	must(t, q.Bench.LayCard(ctx, "liu"))
	status, out, _ = selftestOf(ctx, t, h, "-json")
	var report selftest.Report
	must(t, json.Unmarshal([]byte(out), &report))
	if status != 1 || report.Passed || len(report.Results) != 7 {
		t.Errorf("without paper: status %d, %+v", status, report)
	}
	for _, r := range report.Results {
		if (r.Outcome == selftest.Passed) == (r.Device == "printer") {
			t.Errorf("without paper: %+v", r)
		}
	}
}

func TestSelftestOpensTheDevicesItselfWhileNoDaemonRuns(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 3*time.Minute), quick(t, h)
	h.Kiosk.Kill() // its socket is left behind
	holdCode(ctx, t, h, "YIMEN-SELFTEST")
	must(t, q.Bench.LayCard(ctx, "liu"))
	if status, out, complaints := selftestOf(ctx, t, h); status != 0 || strings.Count(out, "正常") < 6 {
		t.Errorf("status %d\n%s%s", status, out, complaints)
	}
	must(t, h.StartKiosk(ctx))
	to(ctx, t, q, "menu")
}
