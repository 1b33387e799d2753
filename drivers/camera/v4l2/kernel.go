package v4l2

import (
	"errors"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Kernel is the few system calls that video nodes are spoken to with. The seam is cut here so that everything above it
// can be tried against a kernel that misbehaves on order; Linux is the real one. Errors are errnos.
type Kernel interface {
	// Open opens a node for reading and writing, never waiting in later calls.
	Open(path string) (fd int, err error)
	Close(fd int) error
	// Ioctl makes one request, whose number tells the size of what arg points to.
	Ioctl(fd int, request uint32, arg unsafe.Pointer) error
	Mmap(fd int, offset int64, length int) ([]byte, error)
	Munmap(b []byte) error
	// Poll waits until the node has something to take or to tell, for at most the time given, and reports whether it has.
	Poll(fd int, wait time.Duration) (ready bool, err error)
	// Monotonic is the clock that pictures are stamped with.
	Monotonic() time.Duration
}

// Linux is the kernel that this process runs on.
type Linux struct{}

// Open implements Kernel.
func (Linux) Open(path string) (int, error) {
	return retried(func() (int, error) { return unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0) })
}

// Close implements Kernel.
func (Linux) Close(fd int) error { return unix.Close(fd) }

// Ioctl implements Kernel.
func (Linux) Ioctl(fd int, request uint32, arg unsafe.Pointer) error {
	for {
		switch _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(request), uintptr(arg)); errno {
		case 0:
			return nil
		case unix.EINTR:
		default:
			return errno
		}
	}
}

// Mmap implements Kernel. The memory can be read only: what a camera wrote is not for changing.
func (Linux) Mmap(fd int, offset int64, length int) ([]byte, error) {
	return unix.Mmap(fd, offset, length, unix.PROT_READ, unix.MAP_SHARED)
}

// Munmap implements Kernel.
func (Linux) Munmap(b []byte) error { return unix.Munmap(b) }

// Poll implements Kernel.
func (Linux) Poll(fd int, wait time.Duration) (bool, error) {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	until := time.Now().Add(wait)
	for {
		left := max(0, time.Until(until))
		n, err := unix.Poll(fds, int((left+time.Millisecond-1)/time.Millisecond))
		if !errors.Is(err, unix.EINTR) {
			return n > 0, err
		}
	}
}

// Monotonic implements Kernel.
func (Linux) Monotonic() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0 // cannot be: every Linux has this clock
	}
	return time.Duration(t.Nano())
}

func retried[T any](call func() (T, error)) (T, error) {
	for {
		if v, err := call(); !errors.Is(err, unix.EINTR) {
			return v, err
		}
	}
}
