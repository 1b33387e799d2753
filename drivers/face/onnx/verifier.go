package onnx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"

	"yimen/drivers/face"
)

// Config names an operator's networks. Each takes one square picture of any side from 32 to 512 pixels as three planes R, G,
// B of numbers (v−127.5)/127.5.
type Config struct {
	Library string `yaml:"library"` // absolute path of libonnxruntime.so
	// Likeness is the path of the network that describes a face: pictures that it is alike for show one person. It is given
	// the face with the pupils at 38.3, 51.7 and 73.5, 51.7 of a picture of 112 × 112.
	Likeness string `yaml:"likeness"`
	// Living is the path of the network that tells a living face from a picture of one: one number, 1 for a living face. It
	// is given the square around the face that is twice the face's side.
	Living string `yaml:"living"`
	// SameFrom is the cosine from which two faces are the same, OtherTo that up to which they are others; between them a
	// person looks. LivingFrom is the number from which a face is living. They belong to the networks and have no defaults.
	SameFrom   float64 `yaml:"same_from"`
	OtherTo    float64 `yaml:"other_to"`
	LivingFrom float64 `yaml:"living_from"`
}

// Validate checks what can be checked without the files. Its error begins with the key.
func (c Config) Validate() error {
	for _, f := range []struct{ key, path string }{{"library", c.Library}, {"likeness", c.Likeness}, {"living", c.Living}} {
		if !strings.HasPrefix(f.path, "/") {
			return fmt.Errorf("%s: %q is no absolute path", f.key, f.path)
		}
	}
	switch {
	case !(c.SameFrom > 0 && c.SameFrom <= 1):
		return fmt.Errorf("same_from: %v is no cosine that two pictures of one person have", c.SameFrom)
	case !(c.OtherTo >= -1 && c.OtherTo < c.SameFrom):
		return fmt.Errorf("other_to: %v does not lie below same_from", c.OtherTo)
	case !(c.LivingFrom > 0 && c.LivingFrom <= 1):
		return fmt.Errorf("living_from: %v does not lie above 0 and up to 1", c.LivingFrom)
	}
	return nil
}

// Verifier compares faces by two networks. It keeps no picture. It is used by one goroutine at a time.
type Verifier struct {
	cfg              Config
	finder           *face.Finder
	likeness, living *network
}

// Open reads the networks. Errors: ErrLibrary, ErrNetwork, a file's own, or Validate's.
func Open(cfg Config, finder *face.Finder) (*Verifier, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	v := &Verifier{cfg: cfg, finder: finder}
	var err error
	if v.likeness, err = open(cfg.Library, cfg.Likeness); err != nil {
		return nil, fmt.Errorf("likeness: %w", err)
	}
	if v.living, err = open(cfg.Library, cfg.Living); err != nil {
		return nil, fmt.Errorf("living: %w", err)
	}
	return v, nil
}

var (
	errNoShot = errors.New("nothing was taken to compare")
	errVector = errors.New("it gives other numbers than it should")
)

// Verify implements face.Verifier: the worst shot decides, so that one lucky frame of a photo confirms nobody.
func (v *Verifier) Verify(ctx context.Context, photo image.Image, shots []face.Shot) (face.Verdict, error) {
	if len(shots) == 0 {
		return face.Verdict{}, errNoShot
	}
	want, err := v.describePhoto(photo)
	if err != nil {
		return face.Verdict{}, err
	}
	verdict := face.Verdict{Score: 1, Living: true}
	for _, s := range shots {
		if err := ctx.Err(); err != nil {
			return face.Verdict{}, err
		}
		got, err := v.describe(s.Picture, s.Face)
		if err != nil {
			return face.Verdict{}, err
		}
		living, err := v.living.run(planes(s.Picture, around(s.Face, v.living.side), v.living.side))
		if err != nil || len(living) != 1 || math.IsNaN(float64(living[0])) {
			return face.Verdict{}, fmt.Errorf("living: %w", cmp.Or(err, errVector))
		}
		verdict.Living = verdict.Living && float64(living[0]) >= v.cfg.LivingFrom
		score, err := cosine(want, got)
		if err != nil {
			return face.Verdict{}, err
		}
		verdict.Score = min(verdict.Score, score)
	}
	verdict.Match = v.match(verdict.Score)
	return verdict, nil
}

func (v *Verifier) match(score float64) face.Match {
	switch {
	case score >= v.cfg.SameFrom:
		return face.Same
	case score <= v.cfg.OtherTo:
		return face.Other
	}
	return face.Unsure
}

// describePhoto finds the face in a card's photo and describes it; without one there is nothing to compare with.
func (v *Verifier) describePhoto(photo image.Image) ([]float32, error) {
	luma := image.NewGray(image.Rectangle{Max: photo.Bounds().Size()})
	draw.Draw(luma, luma.Rect, photo, photo.Bounds().Min, draw.Src)
	faces := v.finder.Find(luma)
	if len(faces) == 0 {
		return nil, fmt.Errorf("%w: no face is found in it", face.ErrNoPhoto)
	}
	return v.describe(photo, faces[0])
}

func (v *Verifier) describe(picture image.Image, f face.Face) ([]float32, error) {
	side := v.likeness.side
	numbers, err := v.likeness.run(planes(picture, upright(f, side), side))
	if err != nil {
		return nil, fmt.Errorf("likeness: %w", err)
	}
	return numbers, nil
}

// cosine is how alike two descriptions are.
func cosine(a, b []float32) (float64, error) {
	var both, as, bs float64
	for i := range min(len(a), len(b)) {
		x, y := float64(a[i]), float64(b[i])
		both, as, bs = both+x*y, as+x*x, bs+y*y
	}
	c := both / math.Sqrt(as*bs)
	if len(a) != len(b) || math.IsNaN(c) || math.IsInf(c, 0) {
		return 0, fmt.Errorf("likeness: %w", errVector)
	}
	return min(max(c, -1), 1), nil
}

// placing says where a pixel of a network's picture lies in the picture it is taken from: turned, scaled and moved.
type placing struct{ a, b, x, y float64 }

func (p placing) at(u, v float64) (x, y float64) { return p.a*u - p.b*v + p.x, p.b*u + p.a*v + p.y }

// Where the likeness network wants the pupils, in parts of its picture's side.
const (
	pupilLeft  = 38.3 / 112
	pupilRight = 73.5 / 112
	pupilDown  = 51.7 / 112
)

// upright places a face so that its pupils are where the likeness network wants them.
func upright(f face.Face, side int) placing {
	s := float64(side)
	span := (pupilRight - pupilLeft) * s
	p := placing{a: float64(f.Right.X-f.Left.X) / span, b: float64(f.Right.Y-f.Left.Y) / span}
	x, y := p.at(pupilLeft*s, pupilDown*s)
	p.x, p.y = float64(f.Left.X)-x, float64(f.Left.Y)-y
	return p
}

// around places a face in the middle of twice its own square.
func around(f face.Face, side int) placing {
	scale := 2 * float64(f.Side) / float64(side)
	return placing{a: scale, x: float64(f.Middle.X) - float64(f.Side), y: float64(f.Middle.Y) - float64(f.Side)}
}

// planes takes the picture at a placing, as a network wants it; what lies outside is the edge's colour.
func planes(picture image.Image, p placing, side int) []float32 {
	out := make([]float32, 3*side*side)
	in := picture.Bounds()
	for v := range side {
		for u := range side {
			x, y := p.at(float64(u), float64(v))
			for c, value := range blend(picture, in, x+float64(in.Min.X), y+float64(in.Min.Y)) {
				out[(c*side+v)*side+u] = float32((value - 127.5) / 127.5)
			}
		}
	}
	return out
}

// blend is the colour at a place between pixels, 0 to 255 each.
func blend(picture image.Image, in image.Rectangle, x, y float64) (rgb [3]float64) {
	x = min(max(x, float64(in.Min.X)), float64(in.Max.X-1))
	y = min(max(y, float64(in.Min.Y)), float64(in.Max.Y-1))
	x0, y0 := int(x), int(y)
	fx, fy := x-float64(x0), y-float64(y0)
	for _, corner := range []struct {
		x, y int
		part float64
	}{{x0, y0, (1 - fx) * (1 - fy)}, {x0 + 1, y0, fx * (1 - fy)}, {x0, y0 + 1, (1 - fx) * fy}, {x0 + 1, y0 + 1, fx * fy}} {
		c := color.RGBAModel.Convert(picture.At(min(corner.x, in.Max.X-1), min(corner.y, in.Max.Y-1))).(color.RGBA)
		for i, v := range []uint8{c.R, c.G, c.B} {
			rgb[i] += corner.part * float64(v)
		}
	}
	return rgb
}
