package wlt

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/image/bmp"
	"golang.org/x/sys/unix"
)

// photo is a true header and made-up bytes (firmware-notes/sam-v "Golden frames").
func photo() []byte {
	b := append(make([]byte, 0, photoLen), 0x57, 0x4C, 0x66, 0, 0x7E, 0, 0x32, 0)
	for i := 0; len(b) < photoLen; i++ {
		b = append(b, byte((i*7+3)%251))
	}
	return b
}

// helper builds the badly behaved helper.
func helper(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "helper")
	if out, err := exec.Command("go", "build", "-o", path, "./testdata/helper").CombinedOutput(); err != nil {
		t.Fatalf("build helper: %v\n%s", err, out)
	}
	return path
}

func TestHelperGivesThePictureOrAReason(t *testing.T) {
	path := helper(t)
	for behaviour, decoded := range map[string]bool{
		"bmp": true, "png": true, "jpeg": true, "environment": true,
		"crash": false, "fails after writing": false, "hang": false, "flood": false, "nothing": false, "nonsense": false,
		"huge": false, "cut": false,
	} {
		t.Run(behaviour, func(t *testing.T) {
			h := Helper{Command: []string{path, behaviour}, Timeout: time.Minute}
			if behaviour == "hang" {
				h.Timeout = 100 * time.Millisecond
			}
			got, err := h.Decode(t.Context(), photo())
			if (err == nil) != decoded {
				t.Fatalf("%d bytes, %v", len(got), err)
			}
			if !decoded {
				t.Log(err)
				if got != nil {
					t.Error("an error, and a picture")
				}
				return
			}
			img, err := png.Decode(bytes.NewReader(got))
			if err != nil || img.Bounds().Dx() != 102 || img.Bounds().Dy() != 126 {
				t.Fatalf("%v, %v", img.Bounds(), err)
			}
			if r, g, b, _ := img.At(0, 0).RGBA(); behaviour != "jpeg" && [3]uint32{r >> 8, g >> 8, b >> 8} != [3]uint32{3, 10, 17} {
				t.Errorf("the helper did not get the card's bytes: %d %d %d", r>>8, g>>8, b>>8)
			}
		})
	}
}

func TestNothingIsLeftOfAHelper(t *testing.T) {
	path, note := helper(t), filepath.Join(t.TempDir(), "child")
	goroutines := runtime.NumGoroutine()
	h := Helper{Command: []string{path, "child", note}, Timeout: time.Minute}
	_, err := h.Decode(t.Context(), photo())
	t.Log(err) // whether its picture still counts is of no interest
	id, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	child := int(id[0]) | int(id[1])<<8 | int(id[2])<<16
	for range 200 {
		if unix.Kill(child, 0) != nil && runtime.NumGoroutine() <= goroutines {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	if state, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(child), "stat")); err == nil && !bytes.Contains(state, []byte(") Z ")) {
		t.Errorf("the helper's child still runs: %s", state)
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
}

func TestOnlyAPhotoIsGivenAway(t *testing.T) {
	h := Helper{Command: []string{"/bin/false"}}
	for _, b := range [][]byte{nil, photo()[:1000], make([]byte, photoLen)} {
		if _, err := h.Decode(t.Context(), b); err == nil || bytes.Contains([]byte(err.Error()), []byte("helper")) {
			t.Errorf("%d bytes: %v", len(b), err)
		}
	}
	h.Command[0] = "/nowhere"
	if _, err := h.Decode(t.Context(), photo()); err == nil {
		t.Error("a helper that is not there decodes")
	}
}

func FuzzPicture(f *testing.F) {
	img := image.NewGray(image.Rect(0, 0, 5, 4))
	for _, encode := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return bmp.Encode(b, img) },
		func(b *bytes.Buffer) error { return png.Encode(b, img) },
		func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := picture(b)
		if err != nil {
			return
		}
		if size, err := png.DecodeConfig(bytes.NewReader(out)); err != nil || size.Width > sideLimit || size.Height > sideLimit {
			t.Errorf("%+v, %v", size, err)
		}
	})
}
