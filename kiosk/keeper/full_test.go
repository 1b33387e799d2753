package keeper

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"yimen/kiosk/desk"
	"yimen/kiosk/outbox"
)

// smallDisk names the folder on which the test's second process mounts a small disk.
const smallDisk = "YIMEN_KEEPER_SMALL_DISK"

// TestADiskWithoutRoomForANumberIsFull plays on a real file system of 1 MiB, mounted for a process of its own: in that
// one's mount namespace, so that nothing stays mounted. The outbox has a disk with room.
func TestADiskWithoutRoomForANumberIsFull(t *testing.T) {
	if disk := os.Getenv(smallDisk); disk != "" {
		onSmallDisk(t, disk)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestADiskWithoutRoomForANumberIsFull$", "-test.v")
	cmd.Env = append(os.Environ(), smallDisk+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if uid := os.Getuid(); uid != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func onSmallDisk(t *testing.T, disk string) {
	must(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	must(t, unix.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"))
	o := open(t, t.TempDir(), outbox.Config{KeepFree: 1}, disk)
	if err := os.WriteFile(filepath.Join(disk, "filler"), make([]byte, 2<<20), 0o600); !errors.Is(err, unix.ENOSPC) {
		t.Fatalf("the disk took it all: %v", err)
	}
	for n := range 200 { // the numbers' own file may have a little room left
		_, err := o.Numbers.Next(t.Context(), o.Now())
		if err == nil {
			continue
		}
		if _, err := o.Keep(t.Context(), draft(t)); !errors.Is(err, desk.ErrFull) {
			t.Errorf("after %d numbers: %v, want desk.ErrFull", n, err)
		}
		return
	}
	t.Fatal(fmt.Errorf("200 numbers on a full disk"))
}
