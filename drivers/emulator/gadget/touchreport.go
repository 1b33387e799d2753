package gadget

import (
	"encoding/binary"
	"slices"
	"time"
)

// What the reports of the panel hold (firmware-notes/touch-panel "Reports"); reportDescriptor tells it to the host.
const (
	typeReport        = 0x22 // of the report descriptor
	inputReport       = 1
	featureReport     = 2
	tipSwitch         = 0x01
	inRange           = 0x02
	largestID         = 31
	largestCoordinate = 0x7FFF
	scanTick          = 100 * time.Microsecond
)

// plain makes an item's physical values those of its logical ones again.
var plain = []byte{0x35, 0, 0x45, 0, 0x55, 0, 0x65, 0}

// reportDescriptor describes the reports (HID 1.11 §6.2.2; usages of HID Usage Tables, Digitizers page 0x0D).
func (t *Touch) reportDescriptor() []byte {
	b := []byte{
		0x05, 0x0D, 0x09, 0x04, 0xA1, 0x01, // a touch screen
		0x85, inputReport,
	}
	for range Fingers {
		b = append(b, t.fingerDescriptor()...)
	}
	b = append(b,
		0x05, 0x0D, 0x09, 0x56, 0x15, 0, 0x27, 0xFF, 0xFF, 0, 0, 0x47, 0xFF, 0xFF, 0, 0, // scan time
		0x55, 0x0C, 0x66, 0x01, 0x10, 0x75, 16, 0x95, 1, 0x81, 0x02, // in ticks of 10⁻⁴ s
	)
	b = append(b, plain...)
	return append(b,
		0x09, 0x54, 0x15, 0, 0x25, Fingers, 0x75, 8, 0x95, 1, 0x81, 0x02, // contact count
		0x85, featureReport, 0x09, 0x55, 0xB1, 0x02, // contact count maximum
		0xC0,
	)
}

// fingerDescriptor describes one contact.
func (t *Touch) fingerDescriptor() []byte {
	size := func(millimetres int) []byte { return binary.LittleEndian.AppendUint16(nil, uint16(millimetres*10)) }
	return slices.Concat(
		[]byte{0x05, 0x0D, 0x09, 0x22, 0xA1, 0x02},                                                 // finger
		[]byte{0x09, 0x42, 0x15, 0, 0x25, 1, 0x75, 1, 0x95, 1, 0x81, 0x02, 0x09, 0x32, 0x81, 0x02}, // tip switch, in range
		[]byte{0x95, 6, 0x81, 0x03},
		[]byte{0x09, 0x51, 0x25, largestID, 0x75, 8, 0x95, 1, 0x81, 0x02}, // contact identifier
		[]byte{0x05, 0x01, 0x26, largestCoordinate & 0xFF, largestCoordinate >> 8, 0x75, 16, 0x95, 1, 0x35, 0, 0x55, 0x0E, 0x65, 0x11, 0x46}, // in 10⁻² cm
		size(t.millimetres[0]), []byte{0x09, 0x30, 0x81, 0x02, 0x46}, // X
		size(t.millimetres[1]), []byte{0x09, 0x31, 0x81, 0x02}, // Y
		plain, []byte{0xC0},
	)
}
