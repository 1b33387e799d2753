package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestANewRegionLoadsAndWaitsForItsStandard(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../kiosk/policy/packs")); err != nil {
		t.Fatal(err)
	}
	args := []string{"pack", "new", "-national", filepath.Join(dir, "CN"), "-name", "试验区", "-from", "2026-01-01", "990000"}
	if code, _, complaints := ask(t, args...); code != 0 {
		t.Fatal(complaints)
	}
	code, out, complaints := ask(t, "pack", "check", filepath.Join(dir, "CN-990000"))
	if code != 0 || !strings.Contains(out, "pending      params/dibao.standard from 2026-01-01") {
		t.Errorf("exit %d, %s\n%s", code, complaints, out)
	}
	code, out, _ = ask(t, "estimate", "-pack", filepath.Join(dir, "CN-990000"), "-date", "2026-03-01", "../kiosk/estimate/testdata/households/E01.json")
	if code != 0 || !strings.Contains(out, "需人工核实") || !strings.Contains(out, "本地现行低保标准") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if code, _, complaints := ask(t, args...); code == 0 || !strings.Contains(complaints, "exists") {
		t.Errorf("a pack was made over another: %s", complaints)
	}
}
