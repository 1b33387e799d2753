package inquiry

import (
	"encoding/binary"
	"fmt"

	"yimen/kiosk/envelope"
)

// magic begins what the relay carries: a sealed envelope in one piece. Each of its pieces — list, signature, then the parts
// — follows with its length as four bytes, the highest first.
const magic = "YMQ1"

func join(s envelope.Sealed) []byte {
	out := []byte(magic)
	for _, piece := range append([][]byte{s.List, s.Signature}, s.Parts...) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(piece)))
		out = append(out, piece...)
	}
	return out
}

// What is asked and answered is filled up with blanks to full lots, so that its size tells whoever relays it little: not
// whether a card or a code proved, nor, but for the longest, whether anything was found.
const (
	lotAsked    = 1 << 10
	lotAnswered = 16 << 10
)

// filled puts blanks, which JSON ignores, behind a body.
func filled(body []byte, lot int) []byte {
	for len(body)%lot != 0 {
		body = append(body, ' ')
	}
	return body
}

// split is the other way round; the pieces are of b's own memory.
func split(b []byte) (envelope.Sealed, error) {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return envelope.Sealed{}, fmt.Errorf("%w: it does not begin as one", ErrAsk)
	}
	var pieces [][]byte
	for rest := b[len(magic):]; len(rest) > 0; {
		if len(rest) < 4 || uint64(binary.BigEndian.Uint32(rest)) > uint64(len(rest)-4) {
			return envelope.Sealed{}, fmt.Errorf("%w: a piece is cut", ErrAsk)
		}
		size := int(binary.BigEndian.Uint32(rest))
		pieces = append(pieces, rest[4:4+size:4+size])
		rest = rest[4+size:]
	}
	if len(pieces) < 3 || len(pieces) > 2+envelope.MaxParts {
		return envelope.Sealed{}, fmt.Errorf("%w: %d pieces", ErrAsk, len(pieces))
	}
	return envelope.Sealed{List: pieces[0], Signature: pieces[1], Parts: pieces[2:]}, nil
}
