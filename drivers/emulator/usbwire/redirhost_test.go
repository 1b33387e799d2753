package usbwire_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"yimen/drivers/emulator/usb"
	"yimen/drivers/emulator/usbwire"
)

// Ends of transfers in the redirection protocol.
const (
	success   = 0
	cancelled = 1
	stalled   = 4
	babbled   = 6
)

// packet is one that the host got.
type packet struct {
	kind uint32
	id   uint64
	body []byte
}

// host is a small kernel at the other end of usbredir, written apart from the package.
type host struct {
	t      *testing.T
	device *usb.Device
	conn   net.Conn
	ended  chan error // what Redirect returned

	mu        sync.Mutex
	last      uint64
	answers   map[uint64]chan packet
	infos     []packet // what was told before the device was plugged in, and with each new setting
	connected chan packet
	spoken    chan packet // on interrupt endpoints
	gone      chan struct{}
}

// plug gives a device to a new host.
func plug(t *testing.T, d *usb.Device) *host {
	t.Helper()
	near, far := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	h := &host{t: t, device: d, conn: near, ended: make(chan error, 1), answers: map[uint64]chan packet{}, connected: make(chan packet, 1), spoken: make(chan packet, 100), gone: make(chan struct{})}
	go func() { h.ended <- usbwire.Redirect(ctx, far, d) }()
	go h.listen()
	h.send(0, 0, binary.LittleEndian.AppendUint32(make([]byte, 64), 0b1110010)) // device version, packet sizes, wide ids, long bulk
	t.Cleanup(func() {
		cancel()
		h.conn.Close()
		<-h.gone
	})
	<-h.connected
	return h
}

// send sends a packet; only the hello has a narrow id.
func (h *host) send(kind uint32, id uint64, body []byte) {
	b := binary.LittleEndian.AppendUint32(nil, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(body)))
	if kind == 0 {
		b = binary.LittleEndian.AppendUint32(b, 0)
	} else {
		b = binary.LittleEndian.AppendUint64(b, id)
	}
	_, _ = h.conn.Write(append(b, body...)) // a device that is gone shows in what does not come back
}

// listen sorts what comes.
func (h *host) listen() {
	defer close(h.gone)
	for n := 0; ; n++ {
		size := 16
		if n == 0 {
			size = 12
		}
		head := make([]byte, size)
		if _, err := io.ReadFull(h.conn, head); err != nil {
			return
		}
		p := packet{kind: binary.LittleEndian.Uint32(head), body: make([]byte, binary.LittleEndian.Uint32(head[4:]))}
		if n > 0 {
			p.id = binary.LittleEndian.Uint64(head[8:])
		}
		if _, err := io.ReadFull(h.conn, p.body); err != nil {
			return
		}
		h.mu.Lock()
		waiting := h.answers[p.id]
		delete(h.answers, p.id)
		if p.kind == 4 || p.kind == 5 {
			h.infos = append(h.infos, p)
		}
		h.mu.Unlock()
		switch {
		case p.kind == 1:
			h.connected <- p
		case p.kind == 103 && p.body[0]&0x80 != 0 || p.kind == 17:
			h.spoken <- p
		case waiting != nil:
			waiting <- p
		}
	}
}

// errGone: the device left.
var errGone = errors.New("the device is gone")

// ask sends a packet under a new number and gives its number and where the answer will be.
func (h *host) ask(kind uint32, body []byte) (uint64, <-chan packet) {
	h.mu.Lock()
	h.last++
	id, answer := h.last, make(chan packet, 1)
	h.answers[id] = answer
	h.mu.Unlock()
	h.send(kind, id, body)
	return id, answer
}

// wait waits for an answer.
func (h *host) wait(answer <-chan packet) (packet, error) {
	select {
	case p := <-answer:
		return p, nil
	case <-h.gone:
		return packet{}, errGone
	}
}

// control does a control transfer and gives its status.
func (h *host) control(kind, request uint8, value, index, length uint16, data []byte) ([]byte, uint8) {
	h.t.Helper()
	b := []byte{kind & 0x80, request, kind, 0}
	for _, v := range []uint16{value, index, length} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	_, answer := h.ask(100, append(b, data...))
	p, err := h.wait(answer)
	if err != nil {
		h.t.Fatal(err)
	}
	if got := int(binary.LittleEndian.Uint16(p.body[8:])); kind&0x80 != 0 && got != len(p.body)-10 || kind&0x80 == 0 && len(p.body) != 10 {
		h.t.Errorf("control answer of length %d with %d bytes", got, len(p.body)-10)
	}
	return p.body[10:], p.body[3]
}

// must is control for what has to succeed.
func (h *host) must(kind, request uint8, value, index, length uint16, data []byte) []byte {
	h.t.Helper()
	b, status := h.control(kind, request, value, index, length, data)
	if status != success {
		h.t.Fatalf("request %02X %02X value %04X index %04X: status %d", kind, request, value, index, status)
	}
	return b
}

// configure chooses the configuration.
func (h *host) configure() {
	h.t.Helper()
	_, answer := h.ask(6, []byte{1})
	if p, err := h.wait(answer); err != nil || p.kind != 8 || p.body[0] != success || p.body[1] != 1 {
		h.t.Fatalf("configure: %+v, %v", p, err)
	}
}

// submit begins a bulk transfer; data is for the device, n what is wanted from it.
func (h *host) submit(endpoint uint8, n int, data []byte) (uint64, <-chan packet) {
	if endpoint&0x80 == 0 {
		n = len(data)
	}
	b := binary.LittleEndian.AppendUint16([]byte{endpoint, 0}, uint16(n))
	b = binary.LittleEndian.AppendUint16(append(b, 0, 0, 0, 0), uint16(n>>16))
	return h.ask(101, append(b, data...))
}

// result is how a bulk transfer ended: status, the device's data and how many bytes moved.
func (h *host) result(answer <-chan packet) (status uint8, data []byte, n int) {
	h.t.Helper()
	p, err := h.wait(answer)
	if err != nil {
		h.t.Fatal(err)
	}
	if p.kind != 101 {
		h.t.Fatalf("a bulk packet is answered with type %d", p.kind)
	}
	return p.body[1], p.body[10:], int(binary.LittleEndian.Uint16(p.body[2:])) | int(binary.LittleEndian.Uint16(p.body[8:]))<<16
}

// write sends to the device what it has to take.
func (h *host) write(endpoint uint8, data []byte) {
	h.t.Helper()
	_, answer := h.submit(endpoint, 0, data)
	if status, _, n := h.result(answer); status != success || n != len(data) {
		h.t.Fatalf("sent %d of %d bytes, status %d", n, len(data), status)
	}
}

// read gets one transfer from the device.
func (h *host) read(endpoint uint8, n int) []byte {
	h.t.Helper()
	_, answer := h.submit(endpoint, n, nil)
	status, data, got := h.result(answer)
	if status != success || got != len(data) {
		h.t.Fatalf("got %d bytes, length %d, status %d", len(data), got, status)
	}
	return data
}
