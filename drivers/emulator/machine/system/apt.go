package system

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// archive fetches Debian packages with this host's apt and its sources, into folders of its own and as whoever
// runs it: nothing is installed, and the host's own packages play no part.
type archive struct {
	dir string // its state: lists of packages, and the packages
	log *slog.Logger
}

// Folders of packages, within an archive's folder.
const (
	fetched = "archives"
	nothing = "nothing" // always empty: apt names only packages that are not fetched yet
)

func (a archive) packages() string { return filepath.Join(a.dir, fetched) }

// command is apt-get that knows no installed package, and those packages as fetched that lie in a folder.
func (a archive) command(ctx context.Context, fetched string, args ...string) *exec.Cmd {
	options := []string{
		"-q", "-o", "APT::Sandbox::User=", "-o", "APT::Architecture=amd64", "-o", "APT::Architectures=amd64", "-o", "APT::Install-Recommends=false",
		"-o", "Dir::State=" + a.dir, "-o", "Dir::State::status=" + filepath.Join(a.dir, "status"),
		"-o", "Dir::Cache=" + a.dir, "-o", "Dir::Cache::archives=" + filepath.Join(a.dir, fetched), "-o", "Acquire::Languages=none",
	}
	return exec.CommandContext(ctx, "apt-get", append(options, args...)...)
}

func (a archive) run(ctx context.Context, fetched string, args ...string) (string, error) {
	cmd := a.command(ctx, fetched, args...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("apt-get %s: %w: %s", args[0], err, strings.TrimSpace(complaint.String()))
	}
	return string(out), nil
}

// prepare makes the folders; the lists of packages are fetched when they are missing.
func (a archive) prepare() error {
	for _, d := range []string{"lists/partial", fetched + "/partial", nothing + "/partial"} {
		if err := os.MkdirAll(filepath.Join(a.dir, d), 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(a.dir, "status"), nil, 0o644)
}

// resolve names the files of packages and of everything that they depend on, in the order of their names.
// Lists too old to be resolved are fetched anew.
func (a archive) resolve(ctx context.Context, packages []string) ([]string, error) {
	out, err := a.run(ctx, nothing, append([]string{"-qq", "--print-uris", "install"}, packages...)...)
	if err != nil {
		a.log.Info("fetching the lists of packages")
		if _, err := a.run(ctx, nothing, "update"); err != nil {
			return nil, err
		}
		if out, err = a.run(ctx, nothing, append([]string{"-qq", "--print-uris", "install"}, packages...)...); err != nil {
			return nil, err
		}
	}
	var files []string
	for line := range strings.Lines(out) {
		// 'http://…' libc6_2.36-9+deb12u14_amd64.deb 2759320 MD5Sum:…
		if fields := strings.Fields(line); len(fields) >= 3 && strings.HasSuffix(fields[1], ".deb") {
			files = append(files, fields[1])
		}
	}
	slices.Sort(files)
	return files, nil
}

// fetch has apt fetch and verify the packages and what they depend on.
func (a archive) fetch(ctx context.Context, packages []string) error {
	a.log.Info("fetching packages", "for", strings.Join(packages, " "))
	args := append([]string{"-y", "--download-only", "install"}, packages...)
	if _, err := a.run(ctx, fetched, args...); err == nil || ctx.Err() != nil {
		return err
	}
	if _, err := a.run(ctx, nothing, "update"); err != nil { // the archive has moved on to newer versions
		return err
	}
	_, err := a.run(ctx, fetched, args...)
	return err
}
