package jpeg

/*
#include <turbojpeg.h>
#include "turbo.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"image"
	"math"
	"unsafe"
)

// maxSide is the longest side of a JPEG that libjpeg makes.
const maxSide = 65500

var samplings = map[image.YCbCrSubsampleRatio]C.int{
	image.YCbCrSubsampleRatio444: C.TJSAMP_444, image.YCbCrSubsampleRatio422: C.TJSAMP_422,
	image.YCbCrSubsampleRatio420: C.TJSAMP_420, image.YCbCrSubsampleRatio440: C.TJSAMP_440,
	image.YCbCrSubsampleRatio411: C.TJSAMP_411,
}

// Encode writes planes as a JPEG of a quality from 1 to 100 that says how many dots an inch has, so that the
// picture prints in its true size; dpi 0 says nothing. img.Rect begins at 0, 0.
func Encode(img *image.YCbCr, quality int, dpi float64) ([]byte, error) {
	samp, known := samplings[img.SubsampleRatio]
	if !known {
		return nil, fmt.Errorf("encode: %w: sampling %v", ErrUnsupported, img.SubsampleRatio)
	}
	if err := encodable(img.Rect, quality, dpi); err != nil {
		return nil, err
	}
	if cw, ch := chromaSize(img); !holds(img.Y, img.YStride, img.Rect.Dx(), img.Rect.Dy()) ||
		!holds(img.Cb, img.CStride, cw, ch) || !holds(img.Cr, img.CStride, cw, ch) {
		return nil, fmt.Errorf("encode: planes are too small for %v", img.Rect)
	}
	src := whole(img)
	var out *C.uchar
	var size C.ulong
	var why [C.yimenWhy]C.char
	result := C.yimenEncodePlanes(first(src.Y), first(src.Cb), first(src.Cr), C.int(src.YStride), C.int(src.CStride),
		C.int(src.Rect.Dx()), C.int(src.Rect.Dy()), samp, C.int(quality), &out, &size, &why[0])
	return taken(result, out, size, &why[0], dpi)
}

// EncodeRGBA is Encode for pictures that were drawn; transparency is not looked at.
func EncodeRGBA(img *image.RGBA, quality int, dpi float64) ([]byte, error) {
	if err := encodable(img.Rect, quality, dpi); err != nil {
		return nil, err
	}
	if !holds(img.Pix, img.Stride, 4*img.Rect.Dx(), img.Rect.Dy()) {
		return nil, fmt.Errorf("encode: pixels are too few for %v", img.Rect)
	}
	var out *C.uchar
	var size C.ulong
	var why [C.yimenWhy]C.char
	result := C.yimenEncodeRGBA(first(img.Pix), C.int(img.Stride), C.int(img.Rect.Dx()), C.int(img.Rect.Dy()),
		C.int(quality), &out, &size, &why[0])
	return taken(result, out, size, &why[0], dpi)
}

func encodable(r image.Rectangle, quality int, dpi float64) error {
	switch {
	case r.Min != image.Point{} || r.Dx() < 1 || r.Dy() < 1 || r.Dx() > maxSide || r.Dy() > maxSide:
		return fmt.Errorf("encode: picture %v cannot be a JPEG", r)
	case quality < 1 || quality > 100:
		return fmt.Errorf("encode: quality %d, want 1 to 100", quality)
	case !(dpi >= 0 && dpi <= math.MaxUint16):
		return fmt.Errorf("encode: %v dots an inch", dpi)
	}
	return nil
}

// taken copies libjpeg's output into Go's memory and gives the original back.
func taken(result C.int, out *C.uchar, size C.ulong, why *C.char, dpi float64) ([]byte, error) {
	defer C.yimenFree(out)
	if result != C.yimenOK {
		return nil, errors.New("encode: " + C.GoString(why))
	}
	data := C.GoBytes(unsafe.Pointer(out), C.int(size))
	return data, setDensity(data, dpi)
}

// setDensity writes the resolution into the JFIF header, which libjpeg puts first (JFIF 1.02: units at byte 13 of
// the file, 1 is dots an inch, then X and Y density as 16 bits).
func setDensity(data []byte, dpi float64) error {
	if dpi == 0 {
		return nil
	}
	if len(data) < 20 || string(data[6:11]) != "JFIF\x00" {
		return errors.New("encode: no JFIF header to write the resolution to")
	}
	n := uint16(math.Round(dpi))
	data[13], data[14], data[15], data[16], data[17] = 1, byte(n>>8), byte(n), byte(n>>8), byte(n)
	return nil
}

// holds reports whether a plane has all the samples that C will read.
func holds(plane []byte, stride, width, height int) bool {
	return stride >= width && len(plane) >= (height-1)*stride+width
}

// whole gives planes whose luma is as wide and high as all of the chroma, as TurboJPEG reads them: the last row and column
// are repeated where the picture's size is no multiple of its sampling.
func whole(img *image.YCbCr) *image.YCbCr {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	if across, down := sampled(img.SubsampleRatio); width%across == 0 && height%down == 0 {
		return img
	}
	dst := newPlanes(width, height, img.SubsampleRatio)
	cw, ch := chromaSize(img)
	spread(dst.Y, dst.YStride, img.Y, img.YStride, width, height)
	spread(dst.Cb, dst.CStride, img.Cb, img.CStride, cw, ch)
	spread(dst.Cr, dst.CStride, img.Cr, img.CStride, cw, ch)
	return dst
}

// chromaSize gives the width and height of the chroma planes; img.Rect begins at 0, 0.
func chromaSize(img *image.YCbCr) (int, int) {
	across, down := sampled(img.SubsampleRatio)
	return (img.Rect.Dx() + across - 1) / across, (img.Rect.Dy() + down - 1) / down
}

// sampled gives how many pixels one sample of chroma stands for, each way.
func sampled(r image.YCbCrSubsampleRatio) (across, down int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	}
	return 1, 1
}

// spread copies a plane into a larger one and goes on with its last samples.
func spread(dst []byte, dstStride int, src []byte, srcStride, width, height int) {
	for y := range len(dst) / dstStride {
		row := dst[y*dstStride:][:dstStride]
		n := copy(row, src[min(y, height-1)*srcStride:][:width])
		fillPlane(row[n:], row[n-1])
	}
}
