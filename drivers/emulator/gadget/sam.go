package gadget

import "yimen/drivers/emulator/usb"

// NewSAM gives a SAM card reader on USB (firmware-notes/sam-v): vendor class, full speed, one pair of bulk endpoints
// that carries whole frames.
func NewSAM(serial string, p Protocol) *usb.Device {
	return usb.New(usb.Description{
		Speed: usb.FullSpeed, Vendor: 0x0400, Product: 0xC35A, Version: 0x0063,
		Maker: "Yimen Bench", Name: "SAM card reader", Serial: serial,
		Interfaces: []usb.Interface{{Class: 0xFF, Endpoints: bulkPair(samOut, samIn, fullSpeedPacket)}},
	}, newBytePipes(fullSpeedPacket, p))
}
