package gadget

import (
	"context"
	"errors"
	"slices"
	"time"

	"yimen/drivers/emulator/usb"
)

// Requests of an FT232R, all of the vendor's kind, as Linux' ftdi_sio.h names them.
const (
	ftdiReset         = 0x00
	ftdiModemControl  = 0x01
	ftdiFlowControl   = 0x02
	ftdiBaudRate      = 0x03
	ftdiDataFormat    = 0x04
	ftdiModemStatus   = 0x05
	ftdiEventChar     = 0x06
	ftdiErrorChar     = 0x07
	ftdiSetLatency    = 0x09
	ftdiGetLatency    = 0x0A
	ftdiReadEEPROM    = 0x90
	ftdiUsualLatency  = 16 // ms
	ftdiPurgeReceived = 1  // of ftdiReset: what is on its way to the host
)

// ftdiStatus goes ahead of each packet to the host: modem lines CTS and DSR, transmitter empty.
var ftdiStatus = []byte{0x31, 0x60}

// bridge is a serial port behind an FT232R. Its rate and format have no effect.
type bridge struct {
	bytePipes
	latency time.Duration
}

// NewBridge gives a serial port behind an FT232R (firmware-notes/relay-board "Transports"), a chip with a class of its own.
func NewBridge(serial string, p Protocol) *usb.Device {
	return usb.New(usb.Description{
		Speed: usb.FullSpeed, Vendor: 0x0403, Product: 0x6001, Version: 0x0600,
		Maker: "FTDI", Name: "FT232R USB UART", Serial: serial,
		Interfaces: []usb.Interface{{Class: 0xFF, Subclass: 0xFF, Protocol: 0xFF, Endpoints: bulkPair(bridgeOut, bridgeIn, fullSpeedPacket)}},
	}, bridge{newBytePipes(fullSpeedPacket, p), ftdiUsualLatency * time.Millisecond})
}

// Control takes every setting and keeps none.
func (b bridge) Control(s usb.Setup, _ []byte) ([]byte, error) {
	if s.Kind() != usb.Vendor {
		return nil, usb.ErrStall
	}
	switch s.Request {
	case ftdiReset:
		if s.Value == ftdiPurgeReceived {
			b.pair.ToHost.Clear()
		}
	case ftdiModemControl, ftdiFlowControl, ftdiBaudRate, ftdiDataFormat, ftdiEventChar, ftdiErrorChar, ftdiSetLatency:
	case ftdiModemStatus:
		return slices.Clone(ftdiStatus), nil
	case ftdiGetLatency:
		return []byte{ftdiUsualLatency}, nil
	case ftdiReadEEPROM:
		return []byte{0xFF, 0xFF}, nil // empty
	default:
		return nil, usb.ErrStall
	}
	return nil, nil
}

// In gives bytes with the status ahead of each packet, and the status alone when the line is silent for the latency.
func (b bridge) In(ctx context.Context, _ uint8, n int) ([]byte, error) {
	const payload = fullSpeedPacket - 2
	silence, cancel := context.WithTimeout(ctx, b.latency)
	defer cancel()
	data, err := b.pair.ToHost.Take(silence, n/fullSpeedPacket*payload)
	if err != nil && (ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded)) {
		return nil, err
	}
	out := slices.Clone(ftdiStatus)
	for i, piece := range slices.Collect(slices.Chunk(data, payload)) {
		if i > 0 {
			out = append(out, ftdiStatus...)
		}
		out = append(out, piece...)
	}
	return out, nil
}

// Return puts the bytes back without their status.
func (b bridge) Return(_ uint8, packets []byte) {
	var data []byte
	for p := range slices.Chunk(packets, fullSpeedPacket) {
		data = append(data, p[min(len(p), len(ftdiStatus)):]...)
	}
	if len(data) > 0 {
		b.pair.ToHost.Return(data)
	}
}
