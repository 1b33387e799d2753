package face

import (
	"fmt"
	"image"
	"math"

	"yimen/drivers/device"
	"yimen/drivers/jpeg"
)

// Limits say which face is good enough to be compared.
type Limits struct {
	Smallest, Largest float64 // side of the face's square, as part of the picture's shorter side
	Margin            float64 // from the picture's edge, as part of the face's side
	Dark, Bright      float64 // mean luma of the face, 0 to 255
	Even              float64 // luma of the darker half of the face over that of the lighter, 0 to 1
	Roll              float64 // degrees that the line through the pupils may lean
	Alike             float64 // how alike the two halves of a face are that looks into the camera, -1 to 1; see symmetry
	Sharp             float64 // least share of fine detail in the face's contrast; see sharpness
	Other             float64 // a second face counts from this part of the first one's side
}

// DefaultLimits suit a camera at arm's length. They were set on drawn faces that are good and bad by known measures
// (judge_test.go), and are generous: what is compared in the end is the verifier's to refuse.
func DefaultLimits() Limits {
	return Limits{
		Smallest: .22, Largest: .85, Margin: .1, Dark: 60, Bright: 210, Even: .65, Roll: 14, Alike: .45, Sharp: .0003, Other: .45,
	}
}

const mostPixels = 20e6 // of a frame, before it is made smaller

// Sight is what was seen in one frame.
type Sight struct {
	device.FaceSight
	Face Face        // the largest; its places are in pixels of Size
	Size image.Point // of the picture that was looked at: the frame's, or a half, quarter or eighth of it
}

// Look finds and judges the face in a camera's JPEG. Errors are drivers/jpeg's: a frame that is no picture, or too large.
func (f *Finder) Look(frame []byte, l Limits) (Sight, error) {
	luma, err := small(frame)
	if err != nil {
		return Sight{}, fmt.Errorf("look at face: %w", err)
	}
	return f.Judge(luma, l), nil
}

// small decodes a frame to no more than mostSide.
func small(frame []byte) (*image.Gray, error) {
	info, err := jpeg.Header(frame)
	if err != nil {
		return nil, err
	}
	return jpeg.DecodeGray(frame, scaleFor(info), mostPixels)
}

// scaleFor is by how much a frame is made smaller so that it can be looked at.
func scaleFor(info jpeg.Info) jpeg.Scale {
	for _, s := range []jpeg.Scale{jpeg.Full, jpeg.Half, jpeg.Quarter} {
		if max(info.Width, info.Height)/int(s) <= mostSide {
			return s
		}
	}
	return jpeg.Eighth
}

// Judge finds and judges the face in a picture's luma.
func (f *Finder) Judge(luma *image.Gray, l Limits) Sight {
	faces := f.Find(luma)
	s := Sight{Size: luma.Rect.Size()}
	if len(faces) == 0 {
		s.Flaws = []device.FaceFlaw{device.NoFace}
		return s
	}
	s.Face = faces[0]
	s.Quad = quad(s.Face, s.Size)
	tell := func(is bool, flaw device.FaceFlaw) {
		if is {
			s.Flaws = append(s.Flaws, flaw)
		}
	}
	tell(len(faces) > 1 && faces[1].sure >= certain && float64(faces[1].Side) >= l.Other*float64(faces[0].Side), device.SeveralFaces)
	side := float64(s.Face.Side)
	short := float64(min(s.Size.X, s.Size.Y))
	tell(!s.Face.square(luma.Rect).Inset(-int(l.Margin*side)).In(luma.Rect), device.FaceAside)
	tell(side < l.Smallest*short, device.FaceFar)
	tell(side > l.Largest*short, device.FaceNear)
	light, even := lighting(luma, s.Face.square(luma.Rect))
	tell(light < l.Dark, device.FaceDark)
	tell(light > l.Bright, device.FaceBright)
	tell(even < l.Even, device.FaceUneven)
	tell(s.Face.leans() > l.Roll || symmetry(luma, s.Face) < l.Alike, device.FaceTurned)
	tell(sharpness(luma, s.Face.square(luma.Rect)) < l.Sharp, device.FaceBlurred)
	return s
}

// quad is the face's square in parts of the picture.
func quad(f Face, size image.Point) device.Quad {
	r := f.square(image.Rectangle{Max: size})
	x0, x1 := float64(r.Min.X)/float64(size.X), float64(r.Max.X)/float64(size.X)
	y0, y1 := float64(r.Min.Y)/float64(size.Y), float64(r.Max.Y)/float64(size.Y)
	return device.Quad{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// leans is by how many degrees the line through the pupils is not level.
func (f Face) leans() float64 {
	d := f.Right.Sub(f.Left)
	return math.Abs(math.Atan2(float64(d.Y), float64(d.X))) * 180 / math.Pi
}

// symmetry is how alike the inner face's two halves are, mirrored in the line between the pupils: the correlation of their
// lumas, each taken from its half's mean so that light from one side does not count. Who looks aside shows one cheek more.
func symmetry(luma *image.Gray, f Face) float64 {
	axis, reach := (f.Left.X+f.Right.X)/2, f.Side/3
	in := f.square(luma.Rect)
	reach = min(reach, axis-in.Min.X, in.Max.X-1-axis)
	if reach < 4 {
		return 0
	}
	rows := image.Rect(axis-reach, in.Min.Y+in.Dy()/6, axis+reach+1, in.Max.Y-in.Dy()/6)
	left := mean(luma, image.Rect(rows.Min.X, rows.Min.Y, axis, rows.Max.Y))
	right := mean(luma, image.Rect(axis+1, rows.Min.Y, rows.Max.X, rows.Max.Y))
	var both, lefts, rights float64
	for y := rows.Min.Y; y < rows.Max.Y; y++ {
		for d := 1; d <= reach; d++ {
			l, r := float64(luma.GrayAt(axis-d, y).Y)-left, float64(luma.GrayAt(axis+d, y).Y)-right
			both, lefts, rights = both+l*r, lefts+l*l, rights+r*r
		}
	}
	return both / max(1, math.Sqrt(lefts*rights))
}

// lighting is the mean luma of the inner face, and how even its two halves are lit.
func lighting(luma *image.Gray, face image.Rectangle) (light, even float64) {
	inner := face.Inset(face.Dx() / 6) // hair and wall do not count
	if inner.Empty() {
		return 0, 0
	}
	middle := (inner.Min.X + inner.Max.X) / 2
	left := mean(luma, image.Rect(inner.Min.X, inner.Min.Y, middle, inner.Max.Y))
	right := mean(luma, image.Rect(middle, inner.Min.Y, inner.Max.X, inner.Max.Y))
	return (left + right) / 2, min(left, right) / max(left, right, 1)
}

func mean(luma *image.Gray, r image.Rectangle) float64 {
	if r.Empty() {
		return 0
	}
	sum := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range luma.Pix[luma.PixOffset(r.Min.X, y):luma.PixOffset(r.Max.X, y)] {
			sum += int(v)
		}
	}
	return float64(sum) / float64(r.Dx()*r.Dy())
}

// grid is the side of the face on which its sharpness is measured, so that near and far faces are measured alike.
const grid = 96

// sharpness is the share of a face's contrast that lies in its finest detail: what a pixel differs from its neighbours'
// mean, squared, over the variance, on a grid of 96 × 96.
func sharpness(luma *image.Gray, face image.Rectangle) float64 {
	inner := face.Inset(face.Dx() / 6)
	if inner.Dx() < 8 || inner.Dy() < 8 {
		return 0
	}
	var cell [grid][grid]float64
	sum, squares := 0.0, 0.0
	for y := range grid {
		for x := range grid {
			at := image.Rect(
				inner.Min.X+x*inner.Dx()/grid, inner.Min.Y+y*inner.Dy()/grid,
				inner.Min.X+(x+1)*inner.Dx()/grid+1, inner.Min.Y+(y+1)*inner.Dy()/grid+1).Intersect(inner)
			v := mean(luma, at)
			cell[y][x] = v
			sum += v
			squares += v * v
		}
	}
	const n = grid * grid
	variance := squares/n - sum/n*sum/n
	if variance < 1 {
		return 0
	}
	fine := 0.0
	for y := 1; y < grid-1; y++ {
		for x := 1; x < grid-1; x++ {
			d := cell[y][x] - (cell[y-1][x]+cell[y+1][x]+cell[y][x-1]+cell[y][x+1])/4
			fine += d * d
		}
	}
	return fine / ((grid - 2) * (grid - 2)) / variance
}
