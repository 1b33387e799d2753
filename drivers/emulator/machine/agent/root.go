package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a device that must be there may take to appear.
const patience = 30 * time.Second

type mount struct {
	source, target, kind string
	flags                uintptr
	data                 string
}

// mountRoot goes from the memory disk into the root: the read-only image below, a tmpfs above.
func mountRoot() error {
	for _, m := range []mount{
		{"proc", "/proc", "proc", 0, ""}, {"sys", "/sys", "sysfs", 0, ""}, {"dev", "/dev", "devtmpfs", 0, ""},
	} {
		if err := m.mount(); err != nil {
			return err
		}
	}
	if err := loadModules("/modules"); err != nil {
		return err
	}
	disk, err := rootDisk()
	if err != nil {
		return err
	}
	for _, m := range []mount{
		{disk, "/lower", "squashfs", unix.MS_RDONLY, ""},
		{"over", "/over", "tmpfs", 0, "mode=755"},
	} {
		if err := m.mount(); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Mkdir("/over/upper", 0o755), os.Mkdir("/over/work", 0o755)); err != nil {
		return err
	}
	for _, m := range []mount{
		{"root", "/root", "overlay", 0, "lowerdir=/lower,upperdir=/over/upper,workdir=/over/work"},
		{"/proc", "/root/proc", "", unix.MS_MOVE, ""}, {"/sys", "/root/sys", "", unix.MS_MOVE, ""}, {"/dev", "/root/dev", "", unix.MS_MOVE, ""},
		{"run", "/root/run", "tmpfs", 0, "mode=755"}, {"tmp", "/root/tmp", "tmpfs", 0, "mode=1777"},
		{"pts", "/root/dev/pts", "devpts", 0, "mode=620,ptmxmode=666"}, {"shm", "/root/dev/shm", "tmpfs", 0, "mode=1777"},
	} {
		if err := m.mount(); err != nil {
			return err
		}
	}
	if err := copySelf("/root" + here); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return os.Chdir("/root") },
		func() error { return unix.Mount(".", "/", "", unix.MS_MOVE, "") },
		func() error { return unix.Chroot(".") },
		func() error { return os.Chdir("/") },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("change root: %w", err)
		}
	}
	return nil
}

func (m mount) mount() error {
	if err := os.MkdirAll(m.target, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(m.source, m.target, m.kind, m.flags, m.data); err != nil {
		return fmt.Errorf("mount %s on %s: %w", m.source, m.target, err)
	}
	return nil
}

// loadModules loads the modules of a folder in the order of their names, which is the order of their needs.
func loadModules(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.ko"))
	if err != nil {
		return err
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		err = unix.FinitModule(int(f.Fd()), "", 0)
		if err := errors.Join(err, f.Close()); err != nil && !errors.Is(err, unix.EEXIST) {
			return fmt.Errorf("load %s: %w", filepath.Base(file), err)
		}
	}
	return nil
}

// rootDisk finds the disk whose serial number is "root".
func rootDisk() (string, error) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		serials, _ := filepath.Glob("/sys/block/vd*/serial")
		for _, file := range serials {
			if serial, _ := os.ReadFile(file); strings.TrimSpace(string(serial)) == "root" {
				return "/dev/" + filepath.Base(filepath.Dir(file)), nil
			}
		}
	}
	return "", fmt.Errorf("no disk with the root after %v: %w", patience, fs.ErrNotExist)
}

func copySelf(to string) error {
	self, err := os.ReadFile("/init")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, self, 0o755)
}
