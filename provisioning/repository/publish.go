package repository

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/inbox"
)

// release is what publishing adds to a folder, in the order in which it is written: a terminal that looks in the
// middle finds a whole repository, the old one or the new one.
type release struct {
	names []string
	files map[string][]byte
	packs []string // ids
}

func (l *release) add(name string, data []byte) {
	l.names = append(l.names, name)
	l.files[name] = data
}

// Publish makes what is staged the newest, believable until expires, and copies the repository into the folder to,
// the hub's. With nothing staged it only says anew that the newest is still the newest. Before anything is written
// the outcome is verified as a terminal would that has the very first root.
func (r *Repository) Publish(ctx context.Context, online *Key, to string, now, expires time.Time) ([]Published, error) {
	l, err := r.release(online, expires.UTC().Truncate(time.Second))
	if err != nil {
		return nil, err
	}
	packs, err := r.verify(ctx, l, now)
	if err != nil {
		return nil, err
	}
	for _, name := range l.names {
		if err := r.write(name, l.files[name]); err != nil {
			return nil, err
		}
	}
	if err := os.RemoveAll(r.path(stagedDir)); err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return packs, r.copy(to)
}

func (r *Repository) release(online *Key, expires time.Time) (*release, error) {
	l := &release{files: map[string][]byte{}}
	targets, err := r.releaseTargets(l)
	if err != nil {
		return nil, err
	}
	root, err := staged[metadata.RootType](r, metadata.ROOT)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if root != nil {
		if err := put(l, numbered(root.Signed.Version, metadata.ROOT), root); err != nil {
			return nil, err
		}
	}
	if err := put(l, numbered(targets.Signed.Version, metadata.TARGETS), targets); err != nil {
		return nil, err
	}
	n, err := r.newest(metadata.SNAPSHOT)
	if err != nil {
		return nil, err
	}
	snapshot := metadata.Snapshot(expires)
	snapshot.Signed.Version = n + 1
	snapshot.Signed.Meta[metadata.TARGETS+".json"] = metadata.MetaFile(targets.Signed.Version)
	stamp := metadata.Timestamp(expires)
	stamp.Signed.Version = n + 1 // one with each snapshot
	stamp.Signed.Meta[metadata.SNAPSHOT+".json"] = metadata.MetaFile(n + 1)
	if err := errors.Join(sign(online, snapshot), sign(online, stamp)); err != nil {
		return nil, err
	}
	return l, errors.Join(put(l, numbered(n+1, metadata.SNAPSHOT), snapshot), put(l, timestamp, stamp))
}

// releaseTargets adds the archives that are staged, and gives the targets to be in force.
func (r *Repository) releaseTargets(l *release) (*metadata.Metadata[metadata.TargetsType], error) {
	targets, err := staged[metadata.TargetsType](r, metadata.TARGETS)
	if errors.Is(err, fs.ErrNotExist) {
		n, err := r.newest(metadata.TARGETS)
		if err != nil {
			return nil, err
		}
		if targets, err = metadata.Targets().FromFile(r.path(numbered(n, metadata.TARGETS))); err != nil {
			return nil, fmt.Errorf("publish: nothing is staged and nothing was published before: %w", err)
		}
	} else if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(targets.Signed.Targets)) {
		id, is := strings.CutSuffix(name, inbox.Suffix)
		if !is {
			return nil, fmt.Errorf("publish: %s is not a pack", name)
		}
		l.packs = append(l.packs, id)
		file := published(targets.Signed.Targets[name])
		data, err := os.ReadFile(r.path(filepath.Join(stagedDir, file)))
		switch {
		case err == nil:
			l.add(targetsDir+"/"+file, data)
		case !errors.Is(err, fs.ErrNotExist): // not staged: published before
			return nil, fmt.Errorf("publish: %w", err)
		}
	}
	if len(l.packs) == 0 {
		return nil, errors.New("publish: no pack was approved yet")
	}
	return targets, nil
}

func put[T metadata.Roles](l *release, name string, m *metadata.Metadata[T]) error {
	data, err := m.ToBytes(true)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	l.add(name, data)
	return nil
}

// verify looks at the release over what was published before.
func (r *Repository) verify(ctx context.Context, l *release, now time.Time) (packs []Published, err error) {
	view := overlay{l.files, inbox.Folder(r.dir)}
	const first = "1." + metadata.ROOT + ".json"
	root, err := view.PackFile(ctx, first, 1<<20)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	for _, id := range l.packs {
		p, err := r.look(ctx, root, view, id, now)
		if err != nil {
			return nil, fmt.Errorf("publish: %w", err)
		}
		packs = append(packs, p)
	}
	return packs, nil
}

// overlay is a repository with some files new.
type overlay struct {
	files map[string][]byte
	below inbox.Source
}

func (o overlay) PackFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	if data, ok := o.files[name]; ok {
		return data, nil
	}
	return o.below.PackFile(ctx, name, limit)
}

// copy brings everything published to another folder. The timestamp, which makes it count, comes last.
func (r *Repository) copy(to string) error {
	names, err := filepath.Glob(r.path(targetsDir + "/*" + inbox.Suffix))
	if err != nil {
		return fmt.Errorf("copy repository: %w", err)
	}
	metas, err := filepath.Glob(r.path("[0-9]*.json"))
	if err != nil {
		return fmt.Errorf("copy repository: %w", err)
	}
	hub := At(to)
	for _, name := range append(append(names, metas...), r.path(timestamp)) {
		data, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("copy repository: %w", err)
		}
		inside, err := filepath.Rel(r.dir, name)
		if err != nil {
			return fmt.Errorf("copy repository: %w", err)
		}
		if err := hub.write(inside, data); err != nil {
			return err
		}
	}
	return nil
}

// write puts a whole file into the folder, in place of the one before.
func (r *Repository) write(name string, data []byte) error {
	file := r.path(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	half := file + ".new"
	_ = os.Remove(half) // left by a run that was cut off; if it cannot go, writing says so
	if err := writeNew(half, data, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(half, file); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
