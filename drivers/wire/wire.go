// Package wire is the seam between a device's protocol and whatever carries its bytes: serial ports,
// ptys, sockets, USB pipes, pipes in tests and recordings all fit. It is cut at the bytes on purpose, so
// that nothing above it needs a fake.
package wire

import (
	"io"
	"time"
)

// Conn is a two-way stream of bytes with deadlines. Reads and writes may run at the same time, each from
// one goroutine. A read past its deadline returns an error for which os.ErrDeadlineExceeded matches, and
// the stream goes on; any other error means that the device is gone and the Conn is to be closed.
type Conn interface {
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// Port opens a Conn to one configured place, again and again as the device comes and goes.
type Port interface {
	Open() (Conn, error)
	// String names the place for technicians, such as serial:/dev/ttyUSB0.
	String() string
}
