package hall

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// publishedFor is how long what was published is left alone. Terminals believe it for a week (provisioning pack publish).
const publishedFor = 24 * time.Hour

// Offered is the repository of policy packs that the hub offers, Editions the one in which they are signed.
func (h *Hall) Offered() string  { return h.path("packs", "offered") }
func (h *Hall) Editions() string { return h.path("packs", "editions") }

// packKey is the key of one who has a say in what is in force: two sign, a third publishes.
func (h *Hall) packKey(who string) string { return h.path("keys", "packs", who+".key") }

var signers = []string{"signer-1", "signer-2"}

const publisher = "publisher"

// packs has the hall's pack signed by two and published, by the commands of a bureau, with keys made for this hall
// only. What an earlier run has published stays while the pack is the same.
func (h *Hall) packs(ctx context.Context) error {
	digest, err := h.packDigest()
	if err != nil {
		return err
	}
	stamp := h.path("packs", "signed")
	before, err := os.ReadFile(stamp)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("hall's packs: %w", err)
	}
	if before == nil {
		if err := h.elect(ctx); err != nil {
			return err
		}
	}
	if string(before) == digest && h.published() {
		return nil
	}
	sign := signers
	if string(before) == digest {
		sign = nil
	}
	if err := h.publish(ctx, sign); err != nil {
		return err
	}
	if err := os.WriteFile(stamp, []byte(digest), 0o600); err != nil {
		return fmt.Errorf("hall's packs: %w", err)
	}
	h.tell("packs    signed by two and published")
	return nil
}

// published tells whether the newest publication is young enough.
func (h *Hall) published() bool {
	info, err := os.Stat(filepath.Join(h.Offered(), "timestamp.json"))
	return err == nil && time.Since(info.ModTime()) < publishedFor
}

// packDigest is over every file of the pack and of the national edition beside it.
func (h *Hall) packDigest() (string, error) {
	sum := sha256.New()
	for _, dir := range []string{filepath.Join(filepath.Dir(h.opt.Pack), "CN"), h.opt.Pack} {
		files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil {
			return "", fmt.Errorf("hall's packs: %w", err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return "", fmt.Errorf("hall's packs: %w", err)
			}
			fmt.Fprintf(sum, "%s %d\n%s", file, len(data), data)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// elect draws the keys and names who signs. The terminal is told by its own folder whom to trust, after publication.
func (h *Hall) elect(ctx context.Context) error {
	for _, dir := range []string{h.path("keys", "packs"), h.Editions()} {
		if err := os.RemoveAll(dir); err != nil { // half of it, from a start that was cut off
			return fmt.Errorf("hall's packs: %w", err)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("hall's packs: %w", err)
		}
	}
	args := []string{"elect", "-online", h.packKey(publisher) + ".pub", h.Editions()}
	for _, who := range append([]string{publisher}, signers...) {
		if err := h.pack(ctx, "new-key", h.packKey(who)); err != nil {
			return err
		}
	}
	for _, who := range signers {
		args = append(args, h.packKey(who)+".pub")
	}
	return h.pack(ctx, args...)
}

// Publish has the hall's pack, as it is now, signed by two and offered to the terminal.
func (h *Hall) Publish(ctx context.Context) error { return h.publish(ctx, signers) }

// publish has the pack approved by those who sign, and says anew what is newest.
func (h *Hall) publish(ctx context.Context, sign []string) error {
	for _, who := range sign {
		if err := h.pack(ctx, "sign", "-key", h.packKey(who), h.Editions(), h.opt.Pack); err != nil {
			return err
		}
	}
	if err := h.pack(ctx, "publish", "-key", h.packKey(publisher), "-to", h.Offered(), h.Editions()); err != nil {
		return err
	}
	root, err := os.ReadFile(filepath.Join(h.Editions(), "1.root.json"))
	if err != nil {
		return fmt.Errorf("hall's packs: %w", err)
	}
	if err := os.WriteFile(filepath.Join(h.Keys("terminal"), "packs.root.json"), root, 0o600); err != nil {
		return fmt.Errorf("hall's packs: %w", err)
	}
	return nil
}

// pack runs provisioning pack.
func (h *Hall) pack(ctx context.Context, args ...string) error {
	return h.provision(ctx, append([]string{"pack"}, args...)...)
}
