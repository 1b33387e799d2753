// Package durable puts whole files in the place of others so that a power cut leaves one of the two.
package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Replace puts data in the place of file, readable by its owner only. When it returns, data survives a power cut;
// until then the file is as it was. What was half written lies in the folder scratch, which is on the same disk and
// may be emptied whenever nobody replaces anything.
func Replace(file string, data []byte, scratch string) error {
	t, err := os.CreateTemp(scratch, "new-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	defer os.Remove(t.Name()) // nothing there once it was renamed
	_, err = t.Write(data)
	if err := errors.Join(err, t.Sync(), t.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := os.Rename(t.Name(), file); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return SyncFolder(filepath.Dir(file))
}

// SyncFolder makes the names that appeared in a folder, or vanished from it, survive a power cut.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// Scratch makes dir with an empty folder for Replace in it, and gives that folder.
func Scratch(dir string) (string, error) {
	scratch := filepath.Join(dir, "scratch")
	if err := os.RemoveAll(scratch); err != nil { // what a power cut left there
		return "", fmt.Errorf("empty scratch: %w", err)
	}
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return "", fmt.Errorf("make scratch: %w", err)
	}
	return scratch, nil
}
