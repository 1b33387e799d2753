package usb

import (
	"fmt"
	"os"
	"sync"
)

// controller sends requests to a device's control endpoint, as *gousb.Device does.
type controller interface {
	Control(requestType, request uint8, value, index uint16, data []byte) (int, error)
}

// printerConn is the Conn of a printer.
type printerConn struct {
	*conn
	dev    controller
	number uint16     // of its interface
	using  sync.Mutex // held while dev is asked or given back
	closed bool
}

func newPrinterConn(in inPipe, out outPipe, dev controller, number int, release func() error) *printerConn {
	c := &printerConn{dev: dev, number: uint16(number)}
	c.conn = newConn(in, out, func() error {
		c.using.Lock()
		defer c.using.Unlock()
		c.closed = true
		return release()
	})
	return c
}

// The request for the port's status (USB Printer Class 1.1, 4.2.2).
const (
	classFromInterface = 0xa1
	getPortStatus      = 1
)

// PortStatus asks how the printer's port is: firmware-notes/escpos "Port status" tells the bits. It works while bytes are on
// their way. An error may mean no more than that this printer does not know the request.
func (c *printerConn) PortStatus() (byte, error) {
	c.using.Lock()
	defer c.using.Unlock()
	if c.closed {
		return 0, fmt.Errorf("port status: %w", os.ErrClosed)
	}
	var b [1]byte
	n, err := c.dev.Control(classFromInterface, getPortStatus, 0, c.number, b[:])
	if err == nil && n != 1 {
		err = fmt.Errorf("%d bytes", n)
	}
	if err != nil {
		return 0, fmt.Errorf("port status: %w", err)
	}
	return b[0], nil
}
