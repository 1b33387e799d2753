// Package face finds and judges a face in a frame, and asks a verifier whether it is the face of a card's photo. It keeps no
// picture: what it was given is the caller's, and what it saw are places and numbers.
package face

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"math"
	"slices"

	pigo "github.com/esimov/pigo/core"
)

//go:embed cascade
var cascades embed.FS

// ErrNotBuilt: the cascades were not copied from pigo's module when this was built; make does that.
var ErrNotBuilt = errors.New("built without face cascades")

// Finder finds faces. It may be used by several goroutines.
type Finder struct {
	faces  *pigo.Pigo
	pupils *pigo.PuplocCascade
}

// NewFinder reads the cascades. Its error is ErrNotBuilt or wraps it.
func NewFinder() (*Finder, error) {
	faces, err := fs.ReadFile(cascades, "cascade/facefinder")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotBuilt, err)
	}
	pupils, err := fs.ReadFile(cascades, "cascade/puploc")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotBuilt, err)
	}
	f := &Finder{}
	if f.faces, err = pigo.NewPigo().Unpack(faces); err != nil {
		return nil, fmt.Errorf("face cascade: %w", err)
	}
	if f.pupils, err = pigo.NewPuplocCascade().UnpackCascade(pupils); err != nil {
		return nil, fmt.Errorf("pupil cascade: %w", err)
	}
	return f, nil
}

// Face is where a face was found. Places are in pixels of the picture it was found in.
type Face struct {
	Middle      image.Point // of the square that it fills
	Side        int         // of that square
	Left, Right image.Point // pupils, as they stand in the picture
	sure        float32     // the cascade's own measure, larger is surer
}

const (
	smallest = 12  // the smallest face looked for, as a part of the picture's shorter side: one in twelve
	least    = 24  // pixels: below this the cascade sees faces everywhere
	possible = 5   // a cascade's sum below this is a pattern in the wall
	certain  = 20  // above this it is a face even beside another
	overlap  = .2  // of two findings that are one face
	mostSide = 900 // a larger picture is to be made smaller before: a face needs no more, and the time is bounded
)

// Find gives the faces in a picture's luma, the largest first. The picture is no larger than 900 pixels in either direction;
// in a larger one nothing is found.
func (f *Finder) Find(luma *image.Gray) []Face {
	size := luma.Rect.Size()
	if max(size.X, size.Y) > mostSide || min(size.X, size.Y) < least {
		return nil
	}
	in := pigo.ImageParams{Pixels: luma.Pix, Rows: size.Y, Cols: size.X, Dim: luma.Stride}
	short := min(size.X, size.Y)
	found := f.faces.ClusterDetections(f.faces.RunCascade(pigo.CascadeParams{
		MinSize: max(least, short/smallest), MaxSize: short, ShiftFactor: .1, ScaleFactor: 1.1, ImageParams: in,
	}, 0), overlap)
	var list []Face
	for _, d := range found {
		if d.Q >= possible {
			face := Face{Middle: image.Pt(d.Col, d.Row), Side: d.Scale, sure: d.Q}
			face.Left, face.Right = f.pupil(in, d, -1), f.pupil(in, d, 1)
			list = append(list, face)
		}
	}
	slices.SortFunc(list, func(a, b Face) int { return cmp.Compare(b.Side, a.Side) })
	return distinct(list)
}

// pupil looks for the pupil on one side of a face: about where pupils are.
func (f *Finder) pupil(in pigo.ImageParams, d pigo.Detection, side float32) image.Point {
	scale := float32(d.Scale)
	p := f.pupils.RunDetector(pigo.Puploc{
		Row: d.Row - int(.075*scale), Col: d.Col + int(side*.175*scale), Scale: .25 * scale, Perturbs: 50,
	}, in, 0, side > 0)
	return image.Pt(p.Col, p.Row)
}

// distinct leaves out what lies within a larger face, such as an eye taken for a face.
func distinct(list []Face) []Face {
	var kept []Face
	for _, f := range list {
		within := func(o Face) bool {
			return math.Hypot(float64(f.Middle.X-o.Middle.X), float64(f.Middle.Y-o.Middle.Y)) < float64(o.Side)/2
		}
		if !slices.ContainsFunc(kept, within) {
			kept = append(kept, f)
		}
	}
	return kept
}

// square is what the face fills, cut to the picture.
func (f Face) square(in image.Rectangle) image.Rectangle {
	half := f.Side / 2
	return image.Rect(f.Middle.X-half, f.Middle.Y-half, f.Middle.X+half, f.Middle.Y+half).Intersect(in)
}
