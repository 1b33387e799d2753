package doccam

import (
	"image"
	"image/color"
	"sync"

	"golang.org/x/image/draw"
)

// View is one who watches the camera on another way than HTTP, at sizes of his choice.
type View struct {
	camera *Camera

	mu    sync.Mutex
	n     int
	begun int             // n when the present stream began
	seen  map[form][]byte // the pictures sent last
}

// form is a size and an encoding of pictures, and whether the exposure has not settled yet.
type form struct {
	size image.Point
	yuyv bool
	dark bool
}

// settles is after how many pictures the exposure of an unsettled camera is right, and darkness how bright, of 256,
// they are before (firmware-notes/uvc "Streaming").
const (
	settles  = 8
	darkness = 64
)

// View lets somebody watch.
func (c *Camera) View() *View { return &View{camera: c, seen: map[form][]byte{}} }

// Begin tells that a stream begins.
func (v *View) Begin() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.begun = v.n
}

// Next is the next picture at a size: a JPEG, or rows of YUYV (two bytes a pixel; the width is even). False means that
// the camera sends none now. Of the camera's faults, those of a connection do not show here.
func (v *View) Next(size image.Point, yuyv bool) ([]byte, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := v.camera
	f := form{size: size, yuyv: yuyv, dark: c.Faults.On(Unsettled) && v.n-v.begun < settles}
	if c.Faults.On(Stalled) {
		return nil, false
	}
	picture := v.seen[f]
	if picture == nil || !c.Faults.Take(Frozen) {
		frames, err := c.developed(f)
		if err != nil {
			return nil, false
		}
		v.n++
		picture = frames[v.n%len(frames)]
		v.seen[f] = picture
	}
	if c.Faults.On(NoTables) && !yuyv {
		picture = withoutTables(picture)
	}
	if c.Faults.Take(Truncated) {
		picture = picture[:len(picture)/2]
	}
	return picture, true
}

// developed gives the pictures of the present scene in a form; they are made when they are first asked for.
func (c *Camera) developed(f form) ([][]byte, error) {
	c.developing.Lock()
	defer c.developing.Unlock()
	c.mu.Lock()
	looked, frames := c.scene, c.forms[f]
	c.mu.Unlock()
	if frames != nil {
		return frames, nil
	}
	scene := make([]*image.RGBA, len(looked))
	for i, phase := range looked {
		scene[i] = f.develop(phase)
	}
	frames, err := expose(scene, f.yuyv)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if &c.scene[0] == &looked[0] {
		c.forms[f] = frames
	}
	return frames, nil
}

// develop gives one phase of a scene in this form.
func (f form) develop(phase *image.RGBA) *image.RGBA {
	if f.size != phase.Rect.Size() {
		small := image.NewRGBA(image.Rectangle{Max: f.size})
		draw.BiLinear.Scale(small, small.Rect, phase, phase.Rect, draw.Src, nil)
		phase = small
	}
	if f.dark {
		phase = darkened(phase)
	}
	return phase
}

// darkened is a picture before the exposure has settled.
func darkened(im *image.RGBA) *image.RGBA {
	dark := image.NewRGBA(im.Rect)
	copy(dark.Pix, im.Pix)
	dim(dark, darkness)
	return dark
}

// packed gives a picture as rows of Y0 U Y1 V, of an even width.
func packed(im *image.RGBA) []byte {
	b := make([]byte, 0, im.Rect.Dx()*im.Rect.Dy()*2)
	for y := range im.Rect.Dy() {
		row := im.Pix[y*im.Stride:]
		for x := 0; x+1 < im.Rect.Dx(); x += 2 {
			p := row[4*x:]
			y0, u, v := color.RGBToYCbCr(p[0], p[1], p[2])
			y1, _, _ := color.RGBToYCbCr(p[4], p[5], p[6])
			b = append(b, y0, u, y1, v)
		}
	}
	return b
}
