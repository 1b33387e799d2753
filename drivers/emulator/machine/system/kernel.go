package system

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// kernel is a Debian kernel, unpacked and never installed.
type kernel struct {
	dir     string // where its package was unpacked
	release string // such as 6.1.0-56-amd64
}

// unpackKernel unpacks a linux-image package into dir and has depmod list what its modules need.
func unpackKernel(ctx context.Context, deb, dir string) (kernel, error) {
	if err := tool(ctx, "dpkg-deb", "-x", deb, dir); err != nil {
		return kernel{}, err
	}
	k := kernel{dir: dir}
	found, err := filepath.Glob(filepath.Join(dir, "boot", "vmlinuz-*"))
	if err != nil || len(found) != 1 {
		return kernel{}, fmt.Errorf("%s holds %d kernels: %w", deb, len(found), errors.Join(err, fs.ErrNotExist))
	}
	k.release = strings.TrimPrefix(filepath.Base(found[0]), "vmlinuz-")
	if _, err := os.Stat(filepath.Join(dir, "lib")); err != nil { // a release without /lib
		if err := os.Symlink("usr/lib", filepath.Join(dir, "lib")); err != nil {
			return kernel{}, err
		}
	}
	return k, tool(ctx, "depmod", "-b", dir, k.release)
}

func (k kernel) modules() string { return filepath.Join(k.dir, "lib", "modules", k.release) }

// vmlinux takes the kernel proper out of its compressed image: QEMU starts it at once, and no emulated
// processor has to unpack it. The header is described in the kernel's Documentation/arch/x86/boot.rst.
func (k kernel) vmlinux(ctx context.Context) ([]byte, error) {
	image, err := os.ReadFile(filepath.Join(k.dir, "boot", "vmlinuz-"+k.release))
	if err != nil {
		return nil, err
	}
	payload, err := bzImagePayload(image)
	if err != nil {
		return nil, err
	}
	for _, format := range []struct {
		magic, tool string
	}{{"\xfd7zXZ\x00", "xz"}, {"\x28\xb5\x2f\xfd", "zstd"}, {"\x02\x21\x4c\x18", "lz4"}, {"\x1f\x8b", "gzip"}} {
		if !bytes.HasPrefix(payload, []byte(format.magic)) {
			continue
		}
		if format.tool != "gzip" {
			payload = payload[:len(payload)-4] // the length, which these formats do not have themselves
		}
		cmd := exec.CommandContext(ctx, format.tool, "-dc")
		cmd.Stdin = bytes.NewReader(payload)
		out, err := cmd.Output()
		if err != nil || !bytes.HasPrefix(out, []byte("\x7fELF")) {
			return nil, fmt.Errorf("unpack the kernel with %s: %d bytes: %w", format.tool, len(out), err)
		}
		return out, nil
	}
	return nil, fmt.Errorf("the kernel is packed in a way unknown here: % x", payload[:min(8, len(payload))])
}

// bzImagePayload is the packed kernel within a boot image.
func bzImagePayload(image []byte) ([]byte, error) {
	if len(image) < 0x250 || string(image[0x202:0x206]) != "HdrS" {
		return nil, errors.New("not a Linux boot image")
	}
	setupSectors := int(image[0x1f1])
	if setupSectors == 0 {
		setupSectors = 4
	}
	offset := uint64(setupSectors+1)*512 + uint64(binary.LittleEndian.Uint32(image[0x248:]))
	length := uint64(binary.LittleEndian.Uint32(image[0x24c:]))
	if length < 8 || offset+length > uint64(len(image)) {
		return nil, errors.New("boot image cut short")
	}
	return image[offset : offset+length], nil
}

// needs lists the files of modules and of all that they need, each after what it needs itself; what is built in
// needs no file. Names are as modprobe takes them.
func (k kernel) needs(names []string) ([]string, error) {
	files, needs, err := k.dependencies()
	if err != nil {
		return nil, err
	}
	builtin, err := os.ReadFile(filepath.Join(k.modules(), "modules.builtin"))
	if err != nil {
		return nil, err
	}
	var order []string
	for _, name := range names {
		file, ok := files[name]
		if !ok {
			if bytes.Contains(builtin, []byte("/"+name+".ko")) || bytes.Contains(builtin, []byte("/"+strings.ReplaceAll(name, "_", "-")+".ko")) {
				continue
			}
			return nil, fmt.Errorf("kernel %s has no module %s", k.release, name)
		}
		// depmod writes the needs of a module nearest first: what is loaded first stands last.
		for _, f := range append(needs[file], file) {
			if !slices.Contains(order, f) {
				order = append(order, f)
			}
		}
	}
	return order, nil
}

// dependencies reads modules.dep: the file of each module, and what each file needs, in the order of loading.
func (k kernel) dependencies() (files map[string]string, needs map[string][]string, err error) {
	list, err := os.ReadFile(filepath.Join(k.modules(), "modules.dep"))
	if err != nil {
		return nil, nil, err
	}
	files, needs = map[string]string{}, map[string][]string{}
	for line := range strings.Lines(string(list)) {
		file, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		name, _, _ := strings.Cut(filepath.Base(file), ".ko")
		files[name], files[strings.ReplaceAll(name, "-", "_")] = file, file
		on := strings.Fields(rest)
		slices.Reverse(on)
		needs[file] = on
	}
	return files, needs, nil
}

// module is the plain content of a module's file, which newer releases pack.
func (k kernel) module(ctx context.Context, file string) ([]byte, error) {
	path := filepath.Join(k.modules(), file)
	if strings.HasSuffix(file, ".xz") {
		return exec.CommandContext(ctx, "xz", "-dc", path).Output()
	}
	return os.ReadFile(path)
}

// keep removes the modules that are not wanted, and has the rest listed anew.
func (k kernel) keep(ctx context.Context, wanted []string) error {
	err := filepath.WalkDir(k.modules(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), ".ko") {
			return err
		}
		file, err := filepath.Rel(k.modules(), path)
		if err != nil || slices.Contains(wanted, file) {
			return err
		}
		return os.Remove(path)
	})
	if err != nil {
		return err
	}
	return tool(ctx, "depmod", "-b", k.dir, k.release)
}

// tool runs a program for what it does; its last words are the error.
func tool(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(out[max(0, len(out)-500):]))
	}
	return nil
}
