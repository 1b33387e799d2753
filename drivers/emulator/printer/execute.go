package printer

import "encoding/binary"

// toCutter is how far a feed-then-cut moves the paper beyond what is asked, in dots: the way from the head
// to the knife.
const toCutter = 96

// execute carries out one buffered command (firmware-notes/escpos "Commands").
func (m *mechanism) execute(c command) error {
	if m.mode.deselected && c.op != (opcode{esc, '='}) {
		return nil
	}
	if c.op == (opcode{}) {
		return m.text(c.args)
	}
	m.mode.lead = nil
	if done, err := m.move(c); done {
		return err
	}
	if m.mode.style(c) {
		return nil
	}
	switch c.op {
	case opcode{esc, '@'}:
		m.mode.initialise(m.dots)
	case opcode{gs, 'a'}:
		m.tell = c.args[0]
		if m.tell != 0 {
			m.mu.Lock()
			m.told = m.condition()
			m.mu.Unlock()
			b := m.told.automatic()
			m.answer(m.answers, b[:])
		}
	case opcode{gs, 'r'}:
		m.mu.Lock()
		now := m.condition()
		m.mu.Unlock()
		m.answer(m.answers, now.buffered(c.args[0]))
	case opcode{gs, 'I'}:
		m.answer(m.answers, identity(c.args[0]))
	default:
		if _, known := argBytes[c.op]; !known && c.op[1] != 0 {
			return m.unrecognised(c)
		}
	}
	return nil
}

// move does the commands that move paper; false when c is none of them.
func (m *mechanism) move(c command) (bool, error) {
	switch c.op {
	case opcode{lf}:
		return true, m.printLine()
	case opcode{esc, 'd'}:
		if err := m.flush(); err != nil {
			return true, err
		}
		return true, m.feed(int(c.args[0]) * m.mode.spacing)
	case opcode{esc, 'J'}:
		if err := m.flush(); err != nil {
			return true, err
		}
		return true, m.feed(int(c.args[0]))
	case opcode{gs, 'V'}, opcode{esc, 'i'}, opcode{esc, 'm'}:
		return true, m.cutCommand(c)
	case opcode{gs, 'v'}:
		return true, m.raster(c.args)
	case opcode{esc, '*'}:
		return true, m.bitImage(c.args)
	case opcode{gs, '8'}:
		if c.args[0] != 'L' {
			return true, m.unrecognised(c)
		}
		return true, m.graphics(c, c.args[5:])
	case opcode{gs, '('}:
		switch c.args[0] {
		case 'k':
			return true, m.symbolCommand(c)
		case 'L':
			return true, m.graphics(c, c.args[3:])
		}
		return true, m.unrecognised(c)
	}
	return false, nil
}

// cutCommand does GS V, ESC i and ESC m.
func (m *mechanism) cutCommand(c command) error {
	if err := m.flush(); err != nil {
		return err
	}
	if len(c.args) == 2 {
		if err := m.feed(toCutter + int(c.args[1])); err != nil {
			return err
		}
	}
	return m.cut()
}

// style does the commands that change how the next thing is printed; false when c is none of them.
func (m *mode) style(c command) bool {
	if len(c.args) == 0 {
		return m.plainStyle(c.op)
	}
	n := c.args[0]
	switch c.op {
	case opcode{esc, '='}:
		m.deselected = n&1 == 0
	case opcode{esc, 'a'}:
		m.align = n
	case opcode{esc, 't'}:
		m.page = n
	case opcode{esc, '$'}:
		m.at = int(binary.LittleEndian.Uint16(c.args))
	case opcode{esc, '\\'}:
		m.at = max(0, m.at+int(int16(binary.LittleEndian.Uint16(c.args))))
	case opcode{esc, '3'}:
		m.spacing = int(n)
	case opcode{esc, ' '}:
		m.gap = int(n)
	case opcode{esc, 'E'}, opcode{esc, 'G'}:
		m.bold = n&1 == 1
	case opcode{esc, '-'}:
		m.under = n%'0' != 0
	case opcode{fs, '-'}:
		m.kanjiUnder = n%'0' != 0
	case opcode{esc, 'M'}:
		m.setFontB(n&1 == 1)
	case opcode{gs, 'B'}:
		m.inverse = n&1 == 1
	case opcode{gs, '!'}:
		m.latin = scale{int(n>>4&7) + 1, int(n&7) + 1}
		m.kanji = m.latin
	case opcode{esc, '!'}: // Chinese characters keep their size
		m.setFontB(n&0x01 != 0)
		m.bold, m.under = n&0x08 != 0, n&0x80 != 0
		m.latin = scale{1 + int(bit(n&0x20 != 0, 1)), 1 + int(bit(n&0x10 != 0, 1))}
	case opcode{fs, '!'}:
		m.kanjiUnder = n&0x80 != 0
		m.kanji = scale{1 + int(bit(n&0x04 != 0, 1)), 1 + int(bit(n&0x08 != 0, 1))}
	case opcode{gs, 'L'}:
		m.left = min(int(binary.LittleEndian.Uint16(c.args)), m.dots-fontA)
		m.width = min(m.width, m.dots-m.left)
	case opcode{gs, 'W'}:
		m.width = max(fontA, min(int(binary.LittleEndian.Uint16(c.args)), m.dots-m.left))
	case opcode{fs, '('}:
		return m.encoding(c.args)
	default:
		return false
	}
	return true
}

// encoding does FS ( C, which selects UTF-8, and FS ( A, which selects among typefaces that are not here.
func (m *mode) encoding(a []byte) bool {
	switch {
	case len(a) >= 5 && a[0] == 'C' && a[3] == '0':
		m.utf8On = a[4] == 2 || a[4] == '2'
	case a[0] != 'A':
		return false
	}
	return true
}

func (m *mode) plainStyle(op opcode) bool {
	switch op {
	case opcode{esc, '2'}:
		m.spacing = lineSpacing
	case opcode{fs, '&'}:
		m.kanjiOn = true
	case opcode{fs, '.'}:
		m.kanjiOn = false
	default:
		return false
	}
	return true
}

func (m *mode) setFontB(b bool) {
	m.font = fontA
	if b {
		m.font = fontB
	}
}
