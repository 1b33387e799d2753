package usb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/google/gousb"

	"yimen/drivers/device"
)

const (
	// transferSize is the most that is moved at once, in bytes: a multiple of every packet size, so that a device never
	// sends more than was asked for, and what the kernel takes in one piece.
	transferSize = 16 << 10
	// emptyPause keeps a device that answers "nothing" instead of waiting from using up the processor.
	emptyPause = 10 * time.Millisecond
	// parting is how long Close waits for the device to take what is on its way to it.
	parting = 100 * time.Millisecond
)

// inPipe and outPipe are the endpoints of a device: one transfer each call, which the end of ctx breaks off. What was moved
// until then counts. Revive makes the pipe usable again after a transfer failed.
type inPipe interface {
	ReadContext(ctx context.Context, p []byte) (int, error)
	Revive() error
}

type outPipe interface {
	WriteContext(ctx context.Context, p []byte) (int, error)
	Revive() error
}

// conn is a wire.Conn on a pair of pipes. A goroutine for each direction moves bytes between the device and one end of a
// net.Pipe, whose other end is read and written here. So a deadline never breaks off a transfer, whose bytes might have
// reached the device or been on their way from it: none is lost, none is sent twice. A pending transfer also tells at once
// when the device is unplugged.
type conn struct {
	near, far net.Conn
	in        inPipe // nil where the device never answers
	out       outPipe
	ctx       context.Context
	cancel    context.CancelCauseFunc // with what ended the connection
	pumps     sync.WaitGroup
	written   chan struct{} // closed when nothing is on its way to the device
	close     func() error
}

// newConn connects to the device behind the pipes; release gives it back.
func newConn(in inPipe, out outPipe, release func() error) *conn {
	c := &conn{in: in, out: out, written: make(chan struct{})}
	c.near, c.far = net.Pipe()
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	c.close = sync.OnceValue(func() error { return c.end(release) })
	if c.in != nil {
		c.pumps.Go(func() { c.stop(c.deliver()) })
	}
	c.pumps.Go(func() {
		defer close(c.written)
		c.stop(c.send())
	})
	return c
}

// Read waits for at least one byte. See wire.Conn for its errors.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.near.Read(p)
	return n, c.gone(err)
}

// Write waits until p is on its way to the device. What is on its way when a deadline passes counts as written.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.near.Write(p)
	return n, c.gone(err)
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.near.SetReadDeadline(t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.near.SetWriteDeadline(t) }

// Close ends a waiting Read and Write, and gives the device back to the kernel. What the device does not take at once is
// thrown away.
func (c *conn) Close() error { return c.close() }

func (c *conn) end(release func() error) error {
	c.near.Close()
	select {
	case <-c.written:
	case <-time.After(parting):
	}
	c.cancel(os.ErrClosed)
	c.pumps.Wait()
	return release()
}

// stop ends the connection with err, unless something else did before.
func (c *conn) stop(err error) {
	c.cancel(err)
	c.far.Close()
}

// gone marks every error but a passed deadline, and names what ended the connection.
func (c *conn) gone(err error) error {
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if cause := context.Cause(c.ctx); cause != nil {
		err = cause
	}
	return fmt.Errorf("%w: %w", device.ErrGone, err)
}

// deliver hands on what the device sends until either side fails.
func (c *conn) deliver() error {
	buf := make([]byte, transferSize)
	for failed := false; ; {
		n, err := c.in.ReadContext(c.ctx, buf)
		if n > 0 {
			failed = false
			if _, err := c.far.Write(buf[:n]); err != nil {
				return os.ErrClosed
			}
		}
		switch {
		case err != nil:
			if err := c.retry(c.in, err, failed); err != nil {
				return fmt.Errorf("from device: %w", err)
			}
			failed = true
		case n == 0:
			select {
			case <-c.ctx.Done():
			case <-time.After(emptyPause):
			}
		}
	}
}

// send hands what is written to the device until either side fails. No transfer is followed by an empty one: printers want
// a stream, and a request to a card reader fits a packet.
func (c *conn) send() error {
	buf := make([]byte, transferSize)
	for {
		n, err := c.far.Read(buf)
		if err != nil {
			return os.ErrClosed
		}
		for rest, failed := buf[:n], false; len(rest) > 0; {
			n, err := c.out.WriteContext(c.ctx, rest)
			rest = rest[n:]
			if failed = failed && n == 0; n == 0 && err == nil {
				err = io.ErrNoProgress
			}
			if err == nil {
				continue
			}
			if err := c.retry(c.out, err, failed); err != nil {
				return fmt.Errorf("to device: %w", err)
			}
			failed = true
		}
	}
}

// retry revives a pipe after a transfer failed by err, and gives back an err that ends the connection: a second failure in a
// row, or one that says that nobody is there.
func (c *conn) retry(pipe interface{ Revive() error }, err error, failed bool) error {
	switch {
	case c.ctx.Err() != nil:
		return context.Cause(c.ctx)
	case failed, errors.Is(err, gousb.TransferNoDevice), errors.Is(err, gousb.ErrorNoDevice):
		return err
	}
	if failure := pipe.Revive(); failure != nil {
		return fmt.Errorf("%w; revive: %w", err, failure)
	}
	return nil
}
