package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/theupdateframework/go-tuf/v2/metadata"
	"github.com/theupdateframework/go-tuf/v2/metadata/config"
	"github.com/theupdateframework/go-tuf/v2/metadata/updater"

	"yimen/kiosk/policy"
)

// Suffix makes a pack's id the name of its archive in a repository.
const Suffix = ".tar"

// Signers is how many people must have signed an edition and the root that says who may sign. A root that asks
// for fewer is refused, whoever signed it.
const Signers = 2

// edition is a pack that was verified, with everything needed to verify it once more.
type edition struct {
	pack    *policy.Pack
	archive []byte
	file    string // the archive's name, with its digest
	record  *record
}

// Verify checks a repository as a terminal would that has never seen it, at a given time, and gives the edition
// of the pack id that is in force by it. root is the trusted root's metadata.
func Verify(ctx context.Context, root []byte, from Source, id string, at time.Time) (*policy.Pack, error) {
	dir, err := os.MkdirTemp("", "yimen-packs-*")
	if err != nil {
		return nil, fmt.Errorf("verify packs: %w", err)
	}
	defer os.RemoveAll(dir)
	e, err := verify(ctx, root, from, &record{}, id, at, dir)
	if err != nil {
		return nil, err
	}
	return e.pack, nil
}

// verify refreshes what is known of a repository from a source and loads the pack id of it. Nothing may be older
// than what is known. dir is an empty folder to work in.
func verify(ctx context.Context, root []byte, from Source, known *record, id string, at time.Time, dir string) (*edition, error) {
	e := &edition{}
	var err error
	if e.archive, e.record, err = fetch(ctx, root, from, known, id+Suffix, MaxArchive, at, dir); err != nil {
		return nil, fmt.Errorf("pack repository: %w", err)
	}
	e.file = hexSum(e.archive) + "." + id + Suffix
	packs, err := Unpack(e.archive)
	if err != nil {
		return nil, fmt.Errorf("pack %s refused: %w", id, err)
	}
	if e.pack, err = policy.LoadFS(packs, id); err != nil {
		return nil, fmt.Errorf("pack %s refused: %w", id, err)
	}
	return e, nil
}

// fetch refreshes what is known of a repository and gives the target name of it, of at most so many bytes, with the record
// to know from then on.
func fetch(ctx context.Context, root []byte, from Source, known *record, name string, most int64, at time.Time, dir string) ([]byte, *record, error) {
	for role, data := range known.latest() {
		if err := os.WriteFile(filepath.Join(dir, role+".json"), data, 0o600); err != nil {
			return nil, nil, err
		}
	}
	c, err := config.New(base, root)
	if err != nil {
		return nil, nil, err
	}
	fetch := &fetcher{ctx: ctx, from: from, got: files{}}
	c.Fetcher, c.LocalMetadataDir, c.DisableLocalCache = fetch, dir, true
	c.MaxDelegations = 0 // a delegation could ask for a single signer
	u, err := updater.New(c)
	if err != nil {
		return nil, nil, fmt.Errorf("trusted root: %w", err)
	}
	u.UnsafeSetRefTime(at) // unsafe only in that an earlier time lets expired metadata pass: see Inbox.restore
	target, err := refresh(u, name, most)
	if err != nil {
		return nil, nil, err
	}
	trusted := u.GetTrustedMetadataSet()
	next, err := known.next(trusted.Timestamp.Signed.Version, trusted.Snapshot.Signed.Version,
		trusted.Targets[metadata.TARGETS].Signed.Version, fetch.got, at)
	return target, next, err
}

// refresh carries TUF's client workflow out and fetches a target.
func refresh(u *updater.Updater, name string, most int64) (data []byte, err error) {
	// go-tuf v2.4.2 reads the meta of signed timestamps and snapshots without looking whether it is there. The
	// key that signs those lies on the hub: whoever has it must not be able to end the terminal.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its metadata is incomplete: %v", p)
		}
	}()
	if err := u.Refresh(); err != nil {
		return nil, err
	}
	roles := u.GetTrustedMetadataSet().Root.Signed.Roles
	for _, role := range []string{metadata.ROOT, metadata.TARGETS} {
		if roles[role].Threshold < Signers {
			return nil, fmt.Errorf("its root lets fewer than %d sign for %s", Signers, role)
		}
	}
	target, err := u.GetTargetInfo(name)
	if err != nil {
		return nil, err
	}
	if target == nil || target.Length > most {
		return nil, fmt.Errorf("%s is larger than it can be: at most %d bytes are fetched", name, most)
	}
	_, data, err = u.DownloadTarget(target, "", "")
	return data, err
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// version is how a file of a consistent snapshot is named.
func version(n int64, role string) string { return strconv.FormatInt(n, 10) + "." + role + ".json" }
