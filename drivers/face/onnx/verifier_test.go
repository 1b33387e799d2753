package onnx

import (
	"bytes"
	"context"
	"errors"
	"image"
	stdjpeg "image/jpeg"
	"image/png"
	"os"
	"strings"
	"testing"

	"yimen/drivers/emulator/portrait"
	"yimen/drivers/face"
	"yimen/drivers/face/onnx/onnxtest"
)

// made is a verifier with made-up networks: faces are alike whose 196 patches are, and what is bright lives.
func made(t *testing.T) Config {
	t.Helper()
	return Config{
		Library: onnxtest.Library(t), Likeness: onnxtest.Patches(t), Living: onnxtest.Brightness(t), SameFrom: .88, OtherTo: .8, LivingFrom: .1,
	}
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
	return shotOf(t, v, portrait.Scene{Width: 640, Height: 480, Wall: 200, Light: light, Blur: 1.5, Faces: []portrait.Face{f}}.Draw())
}

// shotOf is a camera's picture of a scene.
func shotOf(t *testing.T, v *Verifier, img *image.Gray) face.Shot {
	t.Helper()
	var b bytes.Buffer
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

// TestThePeopleOfTheBenchAreToldApartByMadeUpNetworks, so that a whole check-in can be walked with them: the holder of the card,
// a stranger, and a printed photograph of the holder.
func TestThePeopleOfTheBenchAreToldApartByMadeUpNetworks(t *testing.T) {
	cfg := made(t)
	cfg.Likeness, cfg.Living, cfg.SameFrom, cfg.OtherTo, cfg.LivingFrom = onnxtest.InnerPatches(t), onnxtest.Darkness(t), .9, .85, .05
	v := verifier(t, cfg)
	size, p := image.Pt(640, 480), portrait.Of("990000196203150022")
	var card bytes.Buffer
	if err := png.Encode(&card, p.Photo()); err != nil {
		t.Fatal(err)
	}
	photo, err := face.Photo(card.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		phases []*image.Gray
		want   string
	}{
		"holder": {portrait.Living(size, p), "same, living"}, "stranger": {portrait.Living(size, p.Stranger()), "other, living"},
		"print": {portrait.Printed(size, p), "not living"},
	} {
		var shots []face.Shot
		for _, im := range c.phases {
			shots = append(shots, shotOf(t, v, im))
		}
		got, err := v.Verify(context.Background(), photo, shots)
		t.Logf("%s: %+v, %v", what, got, err)
		said := string(got.Match) + ", living"
		if !got.Living {
			said = "not living"
		}
		if err != nil || said != c.want {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
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
		"network is no network": {func(c *Config) { c.Likeness = onnxtest.Write(t, "x", 112, []byte("x")) }, ErrNetwork},
		"network is too small":  {func(c *Config) { c.Living = onnxtest.Write(t, "x", 8, onnxtest.Node("Flatten", "picture", "numbers")) }, ErrNetwork},
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
