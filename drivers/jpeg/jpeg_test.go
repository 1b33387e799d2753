package jpeg

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"os/exec"
	"runtime"
	"sync"
	"testing"
)

const plenty = 1 << 24

// picture is a slope of gray with a coloured corner, which survives compression nearly unchanged.
func picture(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			v := byte(40 + 170*(x+y)/(width+height))
			c := color.RGBA{v, v, v, 255}
			if x < width/2 && y < height/2 {
				c = color.RGBA{v, v / 2, 255 - v, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func encoded(t testing.TB, width, height int) []byte {
	t.Helper()
	data, err := EncodeRGBA(picture(width, height), 92, 0)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// like is true if two pictures differ by no more than a lossy way through explains.
func like(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	var sum, n float64
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r0, g0, b0, _ := a.At(x, y).RGBA()
			r1, g1, b1, _ := b.At(x, y).RGBA()
			for _, d := range []float64{float64(r0) - float64(r1), float64(g0) - float64(g1), float64(b0) - float64(b1)} {
				sum += d * d / 257 / 257
				n++
			}
		}
	}
	return sum/n < 40
}

// without leaves a kind of segment out of a JPEG; drop is the marker's second byte.
func without(data []byte, drop byte) []byte {
	out := bytes.Clone(data[:2])
	for rest := data[2:]; ; {
		if rest[1] == 0xDA {
			return append(out, rest...)
		}
		n := 2 + int(rest[2])<<8 + int(rest[3])
		if rest[1] != drop {
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
	}
}

func convert(t testing.TB, data []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("convert", append(append([]string{"jpg:-"}, args...), "jpg:-")...)
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("convert (imagemagick): %v", err)
	}
	return out
}

func TestPicturesOfEverySizeAndSamplingComeBack(t *testing.T) {
	for _, size := range []image.Point{{64, 48}, {1, 1}, {17, 33}, {31, 2}, {3, 47}} {
		src := picture(size.X, size.Y)
		for _, ratio := range []image.YCbCrSubsampleRatio{
			image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
			image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411,
		} {
			planes := image.NewYCbCr(src.Rect, ratio)
			for y := range size.Y {
				for x := range size.X {
					c := src.RGBAAt(x, y)
					planes.Y[planes.YOffset(x, y)], planes.Cb[planes.COffset(x, y)], planes.Cr[planes.COffset(x, y)] =
						color.RGBToYCbCr(c.R, c.G, c.B)
				}
			}
			data, err := Encode(planes, 95, 0)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Decode(data, Full, plenty)
			if err != nil {
				t.Fatal(err)
			}
			if !like(planes, got) || got.SubsampleRatio != ratio {
				t.Errorf("%v %v came back otherwise, as %v", size, ratio, got.SubsampleRatio)
			}
		}
	}
}

func TestScaledDecodingShrinks(t *testing.T) {
	data := encoded(t, 201, 99)
	for scale, want := range map[Scale]image.Point{Full: {201, 99}, Half: {101, 50}, Quarter: {51, 25}, Eighth: {26, 13}} {
		planes, err := Decode(data, scale, plenty)
		if err != nil {
			t.Fatal(err)
		}
		gray, err := DecodeGray(data, scale, plenty)
		if err != nil {
			t.Fatal(err)
		}
		if planes.Rect.Size() != want || gray.Rect.Size() != want || (scale < Eighth && !like(planes, picture(want.X, want.Y))) {
			t.Errorf("1/%d: %v and %v, want %v", scale, planes.Rect, gray.Rect, want)
		}
		if l, r := gray.GrayAt(0, want.Y-1).Y, gray.GrayAt(want.X-1, want.Y-1).Y; l >= r {
			t.Errorf("1/%d: gray slope is lost: %d to %d", scale, l, r)
		}
	}
	if _, err := Decode(data, 3, plenty); !errors.Is(err, ErrUnsupported) {
		t.Errorf("scale 1/3: %v", err)
	}
}

func TestCameraFramesWithoutHuffmanTablesAreRead(t *testing.T) {
	frame := without(encoded(t, 64, 48), 0xC4)
	if _, err := stdjpeg.Decode(bytes.NewReader(frame)); err == nil {
		t.Fatal("the frame still has its tables")
	}
	img, err := Decode(frame, Full, plenty)
	if err != nil || !like(img, picture(64, 48)) {
		t.Errorf("%v", err)
	}
}

func TestPaddingBeforeTheEndMarkerIsForgiven(t *testing.T) {
	data := encoded(t, 64, 48)
	end := len(data) - 2
	padded := append(append(bytes.Clone(data[:end]), make([]byte, 7)...), data[end:]...)
	img, err := Decode(padded, Full, plenty)
	if err != nil || !like(img, picture(64, 48)) {
		t.Errorf("%v", err)
	}
}

func TestATruncatedFrameTellsHowFarItGot(t *testing.T) {
	data := encoded(t, 320, 240)
	before := -1
	for _, part := range []int{40, 60, 80, 95} {
		cut := data[:len(data)*part/100]
		_, err := Decode(cut, Full, plenty)
		var damaged *Damaged
		if !errors.As(err, &damaged) {
			t.Fatalf("%d%%: %v", part, err)
		}
		if damaged.Of != 240 || damaged.Rows <= before || damaged.Rows >= 240 {
			t.Errorf("%d%%: %d rows of %d, after %d", part, damaged.Rows, damaged.Of, before)
		}
		before = damaged.Rows
		if _, err := DecodeGray(cut, Half, plenty); !errors.As(err, &damaged) || damaged.Of != 120 {
			t.Errorf("%d%% gray: %v", part, err)
		}
	}
}

func TestDamageWithinIsNotPassedOff(t *testing.T) {
	data := encoded(t, 320, 240)
	broken := bytes.Clone(data)
	copy(broken[len(broken)/2:], []byte{0xFF, 0xD9, 0xFF, 0xD9})
	var damaged *Damaged
	if _, err := Decode(broken, Full, plenty); !errors.As(err, &damaged) {
		t.Errorf("%v", err)
	}
}

func TestABombIsRefusedBeforeItIsUnpacked(t *testing.T) {
	bomb := bytes.Clone(encoded(t, 16, 16))
	at := bytes.Index(bomb, []byte{0xFF, 0xC0}) + 5 // height and width in the frame header
	copy(bomb[at:], []byte{0xFD, 0xE8, 0xFD, 0xE8}) // 65,000 each
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Decode(bomb, Full, plenty)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrTooLarge) || after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("%v, %d bytes allocated", err, after.TotalAlloc-before.TotalAlloc)
	}
}

func TestOtherKindsAreDecodedOrRefusedInWords(t *testing.T) {
	data := encoded(t, 64, 48)
	if img, err := Decode(convert(t, data, "-interlace", "JPEG"), Full, plenty); err != nil || !like(img, picture(64, 48)) {
		t.Errorf("progressive: %v", err)
	}
	img, err := Decode(convert(t, data, "-colorspace", "Gray"), Full, plenty)
	if err != nil || img.Cb[0] != 128 || img.Cr[0] != 128 || img.Rect.Dx() != 64 {
		t.Errorf("gray: %v", err)
	}
	if _, err := Decode(convert(t, data, "-colorspace", "CMYK"), Full, plenty); !errors.Is(err, ErrUnsupported) {
		t.Errorf("CMYK: %v", err)
	}
	for _, no := range [][]byte{nil, {0xFF}, []byte("<html>portal"), data[:20], data[:100]} {
		if _, err := Decode(no, Full, plenty); !errors.Is(err, ErrNotJPEG) {
			t.Errorf("%d bytes: %v", len(no), err)
		}
	}
}

func TestResolutionStandsInTheFile(t *testing.T) {
	data, err := EncodeRGBA(picture(32, 32), 80, 199.6)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data[13:18], []byte{1, 0, 200, 0, 200}) {
		t.Errorf("JFIF density % x", data[13:18])
	}
}

func TestWhatCannotBeEncodedIsAnError(t *testing.T) {
	short := image.NewYCbCr(image.Rect(0, 0, 64, 64), image.YCbCrSubsampleRatio420)
	short.Cr = short.Cr[:10]
	for name, try := range map[string]func() ([]byte, error){
		"planes cut short": func() ([]byte, error) { return Encode(short, 80, 0) },
		"no pixels":        func() ([]byte, error) { return EncodeRGBA(image.NewRGBA(image.Rect(0, 0, 0, 9)), 80, 0) },
		"quality 0":        func() ([]byte, error) { return EncodeRGBA(picture(8, 8), 0, 0) },
		"density":          func() ([]byte, error) { return EncodeRGBA(picture(8, 8), 80, 1e6) },
		"410": func() ([]byte, error) {
			return Encode(image.NewYCbCr(image.Rect(0, 0, 8, 8), image.YCbCrSubsampleRatio410), 80, 0)
		},
	} {
		if data, err := try(); err == nil || data != nil {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}

func TestCallsStandSideBySide(t *testing.T) {
	good, bad := encoded(t, 128, 96), encoded(t, 128, 96)[:900]
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if img, err := Decode(good, Full, plenty); err != nil || !like(img, picture(128, 96)) {
					t.Error(err)
				}
				if _, err := Decode(bad, Full, plenty); err == nil {
					t.Error("a cut frame was decoded")
				}
			}
		})
	}
	wg.Wait()
}

func FuzzDecode(f *testing.F) {
	data := encoded(f, 48, 40)
	for _, seed := range [][]byte{data, without(data, 0xC4), data[:len(data)/2], {0xFF, 0xD8, 0xFF, 0xD9}} {
		f.Add(seed, byte(1))
	}
	gray := image.NewGray(image.Rect(0, 0, 20, 20))
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, gray, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), byte(2))
	f.Fuzz(func(t *testing.T, data []byte, scale byte) {
		const most = 1 << 20
		planes, err := Decode(data, Scale(scale), most)
		gray, grayErr := DecodeGray(data, Scale(scale), most)
		if (planes == nil) == (err == nil) || (gray == nil) == (grayErr == nil) {
			t.Fatal("neither picture nor error, or both")
		}
		if err != nil {
			return
		}
		if planes.Rect.Dx()*planes.Rect.Dy() > most {
			t.Fatalf("%v is more than was allowed", planes.Rect)
		}
		if _, err := Encode(planes, 80, 300); err != nil {
			t.Fatal(err)
		}
	})
}
