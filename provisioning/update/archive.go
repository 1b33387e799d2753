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
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"yimen/kiosk/durable"
	"yimen/provisioning/release"
	"yimen/provisioning/repository"
)

// mostVersion is how long the text in VERSION may be, in bytes.
const mostVersion = 200

// Name is what a release for this kind of machine is called in a repository.
func Name() string { return "software-" + runtime.GOARCH }

// Pack lists the release in folder dir, and makes its archive: a compressed tar of its files in the order of their paths,
// without times and owners, so that each signer can make their own and compare.
func Pack(dir string) ([]byte, error) {
	if _, err := release.List(dir); err != nil {
		return nil, fmt.Errorf("pack release: %w", err)
	}
	paths, err := release.Paths(dir)
	if err != nil {
		return nil, fmt.Errorf("pack release: %w", err)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack release: %w", err)
	}
	w := tar.NewWriter(z)
	for _, p := range paths {
		if err := pack(w, dir, p); err != nil {
			return nil, fmt.Errorf("pack %s: %w", p, err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		return nil, fmt.Errorf("pack release: %w", err)
	}
	return b.Bytes(), nil
}

func pack(w *tar.Writer, dir, p string) error {
	info, err := os.Stat(filepath.Join(dir, p))
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(dir, p))
	if err != nil {
		return err
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: p, Mode: int64(modeOf(int64(info.Mode().Perm()))), Size: int64(len(data)), Format: tar.FormatUSTAR}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// modeOf is the mode of a file that somebody may run, or nobody.
func modeOf(mode int64) os.FileMode {
	if mode&0o100 != 0 {
		return 0o755
	}
	return 0o644
}

// Unpack writes a release into the folder dir, which must not exist, and has it last. It takes plain files in order and
// bounds, and only such as the release's own list tells of, whatever is signed: links, paths that lead elsewhere and files
// beside the list are refused.
func Unpack(archive []byte, dir string) error {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	r := tar.NewReader(io.LimitReader(z, repository.MaxRelease))
	last, count := "", 0
	for ; ; count++ {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("release: %w", err)
		}
		if h.Typeflag != tar.TypeReg || !release.Names(h.Name) || h.Name <= last || h.Size > repository.MaxRelease || h.Name == release.VersionName && h.Size > mostVersion || count > release.MostFiles {
			return fmt.Errorf("release: %q of type %q with %d bytes after %q cannot stand in one", h.Name, h.Typeflag, h.Size, last)
		}
		last = h.Name
		if err := put(filepath.Join(dir, h.Name), r, modeOf(h.Mode)); err != nil {
			return fmt.Errorf("release: %w", err)
		}
	}
	if _, err := release.Verify(dir); err != nil {
		return err
	}
	return syncFolders(dir)
}

func put(path string, data io.Reader, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, data)
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

// syncFolders has the names of what lies in dir and in its folders last.
func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return durable.SyncFolder(path)
	})
}

// whole says whether folder dir holds a release, undamaged.
func whole(dir string) bool {
	_, err := release.Verify(dir)
	return err == nil
}

// versionOf is the version of the release in folder dir; empty where there is none.
func versionOf(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, release.VersionName))
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
