package inbox_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"yimen/kiosk/inbox"
)

// forged is a repository in which one file is another.
type forged struct {
	inbox.Source
	name string
	data []byte
}

func (f forged) PackFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	if name == f.name {
		return f.data, nil
	}
	return f.Source.PackFile(ctx, name, limit)
}

// FuzzVerify puts any bytes in the place of any file: what is believed is what was signed, or nothing.
func FuzzVerify(f *testing.F) {
	b := newBureau(f)
	b.publish("online", "1", "a", "b")
	var names []string
	b.must(filepath.WalkDir(b.hub, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(b.hub, file)
		f.Add(len(names), b.read(name))
		names = append(names, name)
		return err
	}))
	names = append(names, "2.root.json")
	f.Add(len(names)-1, b.root())
	f.Add(len(names)-1, []byte(`{"signatures":[],"signed":{"_type":"root","version":2,"roles":{"root":null}}}`))
	root := b.root()
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		source := forged{inbox.Folder(b.hub), names[uint(which)%uint(len(names))], data}
		p, err := inbox.Verify(t.Context(), root, source, "CN", time.Now())
		if err == nil && p.Edition != "1" {
			t.Errorf("edition %s out of a forged %s", p.Edition, source.name)
		}
	})
}
