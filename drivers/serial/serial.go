// Package serial is the port for devices on a serial line: a UART, a USB-serial bridge, or any other tty.
package serial

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"go.bug.st/serial"
	"golang.org/x/sys/unix"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// Port is one serial line, 8N1 without flow control. The zero Baud means 115200.
type Port struct {
	Path string // such as /dev/serial/by-id/…; a link is followed at each Open
	Baud int
}

func (p Port) String() string { return "serial:" + p.Path }

// Open takes the line for this process alone. An error wraps device.ErrGone.
//
// The library sets the line up and keeps others off it. The bytes go through a descriptor of our own, because the
// library's Write cannot be interrupted: a device that takes nothing would hold it, and Close, for ever.
func (p Port) Open() (wire.Conn, error) {
	// Ours first: once the library has claimed the line, nobody can open it any more.
	file, err := os.OpenFile(p.Path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", device.ErrGone, err)
	}
	line, err := serial.Open(p.Path, &serial.Mode{BaudRate: cmp.Or(p.Baud, 115200), DataBits: 8})
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("open %s: %w: %w", p.Path, device.ErrGone, err)
	}
	return &conn{file: file, line: line}, nil
}

type conn struct {
	file *os.File
	line serial.Port
}

// Read waits for at least one byte. See wire.Conn for its errors.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	return n, gone(err)
}

// Write waits until the line's buffer has taken p. What was taken before a deadline passed may or may not have
// reached the device.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.file.Write(p)
	return n, gone(err)
}

// Close ends a waiting Read and Write, and frees the line. Bytes that the device has not taken are thrown away.
func (c *conn) Close() error {
	_ = c.line.ResetOutputBuffer() // else closing waits for a stuck device; on a line that is gone there is nothing to reset
	return errors.Join(c.file.Close(), c.line.Close())
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.file.SetReadDeadline(t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.file.SetWriteDeadline(t) }

// gone marks every error but a passed deadline: a line fails otherwise only when it was unplugged or closed.
func gone(err error) error {
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", device.ErrGone, err)
}
