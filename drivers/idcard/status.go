package idcard

import (
	"fmt"

	"yimen/drivers/device"
)

// status is SW3 of a reply (firmware-notes/sam-v "Status codes").
type status byte

const (
	done        status = 0x90
	noContent   status = 0x91
	cardFound   status = 0x9F
	badChecksum status = 0x10
	badLength   status = 0x11
	noNewCard   status = 0x80

	unknownCommand status = 0x21
	notPermitted   status = 0x23
)

// meanings gives what a status says, and the sentinel where it is a failure.
var meanings = map[status]struct {
	text  string
	cause error
}{
	done:           {"done", nil},
	noContent:      {"card holds nothing of this kind", nil},
	cardFound:      {"card found", nil},
	badChecksum:    {"module got a wrong checksum", device.ErrProtocol},
	badLength:      {"module got a wrong length", device.ErrProtocol},
	unknownCommand: {"unknown command or parameter", device.ErrProtocol},
	notPermitted:   {"operation not permitted", device.ErrProtocol},
	0x24:           {"unidentified error", device.ErrProtocol},
	0x31:           {"card did not authenticate the module", device.ErrInvalidMedia},
	0x32:           {"module did not authenticate the card", device.ErrInvalidMedia},
	0x33:           {"data of the card failed verification", device.ErrInvalidMedia},
	0x40:           {"card of unknown type", device.ErrInvalidMedia},
	0x41:           {"reading the card failed", device.ErrInvalidMedia},
	0x47:           {"random number failure", device.ErrInvalidMedia},
	0x60:           {"module failed its self-test", device.ErrHardware},
	0x66:           {"module is locked", device.ErrHardware},
	noNewCard:      {"no new card in the field", device.ErrNoMedia},
	0x81:           {"selecting the card failed", device.ErrInvalidMedia},
}

// err is nil for a success, and otherwise wraps the sentinel that tells what to do about it.
func (s status) err() error {
	m, known := meanings[s]
	if !known {
		return fmt.Errorf("unknown status %02X: %w", byte(s), device.ErrProtocol)
	}
	if m.cause == nil {
		return nil
	}
	return fmt.Errorf("status %02X, %s: %w", byte(s), m.text, m.cause)
}
