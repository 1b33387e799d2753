package gadget

import (
	"context"
	"slices"
	"sync"

	"yimen/drivers/emulator/usb"
)

// Requests of the abstract control model (USB PSTN 1.2 §6.3).
const (
	setLineCoding   = 0x20
	getLineCoding   = 0x21
	setControlLines = 0x22
	sendBreak       = 0x23
)

// Bits of the control lines, and of the state that the port tells on its interrupt endpoint (PSTN §6.3.12, §6.5.4).
const (
	lineDTR  = 0x01
	stateDCD = 0x01
	stateDSR = 0x02
)

// notePacket is the size of a packet on the interrupt endpoint: one SERIAL_STATE fits.
const notePacket = 16

// lineCodingBytes is the size of a line coding: rate, stop bits, parity, data bits.
const lineCodingBytes = 7

// serial is a serial port of the class CDC-ACM.
type serial struct {
	bytePipes
	notes *usb.Pipe

	mu     sync.Mutex
	coding []byte
}

// NewSerial gives a serial port on USB (CDC-ACM), as QR engines and relay boards bring one. The rate that a host sets
// is remembered and has no effect.
func NewSerial(name, serialNumber string, product uint16, p Protocol) *usb.Device {
	s := &serial{bytePipes: newBytePipes(highSpeedPacket, p), notes: usb.NewPipe(notePacket), coding: []byte{0x80, 0x25, 0, 0, 0, 0, 8}} // 9600 8N1
	return usb.New(usb.Description{
		Speed: usb.HighSpeed, Class: 0x02, Vendor: 0x1D6B, Product: product, Version: 0x0100,
		Maker: "Yimen Bench", Name: name, Serial: serialNumber,
		Interfaces: []usb.Interface{
			{
				Number: 0, Class: 0x02, Subclass: 0x02, Protocol: 0x01,
				Extra: slices.Concat(
					[]byte{5, 0x24, 0x00, 0x10, 0x01}, // header, CDC 1.10
					[]byte{5, 0x24, 0x01, 0x00, 1},    // no call management
					[]byte{4, 0x24, 0x02, 0x06},       // line coding, serial state and break
					[]byte{5, 0x24, 0x06, 0, 1},       // union of interfaces 0 and 1
				),
				Endpoints: []usb.Endpoint{{Address: serialNote, Attributes: usb.Interrupt, MaxPacket: notePacket, Interval: 9}},
			},
			{Number: 1, Class: 0x0A, Endpoints: bulkPair(serialOut, serialIn, highSpeedPacket)},
		},
	}, s)
}

// Control keeps the line coding, and tells carrier and data set ready when the host raises DTR. What
// was said before the port was opened or after it was closed is gone, as on a line without flow control.
func (s *serial) Control(q usb.Setup, data []byte) ([]byte, error) {
	if q.Kind() != usb.Class {
		return nil, usb.ErrStall
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch q.Request {
	case setLineCoding:
		if len(data) != lineCodingBytes {
			return nil, usb.ErrStall
		}
		s.coding = slices.Clone(data)
	case getLineCoding:
		return slices.Clone(s.coding), nil
	case setControlLines:
		state := byte(0)
		if q.Value&lineDTR != 0 {
			state = stateDCD | stateDSR
		}
		s.pair.ToHost.Clear()
		s.notes.Clear()
		s.notes.Put([]byte{0xA1, 0x20, 0, 0, 0, 0, 2, 0, state, 0})
	case sendBreak:
	default:
		return nil, usb.ErrStall
	}
	return nil, nil
}

func (s *serial) Run(ctx context.Context) error {
	s.notes.Clear()
	return s.bytePipes.Run(ctx)
}

func (s *serial) In(ctx context.Context, endpoint uint8, n int) ([]byte, error) {
	if endpoint == serialNote {
		return s.notes.Take(ctx, n)
	}
	return s.bytePipes.In(ctx, endpoint, n)
}

func (s *serial) Return(endpoint uint8, data []byte) {
	if endpoint == serialNote {
		s.notes.Return(data)
		return
	}
	s.bytePipes.Return(endpoint, data)
}
