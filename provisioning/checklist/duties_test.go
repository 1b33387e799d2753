package checklist

import (
	_ "embed"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
)

//go:embed duties.yaml
var duties []byte

// asked are the duties that software of this kind has to answer for, one by one.
var asked = []string{
	"P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P10", "P11", "P12", "P13", "P14", "P15", "P16", "P17", "P23", "P24", "P29", "P30",
}

// TestEachPrivacyDutyIsProvedByATestOrSignedForOnSite: every test that is named exists, every duty that is for the site has a line
// in the printed checklist, and every line there answers a duty that says so.
func TestEachPrivacyDutyIsProvedByATestOrSignedForOnSite(t *testing.T) {
	var list struct {
		Duties []struct {
			ID    string `yaml:"id"`
			What  string `yaml:"what"`
			Site  bool   `yaml:"site"`
			Tests []struct {
				In   string `yaml:"in"`
				Name string `yaml:"name"`
			} `yaml:"tests"`
		} `yaml:"duties"`
	}
	if err := yaml.UnmarshalWithOptions(duties, &list, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	printed, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	var onPaper []string
	for _, s := range printed.Sections {
		for _, line := range s.Lines {
			onPaper = append(onPaper, line.Duty)
		}
	}
	there := map[string][]string{} // tests by folder
	var ids, onSite []string
	for _, d := range list.Duties {
		ids = append(ids, d.ID)
		if d.Site {
			onSite = append(onSite, d.ID)
		}
		if d.What == "" || !d.Site && len(d.Tests) == 0 {
			t.Errorf("%s: neither a test nor a line on site", d.ID)
		}
		if d.Site && !slices.Contains(onPaper, d.ID) {
			t.Errorf("%s is for the site, and the checklist has no line", d.ID)
		}
		for _, test := range d.Tests {
			if there[test.In] == nil {
				there[test.In] = testsIn(t, test.In)
			}
			if !slices.Contains(there[test.In], test.Name) {
				t.Errorf("%s: there is no %s in %s", d.ID, test.Name, test.In)
			}
		}
	}
	for _, id := range asked {
		if !slices.Contains(ids, id) {
			t.Errorf("%s is not listed", id)
		}
	}
	for _, id := range onPaper {
		if id != "" && !slices.Contains(onSite, id) {
			t.Errorf("the checklist has a line for %s, which duties.yaml does not leave to the site", id)
		}
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("%v: each once, and in order", ids)
	}
}

// testsIn names the tests of a package.
func testsIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", folder, err)
	}
	var names []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}
