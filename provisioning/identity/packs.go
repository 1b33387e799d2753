package identity

import (
	"fmt"
	"os"
	"path/filepath"
)

// packsRootFile is the first root of the repository of policy packs (1.root.json there), brought to the terminal
// by hand like its keys: by it the terminal knows the signers.
const packsRootFile = "packs.root.json"

// PacksRoot reads from a terminal's folder whom it trusts for policy packs. What it says is for the reader to verify.
func PacksRoot(dir string) ([]byte, error) {
	root, err := os.ReadFile(filepath.Join(dir, packsRootFile))
	if err != nil {
		return nil, fmt.Errorf("trusted root of the packs: %w: copy the repository's 1.root.json there", err)
	}
	return root, nil
}
