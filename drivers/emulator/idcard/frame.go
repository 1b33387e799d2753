package idcard

import (
	"bytes"
	"encoding/binary"
)

// preamble opens every frame (firmware-notes/sam-v "Frame").
var preamble = [5]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69}

// longestCommand bounds a request's length field: the longest command has one byte of data.
const longestCommand = 4

// parser finds commands in what comes down the line, whatever else comes with them.
type parser struct{ buf []byte }

func (p *parser) feed(b []byte) { p.buf = append(p.buf, b...) }

// next gives the next command (CMD, PARA and data), or the status by which the frame is refused
// (firmware-notes/sam-v "Frame"). false: more bytes are needed.
func (p *parser) next() (cmd []byte, refused Status, ok bool) {
	at := bytes.Index(p.buf, preamble[:])
	if at < 0 {
		if keep := len(preamble) - 1; len(p.buf) > keep {
			p.buf = p.buf[len(p.buf)-keep:]
		}
		return nil, 0, false
	}
	p.buf = p.buf[at:]
	if len(p.buf) < 7 {
		return nil, 0, false
	}
	n := int(binary.BigEndian.Uint16(p.buf[5:]))
	if n < 2 || n > longestCommand {
		p.buf = p.buf[1:]
		return nil, StatusBadLength, true
	}
	if len(p.buf) < 7+n {
		return nil, 0, false
	}
	body, sum := p.buf[5:6+n], p.buf[6+n]
	if xor(body) != sum {
		p.buf = p.buf[1:]
		return nil, StatusBadChecksum, true
	}
	cmd = bytes.Clone(body[2:])
	p.buf = p.buf[7+n:]
	return cmd, 0, true
}

// answerFrame frames one answer (firmware-notes/sam-v "Frame").
func answerFrame(sw Status, data []byte) []byte {
	b := append(make([]byte, 0, len(preamble)+2+4+len(data)), preamble[:]...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)+4))
	b = append(b, 0, 0, byte(sw))
	b = append(b, data...)
	return append(b, xor(b[len(preamble):]))
}

func xor(b []byte) (x byte) {
	for _, v := range b {
		x ^= v
	}
	return x
}
