package identity

import (
	"fmt"
	"os"
	"path/filepath"
)

// packsRootFile is the first root of the repository of policy packs (1.root.json there), brought to the terminal
// by hand like its keys: by it the terminal knows the signers.
const packsRootFile = "packs.root.json"

// releasesRootFile is the same for the repository of the software's releases, whose signers are others.
const releasesRootFile = "releases.root.json"

// ReleasesRoot reads from a terminal's folder whom it trusts for releases. What it says is for the reader to verify.
func ReleasesRoot(dir string) ([]byte, error) {
	root, err := os.ReadFile(filepath.Join(dir, releasesRootFile))
	if err != nil {
		return nil, fmt.Errorf("trusted root of the releases: %w: copy the repository's 1.root.json there under this name", err)
	}
	return root, nil
}

// PacksRoot reads from a terminal's folder whom it trusts for policy packs. What it says is for the reader to verify.
func PacksRoot(dir string) ([]byte, error) {
	root, err := os.ReadFile(filepath.Join(dir, packsRootFile))
	if err != nil {
		return nil, fmt.Errorf("trusted root of the packs: %w: copy the repository's 1.root.json there", err)
	}
	return root, nil
}

// TrustPacksRoot puts into a terminal's folder whom it trusts for policy packs. One that is there stays: by it every later
// one is verified.
func TrustPacksRoot(dir string, root []byte) error {
	file := filepath.Join(dir, packsRootFile)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	half := file + ".new"
	_ = os.Remove(half) // left by a run that was cut off; if it cannot go, writing says so
	if err := writeSynced(half, root, 0o644); err != nil {
		return fmt.Errorf("trusted root of the packs: %w", err)
	}
	if err := os.Rename(half, file); err != nil {
		return fmt.Errorf("trusted root of the packs: %w", err)
	}
	return syncFolder(dir)
}
