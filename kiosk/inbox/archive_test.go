package inbox_test

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"

	"yimen/kiosk/inbox"
	"yimen/kiosk/policy"
)

// entry is one entry of a tar made by somebody else.
type entry struct {
	tar.Header
	body string
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := e.Header
		h.Size, h.Mode = int64(len(e.body)), 0o644
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func plain(name string) entry {
	return entry{tar.Header{Name: name, Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}, "x: 1\n"}
}

// sparse is a sparse file of 512 bytes that claims 100 MB, as GNU tar's format 1.0 for extended headers has it.
func sparse(t testing.TB) []byte {
	t.Helper()
	body := "1\n0\n0\n" // one piece: nothing, at 0
	body += strings.Repeat("\x00", 512-len(body))
	data := tarOf(t, entry{tar.Header{Name: "CN/x.yaml", Typeflag: tar.TypeReg, Format: tar.FormatPAX, PAXRecords: map[string]string{
		"XXX.sparse.major": "1", "XXX.sparse.minor": "0", "XXX.sparse.name": "CN/pack.yaml", "XXX.sparse.realsize": "100000000",
	}}, body})
	return bytes.ReplaceAll(data, []byte("XXX.sparse"), []byte("GNU.sparse")) // which the writer would not write
}

func tricks(t testing.TB) map[string][]byte {
	link := func(kind byte) []byte {
		return tarOf(t, entry{tar.Header{Name: "CN/pack.yaml", Linkname: "/etc/passwd", Typeflag: kind}, ""})
	}
	many := []entry{}
	for i := range 201 {
		many = append(many, plain(fmt.Sprintf("CN/a%03d.yaml", i)))
	}
	good := tarOf(t, plain("CN/pack.yaml"))
	return map[string][]byte{
		"parent":          tarOf(t, plain("../CN/pack.yaml")),
		"parent inside":   tarOf(t, plain("CN/../../pack.yaml")),
		"absolute":        tarOf(t, plain("/CN/pack.yaml")),
		"backslash":       tarOf(t, plain(`CN\pack.yaml`)),
		"deeper":          tarOf(t, plain("CN/x/pack.yaml")),
		"another name":    tarOf(t, plain("CN/pack.sh")),
		"another folder":  tarOf(t, plain("etc/pack.yaml")),
		"symbolic link":   link(tar.TypeSymlink),
		"hard link":       link(tar.TypeLink),
		"device":          link(tar.TypeChar),
		"folder":          tarOf(t, entry{tar.Header{Name: "CN/", Typeflag: tar.TypeDir}, ""}),
		"twice":           tarOf(t, plain("CN/pack.yaml"), plain("CN/pack.yaml")),
		"out of order":    tarOf(t, plain("CN/pack.yaml"), plain("CN/a.yaml")),
		"too many":        tarOf(t, many...),
		"extended header": tarOf(t, entry{tar.Header{Name: "CN/pack.yaml", Typeflag: tar.TypeReg, Format: tar.FormatPAX, PAXRecords: map[string]string{"YIMEN.x": "y"}}, ""}),
		"owner":           tarOf(t, entry{tar.Header{Name: "CN/pack.yaml", Typeflag: tar.TypeReg, Uname: "root", Format: tar.FormatUSTAR}, ""}),
		"behind the end":  append(bytes.Clone(good), good...),
		"cut short":       good[:len(good)-1024],
		"sparse":          sparse(t),
		"100 MB":          make([]byte, 100<<20),
		"no tar":          []byte("packs"),
	}
}

func TestAnArchiveWithATrickIsRefused(t *testing.T) {
	if _, err := inbox.Unpack(tarOf(t, plain("CN/a.yaml"), plain("CN/pack.yaml"))); err != nil {
		t.Fatalf("a plain archive: %v", err)
	}
	for name, data := range tricks(t) {
		if _, err := inbox.Unpack(data); err == nil {
			t.Errorf("%s was unpacked", name)
		}
	}
}

func TestAFileThatClaims100MBIsNotRead(t *testing.T) {
	data := sparse(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := inbox.Unpack(data)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "100000000 bytes") {
		t.Fatalf("%v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes for a file that is refused", n)
	}
}

func TestEverySignerMakesTheSameArchive(t *testing.T) {
	first, err := inbox.Archive(packs("1"), "CN")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir() // another machine: other times and modes
	if err := os.CopyFS(dir, packs("1")); err != nil {
		t.Fatal(err)
	}
	second, err := inbox.Archive(os.DirFS(dir), "CN")
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("archives differ, %v", err)
	}
}

func TestARegionBringsItsNationalEdition(t *testing.T) {
	all := packs("1")
	p, err := policy.LoadFS(all, "CN")
	if err != nil {
		t.Fatal(err)
	}
	region := *all["CN/pack.yaml"]
	region.Data = []byte("pack: {id: CN-990000, region: \"990000\", edition: \"7\", name: {zh-CN: 区}, from: 2021-07-01, flow: NAT-2021, languages: [zh-CN, en], national: {id: CN, edition: \"1\", digest: \"" + p.Digest + "\"}}\n")
	all["CN-990000/pack.yaml"] = &region
	data, err := inbox.Archive(all, "CN-990000")
	if err != nil {
		t.Fatal(err)
	}
	packs, err := inbox.Unpack(data)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = policy.LoadFS(packs, "CN-990000"); err != nil || p.Edition != "7" || p.Text("a").In("en") != "one" {
		t.Errorf("pack %v, %v", p, err)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(archive(f, "1"))
	for name, data := range tricks(f) {
		if name != "100 MB" {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		packs, err := inbox.Unpack(data)
		if err != nil {
			return
		}
		size := 0
		err = fs.WalkDir(packs, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := fs.ReadFile(packs, name)
			size += len(content)
			if !strings.HasSuffix(name, ".yaml") || strings.Contains(name, "..") {
				t.Errorf("file %q came out", name)
			}
			return err
		})
		if err != nil || size > len(data) {
			t.Errorf("%d bytes out of %d, %v", size, len(data), err)
		}
	})
}
