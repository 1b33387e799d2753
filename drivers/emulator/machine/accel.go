package machine

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yimen/drivers/emulator/machine/system"
)

// Build gives the image of a recipe (system.Build), and finds out whether it boots under KVM here.
func Build(ctx context.Context, cacheDir string, recipe system.Recipe, log *slog.Logger) (system.Image, error) {
	i, err := system.Build(ctx, cacheDir, recipe, log)
	if err != nil {
		return system.Image{}, err
	}
	i.KVM, err = probeKVM(ctx, cacheDir, i, log)
	return i, err
}

// probePatience is how long a boot under KVM may take before it counts as one that does not work.
const probePatience = 20 * time.Second

// probeKVM tells whether this image boots under KVM here: only a boot tells, for /dev/kvm is there in many places
// where it does not work. The answer is kept until the host boots again.
func probeKVM(ctx context.Context, cache string, i system.Image, log *slog.Logger) (bool, error) {
	kvm, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0)
	if err != nil {
		return false, nil
	}
	kvm.Close()
	since, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return false, err
	}
	kept := filepath.Join(cache, "kvm-"+strings.TrimSpace(string(since)))
	switch answer, err := os.ReadFile(kept); {
	case err == nil:
		return string(answer) == "works", nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	i.KVM = true
	probe, stop := context.WithTimeout(ctx, probePatience)
	defer stop()
	m, err := Boot(probe, Config{Image: i})
	answer := "works"
	if err == nil {
		m.Kill()
	} else {
		answer = "does not work"
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	log.Info("probed KVM", "kvm", answer)
	return err == nil, os.WriteFile(kept, []byte(answer), 0o644)
}
