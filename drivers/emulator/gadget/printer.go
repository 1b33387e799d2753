package gadget

import (
	"context"
	"encoding/binary"
	"io"

	"yimen/drivers/emulator/usb"
)

// SlipPrinter is what a USB printer needs of the emulated printer behind it.
type SlipPrinter interface {
	Serve(ctx context.Context, link io.ReadWriter) error
	// PortStatus is the answer to GET_PORT_STATUS: 0x20 paper is out, 0x10 selected, 0x08 no error.
	PortStatus() byte
	// Forget drops what waits in the printer's buffer.
	Forget()
}

// Requests of the printer class (USB printer class 1.1 §4.2).
const (
	getDeviceID   = 0
	getPortStatus = 1
	softReset     = 2
)

// deviceID is the IEEE 1284 device id of the printer.
const deviceID = "MFG:Yimen Bench;MDL:BENCH-80;CMD:ESC/POS;CLS:PRINTER;DES:Slip printer;"

// printer is a printer of class 07, subclass 01, protocol 02 (bidirectional).
type printer struct {
	bytePipes
	behind SlipPrinter
}

// NewPrinter gives a bidirectional USB printer (firmware-notes/escpos). Two of them with one serial number are twins.
func NewPrinter(serial string, behind SlipPrinter) *usb.Device {
	return usb.New(usb.Description{
		Speed: usb.HighSpeed, Vendor: 0x0483, Product: 0x5743, Version: 0x0100,
		Maker: "Yimen Bench", Name: "Slip printer", Serial: serial,
		Interfaces: []usb.Interface{{Class: 0x07, Subclass: 0x01, Protocol: 0x02, Endpoints: bulkPair(printerOut, printerIn, highSpeedPacket)}},
	}, printer{newBytePipes(highSpeedPacket, behind.Serve), behind})
}

// Control answers the printer class. A soft reset also makes the pipes new.
func (p printer) Control(s usb.Setup, _ []byte) ([]byte, error) {
	if s.Kind() != usb.Class {
		return nil, usb.ErrStall
	}
	switch s.Request {
	case getDeviceID: // its length goes ahead, most significant byte first, and counts itself
		return append(binary.BigEndian.AppendUint16(nil, uint16(2+len(deviceID))), deviceID...), nil
	case getPortStatus:
		return []byte{p.behind.PortStatus()}, nil
	case softReset:
		p.behind.Forget()
		p.pair.ToHost.Clear()
		return nil, nil
	}
	return nil, usb.ErrStall
}
