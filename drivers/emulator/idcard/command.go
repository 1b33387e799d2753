package idcard

import (
	"bytes"
	"time"
)

// The commands, CMD and PARA together (firmware-notes/sam-v "Commands").
const (
	cmdReset       = 0x10FF
	cmdStatus      = 0x11FF
	cmdID          = 0x12FF
	cmdFind        = 0x2001
	cmdSelect      = 0x2002
	cmdBase        = 0x3001
	cmdAllAddress  = 0x3002
	cmdAddress     = 0x3003
	cmdManagement  = 0x3005
	cmdFingerprint = 0x3010
	cmdRFLimit     = 0x61FF
	cmdRate        = 0x60 // PARA is the rate
)

// samID is 05.03-20240101-0000012345-0987654321 (firmware-notes/sam-v "Replies").
var samID = []byte{0x05, 0x00, 0x03, 0x00, 0xE5, 0xD6, 0x34, 0x01, 0x39, 0x30, 0x00, 0x00, 0xB1, 0x68, 0xDE, 0x3A}

// rateDivisor is how much slower than 115200 each PARA of the rate command is.
var rateDivisor = []time.Duration{1, 2, 3, 6, 12}

// addressCount is how many additional addresses an answer to 30 02 has room for.
const addressCount = 4

// execute does one command and gives its answer.
func (r *Reader) execute(cmd []byte) (Status, []byte) {
	if len(cmd) == 1 {
		if cmd[0] > 1 { // 00 sleep and 01 wake alone have no PARA
			return StatusBadLength, nil
		}
		return StatusOK, nil
	}
	if r.Faults.On(Locked) {
		return StatusLocked, nil
	}
	switch op := int(cmd[0])<<8 | int(cmd[1]); {
	case len(cmd) > 2 && op != cmdRFLimit:
		return StatusBadLength, nil
	case op == cmdReset:
		r.restart()
		return StatusOK, nil
	case op == cmdStatus:
		return StatusOK, nil
	case op == cmdID:
		return StatusOK, samID
	case op == cmdRFLimit:
		if len(cmd) != 3 {
			return StatusBadLength, nil
		}
		if cmd[2] < 24 {
			return StatusUnknown, nil
		}
		return StatusOK, nil
	case cmd[0] == cmdRate:
		return r.setRate(int(cmd[1])), nil
	case cmd[0] == 0x20 || cmd[0] == 0x30:
		return r.cardCommand(op)
	default:
		return StatusUnknown, nil
	}
}

// restart forgets what was selected: a card that lies there can be found again. No note says so; it is
// what makes a reset after a failed read worth its while.
func (r *Reader) restart() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.card != nil {
		r.phase = inField
	}
}

func (r *Reader) setRate(para int) Status {
	if para >= len(rateDivisor) {
		return StatusUnknown
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ByteTime > 0 {
		r.ByteTime = wireByte115200 * rateDivisor[para]
	}
	return StatusOK
}

// cardCommand is the state machine (firmware-notes/sam-v "Sequence and repeat read").
func (r *Reader) cardCommand(op int) (Status, []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forced != 0 {
		return r.forced, nil
	}
	switch op {
	case cmdFind:
		if r.phase != inField && r.phase != found {
			return StatusNotFound, nil
		}
		r.phase = found
		return StatusCardFound, make([]byte, 4)
	case cmdSelect:
		if r.phase != found {
			return StatusNotSelected, nil
		}
		r.phase = selected
		return StatusOK, make([]byte, 8)
	case cmdBase, cmdFingerprint, cmdAddress, cmdAllAddress, cmdManagement:
		if r.phase != selected {
			return StatusReadFailed, nil
		}
		if (op == cmdBase || op == cmdFingerprint) && r.Faults.Take(CardPulled) {
			r.card, r.phase = nil, noCard
			return StatusReadFailed, nil
		}
		return r.read(op)
	default:
		return StatusUnknown, nil
	}
}

// read answers a read command for the selected card.
func (r *Reader) read(op int) (Status, []byte) {
	switch op {
	case cmdBase:
		return StatusOK, r.card.base(false)
	case cmdFingerprint:
		return StatusOK, r.card.base(true)
	case cmdManagement:
		return StatusOK, bytes.Repeat([]byte{0x5A}, 28)
	}
	a := r.card.address()
	if a == nil {
		return StatusNoContent, nil
	}
	if op == cmdAllAddress {
		a = append(a, blank((addressCount-1)*addressLen)...)
	}
	return StatusOK, a
}
