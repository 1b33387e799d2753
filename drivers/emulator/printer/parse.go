package printer

import (
	"bytes"
	"encoding/binary"
)

const (
	lf  = 0x0A
	dle = 0x10
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
)

// opcode is the first two bytes of a command; a control character alone has a zero second byte, and text
// has two zeros.
type opcode [2]byte

// command is one command, or one run of text, as it came.
type command struct {
	op   opcode
	args []byte // all that follows the opcode; for text, the text
	size int    // bytes on the line
}

// argBytes is how many bytes follow the opcodes whose length is fixed (firmware-notes/escpos "Commands").
var argBytes = map[opcode]int{
	{dle, 0x04}: 1, {dle, 0x05}: 1, {dle, 0x14}: 3,
	{esc, ' '}: 1, {esc, '!'}: 1, {esc, '$'}: 2, {esc, '%'}: 1, {esc, '-'}: 1, {esc, '2'}: 0, {esc, '3'}: 1, {esc, '='}: 1,
	{esc, '?'}: 1, {esc, '@'}: 0, {esc, 'B'}: 2, {esc, 'E'}: 1, {esc, 'G'}: 1, {esc, 'J'}: 1, {esc, 'M'}: 1, {esc, 'R'}: 1,
	{esc, 'T'}: 1, {esc, 'U'}: 1, {esc, 'V'}: 1, {esc, '\\'}: 2, {esc, 'a'}: 1, {esc, 'c'}: 2, {esc, 'd'}: 1, {esc, 'e'}: 1,
	{esc, 'i'}: 0, {esc, 'm'}: 0, {esc, 'p'}: 3, {esc, 'r'}: 1, {esc, 't'}: 1, {esc, '{'}: 1,
	{fs, '!'}: 1, {fs, '&'}: 0, {fs, '-'}: 1, {fs, '.'}: 0, {fs, 'C'}: 1, {fs, 'S'}: 2, {fs, 'W'}: 1, {fs, 'p'}: 2,
	{gs, '!'}: 1, {gs, '$'}: 2, {gs, '/'}: 1, {gs, 'B'}: 1, {gs, 'H'}: 1, {gs, 'I'}: 1, {gs, 'L'}: 2, {gs, 'P'}: 2, {gs, 'T'}: 1,
	{gs, 'W'}: 2, {gs, '\\'}: 2, {gs, '^'}: 3, {gs, 'a'}: 1, {gs, 'b'}: 1, {gs, 'f'}: 1, {gs, 'h'}: 1, {gs, 'r'}: 1, {gs, 'w'}: 1,
}

// parser cuts what comes down the line into commands.
type parser struct{ buf []byte }

func (p *parser) feed(b []byte) { p.buf = append(p.buf, b...) }

// next gives the next whole command; false when more bytes are needed.
func (p *parser) next() (command, bool) {
	if len(p.buf) == 0 {
		return command{}, false
	}
	c, n := command{}, 0
	switch first := p.buf[0]; {
	case first >= ' ':
		n = bytes.IndexFunc(p.buf, func(r rune) bool { return r < ' ' })
		if n < 0 {
			n = len(p.buf)
		}
		c.args = p.buf[:n]
	case first == dle || first == esc || first == fs || first == gs:
		if n = commandLength(p.buf); n == 0 || n > len(p.buf) {
			return command{}, false
		}
		c.op, c.args = opcode(p.buf[:2]), p.buf[2:n]
	default:
		c.op, n = opcode{first}, 1
	}
	c.args, c.size = bytes.Clone(c.args), n
	p.buf = p.buf[n:]
	return c, true
}

// commandLength is how long the command at the head of b is, opcode included; 0 while that is not known
// yet. An unknown command is taken to have no arguments, so that what follows is printed as text: that is
// what a printer does.
func commandLength(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	op := opcode(b[:2])
	if n, ok := argBytes[op]; ok {
		return 2 + n
	}
	switch op {
	case opcode{esc, '('}, opcode{fs, '('}, opcode{gs, '('}:
		return sized(b, 5, func() int { return int(binary.LittleEndian.Uint16(b[3:])) })
	case opcode{gs, '8'}:
		return sized(b, 7, func() int { return int(min(binary.LittleEndian.Uint32(b[3:]), 1<<24)) })
	case opcode{gs, 'v'}:
		return sized(b, 8, func() int {
			return int(binary.LittleEndian.Uint16(b[4:])) * int(binary.LittleEndian.Uint16(b[6:]))
		})
	case opcode{gs, '*'}:
		return sized(b, 4, func() int { return int(b[2]) * int(b[3]) * 8 })
	case opcode{esc, '*'}:
		return sized(b, 5, func() int { return int(binary.LittleEndian.Uint16(b[3:])) * columnBytes(b[2]) })
	case opcode{gs, 'V'}:
		return sized(b, 3, func() int { return int(b[2] >> 6 & 1) }) // 65 and above are followed by a feed
	case opcode{gs, 'k'}:
		return barcodeLength(b)
	case opcode{esc, 'D'}:
		return untilZero(b, 2)
	}
	return 2
}

// sized is head bytes and as many more as the head says.
func sized(b []byte, head int, more func() int) int {
	if len(b) < head {
		return 0
	}
	return head + more()
}

func columnBytes(mode byte) int {
	if mode >= 32 {
		return 3
	}
	return 1
}

func barcodeLength(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	if b[2] >= 65 {
		return 4 + int(b[3])
	}
	return untilZero(b, 3)
}

func untilZero(b []byte, from int) int {
	at := bytes.IndexByte(b[from:], 0)
	if at < 0 {
		return 0
	}
	return from + at + 1
}
