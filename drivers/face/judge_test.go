package face

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"math"
	"slices"
	"testing"

	"yimen/drivers/device"
	"yimen/drivers/emulator/portrait"
)

func finder(t testing.TB) *Finder {
	t.Helper()
	f, err := NewFinder()
	if err != nil {
		t.Fatalf("%v: make copies them", err)
	}
	return f
}

// one draws a picture of one face, in the middle and of a good size where f does not say otherwise.
func one(f portrait.Face, s portrait.Scene) *image.Gray {
	if f.Size == 0 {
		f.Size = 260
	}
	if f.X == 0 {
		f.X, f.Y = 320, 220
	}
	s.Width, s.Height, s.Faces = 640, 480, append(s.Faces, f)
	if s.Blur == 0 {
		s.Blur = 1
	}
	return s.Draw()
}

func TestAGoodFaceHasNoFlaw(t *testing.T) {
	f := finder(t)
	for name, img := range map[string]*image.Gray{
		"plain":         one(portrait.Face{}, portrait.Scene{}),
		"somebody else": one(portrait.Face{Tone: 0x5a}, portrait.Scene{}),
		"a third":       one(portrait.Face{Tone: 0xff}, portrait.Scene{}),
		"dark skin":     one(portrait.Face{Skin: 120}, portrait.Scene{Wall: 160}),
		"half far":      one(portrait.Face{Size: 130}, portrait.Scene{}),
		"near":          one(portrait.Face{Size: 380, X: 320, Y: 180}, portrait.Scene{}),
		"tilted a bit":  one(portrait.Face{Roll: 8}, portrait.Scene{}),
		"from the side": one(portrait.Face{Shade: .3}, portrait.Scene{}),
		"dim":           one(portrait.Face{}, portrait.Scene{Light: .5}),
		"soft":          one(portrait.Face{}, portrait.Scene{Blur: 2.5}),
		"passer-by":     one(portrait.Face{X: 260, Y: 220, Size: 240}, portrait.Scene{Faces: []portrait.Face{{X: 560, Y: 200, Size: 80}}}),
	} {
		if s := f.Judge(img, DefaultLimits()); len(s.Flaws) > 0 || s.Quad == (device.Quad{}) {
			t.Errorf("%s: %v round %v", name, s.Flaws, s.Quad)
		}
	}
}

func TestEachFlawIsNamedForWhatToDo(t *testing.T) {
	f := finder(t)
	for _, c := range []struct {
		want device.FaceFlaw
		img  *image.Gray
	}{
		{device.NoFace, portrait.Scene{Width: 640, Height: 480}.Draw()},
		{device.NoFace, one(portrait.Face{X: 640, Y: 220}, portrait.Scene{})},
		{device.SeveralFaces, one(portrait.Face{X: 200, Y: 220, Size: 200}, portrait.Scene{Faces: []portrait.Face{{X: 460, Y: 220, Size: 180}}})},
		{device.FaceAside, one(portrait.Face{X: 522, Y: 220}, portrait.Scene{})},
		{device.FaceFar, one(portrait.Face{Size: 80}, portrait.Scene{})},
		{device.FaceNear, one(portrait.Face{X: 320, Y: 190, Size: 470}, portrait.Scene{})},
		{device.FaceDark, one(portrait.Face{}, portrait.Scene{Light: .25})},
		{device.FaceBright, one(portrait.Face{Skin: 255}, portrait.Scene{Wall: 160})},
		{device.FaceUneven, one(portrait.Face{Shade: .6}, portrait.Scene{})},
		{device.FaceTurned, one(portrait.Face{Turn: .8}, portrait.Scene{})},
		{device.FaceTurned, one(portrait.Face{Turn: -.8}, portrait.Scene{})},
		{device.FaceTurned, one(portrait.Face{Roll: 18}, portrait.Scene{})},
		{device.FaceBlurred, one(portrait.Face{}, portrait.Scene{Blur: 7})},
	} {
		if s := f.Judge(c.img, DefaultLimits()); !slices.Contains(s.Flaws, c.want) {
			t.Errorf("%s is missing: side %d, %v", c.want, s.Face.Side, s.Flaws)
		}
	}
}

func TestThePupilsAreWhereTheyWereDrawn(t *testing.T) {
	f := finder(t)
	for _, size := range []float64{130, 200, 300} {
		s := f.Judge(one(portrait.Face{X: 320, Y: 200, Size: size}, portrait.Scene{}), DefaultLimits())
		for _, eye := range []struct {
			at   image.Point
			want float64
		}{{s.Face.Left, 320 - .315*size/2}, {s.Face.Right, 320 + .315*size/2}} {
			if off := math.Hypot(float64(eye.at.X)-eye.want, float64(eye.at.Y)-200-.02*size/2); off > .04*size {
				t.Errorf("a face of %v: pupil at %v, %.0f pixels off", size, eye.at, off)
			}
		}
	}
}

func TestAFrameOfAnySizeIsLookedAtInBoundedTime(t *testing.T) {
	f := finder(t)
	for _, size := range []image.Point{{8, 8}, {640, 480}, {480, 640}, {1920, 1080}, {4000, 3000}} {
		k := float64(size.Y) / 480
		img := portrait.Scene{Width: size.X, Height: size.Y, Blur: k, Faces: []portrait.Face{{X: float64(size.X) / 2, Y: 220 * k, Size: 240 * k}}}.Draw()
		s, err := f.Look(encode(t, img), DefaultLimits())
		if err != nil || max(s.Size.X, s.Size.Y) > mostSide {
			t.Errorf("%v was looked at as %v: %v", size, s.Size, err)
		}
		if size.X >= 480 && slices.Contains(s.Flaws, device.NoFace) {
			t.Errorf("%v: the face was not found", size)
		}
	}
	if s := f.Judge(image.NewGray(image.Rect(0, 0, mostSide+1, 40)), DefaultLimits()); !slices.Contains(s.Flaws, device.NoFace) {
		t.Error("a picture was looked at that is too large")
	}
}

func TestAShotShowsTheFaceWhereItWasSeen(t *testing.T) {
	f := finder(t)
	frame := encode(t, portrait.Scene{Width: 1280, Height: 960, Blur: 2, Faces: []portrait.Face{{X: 640, Y: 440, Size: 480}}}.Draw())
	seen, err := f.Look(frame, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	shot, err := Shoot(frame, seen)
	if err != nil || shot.Picture.Rect.Size() != seen.Size || shot.Face != seen.Face {
		t.Errorf("the face at %v of %v is at %v of a shot of %v: %v", seen.Face, seen.Size, shot.Face, shot.Picture.Rect, err)
	}
}

func TestAVerdictConfirmsOnlyALivingFaceThatIsTheSame(t *testing.T) {
	for _, m := range []Match{Same, Other, Unsure, ""} {
		for _, living := range []bool{false, true} {
			if got, want := (Verdict{Match: m, Living: living}).Confirms(), m == Same && living; got != want {
				t.Errorf("%q, living %v: %v", m, living, got)
			}
		}
	}
}

func encode(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, img, &stdjpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzLook: a hostile frame is an error or is judged, and never a crash; what is said of it can be shown.
func FuzzLook(f *testing.F) {
	find := finder(f)
	frame := encode(f, portrait.Scene{Width: 160, Height: 120, Blur: 1, Faces: []portrait.Face{{X: 80, Y: 55, Size: 70}}}.Draw())
	f.Add(frame)
	f.Add(frame[:len(frame)/2])
	f.Add(encode(f, image.NewGray(image.Rect(0, 0, 3, 200))))
	f.Add([]byte{0xFF, 0xD8, 0xFF})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := find.Look(b, DefaultLimits())
		if err != nil {
			return
		}
		for _, p := range s.Quad {
			if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) {
				t.Errorf("corner %v lies outside the picture", p)
			}
		}
		if len(s.Flaws) == 0 {
			if _, err := Shoot(b, s); err != nil {
				t.Errorf("a good face cannot be taken: %v", err)
			}
		}
	})
}

// FuzzPhoto: what stands for a card's photo is a picture of bounded size, or an error.
func FuzzPhoto(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		photo, err := Photo(b)
		if err == nil && max(photo.Bounds().Dx(), photo.Bounds().Dy()) > mostPhoto {
			t.Errorf("a photo of %v", photo.Bounds())
		}
	})
}
