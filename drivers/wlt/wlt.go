// Package wlt has the photo of an identity card decoded by a program of the technician's choice. The format is not public:
// only vendors' libraries read it, and those crash, hang, or want an environment of their own, so they run in a process of
// their own that sees the 1,024 bytes and nothing else of the terminal (firmware-notes/sam-v "Photo").
package wlt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	photoLen    = 1024
	outputLimit = 4 << 20 // a picture of 102×126 is 39 kB as a bitmap
)

var header = []byte{0x57, 0x4C}

// Helper is a program that reads the 1,024 bytes from its standard input and writes a BMP, PNG or JPEG picture to its
// standard output. It is started anew for each photo, with an empty environment, in the folder /.
type Helper struct {
	Command []string      // path and arguments
	Timeout time.Duration // from start to end; 3 s when zero
}

// Decode gives the picture as a PNG. It waits until the helper has ended or Timeout is over, and leaves no process behind.
// An error tells why there is no picture; nothing that the helper does can do more than that.
func (h Helper) Decode(ctx context.Context, photo []byte) (png []byte, err error) {
	if len(photo) != photoLen || !bytes.HasPrefix(photo, header) {
		return nil, fmt.Errorf("%d bytes that are no WLT", len(photo))
	}
	ctx, stop := context.WithTimeoutCause(ctx, cmp.Or(h.Timeout, 3*time.Second), errors.New("helper takes too long"))
	defer stop()
	out, err := h.run(ctx, photo)
	if err != nil {
		return nil, err
	}
	return picture(out)
}

func (h Helper) run(ctx context.Context, photo []byte) ([]byte, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	out := &bounded{full: func() { stop(fmt.Errorf("helper writes more than %d bytes", outputLimit)) }}
	cmd := exec.CommandContext(ctx, h.Command[0], h.Command[1:]...)
	cmd.Env, cmd.Dir = []string{}, "/"
	cmd.Stdin, cmd.Stdout = bytes.NewReader(photo), out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that what the helper starts ends with it
	cmd.Cancel = func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
	cmd.WaitDelay = time.Second // a child may still hold the output
	err := cmd.Run()
	if cmd.Process != nil {
		_ = unix.Kill(-cmd.Process.Pid, unix.SIGKILL) // whoever is left; usually nobody
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("run helper: %w", err)
	}
	return out.buf.Bytes(), nil
}

// bounded takes no more than outputLimit bytes.
type bounded struct {
	buf  bytes.Buffer
	full func()
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > outputLimit {
		b.full()
		return 0, errors.New("too much")
	}
	return b.buf.Write(p)
}
