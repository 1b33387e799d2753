package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// editions gives the shipped packs in a folder of their own and beside them the district's next edition, with
// another standard.
func editions(t *testing.T, standard string) (old, next string) {
	t.Helper()
	was, is := filepath.Join(t.TempDir(), "was"), filepath.Join(t.TempDir(), "is")
	for _, dir := range []string{was, is} {
		if err := os.CopyFS(dir, os.DirFS("../kiosk/policy/packs")); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(is, "CN-150102", "params.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(data), "value: 72500", "value: "+standard, 1)
	if changed == string(data) {
		t.Fatal("the standard is no longer where this test changes it")
	}
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(was, "CN-150102"), filepath.Join(is, "CN-150102")
}

func TestComparingEditionsNamesWhoMovesAndWhy(t *testing.T) {
	old, next := editions(t, "73000")
	var lines []string
	for _, name := range []string{"E03", "E07", "E10"} {
		data, err := os.ReadFile("../kiosk/estimate/testdata/households/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.ReplaceAll(string(data), "\n", " "))
	}
	lines = append(lines, `{"format":2}`)
	file := filepath.Join(t.TempDir(), "households.ndjson")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, complaints := ask(t, "pack", "compare", "-date", "2022-07-01", old, next, file)
	if code != 0 {
		t.Fatal(complaints)
	}
	for _, want := range []string{
		"1: unlikely 0 -> likely 10; ", "DIBAO.LT: not_met 72500, now met 72500", "DIBAO.EQUAL: met 72500, now -",
		"2: likely 375 -> likely 390; ", "DIBAO.GAP: figure 37500, now figure 39000",
		"3: manual 850 -> manual 860", "4: household: format 2",
		"4 households: 0 the same, 3 changed, 1 could not be estimated",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing from\n%s", want, out)
		}
	}
}

func TestComparingAnEditionWithItselfChangesNobody(t *testing.T) {
	old, _ := editions(t, "73000")
	data, err := os.ReadFile("../kiosk/estimate/testdata/households/E11.json")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "households.ndjson")
	line := strings.ReplaceAll(string(data), "\n", " ") + "\n"
	if err := os.WriteFile(file, []byte(strings.Repeat(line, 1500)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, complaints := ask(t, "pack", "compare", "-date", "2022-07-01", old, old, file)
	if code != 0 || !strings.Contains(out, "1500 households: 1500 the same, 0 changed, 0 could not") {
		t.Errorf("exit %d, %s\n%s", code, complaints, out)
	}
}
