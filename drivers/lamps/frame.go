package lamps

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"yimen/drivers/device"
)

// The functions used, and how an exception marks the one it refuses (firmware-notes/relay-board "Frames").
const (
	readCoils  = 0x01
	readInputs = 0x02
	writeCoil  = 0x05
	exception  = 0x80
)

// frameLimit is more than any answer of ours can have: a board has at most 256 relays.
const frameLimit = 3 + 32 + 2

// setRelay asks unit to switch a relay, counted from 1; the board answers with the same bytes.
func setRelay(unit byte, relay int, on bool) []byte {
	value := uint16(0)
	if on {
		value = 0xFF00
	}
	return request(unit, writeCoil, uint16(relay-1), value)
}

// askRelays asks unit which of its first count relays are on.
func askRelays(unit byte, count int) []byte { return request(unit, readCoils, 0, uint16(count)) }

// askInputs asks unit which of its first count inputs are closed.
func askInputs(unit byte, count int) []byte { return request(unit, readInputs, 0, uint16(count)) }

func request(unit, function byte, address, value uint16) []byte {
	f := []byte{unit, function}
	f = binary.BigEndian.AppendUint16(f, address)
	f = binary.BigEndian.AppendUint16(f, value)
	return binary.LittleEndian.AppendUint16(f, crc(f))
}

// crc is CRC-16/MODBUS.
func crc(b []byte) uint16 {
	x := uint16(0xFFFF)
	for _, v := range b {
		x ^= uint16(v)
		for range 8 {
			carry := x & 1
			x >>= 1
			if carry != 0 {
				x ^= 0xA001
			}
		}
	}
	return x
}

// answer looks for the whole answer to req at the beginning of heard, and gives its data: what is between function and CRC.
// More is true while bytes are missing. Its errors wrap device.ErrProtocol.
func answer(req, heard []byte) (data []byte, more bool, err error) {
	if len(heard) < 2 {
		return nil, true, nil
	}
	size := 0
	switch function := heard[1]; {
	case function == req[1]|exception:
		size = 5
	case function != req[1]:
		return nil, false, fmt.Errorf("function %02X answered by %02X: %w", req[1], function, device.ErrProtocol)
	case function == writeCoil:
		size = len(req)
	case len(heard) < 3:
		return nil, true, nil
	default:
		size = 3 + int(heard[2]) + 2
	}
	switch {
	case size > frameLimit:
		return nil, false, fmt.Errorf("answer of %d bytes: %w", size, device.ErrProtocol)
	case len(heard) < size:
		return nil, true, nil
	case crc(heard[:size-2]) != binary.LittleEndian.Uint16(heard[size-2:]):
		return nil, false, fmt.Errorf("answer with a wrong checksum: %w", device.ErrProtocol)
	case heard[0] != req[0]:
		return nil, false, fmt.Errorf("unit %d answered by unit %d: %w", req[0], heard[0], device.ErrProtocol)
	case heard[1]&exception != 0:
		return nil, false, fmt.Errorf("function %02X refused with exception %02X: %w", req[1], heard[2], device.ErrProtocol)
	case heard[1] == writeCoil && !bytes.Equal(heard[:size], req):
		return nil, false, fmt.Errorf("another relay answers: %w", device.ErrProtocol)
	}
	return heard[2 : size-2], false, nil
}

// bits reads the answer to askRelays or askInputs: which of count are on, by their number from 1.
func bits(data []byte, count int) (map[int]bool, error) {
	if len(data) == 0 || int(data[0]) != len(data)-1 || len(data)-1 != (count+7)/8 {
		return nil, fmt.Errorf("%d bytes tell of %d relays or inputs: %w", len(data), count, device.ErrProtocol)
	}
	on := make(map[int]bool, count)
	for i := range count {
		on[i+1] = data[1+i/8]>>(i%8)&1 != 0
	}
	return on, nil
}
