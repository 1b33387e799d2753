package shelltest

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// Build builds the window's program and answers its path. It needs what `make` sets up: the packages of the apt lists,
// and PKG_CONFIG_PATH.
func Build(t testing.TB) string {
	t.Helper()
	shell := filepath.Join(t.TempDir(), "shell")
	if out, err := exec.Command("go", "build", "-o", shell, "yimen/ui/shell").CombinedOutput(); err != nil {
		t.Fatalf("go build yimen/ui/shell: %v\n%s(the Makefile sets PKG_CONFIG_PATH: use make test)", err, out)
	}
	return shell
}

func itoa(n int) string { return strconv.Itoa(n) }
