package crash

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// numbered fills in that each sync began when the operations before it had ended.
func numbered(ops ...Op) []Op {
	for i := range ops {
		if ops[i].Kind == Sync && ops[i].Begun == 0 {
			ops[i].Begun = i
		}
	}
	return ops
}

// left gives everything the disk may be found with after the operations, each state as "name=contents" of its files.
func left(t *testing.T, m Model, ops ...Op) []string {
	t.Helper()
	d := NewDisk(m)
	for _, o := range numbered(ops...) {
		if err := d.Do(o); err != nil {
			t.Fatal(err)
		}
	}
	states := map[string]bool{}
	for _, s := range d.States(20, rand.New(rand.NewPCG(1, 2))) {
		dir := t.TempDir()
		if err := d.Write(s, dir); err != nil {
			t.Fatal(err)
		}
		states[picture(t, dir)] = true
	}
	var all []string
	for s := range states {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

func picture(t *testing.T, dir string) string {
	t.Helper()
	var words []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if e.IsDir() {
			words = append(words, name+"/")
			return nil
		}
		b, err := os.ReadFile(path)
		words = append(words, name+"="+string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(words, " ")
}

func write(path, data string) Op { return Op{Kind: Write, Path: path, Data: []byte(data), Offset: -1} }
func sync(path string) Op        { return Op{Kind: Sync, Path: path} }
func makeFile(path string) Op    { return Op{Kind: Make, Path: path} }

func TestOnlyWhatWasSyncedIsCertain(t *testing.T) {
	rename := Op{Kind: Rename, Path: "a", To: "b"}
	for name, c := range map[string]struct {
		ops            []Op
		worst, journal string // states, one a line
	}{
		"a name":                     {[]Op{makeFile("a")}, "\na=", "\na="},
		"a name that was synced":     {[]Op{makeFile("a"), sync("")}, "a=", "a="},
		"contents":                   {[]Op{makeFile("a"), sync(""), write("a", "x")}, "a=\na=x", "a=\na=x"},
		"contents that were synced":  {[]Op{makeFile("a"), write("a", "x"), sync("a")}, "\na=x", "a=x"},
		"both":                       {[]Op{makeFile("a"), write("a", "x"), sync("a"), sync("")}, "a=x", "a=x"},
		"two writes, in any order":   {[]Op{makeFile("a"), sync(""), write("a", "x"), write("a", "y")}, "a=\na=\x00y\na=x\na=xy", "a=\na=\x00y\na=x\na=xy"},
		"a rename":                   {[]Op{makeFile("a"), write("a", "x"), sync("a"), sync(""), rename}, "a=x\nb=x", "a=x\nb=x"},
		"a rename before the sync":   {[]Op{makeFile("a"), write("a", "x"), rename, sync("")}, "b=\nb=x", "b=\nb=x"},
		"a removal":                  {[]Op{makeFile("a"), sync(""), {Kind: Remove, Path: "a"}}, "\na=", "\na="},
		"two names, in any order":    {[]Op{makeFile("a"), makeFile("b")}, "\na=\na= b=\nb=", "\na=\na= b="},
		"one name, in its order":     {[]Op{makeFile("a"), {Kind: Remove, Path: "a"}, makeFile("a")}, "\na=", "\na="},
		"what is in a folder":        {[]Op{{Kind: MakeFolder, Path: "f"}, makeFile("f/a"), sync("f")}, "\nf/ f/a=", "f/ f/a="},
		"a shortened file":           {[]Op{makeFile("a"), write("a", "xyz"), sync("a"), sync(""), {Kind: Resize, Path: "a", Size: 1}}, "a=x\na=xyz", "a=x\na=xyz"},
		"a sync that began too soon": {[]Op{makeFile("a"), sync(""), write("a", "x"), {Kind: Sync, Path: "a", Begun: 1}}, "a=\na=x", "a=\na=x"},
		"a promise":                  {[]Op{makeFile("a"), sync(""), {Kind: Mark, Data: []byte("x")}}, "a=", "a="},
	} {
		t.Run(name, func(t *testing.T) {
			for m, want := range map[Model]string{Worst: c.worst, Journal: c.journal} {
				if got := strings.Join(left(t, m, slices.Clone(c.ops)...), "\n"); got != want {
					t.Errorf("model %d leaves\n%q, want\n%q", m, got, want)
				}
			}
		})
	}
}

func TestALongWriteMayBeTorn(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	sizes := map[int]bool{}
	for _, s := range left(t, Worst, makeFile("a"), sync(""), write("a", long)) {
		body := strings.TrimPrefix(s, "a=")
		sizes[len(body)] = true
		for at := 0; at < len(body); at += 512 {
			if one := body[at:min(at+512, len(body))]; one != strings.Repeat("x", len(one)) && one != strings.Repeat("\x00", len(one)) {
				t.Errorf("a sector is torn at %d", at)
			}
		}
	}
	for _, want := range []int{0, 512, 4096, 8192, 10_000} {
		if !sizes[want] {
			t.Errorf("no state has the first %d bytes alone", want)
		}
	}
}

func TestAnOverwriteThatIsLostLeavesWhatWas(t *testing.T) {
	ops := []Op{makeFile("a"), write("a", "old"), sync("a"), sync(""), {Kind: Write, Path: "a", Data: []byte("new"), Offset: 0}}
	if got := fmt.Sprint(left(t, Worst, ops...)); got != "[a=new a=old]" {
		t.Errorf("leaves %s", got)
	}
}

func TestOperationsThatDoNotFitAreErrors(t *testing.T) {
	for _, o := range []Op{write("a", "x"), sync("a"), {Kind: Rename, Path: "a", To: "b"}, {Kind: Remove, Path: "a"}, makeFile("f/a")} {
		if err := NewDisk(Worst).Do(o); err == nil {
			t.Errorf("%+v fits an empty disk", o)
		}
	}
	d := NewDisk(Worst)
	for _, o := range []Op{{Kind: MakeFolder, Path: "f"}, makeFile("a")} {
		if err := d.Do(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Do(Op{Kind: Rename, Path: "a", To: "f/a"}); err == nil {
		t.Error("a rename into another folder fits")
	}
	if err := d.Do(write("f", "x")); err == nil {
		t.Error("a folder has contents")
	}
}

func TestWithoutKeepsWhatASyncCovers(t *testing.T) {
	ops := numbered(makeFile("a"), makeFile("b"), write("b", "x"), write("a", "x"), sync("a"), write("a", "y"))
	got := Without(ops, func(o Op) bool { return o.Path == "b" })
	if len(got) != 4 || got[2].Kind != Sync || got[2].Begun != 2 {
		t.Errorf("left %+v", got)
	}
}
