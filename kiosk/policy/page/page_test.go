package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type sample struct {
	Code  string            `yaml:"code"`
	Count int64             `yaml:"count"`
	Yes   bool              `yaml:"yes"`
	Words map[string]string `yaml:"words"`
	Rows  []sample          `yaml:"rows"`
}

func TestEveryValueOfAFileArrives(t *testing.T) {
	var s sample
	p := Page{File: "a.yaml"}
	p.Read([]byte("code: \"01\"\ncount: -3\nyes: true\nwords: {a: 一, b: \"二\"}\nrows:\n- code: |\n    line\n    more\n- rows: [{count: 7}]\n"), &s)
	if len(p.Faults) > 0 {
		t.Fatal(p.Faults)
	}
	if s.Code != "01" || s.Count != -3 || !s.Yes || s.Words["b"] != "二" || s.Rows[0].Code != "line\nmore" || s.Rows[1].Rows[0].Count != 7 {
		t.Errorf("%+v", s)
	}
}

func TestAllFaultsOfAFileAreFoundTogether(t *testing.T) {
	var s sample
	p := Page{File: "a.yaml"}
	p.Read([]byte("code: 1\ncount: x\nyes: \"true\"\nwords: []\nrows: {}\nextra: 1\n"), &s)
	if len(p.Faults) != 6 {
		t.Errorf("%d faults: %v", len(p.Faults), p.Faults)
	}
	for i, f := range p.Faults {
		if f.(*Fault).Line != i+1 {
			t.Errorf("fault %d stands on line %d", i+1, f.(*Fault).Line)
		}
	}
}

func TestAFaultStandsAtTheNearestValueThere(t *testing.T) {
	var s sample
	p := Page{File: "a.yaml"}
	p.Read([]byte("rows:\n- count: 1\n- count: 2\n  words:\n    a: b\n"), &s)
	for path, want := range map[string]int{"rows[1].words.a": 5, "rows[1].words.zh": 4, "rows[1].code": 3, "rows[7]": 1, "nothing": 1} {
		p.Faults = nil
		p.At(path, "x")
		if got := p.Faults[0].(*Fault).Line; got != want {
			t.Errorf("%s: line %d, want %d", path, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../packs/CN/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 2000)])
	}
	f.Add([]byte("a: &a [*a, *a]\n"))
	f.Add([]byte(strings.Repeat("- ", 50) + "x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s sample
		p := Page{File: "f.yaml"}
		p.Read(data, &s)
		for _, fault := range p.Faults {
			if line := fault.(*Fault).Line; line < 1 || line > strings.Count(string(data), "\n")+strings.Count(string(data), "\r")+2 {
				t.Errorf("line %d of %q", line, data)
			}
		}
	})
}

func TestAFileThatWouldKeepTheParserBusyIsRefused(t *testing.T) {
	for name, data := range map[string]string{
		"large":    "code: " + strings.Repeat("a", MaxBytes),
		"marks":    strings.Repeat("\"", maxMarks+1),
		"lines":    "code: |\n" + strings.Repeat(" a\n", maxMarks),
		"brackets": strings.Repeat("[", maxDepth+1),
		"indented": strings.Repeat(" ", 5*maxDepth) + "a: b\n",
	} {
		var s sample
		p := Page{File: "a.yaml"}
		p.Read([]byte(data), &s)
		if len(p.Faults) != 1 || p.lines["code"] != 0 {
			t.Errorf("%s: %v", name, p.Faults)
		}
	}
}
