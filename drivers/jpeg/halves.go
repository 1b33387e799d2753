package jpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"sync"
)

// EncodeHalves is Encode on two cores: the upper and the lower half are encoded at the same time and joined by a restart
// marker (ITU-T T.81, E.1.4), which every decoder knows. The picture is the same, sample by sample.
func EncodeHalves(img *image.YCbCr, quality int, dpi float64) ([]byte, error) {
	across, down := sampled(img.SubsampleRatio)
	width, height := 8*across, 8*down // of the blocks that are encoded together
	rows := (img.Rect.Dy() + height - 1) / height
	top := (rows + 1) / 2 * height // no less than the lower half: it may have as many blocks, and no more
	blocks := (img.Rect.Dx() + width - 1) / width * (top / height)
	if rows < 2 || blocks > 0xffff || img.Rect.Min != (image.Point{}) {
		return Encode(img, quality, dpi)
	}
	lower := *img
	lower.Rect.Max.Y -= top
	lower.Y, lower.Cb, lower.Cr = img.Y[top*img.YStride:], img.Cb[top/down*img.CStride:], img.Cr[top/down*img.CStride:]
	upper := *img
	upper.Rect.Max.Y = top
	var second []byte
	var secondErr error
	var other sync.WaitGroup
	other.Go(func() { second, secondErr = Encode(&lower, quality, dpi) })
	first, err := Encode(&upper, quality, dpi)
	other.Wait()
	if err := errors.Join(err, secondErr); err != nil {
		return nil, err
	}
	return joined(first, second, blocks, img.Rect.Dy())
}

// Marker codes of T.81, table B.1.
const (
	markerSOF0 = 0xc0
	markerRST0 = 0xd0
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerDRI  = 0xdd
)

// joined makes one picture of two that were encoded alike: the first of so many blocks, both together that high.
func joined(first, second []byte, blocks, height int) ([]byte, error) {
	size, scan, ok := headOf(first)
	_, below, alike := headOf(second)
	if !ok || !alike || scan != below || !bytes.Equal(first[:size], second[:size]) || !bytes.Equal(first[size+2:scan], second[size+2:scan]) {
		return nil, errors.New("encode: two halves are not alike")
	}
	out := make([]byte, 0, len(first)+len(second))
	out = append(out, first[:size]...)
	out = binary.BigEndian.AppendUint16(out, uint16(height))
	begin := scan - 2 - int(binary.BigEndian.Uint16(first[scan-sosLength:])) // of SOS, before which DRI must stand
	out = append(out, first[size+2:begin]...)
	out = append(out, 0xff, markerDRI, 0, 4)
	out = binary.BigEndian.AppendUint16(out, uint16(blocks))
	out = append(out, first[begin:len(first)-2]...)
	out = append(out, 0xff, markerRST0)
	return append(out, second[scan:]...), nil
}

// sosLength is how many bytes SOS has after its marker where all three components are in one scan.
const sosLength = 12

// headOf gives where a picture's height stands, and where its only scan begins; false unless it ends with EOI.
func headOf(data []byte) (height, scan int, ok bool) {
	if len(data) < 4 || !bytes.HasSuffix(data, []byte{0xff, markerEOI}) {
		return 0, 0, false
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		next := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		switch data[at+1] {
		case markerSOF0:
			height = at + 5
		case markerSOS:
			return height, next, height > 0 && next-at-2 == sosLength && next+2 <= len(data)
		}
		at = next
	}
	return 0, 0, false
}
