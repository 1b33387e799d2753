package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"yimen/kiosk/inbox"
	"yimen/kiosk/policy"
)

// ErrNoEdition says that a folder no longer has an edition, or never had it.
var ErrNoEdition = errors.New("no such edition is kept here")

// Editions are the packs of a folder that was published to: those in force and those before, for cases that name one.
// It may be used by many goroutines.
type Editions struct {
	dir string

	mu     sync.Mutex
	opened map[string]*policy.Pack // by digest
}

// EditionsIn names the folder; nothing is read yet.
func EditionsIn(dir string) *Editions { return &Editions{dir: dir, opened: map[string]*policy.Pack{}} }

// Edition gives the pack of that id whose digest it is. The digest is over every file of the pack, so that nobody need be
// trusted for an old edition: it is the one that was named, or it is not given.
func (e *Editions) Edition(id, digest string) (*policy.Pack, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p, ok := e.opened[digest]; ok && p.ID == id {
		return p, nil
	}
	files, err := filepath.Glob(filepath.Join(e.dir, targetsDir, "*."+id+inbox.Suffix))
	if err != nil {
		return nil, fmt.Errorf("find edition: %w", err)
	}
	for _, file := range files {
		p, err := open(file, id)
		if err == nil && p.Digest == digest {
			e.opened[digest] = p
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s %s: %w", id, digest, ErrNoEdition)
}

// open loads the pack of an archive.
func open(file, id string) (*policy.Pack, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("open edition: %w", err)
	}
	packs, err := inbox.Unpack(data)
	if err != nil {
		return nil, fmt.Errorf("open edition: %w", err)
	}
	return policy.LoadFS(packs, id)
}

// Prune removes the editions that are neither in force nor named by a case, by their packs' digests, and gives the names of
// the files that went. An archive that cannot be read stays and is an error: nobody knows who names it.
func (r *Repository) Prune(named []string) (gone []string, err error) {
	current, err := r.inForce()
	if err != nil {
		return nil, err
	}
	if len(current) == 0 {
		return nil, fmt.Errorf("prune: nothing was published to %s: %w", r.dir, fs.ErrNotExist)
	}
	keep := map[string]bool{}
	for target := range maps.Values(current) {
		keep[published(target)] = true
	}
	files, err := filepath.Glob(r.path(targetsDir + "/*" + inbox.Suffix))
	if err != nil {
		return nil, fmt.Errorf("prune: %w", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if keep[name] {
			continue
		}
		_, id, _ := strings.Cut(strings.TrimSuffix(name, inbox.Suffix), ".")
		p, err := open(file, id)
		if err != nil {
			return gone, fmt.Errorf("prune %s: %w", name, err)
		}
		if slices.Contains(named, p.Digest) {
			continue
		}
		if err := os.Remove(file); err != nil {
			return gone, fmt.Errorf("prune: %w", err)
		}
		gone = append(gone, name)
	}
	return gone, nil
}
