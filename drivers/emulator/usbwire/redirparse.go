package usbwire

import (
	"encoding/binary"
	"fmt"
	"io"

	"yimen/drivers/emulator/usb"
)

// Packet types of the USB redirection protocol 0.7 that a host of a device meets ("Packet type list"), as usbredirproto.h numbers them.
const (
	redirHello            = 0
	redirConnect          = 1
	redirDisconnect       = 2
	redirReset            = 3
	redirInterfaceInfo    = 4
	redirEndpointInfo     = 5
	redirSetConfiguration = 6
	redirGetConfiguration = 7
	redirConfiguration    = 8
	redirSetAlternate     = 9
	redirGetAlternate     = 10
	redirAlternate        = 11
	redirStartIso         = 12
	redirStopIso          = 13
	redirIsoStatus        = 14
	redirStartInterrupt   = 15
	redirStopInterrupt    = 16
	redirInterruptStatus  = 17
	redirAllocStreams     = 18
	redirFreeStreams      = 19
	redirStreamsStatus    = 20
	redirCancel           = 21
	redirFilterReject     = 22
	redirFilter           = 23
	redirDisconnectAck    = 24
	redirStartBulk        = 25
	redirStopBulk         = 26
	redirBulkStatus       = 27
	redirControlPacket    = 100
	redirBulkPacket       = 101
	redirIsoPacket        = 102
	redirInterruptPacket  = 103
)

// versionBytes is the length of the text that a hello begins with.
const versionBytes = 64

// Capabilities, by bit ("usb_redir_hello"). Buffered bulk and streams are left out: QEMU then asks for each transfer.
const (
	capDeviceVersion = 1 << 1
	capFilter        = 1 << 2
	capDisconnectAck = 1 << 3
	capMaxPacket     = 1 << 4
	cap64BitIDs      = 1 << 5
	cap32BitLength   = 1 << 6
)

// ourCaps are what this end can do.
const ourCaps = capDeviceVersion | capFilter | capDisconnectAck | capMaxPacket | cap64BitIDs | cap32BitLength

// Status codes ("Status code list").
const (
	redirSuccess   = 0
	redirCancelled = 1
	redirInvalid   = 2
	redirIOError   = 3
	redirStall     = 4
	redirBabble    = 6
)

// largestRedirPacket bounds what one packet may bring: the largest transfer with its headers.
const largestRedirPacket = largestTransfer + 64

// redirPacket is one packet of the protocol without its header.
type redirPacket struct {
	kind uint32
	id   uint64
	body []byte
}

// readRedir reads one packet. wide says whether ids have 64 bits, as they have once both ends can do that.
func readRedir(r io.Reader, wide bool) (redirPacket, error) {
	header := make([]byte, 12, 16)
	if wide {
		header = header[:16]
	}
	if _, err := io.ReadFull(r, header); err != nil {
		return redirPacket{}, err
	}
	p := redirPacket{kind: binary.LittleEndian.Uint32(header)}
	if p.id = uint64(binary.LittleEndian.Uint32(header[8:])); wide {
		p.id = binary.LittleEndian.Uint64(header[8:])
	}
	n := binary.LittleEndian.Uint32(header[4:])
	if n > largestRedirPacket {
		return p, fmt.Errorf("usbredir %w: packet of type %d with %d bytes", errProtocol, p.kind, n)
	}
	p.body = make([]byte, n)
	_, err := io.ReadFull(r, p.body)
	return p, err
}

// append appends the packet as it goes on the wire.
func (p redirPacket) append(b []byte, wide bool) []byte {
	b = binary.LittleEndian.AppendUint32(b, p.kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p.body)))
	if wide {
		b = binary.LittleEndian.AppendUint64(b, p.id)
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.id))
	}
	return append(b, p.body...)
}

// helloCaps are the capabilities in the body of a hello.
func helloCaps(body []byte) (uint32, error) {
	if len(body) < versionBytes || (len(body)-versionBytes)%4 != 0 {
		return 0, fmt.Errorf("hello of %d bytes", len(body))
	}
	if len(body) == versionBytes {
		return 0, nil
	}
	return binary.LittleEndian.Uint32(body[versionBytes:]), nil
}

// hello is the first packet of either end.
func hello(caps uint32) redirPacket {
	body := make([]byte, versionBytes)
	copy(body, "yimen bench")
	return redirPacket{kind: redirHello, body: binary.LittleEndian.AppendUint32(body, caps)}
}

// parseControl takes a control packet apart ("usb_redir_control_packet").
func parseControl(body []byte) (usb.Setup, []byte, error) {
	if len(body) < 10 {
		return usb.Setup{}, nil, fmt.Errorf("control packet of %d bytes", len(body))
	}
	s := usb.Setup{
		Request: body[1], Type: body[2], Value: binary.LittleEndian.Uint16(body[4:]),
		Index: binary.LittleEndian.Uint16(body[6:]), Length: binary.LittleEndian.Uint16(body[8:]),
	}
	data := body[10:]
	if want := int(s.Length); s.In() && len(data) != 0 || !s.In() && len(data) != want {
		return s, nil, fmt.Errorf("control packet with %d bytes of data, length %d", len(data), want)
	}
	return s, data, nil
}

// bulk is a bulk packet ("usb_redir_bulk_packet").
type bulk struct {
	endpoint, status uint8
	length           int
	stream           uint32
	data             []byte
}

// parseBulk takes a bulk packet apart; long says whether its length has 32 bits.
func parseBulk(body []byte, long bool) (bulk, error) {
	header := 8
	if long {
		header = 10
	}
	if len(body) < header {
		return bulk{}, fmt.Errorf("bulk packet of %d bytes", len(body))
	}
	b := bulk{endpoint: body[0], status: body[1], length: int(binary.LittleEndian.Uint16(body[2:])), stream: binary.LittleEndian.Uint32(body[4:]), data: body[header:]}
	if long {
		b.length |= int(binary.LittleEndian.Uint16(body[8:])) << 16
	}
	if toHost := b.endpoint&usb.DirectionIn != 0; toHost && len(b.data) != 0 || !toHost && len(b.data) != b.length || b.length > largestTransfer {
		return b, fmt.Errorf("bulk packet with %d bytes of data, length %d", len(b.data), b.length)
	}
	return b, nil
}

// body is the packet as the host of a device sends it.
func (b bulk) body(long bool) []byte {
	out := []byte{b.endpoint, b.status}
	out = binary.LittleEndian.AppendUint16(out, uint16(b.length))
	out = binary.LittleEndian.AppendUint32(out, b.stream)
	if long {
		out = binary.LittleEndian.AppendUint16(out, uint16(b.length>>16))
	}
	return append(out, b.data...)
}
