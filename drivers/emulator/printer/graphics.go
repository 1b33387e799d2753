package printer

import (
	"encoding/binary"

	"github.com/skip2/go-qrcode"
)

// qrCode is the symbol that GS ( k builds up (firmware-notes/escpos "QR").
type qrCode struct {
	size  int
	level byte // '0' L, '1' M, '2' Q, '3' H
	data  []byte
}

// symbol draws the code without a quiet zone, as printers do; false when it cannot be drawn.
func (q qrCode) symbol() (*bitmap, bool) {
	levels := map[byte]qrcode.RecoveryLevel{'0': qrcode.Low, '1': qrcode.Medium, '2': qrcode.High, '3': qrcode.Highest}
	code, err := qrcode.New(string(q.data), levels[q.level])
	if err != nil {
		return nil, false
	}
	code.DisableBorder = true
	rows := code.Bitmap()
	b := newBitmap(len(rows), len(rows))
	for y, row := range rows {
		for x, black := range row {
			b.dots[y*b.w+x] = bit(black, 1)
		}
	}
	return b.scaled(q.size, q.size), true
}

// symbolCommand does GS ( k: args are pL pH cn fn and the rest.
func (m *mechanism) symbolCommand(c command) error {
	a := c.args[3:]
	if len(a) < 3 || a[0] != 0x31 {
		return m.unrecognised(c)
	}
	switch q := &m.mode.qr; a[1] {
	case 0x41:
	case 0x43:
		q.size = min(max(int(a[2]), 1), 16)
	case 0x45:
		q.level = a[2]
	case 0x50:
		q.data = a[3:]
	case 0x51:
		if b, ok := q.symbol(); ok {
			return m.image(b)
		}
		return m.unrecognised(c)
	default:
		return m.unrecognised(c)
	}
	return nil
}

// image prints a picture on its own, aligned.
func (m *mechanism) image(b *bitmap) error {
	if err := m.flush(); err != nil {
		return err
	}
	strip := newBitmap(m.dots, b.h)
	strip.place(m.mode.indent(b.w), 0, b)
	return m.print(strip)
}

// raster does GS v 0: args are '0' m xL xH yL yH and the rows.
func (m *mechanism) raster(a []byte) error {
	b := unpacked(int(binary.LittleEndian.Uint16(a[2:])), int(binary.LittleEndian.Uint16(a[4:])), a[6:])
	return m.image(b.scaled(1+int(a[1]&1), 1+int(a[1]>>1&1)))
}

// bitImage does ESC *: args are m nL nH and the columns. The picture stands on the line like a character.
func (m *mechanism) bitImage(a []byte) error {
	height := columnBytes(a[0])
	b := unpackedColumns(int(binary.LittleEndian.Uint16(a[1:])), height, a[3:])
	sx, sy := 2, 3/height
	if a[0]&1 == 1 {
		sx = 1
	}
	if b.w == 0 {
		return nil
	}
	return m.put(b.scaled(sx, sy))
}

// graphics does GS ( L and GS 8 L: a begins behind the length.
func (m *mechanism) graphics(c command, a []byte) error {
	switch {
	case len(a) >= 10 && a[1] == 0x70:
		w, h := int(binary.LittleEndian.Uint16(a[6:])), int(binary.LittleEndian.Uint16(a[8:]))
		rowBytes := (w + 7) / 8
		if a[2] != '0' || len(a)-10 < rowBytes*h {
			return m.unrecognised(c)
		}
		m.mode.stored = unpacked(rowBytes, h, a[10:]).scaled(max(1, min(int(a[3]), 2)), max(1, min(int(a[4]), 2)))
		return nil
	case len(a) >= 2 && (a[1] == 2 || a[1] == '2'):
		if m.mode.stored == nil {
			return nil
		}
		b := m.mode.stored
		m.mode.stored = nil
		return m.image(b)
	}
	return m.unrecognised(c)
}
