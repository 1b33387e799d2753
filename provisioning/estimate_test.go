package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func ask(t *testing.T, args ...string) (code int, out, complaints string) {
	t.Helper()
	var o, c bytes.Buffer
	code = run(context.Background(), args, &o, &c)
	return code, o.String(), c.String()
}

func TestEstimateTellsEveryLineWithItsArticle(t *testing.T) {
	code, out, complaints := ask(t, "estimate", "-pack", "../kiosk/policy/packs/CN-150102", "-date", "2019-12-01",
		"../kiosk/estimate/testdata/households/E02.json")
	if code != 0 {
		t.Fatal(complaints)
	}
	for _, want := range []string{"可能符合", "748", "示例数据", "您家按政策算3口人", "R2 最低生活保障审核确认办法 7", "DIBAO.LT"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing from\n%s", want, out)
		}
	}
}

func TestEstimateAsJSONIsTheCanonicalResult(t *testing.T) {
	args := []string{"estimate", "-json", "-pack", "../kiosk/policy/packs/CN-150102", "-date", "2019-12-01", "../kiosk/estimate/testdata/households/E11.json"}
	_, first, _ := ask(t, args...)
	_, second, _ := ask(t, args...)
	var r struct {
		Verdict string
		Monthly int64
	}
	if err := json.Unmarshal([]byte(first), &r); err != nil || r.Verdict != "likely" || r.Monthly != 79800 || first != second {
		t.Errorf("%+v, %v, equal %v", r, err, first == second)
	}
}

func TestEstimateSaysWhatItCannotRead(t *testing.T) {
	for want, args := range map[string][]string{
		"want -pack":      {"estimate", "x.json"},
		"2022-02-30":      {"estimate", "-pack", "../kiosk/policy/packs/CN-150102", "-date", "2022-02-30", "x.json"},
		"no such file":    {"estimate", "-pack", "../kiosk/policy/packs/CN-150102", "-date", "2022-02-28", "nowhere.json"},
		"its folder must": {"estimate", "-pack", "testdata", "-date", "2022-02-28", "x.json"},
		"dibao.standard":  {"estimate", "-pack", "../kiosk/policy/packs/CN-150102", "-date", "2010-01-01", "../kiosk/estimate/testdata/households/E01.json"},
	} {
		if code, _, complaints := ask(t, args...); code == 0 || !strings.Contains(complaints, want) {
			t.Errorf("%v: exit %d, %q", args, code, complaints)
		}
	}
}

func TestPackCheckListsWhatNobodyConfirmed(t *testing.T) {
	code, out, complaints := ask(t, "pack", "check", "../kiosk/policy/packs/CN-150102")
	if code != 0 {
		t.Fatal(complaints)
	}
	for _, want := range []string{"CN-150102", "sha256:", "pending", "exempt.basic_pension from 2026-01-01", "illustrative"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing from\n%s", want, out)
		}
	}
}

func TestAFileOfHouseholdsGivesALineForEach(t *testing.T) {
	var lines bytes.Buffer
	for _, name := range []string{"E01", "E03", "E02"} {
		data, err := os.ReadFile("../kiosk/estimate/testdata/households/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Compact(&lines, data); err != nil {
			t.Fatal(err)
		}
		lines.WriteByte('\n')
	}
	file := filepath.Join(t.TempDir(), "households.ndjson")
	write := func(data []byte) {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(lines.Bytes())
	args := []string{"estimate", "-pack", "../kiosk/policy/packs/CN-150102", "-date", "2022-07-01", file}
	code, out, progress := ask(t, args...)
	told := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || len(told) != 3 || !strings.HasPrefix(told[0], "dibao likely 798 ") || !strings.HasPrefix(told[1], "dibao unlikely - ") ||
		!strings.Contains(told[1], "DIBAO.LT") || !strings.HasPrefix(told[2], "dibao likely 748 ") || !strings.Contains(progress, "3 households") {
		t.Errorf("exit %d\n%s\n%s", code, out, progress)
	}
	_, one, _ := ask(t, "estimate", "-json", "-pack", args[2], "-date", args[4], "../kiosk/estimate/testdata/households/E02.json")
	_, all, _ := ask(t, append([]string{"estimate", "-json"}, args[1:]...)...)
	if _, last, _ := strings.Cut(all, "\n"); !strings.HasSuffix(last, one) || strings.Count(all, "\n") != 3 {
		t.Errorf("the third of the file is not what one alone gives:\n%s\n%s", all, one)
	}
	write(append([]byte("{}\n"), lines.Bytes()...))
	if code, out, progress = ask(t, args...); code != 1 || strings.Count(out, "\n") != 3 || !strings.Contains(progress, "line 1: ") || !strings.Contains(progress, "1 of 4 households") {
		t.Errorf("with a line that is no household: exit %d\n%s\n%s", code, out, progress)
	}
}

func TestASealedResultIsReckonedAgain(t *testing.T) {
	const pack, household = "../kiosk/policy/packs/CN-150102", "../kiosk/estimate/testdata/households/E07.json"
	_, sealed, _ := ask(t, "estimate", "-json", "-pack", pack, "-date", "2022-07-01", household)
	file := filepath.Join(t.TempDir(), "estimate.json")
	if err := os.WriteFile(file, []byte(sealed), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, complaints := ask(t, "estimate", "-pack", pack, "-replay", file, household); code != 0 || !strings.HasPrefix(out, "the same, ") {
		t.Errorf("exit %d, %s%s", code, out, complaints)
	}
	for want, args := range map[string][]string{
		"is not what":        {"-pack", pack, "-replay", file, strings.Replace(household, "E07", "E02", 1)},
		"the result is of":   {"-pack", strings.Replace(pack, "150102", "150422", 1), "-replay", file, household},
		"in place of -date":  {"-pack", pack, "-date", "2022-07-01", "-replay", file, household},
		"names no programme": {"-pack", pack, "-replay", household, household},
	} {
		if code, _, complaints := ask(t, append([]string{"estimate"}, args...)...); code == 0 || !strings.Contains(complaints, want) {
			t.Errorf("%v: exit %d, %q", args, code, complaints)
		}
	}
}
