package usbwire

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"yimen/drivers/emulator/usb"
)

// patience is how long a host may take to say what it wants.
const patience = 10 * time.Second

// ServeUSBIP exports devices by USB/IP on l until ctx ends, under the bus ids 1-1, 1-2 … in their order. A device is
// imported by one host at a time: any other is refused. It closes l. A device that leaves the bus can be imported again.
func ServeUSBIP(ctx context.Context, l net.Listener, devices ...*usb.Device) error {
	s := &exports{devices: devices, taken: make([]sync.Mutex, len(devices))}
	defer context.AfterFunc(ctx, func() { l.Close() })()
	var hosts sync.WaitGroup
	defer hosts.Wait()
	lending, end := context.WithCancel(ctx)
	defer end()
	for {
		conn, err := l.Accept()
		switch {
		case err != nil && ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("export devices: %w", err)
		}
		hosts.Go(func() { s.serve(lending, conn) })
	}
}

// exports are the devices that hosts can import.
type exports struct {
	devices []*usb.Device
	taken   []sync.Mutex
}

func busID(i int) string { return fmt.Sprintf("1-%d", i+1) }

// serve answers one host: with the list, or with a device until the host has enough of it.
func (s *exports) serve(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	request := make([]byte, 8)
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.ReadFull(conn, request); err != nil || binary.BigEndian.Uint16(request) != ipVersion {
		return
	}
	switch binary.BigEndian.Uint16(request[2:]) {
	case ipListRequest:
		_, _ = conn.Write(s.list())
	case ipImportRequest:
		id := make([]byte, ipBusIDBytes)
		if _, err := io.ReadFull(conn, id); err != nil {
			return
		}
		_ = conn.SetDeadline(time.Time{})
		s.lend(ctx, conn, string(bytes.TrimRight(id, "\x00")))
	}
}

func ipHeader(code uint16, status uint32) []byte {
	b := binary.BigEndian.AppendUint16(nil, ipVersion)
	b = binary.BigEndian.AppendUint16(b, code)
	return binary.BigEndian.AppendUint32(b, status)
}

// list is the answer to a request for the list.
func (s *exports) list() []byte {
	b := binary.BigEndian.AppendUint32(ipHeader(ipListReply, 0), uint32(len(s.devices)))
	for i, d := range s.devices {
		b = append(b, ipDevice(d, busID(i), i+1)...)
		for _, f := range d.About().Interfaces {
			if f.Alternate == 0 {
				b = append(b, f.Class, f.Subclass, f.Protocol, 0)
			}
		}
	}
	return b
}

// lend gives a host the device with that bus id, if nobody has it.
func (s *exports) lend(ctx context.Context, conn net.Conn, id string) {
	for i, d := range s.devices {
		if busID(i) != id || !s.taken[i].TryLock() {
			continue
		}
		defer s.taken[i].Unlock()
		if _, err := conn.Write(append(ipHeader(ipImportReply, 0), ipDevice(d, id, i+1)...)); err != nil {
			return
		}
		_ = attach(ctx, conn, d, serveIP) // how it ended concerns the host, and the connection told it
		return
	}
	_, _ = conn.Write(ipHeader(ipImportReply, 1))
}

// serveIP obeys a host that has imported a device.
func serveIP(a *attachment) error {
	for {
		c, err := readIPCommand(a.conn)
		if err != nil {
			return err
		}
		switch {
		case c.code == ipUnlink:
			status := int32(0)
			if a.schedule.cancel(uint64(c.victim)) {
				status = ipUnlinked
			}
			a.write(ipReply(ipUnlinkReply, c.number, status, 0, nil))
		case c.endpoint == 0:
			a.control(c)
		case !a.add(c.address(), uint64(c.number), len(c.data), func(ctx context.Context) reply { return a.transfer(ctx, c) }):
			return fmt.Errorf("usbip %w: too much under way on endpoint %02X", errProtocol, c.address())
		}
	}
}

func ipStatus(err error) int32 {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, usb.ErrStall):
		return ipStall
	case errors.Is(err, usb.ErrBabble):
		return ipBabble
	}
	return ipTransport
}

// control carries out a control transfer at once.
func (a *attachment) control(c ipCommand) {
	answer, err := a.device.Control(c.setup, c.data)
	n := len(answer)
	if !c.toHost && err == nil {
		n, answer = len(c.data), nil
	}
	a.write(ipReply(ipSubmitReply, c.number, ipStatus(err), n, answer[:min(len(answer), c.length)]))
}

// transfer moves data on another endpoint. Nothing but the answer to the unlink tells of one that was unlinked.
func (a *attachment) transfer(ctx context.Context, c ipCommand) reply {
	var data []byte
	var err error
	n := 0
	if c.toHost {
		data, err = a.device.In(ctx, c.address(), c.length)
		n = len(data)
	} else {
		n, err = a.device.Out(ctx, c.address(), c.data)
	}
	return func(wanted bool) {
		switch {
		case errors.Is(err, usb.ErrGone):
			a.leave(usb.ErrGone)
		case wanted:
			a.write(ipReply(ipSubmitReply, c.number, ipStatus(err), n, data))
		case err == nil && c.toHost:
			a.device.Return(c.address(), data)
		}
	}
}
