// Package update brings a terminal the next release of its software and takes it back when the terminal is worse with it. A
// release is fetched and believed as policy packs are, lies ready beside the one that runs, and is switched to by one rename,
// while nobody is served. It is committed after the terminal has shown that it is well; otherwise the one before runs again.
// Wherever the power fails, a whole release is in force, and the next run goes on from there.
package update

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"yimen/kiosk/durable"
	"yimen/provisioning/repository"
)

// file is one of a release's.
type file struct {
	name string
	mode os.FileMode
}

// files are what a release consists of, in the order of its archive.
var files = []file{{"VERSION", 0o644}, {"kiosk", 0o755}, {"provisioning", 0o755}, {"shell", 0o755}}

// mostVersion is how long the text in VERSION may be, in bytes.
const mostVersion = 200

// Name is what a release for this kind of machine is called in a repository.
func Name() string { return "software-" + runtime.GOARCH }

// Pack makes the archive of the release in folder dir: a compressed tar of its files, without times and owners, so that each
// signer can make their own and compare.
func Pack(dir string) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack release: %w", err)
	}
	w := tar.NewWriter(z)
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.name))
		if err != nil {
			return nil, fmt.Errorf("pack release: %w", err)
		}
		h := &tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: int64(f.mode), Size: int64(len(data)), Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
		if _, err := w.Write(data); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		return nil, fmt.Errorf("pack release: %w", err)
	}
	return b.Bytes(), nil
}

// Unpack writes a release into the folder dir, which must not exist, and has it last. It takes exactly a release's files in
// their order, whatever is signed: links, other names and more of them are refused.
func Unpack(archive []byte, dir string) error {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	r := tar.NewReader(io.LimitReader(z, repository.MaxRelease))
	for _, f := range files {
		h, err := r.Next()
		if err != nil {
			return fmt.Errorf("release lacks %s: %w", f.name, err)
		}
		if h.Typeflag != tar.TypeReg || h.Name != f.name || h.Size <= 0 || h.Size > repository.MaxRelease || f.name == "VERSION" && h.Size > mostVersion {
			return fmt.Errorf("release: %q of type %q with %d bytes is not %s", h.Name, h.Typeflag, h.Size, f.name)
		}
		if err := put(filepath.Join(dir, f.name), r, f.mode); err != nil {
			return fmt.Errorf("release: %w", err)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		return errors.New("release holds more than its files")
	}
	return durable.SyncFolder(dir)
}

func put(path string, data io.Reader, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, data)
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

// whole says whether folder dir holds every file of a release.
func whole(dir string) bool {
	return !slices.ContainsFunc(files, func(f file) bool {
		info, err := os.Stat(filepath.Join(dir, f.name))
		return err != nil || !info.Mode().IsRegular() || info.Size() == 0
	})
}

// versionOf is the version of the release in folder dir; empty where there is none.
func versionOf(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "VERSION"))
	if err != nil {
		return ""
	}
	version, _, _ := strings.Cut(strings.TrimSpace(string(b)), " ")
	return version
}

// older says whether one version comes before another, number by number: 0.7.99 before 0.7.100. Versions that are not made of
// numbers have no order.
func older(one, other string) bool {
	a, b := strings.Split(one, "."), strings.Split(other, ".")
	for i := range min(len(a), len(b)) {
		n, aErr := strconv.Atoi(a[i])
		m, bErr := strconv.Atoi(b[i])
		switch {
		case aErr != nil || bErr != nil:
			return false
		case n != m:
			return n < m
		}
	}
	return len(a) < len(b)
}
