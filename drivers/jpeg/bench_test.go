package jpeg

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"io"
	"testing"
	"time"
)

// A frame of a document camera with five megapixels.
const benchWidth, benchHeight = 2592, 1944

// against times ours and theirs in turn, and prints the ratio.
func against(b *testing.B, unit string, ours, theirs func() error) {
	b.Helper()
	var spent [2]time.Duration
	for b.Loop() {
		for i, f := range []func() error{ours, theirs} {
			begin := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			spent[i] += time.Since(begin)
		}
	}
	b.ReportMetric(float64(spent[0])/float64(spent[1]), unit)
}

func BenchmarkDecodeAgainstImageJPEG(b *testing.B) {
	data := encoded(b, benchWidth, benchHeight)
	against(b, "×image/jpeg",
		func() error { _, err := Decode(data, Full, plenty); return err },
		func() error { _, err := stdjpeg.Decode(bytes.NewReader(data)); return err })
}

func BenchmarkEncodeAgainstImageJPEG(b *testing.B) {
	img, err := Decode(encoded(b, benchWidth, benchHeight), Full, plenty)
	if err != nil {
		b.Fatal(err)
	}
	against(b, "×image/jpeg",
		func() error { _, err := Encode(img, 85, 300); return err },
		func() error { return stdjpeg.Encode(io.Discard, img, &stdjpeg.Options{Quality: 85}) })
}

func BenchmarkUnpackYUYVAgainstCopy(b *testing.B) {
	size := image.Pt(benchWidth, benchHeight)
	data, moved := pairs(size, 2*size.X), make([]byte, 2*size.X*size.Y)
	var img *image.YCbCr
	against(b, "×copy",
		func() (err error) { img, err = UnpackYUYV(img, data, size, 2*size.X); return err },
		func() error { copy(moved, data); return nil })
}
