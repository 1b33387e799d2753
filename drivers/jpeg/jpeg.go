// Package jpeg decodes and encodes JPEG pictures with libjpeg-turbo. It takes what document and web cameras
// really send, which image/jpeg refuses: frames without Huffman tables, and padding before a marker
// (facts/platform.md). Pictures stay in planes of luma and chroma, as they are stored: nothing here needs RGB.
//
// Every call stands alone: it may run beside others, and leaves nothing allocated outside Go.
package jpeg

/*
#cgo pkg-config: libturbojpeg
#include <turbojpeg.h>
#include "turbo.h"
*/
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"unsafe"
)

var (
	// ErrNotJPEG: the bytes do not begin a JPEG picture. Take another frame.
	ErrNotJPEG = errors.New("not a JPEG picture")
	// ErrUnsupported: a JPEG that no camera of a terminal makes: CMYK, RGB components, odd sampling, lossless.
	ErrUnsupported = errors.New("kind of JPEG is not supported")
	// ErrTooLarge: more pixels than the caller allows. Nothing was allocated for it.
	ErrTooLarge = errors.New("picture has too many pixels")
)

// Damaged is a picture that ends early or is corrupt within. None of it is handed out.
type Damaged struct {
	Rows, Of int    // whole rows that were decoded from the top, out of the picture's, both at the scale asked for
	Why      string // libjpeg's words
}

func (d *Damaged) Error() string {
	return fmt.Sprintf("picture is damaged: %d of %d rows are there: %s", d.Rows, d.Of, d.Why)
}

// Scale is by how much a picture is made smaller while it is decoded, which costs less than decoding it whole.
type Scale int

const (
	Full    Scale = 1
	Half    Scale = 2
	Quarter Scale = 4
	Eighth  Scale = 8
)

func (s Scale) of(n int) int { return (n + int(s) - 1) / int(s) }

// Info is what a picture's header says.
type Info struct {
	Width, Height int // pixels
	Gray          bool
	Ratio         image.YCbCrSubsampleRatio // 4:2:0 where Gray
}

// ratios are TurboJPEG's ways of sampling chroma.
var ratios = map[C.int]image.YCbCrSubsampleRatio{
	C.TJSAMP_444: image.YCbCrSubsampleRatio444, C.TJSAMP_422: image.YCbCrSubsampleRatio422,
	C.TJSAMP_420: image.YCbCrSubsampleRatio420, C.TJSAMP_440: image.YCbCrSubsampleRatio440,
	C.TJSAMP_411: image.YCbCrSubsampleRatio411, C.TJSAMP_GRAY: image.YCbCrSubsampleRatio420,
}

// Header reads a picture's size and kind. It returns ErrNotJPEG or ErrUnsupported.
func Header(data []byte) (Info, error) {
	if len(data) < 4 || data[0] != 0xFF || data[1] != 0xD8 {
		return Info{}, ErrNotJPEG
	}
	var width, height, samp, space C.int
	var why [C.yimenWhy]C.char
	result := C.yimenHeader(first(data), C.ulong(len(data)), &width, &height, &samp, &space, &why[0])
	if result == C.yimenFailed || width < 1 || height < 1 {
		return Info{}, fmt.Errorf("%w: %s", ErrNotJPEG, C.GoString(&why[0]))
	}
	ratio, known := ratios[samp]
	if !known || (space != C.TJCS_YCbCr && space != C.TJCS_GRAY) {
		return Info{}, fmt.Errorf("%w: sampling %d, colour space %d", ErrUnsupported, samp, space)
	}
	return Info{Width: int(width), Height: int(height), Gray: space == C.TJCS_GRAY, Ratio: ratio}, nil
}

// measure reads the header and gives the size to decode to.
func measure(data []byte, scale Scale, maxPixels int) (Info, int, int, error) {
	info, err := Header(data)
	if err != nil {
		return Info{}, 0, 0, err
	}
	if info.Height > maxPixels/info.Width {
		return Info{}, 0, 0, fmt.Errorf("%w: %d × %d, at most %d", ErrTooLarge, info.Width, info.Height, maxPixels)
	}
	switch scale {
	case Full, Half, Quarter, Eighth:
		return info, scale.of(info.Width), scale.of(info.Height), nil
	}
	return Info{}, 0, 0, fmt.Errorf("%w: scale 1/%d", ErrUnsupported, scale)
}

// Decode gives the picture's planes, 1/scale as wide and high. A gray picture gets chroma without colour.
// maxPixels bounds the size in the header, at full scale. Errors: ErrNotJPEG, ErrUnsupported, ErrTooLarge, *Damaged.
func Decode(data []byte, scale Scale, maxPixels int) (*image.YCbCr, error) {
	info, width, height, err := measure(data, scale, maxPixels)
	if err != nil {
		return nil, err
	}
	if info.Gray {
		gray, err := DecodeGray(data, scale, maxPixels)
		if err != nil {
			return nil, err
		}
		img := newPlanes(width, height, info.Ratio)
		for y := range height {
			copy(img.Y[y*img.YStride:], gray.Pix[y*gray.Stride:][:width])
		}
		fillPlane(img.Cb, 128)
		fillPlane(img.Cr, 128)
		return img, nil
	}
	img, why, ok := decodePlanes(data, width, height, info.Ratio, 0)
	if ok {
		return img, nil
	}
	again, _, _ := decodePlanes(data, width, height, info.Ratio, 255)
	if err := intact(sameRows(img.Y, again.Y, img.YStride, width, height), height, why); err != nil {
		return nil, err
	}
	return img, nil
}

// DecodeGray gives the picture's luma alone, 1/scale as wide and high. Errors as Decode.
func DecodeGray(data []byte, scale Scale, maxPixels int) (*image.Gray, error) {
	_, width, height, err := measure(data, scale, maxPixels)
	if err != nil {
		return nil, err
	}
	img, why, ok := decodeGray(data, width, height, 0)
	if ok {
		return img, nil
	}
	again, _, _ := decodeGray(data, width, height, 255)
	if err := intact(sameRows(img.Pix, again.Pix, img.Stride, width, height), height, why); err != nil {
		return nil, err
	}
	return img, nil
}

func decodePlanes(data []byte, width, height int, ratio image.YCbCrSubsampleRatio, ground byte) (img *image.YCbCr, why string, ok bool) {
	img = newPlanes(width, height, ratio)
	if ground != 0 { // it is that already
		fillPlane(img.Y, ground)
	}
	var words [C.yimenWhy]C.char
	result := C.yimenDecodePlanes(first(data), C.ulong(len(data)), C.int(width), C.int(height),
		first(img.Y), first(img.Cb), first(img.Cr), C.int(img.YStride), C.int(img.CStride), &words[0])
	return img, C.GoString(&words[0]), result == C.yimenOK
}

func decodeGray(data []byte, width, height int, ground byte) (img *image.Gray, why string, ok bool) {
	img = image.NewGray(image.Rect(0, 0, width, height))
	if ground != 0 {
		fillPlane(img.Pix, ground)
	}
	var words [C.yimenWhy]C.char
	result := C.yimenDecodeGray(first(data), C.ulong(len(data)), C.int(width), C.int(height), first(img.Pix),
		C.int(img.Stride), &words[0])
	return img, C.GoString(&words[0]), result == C.yimenOK
}

// sameRows counts the rows from the top that two decodings on different grounds agree on: decoding stops at the
// first damage, and the rows after it still show the ground.
func sameRows(a, b []byte, stride, width, rows int) int {
	for y := range rows {
		if !bytes.Equal(a[y*stride:][:width], b[y*stride:][:width]) {
			return y
		}
	}
	return rows
}

// intact forgives what comes after the last row, such as a camera's padding before the end marker.
func intact(rows, of int, why string) error {
	if rows == of {
		return nil
	}
	return &Damaged{Rows: rows, Of: of, Why: why}
}

// newPlanes makes room for libjpeg's habit of writing whole blocks of samples: up to four more to the right and
// below than the picture has.
func newPlanes(width, height int, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	padded := image.NewYCbCr(image.Rect(0, 0, width+8-width%4, height+8-height%4), ratio)
	padded.Rect = image.Rect(0, 0, width, height)
	return padded
}

func fillPlane(plane []byte, v byte) {
	for i := range plane {
		plane[i] = v
	}
}

func first(b []byte) *C.uchar { return (*C.uchar)(unsafe.Pointer(unsafe.SliceData(b))) }
