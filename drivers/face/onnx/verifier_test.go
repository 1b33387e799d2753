package onnx

import (
	"bytes"
	"context"
	"errors"
	"image"
	stdjpeg "image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"yimen/drivers/emulator/portrait"
	"yimen/drivers/face"
)

// library is where `make soak` puts ONNX Runtime; `make test` does without.
func library(t *testing.T) string {
	t.Helper()
	if os.Getenv("YIMEN_SOAK") == "" {
		t.Skip("the library takes 250 MB: in make soak only")
	}
	path, err := filepath.Abs(filepath.Join("library/node_modules/onnxruntime-node/bin/napi-v6/linux", map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH], "libonnxruntime.so.1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("make soak installs it: %v", err)
	}
	return path
}

// made writes made-up networks: faces are alike whose 196 patches are, and what is bright lives. With them a verifier is
// tried, and nobody is known.
func made(t *testing.T) Config {
	t.Helper()
	return Config{
		Library:  library(t),
		Likeness: write(t, "likeness", 112, node("AveragePool", "picture", "mean", ints("kernel_shape", 8, 8), ints("strides", 8, 8)), node("Flatten", "mean", "numbers")),
		Living:   write(t, "living", 64, node("ReduceMean", "picture", "numbers", ints("axes", 1, 2, 3), whole("keepdims", 0))),
		SameFrom: .88, OtherTo: .8, LivingFrom: .1,
	}
}

func write(t *testing.T, name string, side int, nodes ...[]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".onnx")
	if err := os.WriteFile(path, model(side, nodes...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func verifier(t *testing.T, cfg Config) *Verifier {
	t.Helper()
	finder, err := face.NewFinder()
	if err != nil {
		t.Fatal(err)
	}
	v, err := Open(cfg, finder)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// photo draws a card's photo.
func photo(t *testing.T, f portrait.Face) image.Image {
	t.Helper()
	f.X, f.Y, f.Size = 51, 52, 84
	var b bytes.Buffer
	if err := png.Encode(&b, portrait.Scene{Width: 102, Height: 126, Wall: 230, Blur: .8, Faces: []portrait.Face{f}}.Draw()); err != nil {
		t.Fatal(err)
	}
	img, err := face.Photo(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// shot draws somebody before the camera.
func shot(t *testing.T, v *Verifier, f portrait.Face, light float64) face.Shot {
	t.Helper()
	f.X, f.Y, f.Size = 320, 220, 240
	var b bytes.Buffer
	img := portrait.Scene{Width: 640, Height: 480, Wall: 200, Light: light, Blur: 1.5, Faces: []portrait.Face{f}}.Draw()
	if err := stdjpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	seen, err := v.finder.Look(b.Bytes(), face.DefaultLimits())
	if err != nil || seen.Face.Side == 0 {
		t.Fatalf("no face in the picture: %v", err)
	}
	s, err := face.Shoot(b.Bytes(), seen)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOneFaceIsTheSameAndAnotherIsNot(t *testing.T) {
	v := verifier(t, made(t))
	card := photo(t, portrait.Face{})
	same, err := v.Verify(context.Background(), card, []face.Shot{shot(t, v, portrait.Face{}, 1), shot(t, v, portrait.Face{Roll: 4}, .9)})
	if err != nil {
		t.Fatal(err)
	}
	other, err := v.Verify(context.Background(), card, []face.Shot{shot(t, v, portrait.Face{}, 1), shot(t, v, portrait.Face{Tone: 0xff, Skin: 120}, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if !same.Confirms() || other.Confirms() || other.Score >= same.Score {
		t.Errorf("the same face: %+v; one shot of another: %+v", same, other)
	}
}

func TestWhatDoesNotLiveIsRefused(t *testing.T) {
	v := verifier(t, made(t))
	got, err := v.Verify(context.Background(), photo(t, portrait.Face{}), []face.Shot{shot(t, v, portrait.Face{}, 1), shot(t, v, portrait.Face{}, .5)})
	if err != nil || got.Living || got.Confirms() {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAPhotoWithoutAFaceIsNothingToCompareWith(t *testing.T) {
	v := verifier(t, made(t))
	_, err := v.Verify(context.Background(), image.NewGray(image.Rect(0, 0, 102, 126)), []face.Shot{shot(t, v, portrait.Face{}, 1)})
	if !errors.Is(err, face.ErrNoPhoto) {
		t.Error(err)
	}
}

func TestANetworkThatDoesNotFitIsNamed(t *testing.T) {
	good := made(t)
	finder, err := face.NewFinder()
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		cfg  func(*Config)
		want error
	}{
		"library is no library": {func(c *Config) { c.Library = c.Likeness }, ErrLibrary},
		"library is another":    {func(c *Config) { c.Library = "/lib/x86_64-linux-gnu/libm.so.6" }, ErrLibrary},
		"network is no network": {func(c *Config) { c.Likeness = write(t, "x", 112, []byte("x")) }, ErrNetwork},
		"network is too small":  {func(c *Config) { c.Living = write(t, "x", 8, node("Flatten", "picture", "numbers")) }, ErrNetwork},
		"network is away":       {func(c *Config) { c.Living = "/nowhere" }, os.ErrNotExist},
	} {
		cfg := good
		c.cfg(&cfg)
		if _, err := Open(cfg, finder); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	cfg := good // gives 196 numbers where one is wanted
	cfg.Living = cfg.Likeness
	v := verifier(t, cfg)
	if _, err := v.Verify(context.Background(), photo(t, portrait.Face{}), []face.Shot{shot(t, v, portrait.Face{}, 1)}); !errors.Is(err, errVector) {
		t.Errorf("a network with too many numbers: %v", err)
	}
}

func TestWhatCannotBeRightIsRefusedWithItsKey(t *testing.T) {
	good := Config{Library: "/l", Likeness: "/a", Living: "/b", SameFrom: .5, OtherTo: .3, LivingFrom: .9}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for key, change := range map[string]func(*Config){
		"library": func(c *Config) { c.Library = "libonnxruntime.so" }, "likeness": func(c *Config) { c.Likeness = "" },
		"living": func(c *Config) { c.Living = "" }, "same_from": func(c *Config) { c.SameFrom = 0 },
		"other_to": func(c *Config) { c.OtherTo = .5 }, "living_from": func(c *Config) { c.LivingFrom = 0 },
	} {
		bad := good
		change(&bad)
		if err := bad.Validate(); err == nil || !strings.HasPrefix(err.Error(), key+":") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
