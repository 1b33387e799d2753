package hall

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
)

// Roster is the file of the officers who may act at the bureau's desk.
func (h *Hall) Roster() string { return h.path("officers.json") }

// made-up officers of a hall that is played, a duty each.
var played = [][3]string{{"01", "李一禾", "accept"}, {"02", "王二野", "review"}, {"03", "赵三川", "decide"}, {"04", "孙四坡", "supervise"}}

// Password is that of every played officer; it is drawn when the hall is first started.
func (h *Hall) Password() (string, error) {
	b, err := os.ReadFile(h.path("officers-password"))
	if err != nil {
		return "", fmt.Errorf("officers' password: %w", err)
	}
	return string(b), nil
}

// officers makes the roster, unless a start before this one has.
func (h *Hall) officers(ctx context.Context) error {
	if _, err := os.Stat(h.Roster()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	password := rand.Text()[:10]
	if err := os.WriteFile(h.path("officers-password"), []byte(password), 0o600); err != nil {
		return fmt.Errorf("officers' password: %w", err)
	}
	for _, o := range played {
		add := exec.CommandContext(ctx, h.program("hub"), "officer", "add", "-officers", h.Roster(), "-id", o[0], "-name", o[1], "-roles", o[2])
		add.Stdin = bytes.NewBufferString(password + "\n")
		if out, err := add.CombinedOutput(); err != nil {
			return fmt.Errorf("officer %s: %w: %s", o[0], err, out)
		}
	}
	return nil
}
