package emulator

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestEveryNoteThatIsCitedExists(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		some, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	cited := 0
	cite := regexp.MustCompile(`firmware-notes/([a-z-]+) "([^"\n]+)"`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range cite.FindAllSubmatch(text, -1) {
			cited++
			note, err := os.ReadFile(filepath.Join("../../firmware-notes", string(m[1]), "README.md"))
			if err != nil {
				t.Errorf("%s cites a note that is not there: %v", f, err)
				continue
			}
			if !bytes.Contains(note, []byte("\n## "+string(m[2])+"\n")) {
				t.Errorf("%s cites %s", f, m[0])
			}
		}
	}
	if cited < 10 {
		t.Errorf("only %d citations were found", cited)
	}
}

func TestFaultsAreCountedAndNamed(t *testing.T) {
	s := NewFaults("a", "b")
	told := 0
	s.OnChange = func(Fault, int) { told++ }
	for f, times := range map[Fault]int{"a": 2, "b": UntilOff} {
		if err := s.Set(f, times); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []bool{true, true, false} {
		if s.On("a") != want || s.Take("a") != want || !s.Take("b") {
			t.Errorf("time %d: a happens %v, want %v; b happens always", i, !want, want)
		}
	}
	if a := s.Active(); len(a) != 1 || a[0] != "b" || told != 2 {
		t.Errorf("on: %v, told %d times", a, told)
	}
	if s.Set("c", 1) == nil || s.Set("a", -2) == nil {
		t.Error("nonsense was accepted")
	}
}
