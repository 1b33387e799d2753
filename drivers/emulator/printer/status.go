package printer

// condition is how the printer is, as its status bytes tell it (firmware-notes/escpos "Status bytes").
type condition struct {
	coverOpen, nearEnd, paperEnd, cutterError bool
}

func (c condition) offline() bool { return c.coverOpen || c.paperEnd || c.cutterError }

// bit is b when it is so.
func bit(so bool, b byte) byte {
	if so {
		return b
	}
	return 0
}

// realTime answers DLE EOT n. The drawer's pin is high, as without a drawer.
func (c condition) realTime(n byte) []byte {
	const fixed = 0x12
	switch n {
	case 1:
		return []byte{fixed | 0x04 | bit(c.offline(), 0x08)}
	case 2:
		return []byte{fixed | bit(c.coverOpen, 0x04) | bit(c.paperEnd, 0x20) | bit(c.cutterError, 0x40)}
	case 3:
		return []byte{fixed | bit(c.cutterError, 0x08)}
	case 4:
		return []byte{fixed | bit(c.nearEnd, 0x0C) | bit(c.paperEnd, 0x60)}
	}
	return nil
}

// automatic is the four bytes of ASB.
func (c condition) automatic() [4]byte {
	return [4]byte{
		0x14 | bit(c.offline(), 0x08) | bit(c.coverOpen, 0x20),
		bit(c.cutterError, 0x08),
		bit(c.nearEnd, 0x03) | bit(c.paperEnd, 0x0C),
		0x0F,
	}
}

// What GS a asks to be told of.
const (
	tellOnline = 0x02
	tellError  = 0x04
	tellPaper  = 0x08
)

// worthTelling reports whether the change from was to c is one that the mask asks for.
func (c condition) worthTelling(was condition, mask byte) bool {
	a, b := c.automatic(), was.automatic()
	return mask&tellOnline != 0 && a[0] != b[0] || mask&tellError != 0 && a[1] != b[1] || mask&tellPaper != 0 && a[2] != b[2]
}

// buffered answers GS r n: 1 paper, 2 drawer.
func (c condition) buffered(n byte) []byte {
	switch n {
	case 1, '1':
		return []byte{c.automatic()[2]}
	case 2, '2':
		return []byte{0x01}
	}
	return nil
}

// identity answers GS I n: one byte, or a block of text (firmware-notes/escpos "Commands").
func identity(n byte) []byte {
	texts := map[byte]string{0x41: "1.00", 0x42: "YIMEN", 0x43: "BENCH-80", 0x44: "B0000001"}
	switch n {
	case 1, '1':
		return []byte{0x20}
	case 2, '2':
		return []byte{0x02} // an auto-cutter
	case 3, '3':
		return []byte{0x01}
	}
	if s, ok := texts[n]; ok {
		return append(append([]byte{0x5F}, s...), 0)
	}
	return nil
}
