package usb

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// forbidNetlink keeps this process from making netlink sockets, as RestrictAddressFamilies of systemd does.
func forbidNetlink() error {
	const load, jumpIfEqual, give = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	const number, firstArgument = 0, 16 // offsets in struct seccomp_data
	filter := []unix.SockFilter{
		{Code: load, K: number},
		{Code: jumpIfEqual, K: unix.SYS_SOCKET, Jf: 3},
		{Code: load, K: firstArgument},
		{Code: jumpIfEqual, K: unix.AF_NETLINK, Jf: 1},
		{Code: give, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EAFNOSUPPORT)},
		{Code: give, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program))); errno != 0 {
		return errno
	}
	_, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_KOBJECT_UEVENT)
	if !errors.Is(err, unix.EAFNOSUPPORT) {
		return fmt.Errorf("netlink is not forbidden: %v", err)
	}
	return nil
}

// TestForbiddenNetlinkIsAnErrorAndNoPanic runs itself as a process that may make no netlink socket, which libusb needs.
func TestForbiddenNetlinkIsAnErrorAndNoPanic(t *testing.T) {
	if os.Getenv("YIMEN_NO_NETLINK") == "" {
		self := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		self.Env = append(os.Environ(), "YIMEN_NO_NETLINK=1")
		out, err := self.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "RestrictAddressFamilies without AF_NETLINK") {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	if err := forbidNetlink(); err != nil {
		t.Fatal(err)
	}
	usb, err := newContext()
	if err == nil {
		t.Error("libusb started", usb.Close())
	}
	t.Log(err)
}
