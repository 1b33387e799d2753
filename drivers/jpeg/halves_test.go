package jpeg

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"testing"
)

func TestHalvesAreThePictureThatIsEncodedWhole(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio411} {
		for _, size := range []image.Point{{64, 64}, {200, 150}, {33, 47}, {31, 15}, {16, 16}, {1240, 1754}} {
			img := newPlanes(size.X, size.Y, ratio)
			for i := range img.Y {
				img.Y[i] = byte(i * i / 7)
			}
			for i := range img.Cb {
				img.Cb[i], img.Cr[i] = byte(i/3), byte(i/5)
			}
			whole, err := Encode(img, 85, 300)
			if err != nil {
				t.Fatal(err)
			}
			halves, err := EncodeHalves(img, 85, 300)
			if err != nil {
				t.Fatalf("%v %v: %v", ratio, size, err)
			}
			if size.Y >= 47 && !bytes.Contains(halves, []byte{0xff, markerRST0}) {
				t.Errorf("%v %v: was not cut", ratio, size)
			}
			a, err := Decode(whole, Full, plenty)
			if err != nil {
				t.Fatal(err)
			}
			b, err := Decode(halves, Full, plenty)
			if err != nil {
				t.Fatalf("%v %v: %v", ratio, size, err)
			}
			if rows := sameRows(a.Y, b.Y, a.YStride, size.X, size.Y); rows != size.Y {
				t.Errorf("%v %v: luma is another from row %d on", ratio, size, rows)
			}
			cw, ch := chromaSize(a)
			if sameRows(a.Cb, b.Cb, a.CStride, cw, ch) != ch || sameRows(a.Cr, b.Cr, a.CStride, cw, ch) != ch {
				t.Errorf("%v %v: colour is another", ratio, size)
			}
			if _, err := stdjpeg.Decode(bytes.NewReader(halves)); err != nil && ratio != image.YCbCrSubsampleRatio411 {
				t.Errorf("%v %v: image/jpeg says %v", ratio, size, err)
			}
			if setDensity(whole, 0) != nil || !bytes.Equal(whole[:18], halves[:18]) {
				t.Errorf("%v %v: the resolution is not kept", ratio, size)
			}
		}
	}
}

func TestHalvesThatAreNotAlikeAreNotJoined(t *testing.T) {
	img := newPlanes(64, 64, image.YCbCrSubsampleRatio420)
	good, err := Encode(img, 85, 300)
	if err != nil {
		t.Fatal(err)
	}
	coarse, err := Encode(img, 40, 300)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := joined(good, good, 16, 128); err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string][]byte{"quality": coarse, "cut": good[:len(good)-1], "nothing": nil, "head": good[:40]} {
		if _, err := joined(good, other, 16, 128); err == nil {
			t.Errorf("%s: was joined", name)
		}
	}
}
