package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder is a release as a build leaves it, not listed.
func folder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, p := range []string{"VERSION", "kiosk", "provisioning", "shell", "pinyin", "spelling/default.yaml", "spelling/build/strokes.prism.bin"} {
		write(t, dir, p, "this is "+p)
	}
	return dir
}

func write(t testing.TB, dir, p, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, p)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, p), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestAListIsWhatSha256sumSays(t *testing.T) {
	dir := folder(t)
	list, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("this is spelling/build/strokes.prism.bin"))
	if !strings.Contains(string(list), hex.EncodeToString(sum[:])+"  spelling/build/strokes.prism.bin\n") || strings.Count(string(list), "\n") != 7 {
		t.Errorf("the list is\n%s", list)
	}
	again, err := List(dir) // the list does not list itself
	if err != nil || !bytes.Equal(list, again) {
		t.Errorf("listed again, %v:\n%s", err, again)
	}
	if got, err := Verify(dir); err != nil || !bytes.Equal(got, list) {
		t.Errorf("a whole release: %v", err)
	}
}

func TestAChangedAMissingAndAStrangeFileAreFound(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, dir string){
		"changed": func(t *testing.T, dir string) { write(t, dir, "spelling/default.yaml", "something else") },
		"missing": func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "pinyin")); err != nil {
				t.Fatal(err)
			}
		},
		"strange": func(t *testing.T, dir string) { write(t, dir, "spelling/more.yaml", "") },
		"link": func(t *testing.T, dir string) {
			if err := os.Symlink("/bin/sh", filepath.Join(dir, "sh")); err != nil {
				t.Fatal(err)
			}
		},
	} {
		dir := folder(t)
		if _, err := List(dir); err != nil {
			t.Fatal(err)
		}
		harm(t, dir)
		if _, err := Verify(dir); err == nil {
			t.Errorf("%s: it is whole", name)
		}
	}
	dir := folder(t)
	if _, err := List(dir); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "kiosk", "damaged")
	if _, err := Verify(dir); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	list, err := List(folder(t))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(list), "\n")
	lines = lines[:len(lines)-1]
	for name, bad := range map[string]string{
		"nothing": "", "cut": string(list[:len(list)-1]), "order": lines[1] + lines[0] + strings.Join(lines[2:], ""), "twice": lines[0] + string(list),
		"outside": string(list) + strings.Repeat("0", 64) + "  ../x\n", "no shell": strings.Join(lines[:2], ""), "itself": strings.Repeat("0", 64) + "  FILES\n" + string(list),
		"upper case": strings.ToUpper(lines[0][:64]) + lines[0][64:] + strings.Join(lines[1:], ""), "short": strings.Repeat("0", 62) + "  a\n" + string(list),
	} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	if list, err := List(folder(f)); err == nil {
		f.Add(list)
	}
	f.Add([]byte("x  y\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		files, err := Parse(b)
		if err != nil {
			return
		}
		var same strings.Builder
		for _, file := range files {
			same.WriteString(file.Digest + "  " + file.Path + "\n")
		}
		if same.String() != string(b) {
			t.Errorf("two lists say the same:\n%s\n%s", b, same.String())
		}
	})
}
