package inbox

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// Bounds of an archive. The nine editions shipped hold some 20 files and 300 KB each.
const (
	MaxArchive = 8 << 20 // bytes
	maxFiles   = 200
)

// fileName is every name that an archive may hold: a pack's folder and a file in it. Whatever could lead out of
// the folder does not fit.
var fileName = regexp.MustCompile(`^CN(-[0-9]{6})?/[a-z0-9][a-z0-9-]{0,60}\.yaml$`)

// national is the folder of the edition that regions build on.
const national = "CN"

// Archive makes the archive of the pack id and the national edition it builds on, from a file system that holds
// their folders: a tar in the order of the names, without times and owners. The same folders give the same bytes
// on every machine, so that signers can each make their own.
func Archive(packs fs.FS, id string) ([]byte, error) {
	var files []txtar.File
	for _, folder := range []string{national, id} {
		entries, err := fs.ReadDir(packs, folder)
		if errors.Is(err, fs.ErrNotExist) && folder != id {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("archive pack: %w", err)
		}
		for _, e := range entries {
			name := folder + "/" + e.Name()
			data, err := fs.ReadFile(packs, name)
			if err != nil {
				return nil, fmt.Errorf("archive pack: %w", err)
			}
			files = append(files, txtar.File{Name: name, Data: data})
		}
		if id == national {
			break
		}
	}
	slices.SortFunc(files, func(a, b txtar.File) int { return strings.Compare(a.Name, b.Name) })
	archive, err := write(files)
	if err != nil {
		return nil, err
	}
	_, err = Unpack(archive)
	return archive, err
}

// write lays files out in the one way that Unpack takes.
func write(files []txtar.File) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: f.Name, Mode: 0o644, Size: int64(len(f.Data)), Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("archive %s: %w", f.Name, err)
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, fmt.Errorf("archive %s: %w", f.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("archive pack: %w", err)
	}
	return b.Bytes(), nil
}

// Unpack gives the packs' folders of an archive, in memory. It takes exactly what Archive makes: plain files with
// a pack's names in ascending order, and no byte besides. Links, sparse files, extended headers, doubled names and
// whatever is hidden behind the end are refused by that, not one by one.
func Unpack(archive []byte) (fs.FS, error) {
	if len(archive) > MaxArchive {
		return nil, fmt.Errorf("archive of %d bytes: at most %d", len(archive), MaxArchive)
	}
	var a txtar.Archive
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("archive: %w", err)
		}
		f, err := read(r, h)
		if err != nil {
			return nil, err
		}
		if n := len(a.Files); n == maxFiles || n > 0 && a.Files[n-1].Name >= f.Name {
			return nil, fmt.Errorf("archive: %s is out of order, doubled or one of more than %d", f.Name, maxFiles)
		}
		a.Files = append(a.Files, f)
	}
	again, err := write(a.Files)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, archive) {
		return nil, errors.New("archive holds something besides a pack's files")
	}
	return txtar.FS(&a)
}

// read takes one file. Its size is asked for first: a sparse file of a few bytes may claim any.
func read(r *tar.Reader, h *tar.Header) (txtar.File, error) {
	if h.Typeflag != tar.TypeReg || !fileName.MatchString(h.Name) || h.Size > MaxArchive {
		return txtar.File{}, fmt.Errorf("archive: %q of type %q with %d bytes is not a pack's file", h.Name, h.Typeflag, h.Size)
	}
	data, err := io.ReadAll(io.LimitReader(r, h.Size))
	if err != nil {
		return txtar.File{}, fmt.Errorf("archive: %s: %w", h.Name, err)
	}
	return txtar.File{Name: h.Name, Data: data}, nil
}
