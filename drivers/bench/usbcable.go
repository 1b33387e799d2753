package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"

	"yimen/drivers/emulator/usb"
	"yimen/drivers/emulator/usbwire"
)

// usbCable connects an emulated USB device to a host, which comes to a Unix socket and speaks usbredir, as QEMU does. A
// host that comes while another has the device waits. Pulling it ends the connection and takes the socket away.
type usbCable struct {
	path   string
	device *usb.Device
	log    *slog.Logger

	mu     sync.Mutex
	pull   context.CancelFunc // nil before the first time
	pulled chan struct{}      // closed when the device is off the bus, whoever took it off
}

// plug plugs the cable in; it stays in when it is.
func (c *usbCable) plug() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.in() {
		return nil
	}
	l, err := net.Listen("unix", c.path)
	if err != nil {
		return fmt.Errorf("plug: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.pull, c.pulled = cancel, make(chan struct{})
	go c.run(ctx, l, c.pulled)
	return nil
}

// unplug pulls the cable and returns when the host has seen it.
func (c *usbCable) unplug() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.in() {
		c.pull()
		<-c.pulled
	}
	return nil
}

func (c *usbCable) plugged() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in()
}

// in reports whether the device is on the bus. The caller holds mu.
func (c *usbCable) in() bool {
	if c.pull == nil {
		return false
	}
	select {
	case <-c.pulled:
		return false
	default:
		return true
	}
}

// run gives the device to one host after the other. A device that leaves the bus by itself stays off until it is plugged in
// again.
func (c *usbCable) run(ctx context.Context, l net.Listener, pulled chan struct{}) {
	defer close(pulled)
	defer l.Close()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	for {
		conn, err := l.Accept()
		if err != nil && ctx.Err() == nil {
			c.log.Error("no host can come", "path", c.path, "err", err)
		}
		if err != nil {
			return
		}
		err = usbwire.Redirect(ctx, conn, c.device)
		switch {
		case errors.Is(err, usb.ErrGone):
			return
		case err != nil:
			c.log.Error("host left the bus", "path", c.path, "err", err)
		}
	}
}
