package policy

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "let every shipped region name the national edition as it stands now")

// shipped lists the packs of the repository, the national one first.
func shipped(t testing.TB) []string {
	t.Helper()
	dirs, err := filepath.Glob("packs/CN*")
	if err != nil || len(dirs) < 2 {
		t.Fatalf("packs: %v, %v", dirs, err)
	}
	return dirs
}

func TestShippedPacksLoad(t *testing.T) {
	dirs := shipped(t)
	if *update {
		nameNational(t, dirs)
	}
	for _, dir := range dirs {
		if _, err := Load(dir); err != nil {
			t.Errorf("%s:\n%v", dir, err)
		}
	}
}

func nameNational(t *testing.T, dirs []string) {
	p, err := Load(dirs[0])
	if err != nil {
		t.Fatal(err)
	}
	digest := regexp.MustCompile(`sha256:[0-9a-f]*"`)
	for _, dir := range dirs[1:] {
		file := filepath.Join(dir, "pack.yaml")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, digest.ReplaceAll(data, []byte(p.Digest+`"`)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
