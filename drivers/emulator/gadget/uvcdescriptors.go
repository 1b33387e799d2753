package gadget

import (
	"encoding/binary"
	"slices"
)

// clock is the camera's own, in Hz; it appears where a host could time frames by it.
const clock = 48_000_000

// classInterface is the type of every class-specific descriptor of the video class.
const classInterface = 0x24

// The form of a picture in the class's descriptors.
var guidYUY2 = []byte{'Y', 'U', 'Y', '2', 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71}

func le16(v int) []byte    { return binary.LittleEndian.AppendUint16(nil, uint16(v)) }
func le32(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }

// item is one class-specific descriptor: its length goes ahead.
func item(kind byte, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return append([]byte{byte(3 + len(body)), classInterface, kind}, body...)
}

// controlDescriptors describe the way of the picture: lens, processing unit, stream (UVC 1.1 §3.7.2).
func controlDescriptors() []byte {
	units := slices.Concat(
		// exposure mode and time, focus distance, automatic focus
		item(0x02, []byte{cameraTerminal}, le16(0x0201), []byte{0, 0, 0, 0, 0, 0, 0, 0, 3, 0x2A, 0, 0x02}),
		item(0x05, []byte{processingUnit, cameraTerminal, 0, 0, 2, 0x01, 0, 0, 0}), // brightness
		item(0x03, []byte{outputTerminal}, le16(0x0101), []byte{0, processingUnit, 0}),
	)
	const header = 13
	return append(item(0x01, le16(0x0110), le16(header+len(units)), le32(clock), []byte{1, 1}), units...)
}

// streamDescriptors describe formats and sizes (UVC 1.1 §3.9.2; MJPEG and uncompressed payload specifications).
// There is no still image method: a capture is a frame of the stream.
func (c *camera) streamDescriptors() []byte {
	var formats []byte
	for i, f := range c.formats {
		number, count := byte(i+1), byte(len(f.frames))
		if f.yuyv {
			formats = append(formats, item(0x04, []byte{number, count}, guidYUY2, []byte{16, 1, 0, 0, 0, 0})...)
		} else {
			formats = append(formats, item(0x06, []byte{number, count, 0, 1, 0, 0, 0, 0})...)
		}
		for k, fr := range f.frames {
			formats = append(formats, fr.descriptor(f.yuyv, byte(k+1))...)
		}
		formats = append(formats, item(0x0D, []byte{1, 1, 4})...) // colours: BT.709, BT.709, SMPTE 170M
	}
	controls := make([]byte, len(c.formats)) // none
	header := 13 + len(controls)
	return append(item(0x01, []byte{byte(len(c.formats))}, le16(header+len(formats)), []byte{cameraIn, 0, outputTerminal, 0, 0, 0, 1}, controls), formats...)
}

// descriptor describes one size.
func (f frame) descriptor(yuyv bool, number byte) []byte {
	kind := byte(0x07)
	if yuyv {
		kind = 0x05
	}
	const second = 10_000_000 // in 100 ns
	rate := func(interval uint32) []byte { return le32(f.bytes() / 1000 * 8 * (second / interval) * 1000) }
	b := [][]byte{
		{number, 0}, le16(f.size.X), le16(f.size.Y), rate(slices.Max(f.intervals)), rate(slices.Min(f.intervals)),
		le32(f.bytes()), le32(f.intervals[0]), {byte(len(f.intervals))},
	}
	for _, i := range slices.Sorted(slices.Values(f.intervals)) {
		b = append(b, le32(i))
	}
	return item(kind, b...)
}
