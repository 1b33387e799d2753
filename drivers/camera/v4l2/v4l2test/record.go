package v4l2test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Calls are the system calls that a driver makes.
type Calls interface {
	Open(path string) (fd int, err error)
	Close(fd int) error
	Ioctl(fd int, request uint32, arg unsafe.Pointer) error
	Mmap(fd int, offset int64, length int) ([]byte, error)
	Munmap(b []byte) error
	Poll(fd int, wait time.Duration) (ready bool, err error)
	Monotonic() time.Duration
}

// Recorder passes calls on to a kernel and writes each down as one line: what was asked, "=", what was answered. A
// request's structure is the 32-bit words of it that are not zero, as place:value, the value in hex. What lies in a picture is
// not written down.
type Recorder struct {
	To  Calls
	Out io.Writer
}

func (r Recorder) line(err error, answer, ask string, args ...any) {
	if errno := unix.Errno(0); errors.As(err, &errno) {
		answer = unix.ErrnoName(errno)
	}
	fmt.Fprintln(r.Out, strings.TrimSpace(fmt.Sprintf(ask, args...)), "=", answer)
}

// Open implements Calls.
func (r Recorder) Open(path string) (int, error) {
	fd, err := r.To.Open(path)
	r.line(err, fmt.Sprint(fd), "open %s", path)
	return fd, err
}

// Close implements Calls.
func (r Recorder) Close(fd int) error {
	err := r.To.Close(fd)
	r.line(err, "ok", "close %d", fd)
	return err
}

// Ioctl implements Calls.
func (r Recorder) Ioctl(fd int, request uint32, arg unsafe.Pointer) error {
	m := unsafe.Slice((*byte)(arg), request>>16&0x3FFF)
	asked := words(m)
	err := r.To.Ioctl(fd, request, arg)
	r.line(err, strings.TrimSpace("ok "+words(m)), "%s %d %s", requests[request], fd, asked)
	return err
}

// Mmap implements Calls.
func (r Recorder) Mmap(fd int, offset int64, length int) ([]byte, error) {
	mem, err := r.To.Mmap(fd, offset, length)
	r.line(err, "ok", "mmap %d %d %d", fd, offset, length)
	return mem, err
}

// Munmap implements Calls.
func (r Recorder) Munmap(b []byte) error {
	err := r.To.Munmap(b)
	r.line(err, "ok", "munmap %d", len(b))
	return err
}

// Poll implements Calls.
func (r Recorder) Poll(fd int, wait time.Duration) (bool, error) {
	ready, err := r.To.Poll(fd, wait)
	r.line(err, fmt.Sprint(ready), "poll %d", fd)
	return ready, err
}

// Monotonic implements Calls.
func (r Recorder) Monotonic() time.Duration {
	now := r.To.Monotonic()
	r.line(nil, fmt.Sprint(int64(now)), "clock")
	return now
}

func words(m []byte) string {
	var b strings.Builder
	for i := 0; i+4 <= len(m); i += 4 {
		if v := binary.NativeEndian.Uint32(m[i:]); v != 0 {
			fmt.Fprintf(&b, "%d:%x ", i/4, v)
		}
	}
	return strings.TrimSpace(b.String())
}

// Recording is a kernel that answers as one was recorded to do, and takes no other question. Lines that begin with # are
// comment.
type Recording struct {
	lines []string
	at    int
	// Wrong is the first call that the recorded driver did not make.
	Wrong error
}

// ReadRecording reads what a Recorder wrote.
func ReadRecording(in io.Reader) (*Recording, error) {
	r := &Recording{}
	s := bufio.NewScanner(in)
	for s.Scan() {
		if text := strings.TrimSpace(s.Text()); text != "" && text[0] != '#' {
			r.lines = append(r.lines, text)
		}
	}
	return r, s.Err()
}

// Left are the calls that have not been made yet.
func (r *Recording) Left() []string { return r.lines[r.at:] }

// take gives the answer to the next call, which must be the one asked.
func (r *Recording) take(ask string, args ...any) (string, error) {
	asked := strings.TrimSpace(fmt.Sprintf(ask, args...))
	recorded, answer := "the end", ""
	if r.at < len(r.lines) {
		recorded, answer, _ = strings.Cut(r.lines[r.at], " = ")
	}
	if recorded != asked {
		if r.Wrong == nil {
			r.Wrong = fmt.Errorf("call %d is %q, recorded was %q", r.at, asked, recorded)
		}
		return "", unix.ENOSYS
	}
	r.at++
	for errno := unix.Errno(1); errno < 134; errno++ {
		if unix.ErrnoName(errno) == answer {
			return "", errno
		}
	}
	return answer, nil
}

// Open implements Calls.
func (r *Recording) Open(path string) (fd int, err error) {
	answer, err := r.take("open %s", path)
	if err == nil {
		_, err = fmt.Sscan(answer, &fd)
	}
	return fd, err
}

// Close implements Calls.
func (r *Recording) Close(fd int) error {
	_, err := r.take("close %d", fd)
	return err
}

// Ioctl implements Calls.
func (r *Recording) Ioctl(fd int, request uint32, arg unsafe.Pointer) error {
	m := unsafe.Slice((*byte)(arg), request>>16&0x3FFF)
	answer, err := r.take("%s %d %s", requests[request], fd, words(m))
	if err != nil {
		return err
	}
	clear(m)
	for word := range strings.FieldsSeq(strings.TrimPrefix(answer, "ok")) {
		var at int
		var value uint32
		if _, err := fmt.Sscanf(word, "%d:%x", &at, &value); err != nil || 4*at+4 > len(m) {
			return fmt.Errorf("word %q of %s: %w", word, requests[request], unix.ENOSYS)
		}
		binary.NativeEndian.PutUint32(m[4*at:], value)
	}
	return nil
}

// Mmap implements Calls. The memory is empty.
func (r *Recording) Mmap(fd int, offset int64, length int) ([]byte, error) {
	if _, err := r.take("mmap %d %d %d", fd, offset, length); err != nil {
		return nil, err
	}
	return make([]byte, length), nil
}

// Munmap implements Calls.
func (r *Recording) Munmap(b []byte) error {
	_, err := r.take("munmap %d", len(b))
	return err
}

// Poll implements Calls.
func (r *Recording) Poll(fd int, _ time.Duration) (bool, error) {
	answer, err := r.take("poll %d", fd)
	return answer == "true", err
}

// Monotonic implements Calls.
func (r *Recording) Monotonic() time.Duration {
	var ns int64
	if answer, err := r.take("clock"); err != nil {
		return 0
	} else if _, err := fmt.Sscan(answer, &ns); err != nil {
		return 0
	}
	return time.Duration(ns)
}
