package sound

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// Recordings are prompts that somebody has spoken: a folder for each language with a file for each prompt, named
// "ID.DIGEST.wav" or "ID.DIGEST.opus". ID is the phrase's id in ui/words, or "text" for a text of a pack; DIGEST is
// TextDigest of the wording it was recorded for (printf %s TEXT | sha256sum | cut -c1-16). A recording of another wording
// has another name, so it is never heard. Whoever may write to the folder decides what the terminal says: it is root's.
type Recordings struct {
	Folder string // empty: none
}

// mostRecording is how large a file may be, in bytes, and mostOpus one that opusdec makes larger: some minutes each.
const (
	mostRecording = 16 << 20
	mostOpus      = 1 << 20
)

var promptID = regexp.MustCompile(`^[a-z0-9][a-zA-Z0-9.-]{0,80}$`)

// TextDigest is the first 16 hexadecimal digits of the wording's SHA-256, its white space made single.
func TextDigest(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return fmt.Sprintf("%x", sum[:8])
}

// Find gives the recording of a wording; fs.ErrNotExist where there is none.
func (r Recordings) Find(ctx context.Context, id, lang, text string) (Clip, error) {
	if r.Folder == "" {
		return Clip{}, fs.ErrNotExist
	}
	if id == "" {
		id = "text"
	}
	if !promptID.MatchString(id) || !promptID.MatchString(strings.ToLower(lang)) {
		return Clip{}, fs.ErrNotExist
	}
	file := filepath.Join(r.Folder, lang, id+"."+TextDigest(text))
	b, err := bounded(file+".wav", mostRecording)
	if errors.Is(err, fs.ErrNotExist) {
		if b, err = bounded(file+".opus", mostOpus); err == nil {
			b, err = opus(ctx, b)
		}
	}
	if err != nil {
		return Clip{}, fmt.Errorf("recording %s: %w", id, err)
	}
	clip, err := Decode(b)
	if err != nil {
		return Clip{}, fmt.Errorf("recording %s: %w", id, err)
	}
	return clip, nil
}

func bounded(file string, most int64) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, errors.New("no plain file, or too large")
	}
	return os.ReadFile(file)
}

// opus has opusdec (opus-tools) turn an Opus file into a WAV file.
func opus(ctx context.Context, file []byte) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	cmd := exec.CommandContext(ctx, "opusdec", "--quiet", "--rate", "24000", "--force-wav", "-", "-")
	cmd.Stdin = bytes.NewReader(file)
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	b, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("opusdec: %w", err)
	}
	return b, nil
}
