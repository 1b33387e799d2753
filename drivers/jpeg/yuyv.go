package jpeg

import (
	"fmt"
	"image"
)

// UnpackYUYV takes a picture as cameras send it without compression, two pixels in four bytes Y U Y V, apart into planes.
// stride is its bytes a row. The planes are dst's where dst has that size, else new.
func UnpackYUYV(dst *image.YCbCr, data []byte, size image.Point, stride int) (*image.YCbCr, error) {
	if size.X < 2 || size.X%2 != 0 || size.Y < 1 || size.X > maxSide || size.Y > maxSide {
		return nil, fmt.Errorf("unpack: no picture is %d × %d in pairs of pixels", size.X, size.Y)
	}
	if !holds(data, stride, 2*size.X, size.Y) {
		return nil, fmt.Errorf("unpack: %d bytes, %d a row, are too few for %v", len(data), stride, size)
	}
	if dst == nil || dst.Rect.Size() != size || dst.SubsampleRatio != image.YCbCrSubsampleRatio422 {
		dst = newPlanes(size.X, size.Y, image.YCbCrSubsampleRatio422)
	}
	for y := range size.Y {
		row := data[y*stride:][:2*size.X]
		luma := dst.Y[y*dst.YStride:][:size.X]
		cb, cr := dst.Cb[y*dst.CStride:][:size.X/2], dst.Cr[y*dst.CStride:][:size.X/2]
		for i := range cb {
			pair := row[4*i : 4*i+4 : 4*i+4]
			luma[2*i], cb[i], luma[2*i+1], cr[i] = pair[0], pair[1], pair[2], pair[3]
		}
	}
	return dst, nil
}
