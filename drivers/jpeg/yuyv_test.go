package jpeg

import (
	"bytes"
	"image"
	"testing"
)

// pairs is a picture in pairs of pixels with rubbish behind each row: the luma of x, y is 10x + y.
func pairs(size image.Point, stride int) []byte {
	b := bytes.Repeat([]byte{0xEE}, stride*size.Y)
	for y := range size.Y {
		for x := range size.X {
			at := b[y*stride+2*x:]
			at[0], at[1] = byte(10*x+y), byte(100+x%2*50) // chroma blue left of a pair, red right
		}
	}
	return b
}

func TestYUYVIsTakenApart(t *testing.T) {
	size := image.Pt(6, 3)
	img, err := UnpackYUYV(nil, pairs(size, 14), size, 14)
	if err != nil {
		t.Fatal(err)
	}
	for y := range size.Y {
		for x := range size.X {
			if c := img.YCbCrAt(x, y); c.Y != byte(10*x+y) || c.Cb != 100 || c.Cr != 150 {
				t.Errorf("%d,%d is %v", x, y, c)
			}
		}
	}
	again, err := UnpackYUYV(img, pairs(size, 12), size, 12)
	if err != nil || again != img {
		t.Errorf("planes of the same size are not used again: %v", err)
	}
	data, err := Encode(img, 95, 0)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := Header(data); err != nil || info.Width != 6 || info.Height != 3 || info.Ratio != image.YCbCrSubsampleRatio422 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestYUYVThatIsTooShortIsRefused(t *testing.T) {
	for _, c := range []struct {
		bytes, stride int
		size          image.Point
	}{
		{11, 4, image.Pt(2, 3)}, {12, 3, image.Pt(2, 3)}, {12, 4, image.Pt(3, 3)}, {12, 4, image.Pt(0, 3)}, {12, 4, image.Pt(2, 0)},
		{12, -4, image.Pt(2, 3)}, {12, 1 << 40, image.Pt(2, 3)},
	} {
		if _, err := UnpackYUYV(nil, make([]byte, c.bytes), c.size, c.stride); err == nil {
			t.Errorf("%+v became a picture", c)
		}
	}
}

func FuzzUnpackYUYV(f *testing.F) {
	f.Add(pairs(image.Pt(6, 3), 14), 6, 3, 14)
	f.Add([]byte{}, 2, 1, 4)
	f.Fuzz(func(t *testing.T, data []byte, width, height, stride int) {
		size := image.Pt(width, height)
		img, err := UnpackYUYV(nil, data, size, stride)
		if err == nil && (img.Rect.Size() != size || 2*width*height > len(data)) {
			t.Errorf("%d bytes became %v", len(data), img.Rect)
		}
	})
}
