package idcard

import "bytes"

// The five bytes that begin every frame, and the bounds of its length (firmware-notes/sam-v "Frame").
var preamble = []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69}

const (
	headLen = 7 // preamble and length
	minLen  = 4 // SW1 SW2 SW3 CHK
	maxLen  = 0x090A
)

// command is CMD and PARA (firmware-notes/sam-v "Commands").
type command [2]byte

var (
	resetSAM      = command{0x10, 0xFF}
	samStatus     = command{0x11, 0xFF}
	samID         = command{0x12, 0xFF}
	findCard      = command{0x20, 0x01}
	selectCard    = command{0x20, 0x02}
	readBase      = command{0x30, 0x01}
	newestAddress = command{0x30, 0x03}
	readPrints    = command{0x30, 0x10} // base and fingerprint
)

// request is the whole frame of a command without data.
func request(c command) []byte {
	f := append([]byte{}, preamble...)
	f = append(f, 0, 3, c[0], c[1])
	return append(f, checksum(f[len(preamble):]))
}

func checksum(b []byte) (x byte) {
	for _, v := range b {
		x ^= v
	}
	return x
}

// reply is the inside of a response frame.
type reply struct {
	sw   status
	data []byte
}

// splitter finds response frames in bytes that arrive in pieces of any size, between noise and broken frames.
type splitter struct{ buf []byte }

func (s *splitter) push(b []byte) { s.buf = append(s.buf, b...) }

func (s *splitter) clear() { s.buf = s.buf[:0] }

// next gives the first whole frame, and false when more bytes are needed. The reply owns its data.
func (s *splitter) next() (reply, bool) {
	for {
		s.hunt()
		if len(s.buf) < headLen {
			return reply{}, false
		}
		n := int(s.buf[5])<<8 | int(s.buf[6])
		if n < minLen || n > maxLen {
			s.buf = s.buf[1:]
			continue
		}
		if len(s.buf) < headLen+n {
			return reply{}, false
		}
		if checksum(s.buf[len(preamble):headLen+n]) != 0 { // CHK makes the XOR of the rest vanish
			s.buf = s.buf[1:]
			continue
		}
		body := bytes.Clone(s.buf[headLen : headLen+n-1])
		s.buf = s.buf[headLen+n:]
		return reply{sw: status(body[2]), data: body[3:]}, true
	}
}

// hunt drops what cannot be the beginning of a frame.
func (s *splitter) hunt() {
	if i := bytes.Index(s.buf, preamble); i >= 0 {
		s.buf = s.buf[i:]
		return
	}
	keep := min(len(s.buf), len(preamble)-1)
	for !bytes.HasPrefix(preamble, s.buf[len(s.buf)-keep:]) {
		keep--
	}
	s.buf = s.buf[len(s.buf)-keep:]
}
