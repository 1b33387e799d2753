// Package repository makes TUF repositories of policy packs (theupdateframework.io, consistent snapshots). Two
// people approve an edition, each on their own machine with their own copy of the pack; a third key, which lies
// where publishing is done, only says what is newest and for how many days that may be believed.
//
// The folder holds what is published as terminals fetch it: N.root.json, N.targets.json, N.snapshot.json,
// timestamp.json and targets/DIGEST.ID.tar. What still lacks signatures stands in its folder staged.
package repository

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"

	"yimen/kiosk/inbox"
)

const (
	stagedDir  = "staged"
	targetsDir = "targets"
	timestamp  = metadata.TIMESTAMP + ".json"
)

// Repository is one folder.
type Repository struct {
	dir  string
	look look
}

// look verifies one target of a repository as a terminal would that has never seen it.
type look func(ctx context.Context, root []byte, from inbox.Source, id string, now time.Time) (Published, error)

// Published is one target that is in force.
type Published struct {
	ID, Edition, Digest string // of a pack; a release's digest is its archive's, and its edition none
}

// At names the folder of a repository of policy packs. Nothing is read yet.
func At(dir string) *Repository { return &Repository{dir: dir, look: packIn} }

// ReleasesAt names the folder of a repository of releases of the terminal's software. Nothing is read yet.
func ReleasesAt(dir string) *Repository { return &Repository{dir: dir, look: releaseIn} }

func packIn(ctx context.Context, root []byte, from inbox.Source, id string, now time.Time) (Published, error) {
	p, err := inbox.Verify(ctx, root, from, id, now)
	if err != nil {
		return Published{}, err
	}
	return Published{p.ID, p.Edition, p.Digest}, nil
}

func releaseIn(ctx context.Context, root []byte, from inbox.Source, id string, now time.Time) (Published, error) {
	_, digest, err := inbox.VerifyTarget(ctx, inbox.Target{Name: id + inbox.Suffix, Most: MaxRelease, Root: root, From: from}, now)
	return Published{ID: id, Digest: digest}, err
}

// MaxRelease is the most that the archive of a release may hold, in bytes. This one's hold some 50 MB.
const MaxRelease = 256 << 20

// Elect stages a root by which the signers, at least inbox.Signers of them, approve editions and later roots, and
// online says what is newest. The first root begins the repository. A later one replaces its keys, and needs
// signatures by those before and those to come; the editions in force are staged to be signed again.
func (r *Repository) Elect(signers []*metadata.Key, online *metadata.Key, expires time.Time) error {
	if len(signers) < inbox.Signers {
		return fmt.Errorf("%d signers: two must approve, so name two or more", len(signers))
	}
	n, err := r.newest(metadata.ROOT)
	if err != nil {
		return err
	}
	root := metadata.Root(expires.UTC().Truncate(time.Second))
	root.Signed.Version = n + 1
	for _, role := range []string{metadata.ROOT, metadata.TARGETS} {
		for _, k := range signers {
			if err := root.Signed.AddKey(k, role); err != nil {
				return fmt.Errorf("elect signers: %w", err)
			}
		}
		if root.Signed.Roles[role].Threshold = inbox.Signers; len(root.Signed.Roles[role].KeyIDs) < inbox.Signers {
			return errors.New("the signers share one key: two must approve")
		}
	}
	for _, role := range []string{metadata.SNAPSHOT, metadata.TIMESTAMP} {
		if err := root.Signed.AddKey(online, role); err != nil {
			return fmt.Errorf("elect signers: %w", err)
		}
	}
	targets, err := r.nextTargets(expires)
	if err != nil {
		return err
	}
	return errors.Join(stage(r, metadata.ROOT, root), stage(r, metadata.TARGETS, targets))
}

// Approve signs what is staged with one signer's key, and stages the packs first where nobody has yet. Every pack
// that is staged to change must be among the packs, made of the signer's own copy, and give the same bytes: nobody
// signs for what they have not got. expires holds for an edition that this signer is the first to sign.
func (r *Repository) Approve(key *Key, packs []Copy, expires time.Time) error {
	if err := r.approveRoot(key); err != nil {
		return err
	}
	targets, err := staged[metadata.TargetsType](r, metadata.TARGETS)
	if errors.Is(err, fs.ErrNotExist) {
		targets, err = r.nextTargets(expires)
	}
	if err != nil {
		return err
	}
	own := map[string]bool{}
	for _, p := range packs {
		if err := r.add(targets, p); err != nil {
			return err
		}
		own[p.ID+inbox.Suffix] = true
	}
	before, err := r.inForce()
	if err != nil {
		return err
	}
	for name, file := range targets.Signed.Targets {
		if old := before[name]; (old == nil || !old.Equal(*file)) && !own[name] {
			return fmt.Errorf("%s is to change too: name your own copy of it, or remove the folder %s", name, stagedDir)
		}
	}
	if err := sign(key, targets); err != nil {
		return err
	}
	return stage(r, metadata.TARGETS, targets)
}

// approveRoot signs a root that is staged, and looks whether the key is a signer's by it or by the newest root.
func (r *Repository) approveRoot(key *Key) error {
	now, err := r.root()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	next, err := staged[metadata.RootType](r, metadata.ROOT)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	elected := func(m *metadata.Metadata[metadata.RootType]) bool {
		return m != nil && m.Signed.Roles[metadata.ROOT] != nil && slices.Contains(m.Signed.Roles[metadata.ROOT].KeyIDs, key.id)
	}
	if !elected(now) && !elected(next) {
		return errors.New("this key is not a signer's of this repository")
	}
	if next == nil {
		return nil
	}
	if err := sign(key, next); err != nil {
		return err
	}
	return stage(r, metadata.ROOT, next)
}

// Copy is somebody's own copy of a pack, as inbox.Archive made it.
type Copy struct {
	ID      string
	Archive []byte
}

// add stages a pack, or finds that it is staged with the same bytes.
func (r *Repository) add(targets *metadata.Metadata[metadata.TargetsType], p Copy) error {
	name := p.ID + inbox.Suffix
	file, err := metadata.TargetFile().FromBytes(name, p.Archive, "sha256")
	if err != nil {
		return fmt.Errorf("stage %s: %w", name, err)
	}
	if other := targets.Signed.Targets[name]; other != nil && other.Equal(*file) {
		return nil
	}
	if len(targets.Signatures) > 0 {
		return fmt.Errorf("%s: the first signer signed other bytes than your copy gives: compare them, or remove the folder %s and begin again", name, stagedDir)
	}
	targets.Signed.Targets[name] = file
	return r.write(filepath.Join(stagedDir, published(file)), p.Archive)
}

// published is a target's file name under targets.
func published(f *metadata.TargetFiles) string { return f.Hashes["sha256"].String() + "." + f.Path }

// nextTargets is the editions in force under the next version, signed by nobody.
func (r *Repository) nextTargets(expires time.Time) (*metadata.Metadata[metadata.TargetsType], error) {
	n, err := r.newest(metadata.TARGETS)
	if err != nil {
		return nil, err
	}
	next := metadata.Targets(expires.UTC().Truncate(time.Second))
	next.Signed.Version = n + 1
	if next.Signed.Targets, err = r.inForce(); err != nil {
		return nil, err
	}
	return next, nil
}

// inForce is the packs by the newest targets published; none before the first.
func (r *Repository) inForce() (map[string]*metadata.TargetFiles, error) {
	n, err := r.newest(metadata.TARGETS)
	if err != nil || n == 0 {
		return map[string]*metadata.TargetFiles{}, err
	}
	m, err := metadata.Targets().FromFile(r.path(numbered(n, metadata.TARGETS)))
	if err != nil {
		return nil, fmt.Errorf("read targets: %w", err)
	}
	return m.Signed.Targets, nil
}

// root is the newest root published; its error wraps fs.ErrNotExist before the first.
func (r *Repository) root() (*metadata.Metadata[metadata.RootType], error) {
	n, err := r.newest(metadata.ROOT)
	if err != nil {
		return nil, err
	}
	m, err := metadata.Root().FromFile(r.path(numbered(n, metadata.ROOT)))
	if err != nil {
		return nil, fmt.Errorf("read root: %w", err)
	}
	return m, nil
}

func (r *Repository) path(name string) string { return filepath.Join(r.dir, name) }

// numbered is the name of a role's metadata in a consistent snapshot.
func numbered(n int64, role string) string { return strconv.FormatInt(n, 10) + "." + role + ".json" }

var numberedName = regexp.MustCompile(`^([1-9][0-9]{0,17})\.(root|targets|snapshot)\.json$`)

// newest is the highest version published of a role, 0 before the first.
func (r *Repository) newest(role string) (highest int64, err error) {
	entries, err := os.ReadDir(r.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("read repository: %w", err)
	}
	for _, e := range entries {
		m := numberedName.FindStringSubmatch(e.Name())
		if m == nil || m[2] != role {
			continue
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read repository: %w", err)
		}
		highest = max(highest, n)
	}
	return highest, nil
}

// staged reads staged metadata; its error wraps fs.ErrNotExist where there is none.
func staged[T metadata.Roles](r *Repository, role string) (*metadata.Metadata[T], error) {
	m, err := (&metadata.Metadata[T]{}).FromFile(r.path(filepath.Join(stagedDir, role+".json")))
	if err != nil {
		return nil, fmt.Errorf("read staged %s: %w", role, err)
	}
	return m, nil
}

func stage[T metadata.Roles](r *Repository, role string, m *metadata.Metadata[T]) error {
	data, err := m.ToBytes(true)
	if err != nil {
		return fmt.Errorf("stage %s: %w", role, err)
	}
	return r.write(filepath.Join(stagedDir, role+".json"), data)
}
