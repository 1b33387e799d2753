// Package gadget has what emulated USB devices do behind their endpoints: a printer, a SAM card reader and a serial port
// over the protocols of the emulators, a camera, a touch panel. Each constructor gives a device that is on no bus yet.
package gadget

import (
	"context"
	"io"

	"yimen/drivers/emulator/usb"
)

// Protocol is a device's end of a line that carries bytes, until the line or ctx ends.
type Protocol func(ctx context.Context, link io.ReadWriter) error

// Bytes per packet of bulk endpoints.
const (
	fullSpeedPacket = 64
	highSpeedPacket = 512
)

// Addresses of the endpoints. Their numbers differ between devices as they do in shops: a driver has to read descriptors.
const (
	printerOut = 0x03
	printerIn  = 0x81
	samOut     = 0x02
	samIn      = 0x81
	serialOut  = 0x01
	serialIn   = 0x82
	serialNote = 0x83
	cameraIn   = 0x81
	touchIn    = 0x81
	bridgeOut  = 0x02
	bridgeIn   = 0x81
)

// bytePipes is the part of a function that carries a protocol over one pair of bulk endpoints.
type bytePipes struct {
	pair     *usb.Pair
	protocol Protocol
}

func newBytePipes(maxPacket int, p Protocol) bytePipes {
	return bytePipes{pair: usb.NewPair(maxPacket), protocol: p}
}

func (b bytePipes) Run(ctx context.Context) error { return b.pair.Serve(ctx, b.protocol) }

func (b bytePipes) In(ctx context.Context, _ uint8, n int) ([]byte, error) {
	return b.pair.ToHost.Take(ctx, n)
}

func (b bytePipes) Out(ctx context.Context, _ uint8, data []byte) (int, error) {
	return b.pair.Give(ctx, data)
}

func (b bytePipes) Return(_ uint8, data []byte) { b.pair.ToHost.Return(data) }

func (b bytePipes) Restart(uint8) {}

// Control refuses: a byte device without requests of its own.
func (b bytePipes) Control(usb.Setup, []byte) ([]byte, error) { return nil, usb.ErrStall }

// bulkPair are the endpoints of a byte device.
func bulkPair(out, in uint8, maxPacket int) []usb.Endpoint {
	return []usb.Endpoint{
		{Address: out, Attributes: usb.Bulk, MaxPacket: maxPacket},
		{Address: in, Attributes: usb.Bulk, MaxPacket: maxPacket},
	}
}
