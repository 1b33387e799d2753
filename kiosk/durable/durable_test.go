package durable

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileIsReplacedWholeOrStays(t *testing.T) {
	dir := t.TempDir()
	scratch, err := Scratch(dir)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "file")
	for _, text := range []string{"first", strings.Repeat("second ", 1000)} {
		if err := Replace(file, []byte(text), scratch); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != text {
			t.Errorf("%.20q, %v", got, err)
		}
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file+".d", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Replace(file+".d", []byte("over a folder"), scratch); err == nil {
		t.Error("a folder was replaced")
	}
	if err := Replace(file, []byte("nowhere to write"), filepath.Join(dir, "none")); err == nil {
		t.Error("written without a scratch folder")
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the file changed: %v", err)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) != 0 {
		t.Errorf("left in scratch: %v, %v", left, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}
