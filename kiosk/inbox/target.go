package inbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"yimen/kiosk/durable"
)

// Target is one signed file of a TUF repository that is no pack: a release of the terminal's software. It is believed on the
// same terms as packs: two have signed, nothing has expired, nothing is older than what was accepted before.
type Target struct {
	Dir  string // what was accepted is kept there
	Name string // in the repository
	Most int64  // bytes
	Root []byte // metadata of the root to trust
	From Source
}

// Newest gives the target that is in force at a time, and its SHA-256 as 64 hexadecimal digits. It is fetched only when it is
// not kept here already.
func (t Target) Newest(ctx context.Context, at time.Time) (data []byte, digest string, err error) {
	kept := filepath.Join(t.Dir, "kept")
	if err := os.MkdirAll(kept, 0o700); err != nil {
		return nil, "", fmt.Errorf("fetch %s: %w", t.Name, err)
	}
	scratch, err := durable.Scratch(t.Dir)
	if err != nil {
		return nil, "", fmt.Errorf("fetch %s: %w", t.Name, err)
	}
	known, err := readRecord(filepath.Join(t.Dir, "accepted.json"))
	if err != nil {
		return nil, "", err
	}
	data, next, err := t.fetch(ctx, kept, scratch, known, at)
	if err != nil {
		return nil, "", fmt.Errorf("fetch %s: %w", t.Name, err)
	}
	digest = hexSum(data)
	if next.same(known) {
		return data, digest, nil
	}
	file := filepath.Join(kept, digest+"."+t.Name)
	if _, err := os.Stat(file); err != nil {
		if err := durable.Replace(file, data, scratch); err != nil {
			return nil, "", err
		}
	}
	if err := next.write(filepath.Join(t.Dir, "accepted.json"), scratch); err != nil {
		return nil, "", err
	}
	return data, digest, leaveOnly(kept, file)
}

func (t Target) fetch(ctx context.Context, folder, scratch string, known *record, at time.Time) ([]byte, *record, error) {
	dir, err := os.MkdirTemp(scratch, "look-*")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	return fetch(ctx, t.Root, kept{roots: known.Files, editions: folder, further: t.From}, known, t.Name, t.Most, at, dir)
}

// leaveOnly removes every file of a folder but one.
func leaveOnly(folder, but string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if f == but {
			continue
		}
		if err := os.Remove(f); err != nil {
			return fmt.Errorf("clear what was fetched: %w", err)
		}
	}
	return nil
}

// VerifyTarget gives a target of a repository as a terminal would see it that has never seen the repository.
func VerifyTarget(ctx context.Context, t Target, at time.Time) (data []byte, digest string, err error) {
	if t.Dir, err = os.MkdirTemp("", "yimen-target-*"); err != nil {
		return nil, "", fmt.Errorf("verify %s: %w", t.Name, err)
	}
	defer os.RemoveAll(t.Dir)
	return t.Newest(ctx, at)
}
