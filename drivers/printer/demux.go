package printer

import "bytes"

// answer is one thing that came back from a printer.
type answer struct {
	kind answerKind
	b    [4]byte // all four of asb, else the first
}

type answerKind int

const (
	realTime answerKind = iota // an answer to DLE EOT
	asb                        // automatic status
	stray                      // a byte such as GS r answers, or such as a broken ASB leaves behind
)

// blockLimit bounds a block that never ends: no identity is longer.
const blockLimit = 80

// demux tells the bytes of the return channel apart (firmware-notes/escpos "Status bytes").
type demux struct{ buf []byte }

func (d *demux) push(b []byte) { d.buf = append(d.buf, b...) }

// next gives the first whole answer, and false when more bytes are needed.
func (d *demux) next() (answer, bool) {
	for len(d.buf) > 0 {
		b := d.buf[0]
		switch {
		case b == 0x5F || b == 0x35 || b == 0x37 || b == 0x3B || b == 0x3D:
			end := bytes.IndexByte(d.buf[:min(len(d.buf), blockLimit)], 0)
			if end < 0 && len(d.buf) < blockLimit {
				return answer{}, false
			}
			d.buf = d.buf[max(end, 0)+1:]
		case b&0x93 == 0x12:
			return d.take(realTime, 1), true
		case b&0x93 == 0x10:
			whole, broken := asbFollows(d.buf[1:])
			if whole {
				return d.take(asb, 4), true
			}
			if !broken {
				return answer{}, false
			}
			d.buf = d.buf[1:]
		case b&0x90 == 0:
			return d.take(stray, 1), true
		default: // flow control, noise
			d.buf = d.buf[1:]
		}
	}
	return answer{}, false
}

// asbFollows looks at what stands behind a first byte of ASB.
func asbFollows(rest []byte) (whole, broken bool) {
	for i, b := range rest {
		if i == 3 {
			break
		}
		if b&0x90 != 0 {
			return false, true
		}
	}
	return len(rest) >= 3, false
}

func (d *demux) take(kind answerKind, n int) answer {
	a := answer{kind: kind}
	copy(a.b[:], d.buf[:n])
	d.buf = d.buf[n:]
	return a
}
