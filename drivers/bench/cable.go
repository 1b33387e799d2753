package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// cable connects an emulated device to a tty whose path stays the same. Pulling it hangs the tty up, as
// pulling a USB-serial bridge does; plugging it in makes a new one behind the same path.
type cable struct {
	path  string // a symbolic link to the tty
	serve func(context.Context, io.ReadWriter) error
	log   *slog.Logger

	mu     sync.Mutex
	pull   context.CancelFunc // nil while unplugged
	pulled chan struct{}      // closed when the device is off the line
}

// plug plugs the cable in; it stays in when it is.
func (c *cable) plug() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pull != nil {
		return nil
	}
	l, err := c.newLine()
	if err != nil {
		return fmt.Errorf("plug %s: %w", c.path, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.pull, c.pulled = cancel, make(chan struct{})
	go c.run(ctx, l)
	return nil
}

// unplug pulls the cable and returns when the tty is gone.
func (c *cable) unplug() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pull == nil {
		return nil
	}
	c.pull()
	<-c.pulled
	c.pull = nil
	if err := os.Remove(c.path); err != nil {
		return fmt.Errorf("unplug: %w", err)
	}
	return nil
}

func (c *cable) plugged() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pull != nil
}

// run serves the device on l, and on a new tty whenever the one before has stayed locked.
func (c *cable) run(ctx context.Context, l *line) {
	defer close(c.pulled)
	for {
		hangUp := context.AfterFunc(ctx, func() { l.Close() })
		err := c.serve(ctx, l)
		hangUp()
		l.Close()
		if ctx.Err() != nil {
			return
		}
		if !errors.Is(err, errLeftLocked) {
			c.log.Error("device left its line", "path", c.path, "err", err)
			return
		}
		if l, err = c.newLine(); err != nil {
			c.log.Error("no new tty", "path", c.path, "err", err)
			return
		}
	}
}

// newLine makes a tty and points the path at it, in one step for who opens it.
func (c *cable) newLine() (*line, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, err
	}
	defer master.Close()
	defer slave.Close()
	if _, err := term.MakeRaw(int(slave.Fd())); err != nil {
		return nil, err
	}
	// creack/pty leaves its descriptor blocking, and a blocked one cannot be closed from beside.
	fd, err := unix.FcntlInt(master.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return nil, err
	}
	l := &line{File: os.NewFile(uintptr(fd), master.Name()), tty: slave.Name()}
	fresh := c.path + ".new"
	if err := errors.Join(os.Symlink(l.tty, fresh), os.Rename(fresh, c.path)); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// errLeftLocked: somebody locked the tty for himself (TIOCEXCL) and died. On a real port the lock dies with
// him; a pty keeps it as long as its other end is open.
var errLeftLocked = errors.New("tty left locked")

// line is the device's end of a tty.
type line struct {
	*os.File
	tty string
}

// Read waits for bytes, also while nobody has the tty open.
func (l *line) Read(b []byte) (int, error) {
	locked := 0
	for {
		n, err := l.File.Read(b)
		if n > 0 || !errors.Is(err, syscall.EIO) {
			return n, err
		}
		if l.forget() != nil {
			locked++ // somebody may have come and locked it this moment: then the next Read waits for him
		}
		if locked > 1 {
			return 0, errLeftLocked
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// forget drops the answers that nobody took: a port that is closed keeps none. Its error is that the tty cannot be opened.
func (l *line) forget() error {
	tty, err := os.OpenFile(l.tty, os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return err
	}
	return errors.Join(unix.IoctlSetInt(int(tty.Fd()), unix.TCFLSH, unix.TCIFLUSH), tty.Close())
}

// Write puts bytes on the line. What nobody takes is lost, as on any serial line without flow control.
func (l *line) Write(b []byte) (int, error) {
	if err := l.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return 0, err
	}
	n, err := l.File.Write(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return len(b), nil
	}
	return n, err
}
