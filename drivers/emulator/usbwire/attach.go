// Package usbwire brings an emulated USB device to a host: by usbredir (Redirect; QEMU's -device usb-redir is such a
// host) or by USB/IP (ServeUSBIP; Linux' vhci-hcd is one).
package usbwire

import (
	"context"
	"errors"
	"io"
	"sync"

	"yimen/drivers/emulator/usb"
)

// errProtocol: the host does not keep to the protocol.
var errProtocol = errors.New("protocol")

// attachment is one host's use of a device over one connection.
type attachment struct {
	*schedule
	device  *usb.Device
	conn    io.ReadWriteCloser
	writing sync.Mutex

	once sync.Once
	why  error
	over chan struct{} // closed when the device has left the bus by itself, and why is set
}

// attach has serve speak with the host until conn or ctx ends or the device leaves the bus, while the device lives.
// That the host goes is no error.
func attach(ctx context.Context, conn io.ReadWriteCloser, d *usb.Device, serve func(*attachment) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := &attachment{schedule: newSchedule(ctx), device: d, conn: conn, over: make(chan struct{})}
	d.Reset()
	var beside sync.WaitGroup
	beside.Go(func() {
		if err := d.Run(ctx); err != nil && ctx.Err() == nil {
			a.leave(err)
		}
	})
	beside.Go(func() {
		select {
		case <-ctx.Done():
		case <-a.over:
		}
		conn.Close()
	})
	err := serve(a)
	cancel()
	a.wait()
	beside.Wait()
	select {
	case <-a.over:
		return a.why
	default:
	}
	if errors.Is(err, errProtocol) {
		return err
	}
	return nil
}

// leave takes the device off the bus.
func (a *attachment) leave(why error) {
	a.once.Do(func() { a.why = why; close(a.over) })
}

// write sends bytes to the host. That it is gone shows on the reading side.
func (a *attachment) write(b []byte) {
	a.writing.Lock()
	defer a.writing.Unlock()
	_, _ = a.conn.Write(b)
}
