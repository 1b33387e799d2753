package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// Source is where a repository's files come from; nothing of them is believed.
type Source interface {
	// PackFile gives the file name of the repository, which is read only up to limit bytes. Its error wraps
	// fs.ErrNotExist exactly when the source says that there is no such file.
	PackFile(ctx context.Context, name string, limit int64) ([]byte, error)
}

// Folder is a repository in a folder, on a stick or on the hub's own machine.
type Folder string

// PackFile reads a file; no name leads out of the folder.
func (f Folder) PackFile(_ context.Context, name string, limit int64) ([]byte, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, errors.New("folder of the pack repository cannot be opened: " + err.Error()) // not "no such file"
	}
	defer root.Close()
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s is longer than %d bytes", name, limit)
	}
	return data, nil
}

// files is a repository's metadata in memory.
type files map[string][]byte

func (f files) PackFile(_ context.Context, name string, _ int64) ([]byte, error) {
	data, ok := f[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return data, nil
}

// kept asks for what never changes under its name where it was kept before it asks further away. It is what
// protects the root against being rolled back: go-tuf itself always begins with the root it is given.
type kept struct {
	roots    files
	editions string // folder
	further  Source
}

func (k kept) PackFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	if data, ok := k.roots[name]; ok && isRoot(name) {
		return data, nil
	}
	if strings.HasPrefix(name, targetsDir) {
		file := path.Base(name)
		data, err := Folder(k.editions).PackFile(ctx, file, limit)
		if err == nil && strings.HasPrefix(file, hexSum(data)+".") { // a damaged one is fetched again
			return data, nil
		}
	}
	return k.further.PackFile(ctx, name, limit)
}

const targetsDir = "targets/"

func isRoot(name string) bool { return strings.HasSuffix(name, ".root.json") }

// fetcher is a Source as go-tuf wants it. It lives for one refresh, whose context it carries because go-tuf's
// interface has no room for one.
type fetcher struct {
	ctx  context.Context
	from Source
	got  files
}

// base stands before every name; go-tuf will have an address.
const base = "https://packs/"

func (f *fetcher) DownloadFile(url string, limit int64, _ time.Duration) ([]byte, error) {
	name := strings.TrimPrefix(url, base)
	data, err := f.from.PackFile(f.ctx, name, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &metadata.ErrDownloadHTTP{StatusCode: 404, URL: name}
	}
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, &metadata.ErrDownloadLengthMismatch{Msg: fmt.Sprintf("%s is longer than %d bytes", name, limit)}
	}
	f.got[name] = data
	return data, nil
}
