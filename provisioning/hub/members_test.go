package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"yimen/provisioning/hub/staff"
)

func TestAMemberIsEnrolledAndDismissedWithoutSecretsOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	for range 2 { // the second time is another PIN for the same member
		out.Reset()
		err := runStaff(t.Context(), "enrol", []string{"-docket", dir, "-name", "张测试"}, strings.NewReader("11010519491231002X\n246810\n"), &out, io.Discard)
		if err != nil || out.String() != "1\n" {
			t.Fatalf("%v, %q", err, out.String())
		}
	}
	if err := runStaff(t.Context(), "enrol", []string{"-docket", dir, "-name", "张测试"}, strings.NewReader("11010519491231002X\n"), &out, io.Discard); err == nil {
		t.Error("a member without a PIN was enrolled")
	}
	if err := runStaff(t.Context(), "enrol", []string{"-docket", dir, "-name", "张测试"}, strings.NewReader("110105194912310021\n246810\n"), &out, io.Discard); !errors.Is(err, staff.ErrNumber) {
		t.Errorf("a wrong number: %v", err)
	}
	if err := runStaff(t.Context(), "dismiss", []string{"-docket", dir, "-no", "1"}, nil, &out, io.Discard); err != nil {
		t.Error(err)
	}
	if err := runStaff(t.Context(), "dismiss", []string{"-docket", dir, "-no", "1"}, nil, &out, io.Discard); !errors.Is(err, staff.ErrNobody) {
		t.Errorf("dismissed twice: %v", err)
	}
	for _, args := range [][]string{{"staff"}, {"staff", "odd", "-docket", dir}, {"staff", "enrol", "-docket", dir}, {"staff", "dismiss", "-docket", dir}, {"staff", "enrol", "-name", "张测试"}} {
		if code := run(t.Context(), args, io.Discard, io.Discard); code != 2 {
			t.Errorf("hub %v: exit code %d, want 2", args, code)
		}
	}
}
