package usbwire_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"

	"yimen/drivers/emulator/usb"
	"yimen/drivers/emulator/usbwire"
)

// oneWay is a connection whose host has said all that it will say, and hears nothing.
type oneWay struct {
	io.Reader
	io.Writer
}

func (oneWay) Close() error { return nil }

// pick chooses one of the devices.
func pick(n uint8) *usb.Device {
	devices := all()
	names := []string{"sam", "printer", "serial", "camera", "touch", "nameless"}
	return devices[names[int(n)%len(names)]]
}

func FuzzRedirectSurvivesAnyHost(f *testing.F) {
	hello := append([]byte{0, 0, 0, 0, 68, 0, 0, 0, 0, 0, 0, 0}, make([]byte, 68)...)
	hello[12+64] = 0b1111110
	wide := func(kind byte, body ...byte) []byte {
		return append([]byte{kind, 0, 0, 0, byte(len(body)), 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0}, body...)
	}
	for n, say := range [][]byte{
		wide(6, 1), wide(9, 0, 0), wide(15, 0x81), wide(100, 0x80, 6, 0x80, 0, 0, 1, 0, 0, 64, 0), wide(101, 0x81, 0, 0, 2, 0, 0, 0, 0, 0, 0),
		wide(101, 0x02, 0, 1, 0, 0, 0, 0, 0, 0, 0, 'x'), wide(21), wide(25, make([]byte, 10)...), wide(18, make([]byte, 8)...),
	} {
		f.Add(uint8(n), append(bytes.Clone(hello), say...))
	}
	f.Fuzz(func(t *testing.T, device uint8, said []byte) {
		_ = usbwire.Redirect(t.Context(), oneWay{bytes.NewReader(said), io.Discard}, pick(device))
	})
}

func FuzzUSBIPSurvivesAnyHost(f *testing.F) {
	attach := append([]byte{0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0}, append([]byte("1-1"), make([]byte, 29)...)...)
	submit := make([]byte, 48)
	submit[3], submit[7] = 1, 1
	for _, in := range []byte{0, 1} {
		for _, endpoint := range []byte{0, 1, 2} {
			submit[15], submit[19], submit[40], submit[41] = in, endpoint, 0x80, 6
			f.Add(uint8(endpoint), append(bytes.Clone(attach), submit...))
		}
	}
	f.Add(uint8(0), []byte{0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, device uint8, said []byte) {
		near, far := net.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- usbwire.ServeUSBIP(ctx, &once{conn: far, over: ctx.Done()}, pick(device)) }()
		go io.Copy(io.Discard, near)
		_, _ = near.Write(said)
		near.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// once is a listener to which one host comes.
type once struct {
	conn net.Conn
	over <-chan struct{}
}

func (o *once) Accept() (net.Conn, error) {
	if c := o.conn; c != nil {
		o.conn = nil
		return c, nil
	}
	<-o.over
	return nil, net.ErrClosed
}

func (o *once) Close() error   { return nil }
func (o *once) Addr() net.Addr { return &net.UnixAddr{} }

func FuzzControlAnswersNoMoreThanAskedFor(f *testing.F) {
	f.Add(uint8(1), uint8(0x80), uint8(6), uint16(0x0100), uint16(0), uint16(8), []byte{})
	f.Add(uint8(2), uint8(0x21), uint8(0x20), uint16(0), uint16(0), uint16(7), make([]byte, 7))
	f.Add(uint8(3), uint8(0x21), uint8(1), uint16(0x0100), uint16(1), uint16(34), make([]byte, 34))
	f.Add(uint8(3), uint8(0xA1), uint8(0x81), uint16(0x0200), uint16(0x0200), uint16(2), []byte{})
	f.Add(uint8(4), uint8(0x81), uint8(6), uint16(0x2200), uint16(0), uint16(9), []byte{})
	f.Fuzz(func(t *testing.T, device, kind, request uint8, value, index, length uint16, data []byte) {
		d := pick(device)
		for range 2 { // the second time after what the first has set
			s := usb.Setup{Type: kind, Request: request, Value: value, Index: index, Length: length}
			if answer, err := d.Control(s, data); len(answer) > int(length) || err != nil && answer != nil {
				t.Errorf("%d bytes for a length of %d, %v", len(answer), length, err)
			}
		}
	})
}
