package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/provisioning/hall"
	"yimen/provisioning/report"
	"yimen/provisioning/visitor"
)

// reported is what the terminal says of itself.
func reported(t *testing.T, h *hall.Hall, flags ...string) report.Report {
	t.Helper()
	_, said := technician(t, h, "report", append(flags, "-json")...)
	var r report.Report
	if err := json.NewDecoder(strings.NewReader(said)).Decode(&r); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return r
}

func remarkOf(r report.Report, id string) string {
	for _, i := range r.Items {
		if i.ID == id {
			return i.Remark
		}
	}
	return ""
}

func TestATechnicianLocksTheTerminalReadsHowItStandsAndOpensItAgain(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 3*time.Minute), quick(t, h)
	if status, said := technician(t, h, "lock"); status != 0 || !strings.Contains(said, "no visit can begin") {
		t.Errorf("%d %s", status, said)
	}
	locked := func(s visitor.Seen) bool { return s.Screen == "maintenance" }
	if s, err := q.Line.Until(ctx, "locked screen", locked); err != nil || !strings.Contains(s.Text, "检修") || !strings.Contains(s.Text, "证书") {
		t.Fatalf("%v: %s", err, s.Text)
	}
	must(t, h.Kiosk.Stop())
	must(t, h.StartKiosk(ctx))
	if _, err := q.Line.Until(ctx, "locked screen after a restart", locked); err != nil {
		t.Fatal(err)
	}

	must(t, q.Bench.LayCard(ctx, "liu"))
	holdCode(ctx, t, h, "YIMEN-SELFTEST")
	if status, out, complaints := selftestOf(ctx, t, h); status != 0 {
		t.Errorf("self-test while locked: %d\n%s%s", status, out, complaints)
	}
	slips, err := q.Bench.Slips(ctx)
	must(t, err)
	r := reported(t, h, "-paper")
	if remarkOf(r, "printer") != "device-passed" || remarkOf(r, "idcard") != "device-passed" || remarkOf(r, "lock") != "locked" || remarkOf(r, "certificate") != "certificate" {
		t.Errorf("%+v", r)
	}
	if now, err := q.Bench.Slips(ctx); err != nil || now != slips+1 {
		t.Errorf("%d slips, then %d, %v", slips, now, err)
	}
	must(t, q.Bench.Fault(ctx, "printer", "paper-out", true))
	eventually(t, "the report tells of the paper", func() bool { return remarkOf(reported(t, h), "printer") == "device-away" })
	must(t, q.Bench.Fault(ctx, "printer", "paper-out", false))

	if status, said := technician(t, h, "unlock"); status != 0 {
		t.Errorf("%d %s", status, said)
	}
	if _, err := q.Line.Until(ctx, "first screen", func(s visitor.Seen) bool { return s.Screen == "attract" }); err != nil {
		t.Error(err)
	}
	if status, said := technician(t, h, "journal show"); status != 0 || !strings.Contains(said, "terminal-locked") || !strings.Contains(said, "terminal-opened") {
		t.Errorf("%d %s", status, said)
	}
}

func TestAForcedCaseIsLockedAndStandsInTheJournal(t *testing.T) {
	h := startHall(t, nil)
	ctx, q := within(t, 3*time.Minute), quick(t, h)
	const door, tamper = 1, 2
	eventually(t, "the door is seen", func() bool { return remarkOf(reported(t, h), "cabinetDoor") == "contact-closed" })
	must(t, q.Bench.Contact(ctx, door, false))
	eventually(t, "the open door is told", func() bool { return remarkOf(reported(t, h), "cabinetDoor") == "contact-open" })
	if _, err := q.Line.Until(ctx, "first screen", func(s visitor.Seen) bool { return s.Screen == "attract" }); err != nil {
		t.Fatal(err) // a technician's own door locks nobody out
	}
	must(t, q.Bench.Contact(ctx, tamper, false))
	if s, err := q.Line.Until(ctx, "locked screen", func(s visitor.Seen) bool { return s.Screen == "maintenance" }); err != nil || !strings.Contains(s.Text, "防拆开关") {
		t.Fatalf("%v: %s", err, s.Text)
	}
	must(t, q.Bench.Contact(ctx, tamper, true))
	if status, said := technician(t, h, "unlock"); status != 0 {
		t.Errorf("%d %s", status, said)
	}
	if _, err := q.Line.Until(ctx, "first screen", func(s visitor.Seen) bool { return s.Screen == "attract" }); err != nil {
		t.Error(err)
	}
	_, said := technician(t, h, "journal show")
	for _, want := range []string{`{"contact":"cabinet-door","state":"open"}`, `{"contact":"tamper-sensor","state":"open"}`, "terminal-locked"} {
		if !strings.Contains(said, want) {
			t.Errorf("the journal does not tell %s:\n%s", want, said)
		}
	}
}

func TestLogsGoToTheBureauUnread(t *testing.T) {
	if _, err := exec.LookPath("journalctl"); err != nil {
		t.Skip("no journalctl: the system's log is not systemd's here")
	}
	h := startHall(t, nil)
	ctx, dir := within(t, 2*time.Minute), t.TempDir()
	file := filepath.Join(dir, "logs")
	if status, said := technician(t, h, "log export", "-out", file, "-since", "-1min"); status != 0 {
		t.Fatalf("%d %s", status, said)
	}
	sealed, err := os.ReadFile(file)
	must(t, err)
	if bytes.Contains(sealed, []byte("daemon-started")) {
		t.Error("the journal can be read on the way")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(programs(t), "provisioning"), "log", "open", "-identity", h.Keys("bureau"), "-to", filepath.Join(dir, "opened"), file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "opened", "journal.log"))
	if err != nil || !bytes.Contains(kept, []byte("log-exported")) {
		t.Errorf("%v: %s", err, kept)
	}
}
