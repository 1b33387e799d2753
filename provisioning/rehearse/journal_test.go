package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/visitor"
)

// technician runs a command of the technician's on a hall's terminal and gives its exit status and all that it said.
func technician(t *testing.T, h *hall.Hall, command string, flags ...string) (status int, said string) {
	t.Helper()
	args := append(strings.Fields(command), append([]string{"-config", h.Config()}, flags...)...)
	cmd := exec.CommandContext(t.Context(), filepath.Join(programs(t), "provisioning"), args...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

var headOnSheet = regexp.MustCompile(`head ([0-9]+:[0-9a-f]{64})`)

// TestTheHeadOnADaySheetProvesTheJournalThroughAKill: a resident submits, the day sheet is printed, the daemon is killed
// during the next visit. The journal is still the one whose head is on paper, and tells what was done.
func TestTheHeadOnADaySheetProvesTheJournalThroughAKill(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 4*time.Minute), quick(t, h)
	to(ctx, t, q, "slip")
	if status, said := technician(t, h, "day-sheet"); status != 3 || !strings.Contains(said, "a visit is going on") {
		t.Errorf("during a visit: status %d: %s", status, said)
	}
	over(ctx, t, q)

	status, said := technician(t, h, "day-sheet")
	head := headOnSheet.FindStringSubmatch(said)
	if status != 0 || head == nil {
		t.Fatalf("day sheet: status %d: %s", status, said)
	}
	h.Kiosk.Kill()
	if status, said := technician(t, h, "day-sheet"); status != 1 || !strings.Contains(said, "no daemon") {
		t.Errorf("without a daemon: status %d: %s", status, said)
	}
	must(t, h.StartKiosk(ctx))

	status, said = technician(t, h, "journal verify", "-head", head[1])
	if status != 0 || strings.Contains(said, "no outcome") {
		t.Errorf("verify: status %d: %s", status, said)
	}
	_, said = technician(t, h, "journal show")
	for _, want := range []string{"submit-ended", `"outcome":"kept"`, "purge-ended", `"outcome":"purged"`, `{"paper":"day-sheet"}`, `"outcome":"printed"`} {
		if !strings.Contains(said, want) {
			t.Errorf("the journal does not tell %s:\n%s", want, said)
		}
	}
	if strings.Count(said, "daemon-started") != 2 {
		t.Errorf("the journal does not tell of two starts:\n%s", said)
	}
}

// TestASlipInterruptedByAKillIsToldToWhoeverWaits kills the daemon while a printer that says nothing has the slip.
func TestASlipInterruptedByAKillIsToldToWhoeverWaits(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 4*time.Minute), quick(t, h)
	must(t, q.Bench.Fault(ctx, "printer", "swallows", true))
	s := to(ctx, t, q, "review")
	must(t, q.Line.Do(ctx, s, "submit", ""))
	for {
		if _, said := technician(t, h, "journal verify"); strings.Contains(said, "print-intended, has no outcome") {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("the slip is never sent to the printer")
		}
	}
	h.Kiosk.Kill()
	must(t, q.Bench.Fault(ctx, "printer", "swallows", false))
	must(t, q.Bench.TakeCard(ctx))
	must(t, h.StartKiosk(ctx))

	_, err := quick(t, h).Line.Until(ctx, "word of the lost slip", func(s visitor.Seen) bool {
		return s.Screen == "attract" && strings.Contains(s.Text, "可能没有打出来")
	})
	must(t, err)
	status, said := technician(t, h, "journal verify")
	if status != 0 || strings.Contains(said, "no outcome") {
		t.Errorf("verify: status %d: %s", status, said)
	}
	if _, said := technician(t, h, "journal show"); !strings.Contains(said, `"outcome":"unknown"`) {
		t.Errorf("the journal does not tell of the slip:\n%s", said)
	}
}
