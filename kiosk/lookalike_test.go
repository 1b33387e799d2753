package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"math"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"yimen/drivers/emulator/portrait"
	"yimen/drivers/face"
	"yimen/drivers/face/onnx"
)

// TestMain makes this test program a daemon where it is called as one: with a made-up verifier, for the tests that walk
// through a check-in by face. The daemon that is shipped has no verifier but the operator's networks.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != "-config" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], openLookalike, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "kiosk:", err)
		os.Exit(1)
	}
}

// lookalike is a verifier that knows nobody: two drawn faces are alike whose pictures are, and what has white paper round it
// does not live. While the file that the config calls library is there, it thinks.
type lookalike struct {
	cfg    onnx.Config
	finder *face.Finder
}

func openLookalike(cfg onnx.Config, finder *face.Finder) (face.Verifier, error) {
	return lookalike{cfg, finder}, nil
}

var errAlone = errors.New("nothing to compare")

// Verify implements face.Verifier; the worst shot decides.
func (l lookalike) Verify(_ context.Context, photo image.Image, shots []face.Shot) (face.Verdict, error) {
	for { // not to be broken off, as an operator's networks are not
		if _, err := os.Stat(l.cfg.Library); errors.Is(err, fs.ErrNotExist) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	luma := image.NewGray(image.Rectangle{Max: photo.Bounds().Size()})
	for y := range luma.Rect.Dy() {
		for x := range luma.Rect.Dx() {
			luma.Set(x, y, photo.At(photo.Bounds().Min.X+x, photo.Bounds().Min.Y+y))
		}
	}
	on := l.finder.Find(luma)
	if len(on) == 0 || len(shots) == 0 {
		return face.Verdict{}, errAlone
	}
	v := face.Verdict{Score: 1, Living: true, Match: face.Unsure}
	for _, s := range shots {
		v.Score = min(v.Score, alike(patches(luma, on[0]), patches(s.Picture, s.Face)))
		v.Living = v.Living && 1-paper(s) >= l.cfg.LivingFrom
	}
	if v.Score >= l.cfg.SameFrom {
		v.Match = face.Same
	} else if v.Score <= l.cfg.OtherTo {
		v.Match = face.Other
	}
	return v, nil
}

const grid = 14 // patches on each side of a face

// patches are the lumas of a face between brows and chin, on a grid laid by its pupils, each the mean of nine places.
func patches(picture image.Image, f face.Face) []float64 {
	span := float64(f.Right.X - f.Left.X)
	x0, y0 := float64(f.Left.X)-.3*span, float64(f.Left.Y)-.4*span
	step := 1.6 * span / grid
	var list []float64
	for i := range grid * grid {
		sum := 0.0
		for j := range 9 {
			x, y := x0+step*(float64(i%grid)+float64(j%3)/3), y0+step*(float64(i/grid)+float64(j/3)/3)
			sum += float64(color.GrayModel.Convert(picture.At(int(x), int(y))).(color.Gray).Y)
		}
		list = append(list, sum/9)
	}
	return list
}

// alike is one less how far two faces differ, in parts of the luma's range.
func alike(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += math.Abs(a[i] - b[i])
	}
	return 1 - sum/float64(len(a))/255
}

// paper is how much of what is round a face is as bright as paper, 0 to 1.
func paper(s face.Shot) float64 {
	round, bright := 0, 0
	for i := range 360 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 180)
		p := s.Face.Middle.Add(image.Pt(int(cos*.75*float64(s.Face.Side)), int(sin*.75*float64(s.Face.Side))))
		if p.In(s.Picture.Rect) {
			round++
			if s.Picture.YCbCrAt(p.X, p.Y).Y > 200 {
				bright++
			}
		}
	}
	return float64(bright) / float64(max(round, 1))
}

// TestTheMadeUpVerifierTellsThePeopleOfTheBenchApart, each of them in every phase, or a walk with it would show nothing.
func TestTheMadeUpVerifierTellsThePeopleOfTheBenchApart(t *testing.T) {
	finder, err := face.NewFinder()
	if err != nil {
		t.Fatal(err)
	}
	f := faces{finder: finder, verifier: lookalike{onnx.Config{Library: "/nowhere", SameFrom: .95, OtherTo: .9, LivingFrom: .8}, finder}}
	size := image.Pt(640, 480)
	for _, name := range []string{"990000196203150022", "990000195109090014"} {
		p := portrait.Of(name)
		for what, c := range map[string]struct {
			phases []*image.Gray
			want   string
		}{
			"holder":   {portrait.Living(size, p), "same"},
			"stranger": {portrait.Living(size, p.Stranger()), "other"},
			"print":    {portrait.Printed(size, p), "not_living"},
		} {
			var shots [][]byte
			for _, im := range c.phases[:3] {
				shots = append(shots, jpegOf(t, im))
			}
			got, err := f.Match(t.Context(), pngOf(t, p.Photo()), shots)
			if err != nil || string(got.Band) != c.want || got.Confirmed != (c.want == "same") {
				t.Errorf("%s of %s: %+v, %v", what, name, got, err)
			}
		}
	}
}
