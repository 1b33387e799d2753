package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"
)

// progress is how far the setting up has come: kept in a file after every answer, so that who was called away goes on
// where they were.
type progress struct {
	Answers Answers  `yaml:"answers"`
	Done    []string `yaml:"done"` // steps
}

func (p *progress) done(step string) bool { return slices.Contains(p.Done, step) }

func readProgress(file string) (progress, error) {
	p := progress{Answers: Answers{About: usual()}}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("earlier answers: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(b, &p, yaml.Strict()); err != nil {
		return p, fmt.Errorf("earlier answers in %s cannot be read; remove the file to begin again: %w", file, err)
	}
	return p, nil
}

func (p *progress) write(file string) error {
	b, err := yaml.Marshal(p)
	if err != nil {
		return fmt.Errorf("keep answers: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("keep answers: %w", err)
	}
	return replace(file, b, 0o600)
}

// replace puts a whole file in the place of another: whatever moment the power fails, one of the two is there.
func replace(file string, data []byte, mode fs.FileMode) error {
	half := file + ".new"
	f, err := os.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := os.Rename(half, file); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	d, err := os.Open(filepath.Dir(file))
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return errors.Join(d.Sync(), d.Close())
}
