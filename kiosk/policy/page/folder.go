package page

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

// maxFiles bounds a folder.
const maxFiles = 100

var fileName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,60}\.yaml$`)

// ReadFolder reads every file of a folder into a sheet of type S each, in the order of their names. The digest,
// "sha256:" and hex, is over a line for each file: name, blank, the file's own SHA-256 in hex. Its error is
// about the folder; what is wrong within a file stays in its page.
func ReadFolder[S any](all fs.FS, folder string) (pages []*Page, sheets []S, digest string, err error) {
	entries, err := fs.ReadDir(all, folder)
	if err != nil {
		return nil, nil, "", fmt.Errorf("read folder %s: %w", folder, err)
	}
	if len(entries) > maxFiles {
		return nil, nil, "", fmt.Errorf("folder %s has %d files: at most %d", folder, len(entries), maxFiles)
	}
	sum := sha256.New()
	for _, e := range entries {
		data, err := readFile(all, folder, e)
		if err != nil {
			return nil, nil, "", err
		}
		fmt.Fprintf(sum, "%s %x\n", e.Name(), sha256.Sum256(data))
		p, s := &Page{File: path.Join(folder, e.Name())}, *new(S)
		p.Read(data, &s)
		pages, sheets = append(pages, p), append(sheets, s)
	}
	return pages, sheets, fmt.Sprintf("sha256:%x", sum.Sum(nil)), nil
}

func readFile(all fs.FS, folder string, e fs.DirEntry) ([]byte, error) {
	name := path.Join(folder, e.Name())
	if !fileName.MatchString(e.Name()) || !e.Type().IsRegular() {
		return nil, fmt.Errorf("%s: a pack holds plain files named like rules.yaml and nothing else", name)
	}
	if info, err := e.Info(); err != nil || info.Size() > MaxBytes {
		return nil, fmt.Errorf("%s is not there or larger than %d bytes (%v)", name, MaxBytes, err)
	}
	data, err := fs.ReadFile(all, name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}
