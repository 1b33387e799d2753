// Package line makes a connection fit for a hall's line: it is given up only when nothing moves, and leaves room for others.
package line

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Patient makes conn end when nothing moves for as long as patience, in either direction. What has been written and not come
// to the other end yet moves too: on a slow line an answer is waited for while megabytes are still in the kernel.
func Patient(conn net.Conn, patience time.Duration) net.Conn {
	return &patient{Conn: conn, patience: patience}
}

type patient struct {
	net.Conn
	patience time.Duration
	written  atomic.Int64 // bytes handed to the kernel
}

func (c *patient) Read(b []byte) (int, error) {
	for before := c.arrived(); ; {
		if err := c.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
			return 0, err
		}
		n, err := c.Conn.Read(b)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		now := c.arrived()
		if now <= before {
			return n, err
		}
		before = now
	}
}

func (c *patient) Write(b []byte) (int, error) {
	sent := 0
	for {
		if err := c.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
			return sent, err
		}
		n, err := c.Conn.Write(b[sent:])
		sent += n
		c.written.Add(int64(n))
		if n == 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return sent, err
		}
	}
}

// arrived is how many bytes have come to the other end.
func (c *patient) arrived() int64 { return c.written.Load() - int64(unsent(c.Conn)) }

// unsent is how many bytes the kernel has not seen acknowledged by the other end's, or 0 if it does not say.
func unsent(conn net.Conn) (n int) {
	tcp, ok := conn.(syscall.Conn)
	if !ok {
		return 0
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) { // a connection that is closed has nothing left to send
		if n, err = unix.IoctlGetInt(int(fd), unix.TIOCOUTQ); err != nil {
			n = 0
		}
	})
	return n
}
