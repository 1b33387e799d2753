package scanner

import (
	"bytes"
	"encoding/binary"
)

// What a command does to the light.
type effect int

const (
	nothing effect = iota
	lightOn
	lightOff
)

// command is one command as understood, with the answers to it; dialects that do not answer have none.
type command struct {
	does     effect
	ack, nak []byte
}

// longestCommand bounds what is kept while the end of a command is awaited, in bytes.
const longestCommand = 64

// parser cuts the line into commands. What is none is skipped byte by byte.
type parser struct {
	dialect Dialect
	buf     []byte
}

func (p *parser) feed(b []byte) { p.buf = append(p.buf, b...) }

// next gives the next whole command; false when there is none yet.
func (p *parser) next() (command, bool) {
	for len(p.buf) > 0 {
		c, n, part := p.read()
		switch {
		case n > 0:
			p.buf = p.buf[n:]
			return c, true
		case part && len(p.buf) < longestCommand:
			return command{}, false
		}
		p.buf = p.buf[1:]
	}
	return command{}, false
}

// read reads the command that the buffer begins with and tells its length; 0 when it begins with none, or with the
// beginning of one only (part).
func (p *parser) read() (c command, n int, part bool) {
	switch p.dialect {
	case Newland:
		return newland(p.buf)
	case GM65:
		return gm65(p.buf)
	case Honeywell:
		return bare(p.buf, []byte{0x16, 0x54, 0x0D}, []byte{0x16, 0x55, 0x0D})
	default:
		return bare(p.buf, []byte{0x01, 0x54, 0x04}, []byte{0x01, 0x50, 0x04})
	}
}

// bare reads the two triggers of dialects that have no answers.
func bare(b, on, off []byte) (c command, n int, part bool) {
	switch {
	case bytes.HasPrefix(b, on):
		return command{does: lightOn}, len(on), false
	case bytes.HasPrefix(b, off):
		return command{does: lightOff}, len(off), false
	}
	return command{}, 0, bytes.HasPrefix(on, b) || bytes.HasPrefix(off, b)
}

// newlandHead (firmware-notes/qr-engine "Triggers") begins a command and, with 02 for 7E, its answer: type 01 and an address of four digits.
var newlandHead = []byte{0x7E, 0x01, '0', '0', '0', '0'}

// Newland's judgements of a command.
const (
	newlandACK = 0x06 // done
	newlandNAK = 0x15 // its value is out of range
	newlandENQ = 0x05 // there is no such command
)

// newland reads 7E 01 0000 #COMMAND; 03; '@' instead of '#' would make a setting permanent.
func newland(b []byte) (c command, n int, part bool) {
	if len(b) < len(newlandHead) {
		return command{}, 0, bytes.HasPrefix(newlandHead, b)
	}
	if !bytes.HasPrefix(b, newlandHead) {
		return command{}, 0, false
	}
	body, _, whole := bytes.Cut(b[len(newlandHead):], []byte{';', 0x03})
	if !whole {
		return command{}, 0, true
	}
	if len(body) == 0 || body[0] != '#' && body[0] != '@' {
		return command{}, 0, false
	}
	answer := func(judgement byte) []byte {
		a := append([]byte{0x02}, newlandHead[1:]...)
		return append(append(a, body...), judgement, ';', 0x03)
	}
	n = len(newlandHead) + len(body) + 2
	name, ok := bytes.CutPrefix(body[1:], []byte("SCNTRG"))
	switch {
	case !ok:
		return command{ack: answer(newlandENQ)}, n, false
	case string(name) == "1":
		return command{does: lightOn, ack: answer(newlandACK), nak: answer(newlandNAK)}, n, false
	case string(name) == "0":
		return command{does: lightOff, ack: answer(newlandACK)}, n, false
	}
	return command{ack: answer(newlandNAK)}, n, false
}

// GM65's command types, and the zone whose lowest bit triggers.
const (
	gm65Write   = 0x08
	gm65Save    = 0x09
	gm65Trigger = 0x0002
)

var gm65Head = []byte{0x7E, 0x00}

// The results in GM65's answers (firmware-notes/qr-engine "Triggers").
const (
	gm65Done    = 0x00
	gm65BadCRC  = 0x01
	gm65Unknown = 0x03
)

// gm65 reads 7E 00, type, length of the data, address of the zone, data, CRC. AB CD in place of the CRC asks that it not
// be looked at.
func gm65(b []byte) (c command, n int, part bool) {
	if len(b) < 4 {
		return command{}, 0, bytes.HasPrefix(gm65Head, b) || bytes.HasPrefix(b, gm65Head)
	}
	if !bytes.HasPrefix(b, gm65Head) {
		return command{}, 0, false
	}
	n = 6 + int(b[3]) + 2
	if len(b) < n {
		return command{}, 0, true
	}
	body, sum := b[2:n-2], binary.BigEndian.Uint16(b[n-2:n])
	c.ack, c.nak = gm65Answer(gm65Done), gm65Answer(gm65Unknown)
	switch {
	case sum != 0xABCD && sum != xmodem(body):
		c.ack = gm65Answer(gm65BadCRC)
	case body[0] == gm65Write && len(body) == 5 && binary.BigEndian.Uint16(body[2:4]) == gm65Trigger:
		c.does = lightOff
		if body[4]&1 == 1 {
			c.does = lightOn
		}
	case body[0] != gm65Write && body[0] != gm65Save:
		c.ack = c.nak
	}
	return c, n, false
}

// gm65Answer is 02 00, result, length 1, one byte of data, CRC.
func gm65Answer(result byte) []byte {
	a := []byte{0x02, 0x00, result, 0x01, 0x00}
	return binary.BigEndian.AppendUint16(a, xmodem(a[2:]))
}

// xmodem is CRC-16/XMODEM: polynomial 1021, from 0.
func xmodem(b []byte) uint16 {
	var crc uint16
	for _, x := range b {
		crc ^= uint16(x) << 8
		for range 8 {
			carry := crc&0x8000 != 0
			crc <<= 1
			if carry {
				crc ^= 0x1021
			}
		}
	}
	return crc
}
