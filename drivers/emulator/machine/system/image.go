// Package system makes what a machine boots: of Debian's packages its kernel, a memory disk with the agent, and a root.
package system

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Image is what a machine boots.
type Image struct {
	Kernel  string // file: the kernel proper, not compressed
	Initrd  string // file: the agent and the modules that come before the root
	Root    string // file: the root, a squashfs
	Release string // the kernel's, such as 6.1.0-56-amd64
	Init    string // the recipe's
	KVM     bool   // it was booted under KVM here
}

// builder is the code that makes images: when it changes, images are made anew.
//
//go:embed image.go root.go kernel.go cpio.go apt.go
var builder embed.FS

// unusedFor is how long an image or package stays in the cache that nobody asks for.
const unusedFor = 30 * 24 * time.Hour

// CacheDir is where images are kept: YIMEN_CACHE, or the user's cache folder.
func CacheDir() (string, error) {
	if dir := os.Getenv("YIMEN_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	return filepath.Join(dir, "yimen"), err
}

// Build gives the image of a recipe, made of this host's Debian release: from cacheDir, or made now, which takes
// some minutes at most. The agent is compiled anew each time, so the working folder must lie in this module.
// Several may build at once; they wait for each other.
func Build(ctx context.Context, cacheDir string, recipe Recipe, log *slog.Logger) (Image, error) {
	for _, tool := range []string{"apt-get", "dpkg-deb", "depmod", "sqfstar", "xz", "qemu-system-x86_64", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			return Image{}, fmt.Errorf("build a machine: %w (see provisioning/packaging/apt/bench-vm.txt)", err)
		}
	}
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return Image{}, err
	}
	unlock, err := lock(filepath.Join(cacheDir, "lock"))
	if err != nil {
		return Image{}, err
	}
	defer unlock()
	a := archive{dir: filepath.Join(cacheDir, "apt"), log: log}
	if err := a.prepare(); err != nil {
		return Image{}, err
	}
	found, err := a.parts(ctx, recipe)
	if err != nil {
		return Image{}, err
	}
	address, err := contentAddress(recipe, found)
	if err != nil {
		return Image{}, err
	}
	dir := filepath.Join(cacheDir, "image-"+address)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := assemble(ctx, a, recipe, found, dir); err != nil {
			return Image{}, fmt.Errorf("build a machine: %w", err)
		}
	}
	if err := errors.Join(touch(dir), prune(cacheDir, "image-*"), prune(cacheDir, "kvm-*"), prune(a.packages(), "*.deb")); err != nil {
		return Image{}, err
	}
	image, err := complete(ctx, dir)
	if err != nil {
		return Image{}, fmt.Errorf("build a machine: %w", err)
	}
	image.Init = recipe.Init
	return image, nil
}

// parts are the packages of an image, by the names of their files.
type parts struct {
	Kernel string
	Root   []string
}

// kernelPackage names the newest of Debian's full kernels; the cloud kernel has no USB devices.
const kernelPackage = "linux-image-amd64"

func (a archive) parts(ctx context.Context, recipe Recipe) (parts, error) {
	debs, err := a.resolve(ctx, []string{kernelPackage})
	if err != nil {
		return parts{}, err
	}
	i := slices.IndexFunc(debs, func(f string) bool {
		return strings.HasPrefix(f, "linux-image-") && !strings.HasPrefix(f, kernelPackage+"_")
	})
	if i < 0 {
		return parts{}, fmt.Errorf("%s brings no kernel: %q", kernelPackage, debs)
	}
	root, err := a.resolve(ctx, recipe.Packages)
	return parts{Kernel: debs[i], Root: root}, err
}

// contentAddress is a digest of all that decides what an image holds.
func contentAddress(recipe Recipe, p parts) (string, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(struct {
		Recipe Recipe
		Boot   []string
		Parts  parts
	}{recipe, beforeRoot(), p}); err != nil {
		return "", err
	}
	sources, err := builder.ReadDir(".")
	if err != nil {
		return "", err
	}
	for _, f := range sources {
		b, err := builder.ReadFile(f.Name())
		if err != nil {
			return "", err
		}
		h.Write(b)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), nil
}

// assemble makes an image's folder: beside its place first, so that none is ever half there.
func assemble(ctx context.Context, a archive, recipe Recipe, p parts, dir string) (err error) {
	began := time.Now()
	if err := a.fetch(ctx, append([]string{kernelPackage}, recipe.Packages...)); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "work-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	a.log.Info("building a machine", "packages", len(p.Root), "kernel", p.Kernel)
	k, err := unpackKernel(ctx, filepath.Join(a.packages(), p.Kernel), filepath.Join(work, "kernel"))
	if err != nil {
		return err
	}
	early, err := k.needs(beforeRoot())
	if err != nil {
		return err
	}
	later, err := k.needs(recipe.Modules)
	if err != nil {
		return err
	}
	if err := k.keep(ctx, slices.Concat(early, later)); err != nil {
		return err
	}
	image := filepath.Join(work, "image")
	if err := k.export(ctx, image, early); err != nil {
		return err
	}
	debs := make([]string, len(p.Root))
	for i, f := range p.Root {
		debs[i] = filepath.Join(a.packages(), f)
	}
	if err := writeRoot(ctx, filepath.Join(image, "root.squashfs"), debs, k, recipe.Files); err != nil {
		return err
	}
	a.log.Info("built a machine", "in", time.Since(began).Round(time.Second).String())
	return os.Rename(image, dir)
}

// export writes what the initial memory disk is made of: the kernel, its release, and the modules that come
// before the root, named in the order of loading.
func (k kernel) export(ctx context.Context, dir string, early []string) error {
	if err := os.MkdirAll(filepath.Join(dir, "modules"), 0o755); err != nil {
		return err
	}
	vmlinux, err := k.vmlinux(ctx)
	if err != nil {
		return err
	}
	for i, file := range early {
		body, err := k.module(ctx, file)
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(filepath.Base(file), ".ko")
		if err := os.WriteFile(filepath.Join(dir, "modules", fmt.Sprintf("%02d-%s.ko", i, name)), body, 0o644); err != nil {
			return err
		}
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, "vmlinux"), vmlinux, 0o644),
		os.WriteFile(filepath.Join(dir, "release"), []byte(k.release), 0o644))
}

// complete adds the agent to what lies in an image's folder.
func complete(ctx context.Context, dir string) (Image, error) {
	release, err := os.ReadFile(filepath.Join(dir, "release"))
	if err != nil {
		return Image{}, err
	}
	agent, err := compileAgent(ctx)
	if err != nil {
		return Image{}, err
	}
	sum := sha256.Sum256(agent)
	image := Image{
		Kernel: filepath.Join(dir, "vmlinux"), Root: filepath.Join(dir, "root.squashfs"), Release: string(release),
		Initrd: filepath.Join(dir, fmt.Sprintf("initrd-%x", sum[:8])),
	}
	if _, err := os.Stat(image.Initrd); err == nil {
		return image, nil
	}
	var b bytes.Buffer
	c := cpioWriter{w: &b}
	c.add("init", cpioFile, agent)
	c.add("modules", cpioFolder, nil)
	modules, err := filepath.Glob(filepath.Join(dir, "modules", "*.ko"))
	if err != nil {
		return Image{}, err
	}
	for _, m := range modules {
		body, err := os.ReadFile(m)
		if err != nil {
			return Image{}, err
		}
		c.add("modules/"+filepath.Base(m), cpioFile, body)
	}
	if err := c.close(); err != nil {
		return Image{}, err
	}
	half := image.Initrd + ".half"
	return image, errors.Join(os.WriteFile(half, b.Bytes(), 0o644), os.Rename(half, image.Initrd))
}

func compileAgent(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "yimen-agent-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", filepath.Join(dir, "agent"), "yimen/drivers/emulator/machine/agent")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile the agent: %w: %s", err, bytes.TrimSpace(out))
	}
	return os.ReadFile(filepath.Join(dir, "agent"))
}

// lock waits until no other process builds in the same cache.
func lock(file string) (unlock func(), err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", file, err), f.Close())
	}
	return func() { f.Close() }, nil
}

func touch(path string) error {
	now := time.Now()
	return os.Chtimes(path, now, now)
}

// prune removes what has not been used for long.
func prune(dir, pattern string) error {
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return err
	}
	for _, path := range found {
		info, err := os.Stat(path)
		if err == nil && time.Since(info.ModTime()) > unusedFor {
			err = os.RemoveAll(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
