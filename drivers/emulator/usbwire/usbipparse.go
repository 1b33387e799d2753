package usbwire

import (
	"encoding/binary"
	"fmt"
	"io"

	"yimen/drivers/emulator/usb"
)

// Codes of USB/IP 1.1.1 (Linux, Documentation/usb/usbip_protocol.rst). All numbers go most significant byte first.
const (
	ipVersion       = 0x0111
	ipListRequest   = 0x8005
	ipListReply     = 0x0005
	ipImportRequest = 0x8003
	ipImportReply   = 0x0003
	ipSubmit        = 1
	ipUnlink        = 2
	ipSubmitReply   = 3
	ipUnlinkReply   = 4
	ipHeaderBytes   = 48
	ipPathBytes     = 256
	ipBusIDBytes    = 32
)

// Ends of a transfer, as Linux numbers them.
const (
	ipStall     = -32  // EPIPE
	ipBabble    = -75  // EOVERFLOW
	ipUnlinked  = -104 // ECONNRESET
	ipTransport = -71  // EPROTO
)

// ipCommand is a host's command for a device it has imported.
type ipCommand struct {
	code, number uint32
	toHost       bool
	endpoint     uint8     // without its direction
	length       int       // of the host's buffer
	setup        usb.Setup // for endpoint 0
	data         []byte    // to the device
	victim       uint32    // of an unlink
}

// address is the endpoint's address.
func (c ipCommand) address() uint8 {
	if c.toHost {
		return c.endpoint | usb.DirectionIn
	}
	return c.endpoint
}

// readIPCommand reads one command with its data.
func readIPCommand(r io.Reader) (ipCommand, error) {
	h := make([]byte, ipHeaderBytes)
	if _, err := io.ReadFull(r, h); err != nil {
		return ipCommand{}, err
	}
	word := func(i int) uint32 { return binary.BigEndian.Uint32(h[4*i:]) }
	c := ipCommand{code: word(0), number: word(1), toHost: word(3) != 0, endpoint: uint8(word(4))}
	switch {
	case c.code == ipUnlink:
		c.victim = word(5)
		return c, nil
	case c.code != ipSubmit:
		return c, fmt.Errorf("usbip %w: command %d", errProtocol, c.code)
	case word(4) > 15 || word(6) > largestTransfer:
		return c, fmt.Errorf("usbip %w: %d bytes on endpoint %d", errProtocol, word(6), word(4))
	case word(8) != 0 && word(8) != 0xFFFFFFFF:
		return c, fmt.Errorf("usbip %w: %d isochronous packets", errProtocol, word(8))
	}
	c.length = int(word(6))
	c.setup = usb.Setup{
		Type: h[40], Request: h[41], Value: binary.LittleEndian.Uint16(h[42:]),
		Index: binary.LittleEndian.Uint16(h[44:]), Length: binary.LittleEndian.Uint16(h[46:]),
	}
	if c.toHost {
		return c, nil
	}
	c.data = make([]byte, c.length)
	_, err := io.ReadFull(r, c.data)
	return c, err
}

// ipReply is what a submit or an unlink is answered with; data goes to the host.
func ipReply(code, number uint32, status int32, length int, data []byte) []byte {
	b := make([]byte, ipHeaderBytes, ipHeaderBytes+len(data))
	binary.BigEndian.PutUint32(b, code)
	binary.BigEndian.PutUint32(b[4:], number)
	binary.BigEndian.PutUint32(b[20:], uint32(status))
	binary.BigEndian.PutUint32(b[24:], uint32(length))
	return append(b, data...)
}

// ipDevice is what a list or an import says of a device.
func ipDevice(d *usb.Device, bus string, number int) []byte {
	b := make([]byte, ipPathBytes+ipBusIDBytes)
	copy(b, "/sys/devices/bench/"+bus)
	copy(b[ipPathBytes:], bus)
	b = binary.BigEndian.AppendUint32(b, 1)
	b = binary.BigEndian.AppendUint32(b, uint32(number))
	b = binary.BigEndian.AppendUint32(b, uint32(d.About().Speed))
	b = binary.BigEndian.AppendUint16(b, d.About().Vendor)
	b = binary.BigEndian.AppendUint16(b, d.About().Product)
	b = binary.BigEndian.AppendUint16(b, d.About().Version)
	return append(b, d.About().Class, d.About().Subclass, d.About().Protocol, usb.Configuration, 1, d.About().InterfaceCount())
}
