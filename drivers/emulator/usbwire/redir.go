package usbwire

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"yimen/drivers/emulator/usb"
)

// Redirect lets the host at the other end of conn use d, by the USB redirection protocol 0.7 in which this end is the
// "usb-host": until conn or ctx ends, or the device leaves the bus by itself (usb.ErrGone). Closing conn, which it does, is
// how a device is unplugged; that the host goes is no error.
func Redirect(ctx context.Context, conn io.ReadWriteCloser, d *usb.Device) error {
	return attach(ctx, conn, d, func(a *attachment) error {
		r := &redirection{attachment: a, stopInterrupts: map[uint8]context.CancelFunc{}, answered: map[uint8][]answered{}}
		return r.serve()
	})
}

// redirection is one host's use of a device by the redirection protocol.
type redirection struct {
	*attachment
	caps           uint32 // of both ends
	wide           bool   // ids have 64 bits
	stopInterrupts map[uint8]context.CancelFunc

	mu       sync.Mutex
	answered map[uint8][]answered // by endpoint
}

// answered is a transfer to the host that was sent.
type answered struct {
	id   uint64
	data []byte
}

// rememberedAnswers is for how many transfers of an endpoint it is known what was sent.
const rememberedAnswers = 32

func (r *redirection) send(p redirPacket) { r.write(p.append(nil, r.wide)) }

// serve greets and then obeys.
func (r *redirection) serve() error {
	r.send(hello(ourCaps))
	p, err := readRedir(r.conn, false)
	if err != nil {
		return err
	}
	caps, err := helloCaps(p.body)
	if err != nil || p.kind != redirHello {
		return fmt.Errorf("usbredir %w: no hello: packet of type %d with %d bytes", errProtocol, p.kind, len(p.body))
	}
	r.caps = caps & ourCaps
	r.wide = r.caps&cap64BitIDs != 0
	r.sendInfo()
	r.send(r.connect())
	for {
		p, err := readRedir(r.conn, r.wide)
		if err != nil {
			return err
		}
		if err := r.obey(p); err != nil {
			return fmt.Errorf("usbredir %w: %w", errProtocol, err)
		}
	}
}

// connect is the packet that plugs the device in.
func (r *redirection) connect() redirPacket {
	d := r.device.About()
	body := []byte{uint8(d.Speed) - 1, d.Class, d.Subclass, d.Protocol} // usb_redir_speed counts from low = 0
	body = binary.LittleEndian.AppendUint16(body, d.Vendor)
	body = binary.LittleEndian.AppendUint16(body, d.Product)
	if r.caps&capDeviceVersion != 0 {
		body = binary.LittleEndian.AppendUint16(body, d.Version)
	}
	return redirPacket{kind: redirConnect, body: body}
}

// sendInfo tells endpoints and interfaces of the settings in force, in this order ("usb_redir_device_connect").
func (r *redirection) sendInfo() {
	interfaces := r.device.Interfaces()
	const slots = 32 // 0-15 out, then 0-15 in
	kinds, intervals, owners, sizes := make([]byte, slots), make([]byte, slots), make([]byte, slots), make([]byte, 2*slots)
	for i := range kinds {
		kinds[i] = 255
	}
	for _, i := range []int{0, slots / 2} {
		kinds[i] = 0
		binary.LittleEndian.PutUint16(sizes[2*i:], usb.MaxPacket0)
	}
	numbers := make([]byte, 4*slots)
	for k, i := range interfaces {
		numbers[k], numbers[slots+k], numbers[2*slots+k], numbers[3*slots+k] = i.Number, i.Class, i.Subclass, i.Protocol
		for _, e := range i.Endpoints {
			at := int(e.Address&usb.DirectionIn)>>3 | int(e.Address&0x0F)
			kinds[at], intervals[at], owners[at] = e.Attributes, e.Interval, i.Number
			binary.LittleEndian.PutUint16(sizes[2*at:], uint16(e.MaxPacket))
		}
	}
	body := append(append(kinds, intervals...), owners...)
	if r.caps&capMaxPacket != 0 {
		body = append(body, sizes...)
	}
	r.send(redirPacket{kind: redirEndpointInfo, body: body})
	r.send(redirPacket{kind: redirInterfaceInfo, body: append(binary.LittleEndian.AppendUint32(nil, uint32(len(interfaces))), numbers...)})
}

// short is the error of a packet that is too short for its type.
func (p redirPacket) short(n int) error {
	if len(p.body) < n {
		return fmt.Errorf("packet of type %d with %d bytes", p.kind, len(p.body))
	}
	return nil
}

// shortest is how many bytes the body of a packet has at least; those with data are taken apart elsewhere.
var shortest = map[uint32]int{
	redirSetConfiguration: 1, redirSetAlternate: 2, redirGetAlternate: 1, redirStartInterrupt: 1, redirStopInterrupt: 1,
	redirStartIso: 1, redirStopIso: 1, redirStartBulk: 10, redirStopBulk: 5, redirAllocStreams: 8, redirFreeStreams: 4,
}

// obey does what one packet asks.
func (r *redirection) obey(p redirPacket) error {
	if err := p.short(shortest[p.kind]); err != nil {
		return err
	}
	switch p.kind {
	case redirReset:
		r.device.Reset()
		r.sendInfo()
	case redirSetConfiguration, redirGetConfiguration, redirSetAlternate, redirGetAlternate:
		r.settle(p)
	case redirStartInterrupt, redirStopInterrupt:
		r.interrupts(p)
	case redirCancel:
		r.cancel(p.id)
	case redirControlPacket:
		return r.control(p)
	case redirBulkPacket:
		return r.bulk(p)
	case redirInterruptPacket:
		return r.interruptOut(p)
	case redirFilterReject:
		return errors.New("the host rejects the device")
	case redirFilter, redirDisconnectAck: // nothing to do
	default:
		return r.refuse(p)
	}
	return nil
}

// refuse answers what no device here can do: isochronous streams, bulk streams, buffered bulk.
func (r *redirection) refuse(p redirPacket) error {
	switch p.kind {
	case redirStartIso, redirStopIso:
		r.send(redirPacket{kind: redirIsoStatus, id: p.id, body: []byte{redirInvalid, p.body[0]}})
	case redirAllocStreams, redirFreeStreams:
		r.send(redirPacket{kind: redirStreamsStatus, id: p.id, body: append(append([]byte{}, p.body[:4]...), 0, 0, 0, 0, redirInvalid)})
	case redirStartBulk, redirStopBulk:
		stream, endpoint := p.body[:4], p.body[4]
		if p.kind == redirStartBulk {
			endpoint = p.body[8]
		}
		r.send(redirPacket{kind: redirBulkStatus, id: p.id, body: append(append([]byte{}, stream...), endpoint, redirInvalid)})
	case redirIsoPacket: // of a stream that was refused
	default:
		return fmt.Errorf("unknown packet type %d", p.kind)
	}
	return nil
}
