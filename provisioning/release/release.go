// Package release is what a release of the terminal's software consists of: a folder of files, and among them a list with the
// digest of each. The Debian package brings such a folder, and an update brings the next one; by its list one is told from
// the other, and a whole one from a damaged one.
package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ListName is the file that lists all others, as sha256sum prints them: "digest  path", in the order of the paths.
const ListName = "FILES"

// VersionName is the file that holds the version, in one line.
const VersionName = "VERSION"

// needed are the files without which nothing runs. Others come and go with the releases.
var needed = []string{VersionName, "kiosk", "provisioning", "shell"}

// Bounds of a release.
const (
	MostFiles  = 500
	mostLength = 120 // characters of a path
)

// path is the shape of a path in a release: up to four plain names.
var path = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}$`)

// File is one of a release's.
type File struct {
	Path   string
	Digest string // SHA-256, 64 hexadecimal digits
}

// Names says whether a path can stand in a release.
func Names(p string) bool { return len(p) <= mostLength && path.MatchString(p) }

// Paths lists the files of the folder dir in their order, the list among them if it is there. Anything but plain files and
// folders is an error.
func Paths(dir string) ([]string, error) {
	var all []string
	err := filepath.WalkDir(dir, func(at string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		p, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		if !e.Type().IsRegular() || !Names(p) {
			return fmt.Errorf("%s cannot stand in a release", p)
		}
		all = append(all, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("files of a release: %w", err)
	}
	slices.Sort(all)
	return all, nil
}

// List writes the list of the folder dir into it, and gives it.
func List(dir string) ([]byte, error) {
	all, err := Paths(dir)
	if err != nil {
		return nil, err
	}
	var list bytes.Buffer
	for _, p := range all {
		if p == ListName {
			continue
		}
		digest, err := digestOf(filepath.Join(dir, p))
		if err != nil {
			return nil, fmt.Errorf("list a release: %w", err)
		}
		fmt.Fprintf(&list, "%s  %s\n", digest, p)
	}
	if _, err := Parse(list.Bytes()); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, ListName), list.Bytes(), 0o644); err != nil {
		return nil, fmt.Errorf("list a release: %w", err)
	}
	return list.Bytes(), nil
}

// Parse reads a list. One that is not in order, names a file twice or lacks what nothing runs without is an error.
func Parse(list []byte) ([]File, error) {
	if len(list) == 0 || list[len(list)-1] != '\n' {
		return nil, errors.New("list of a release is cut")
	}
	var files []File
	for line := range strings.Lines(string(list)) {
		digest, p, found := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		raw, err := hex.DecodeString(digest)
		switch {
		case !found || err != nil || len(raw) != sha256.Size || digest != hex.EncodeToString(raw) || !Names(p) || p == ListName:
			return nil, fmt.Errorf("list of a release: line %d is none", len(files)+1)
		case len(files) > 0 && files[len(files)-1].Path >= p:
			return nil, fmt.Errorf("list of a release: %s is out of order", p)
		case len(files) == MostFiles:
			return nil, fmt.Errorf("list of a release: more than %d files", MostFiles)
		}
		files = append(files, File{Path: p, Digest: digest})
	}
	for _, p := range needed {
		if !slices.ContainsFunc(files, func(f File) bool { return f.Path == p }) {
			return nil, fmt.Errorf("list of a release: it lacks %s", p)
		}
	}
	return files, nil
}

// Verify reads every file of the folder dir and gives its list, if the list tells of them all and of nothing else.
func Verify(dir string) ([]byte, error) {
	list, err := os.ReadFile(filepath.Join(dir, ListName))
	if err != nil {
		return nil, fmt.Errorf("verify release: %w", err)
	}
	files, err := Parse(list)
	if err != nil {
		return nil, fmt.Errorf("verify release: %w", err)
	}
	there, err := Paths(dir)
	if err != nil {
		return nil, fmt.Errorf("verify release: %w", err)
	}
	listed := []string{ListName}
	for _, f := range files {
		listed = append(listed, f.Path)
		if digest, err := digestOf(filepath.Join(dir, f.Path)); err != nil || digest != f.Digest {
			return nil, fmt.Errorf("verify release: %s is not as listed: %w", f.Path, errors.Join(err, ErrDamaged))
		}
	}
	if slices.Sort(listed); !slices.Equal(listed, there) {
		return nil, fmt.Errorf("verify release: %d files are there, %d are listed: %w", len(there), len(listed), ErrDamaged)
	}
	return list, nil
}

// ErrDamaged means that a release's files are not what its list says.
var ErrDamaged = errors.New("release is damaged")

// Digest tells one release from another: the SHA-256 of its list, 64 hexadecimal digits.
func Digest(list []byte) string {
	sum := sha256.Sum256(list)
	return hex.EncodeToString(sum[:])
}

func digestOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
