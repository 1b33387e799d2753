package doccam

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"yimen/drivers/emulator"
)

// What a document camera can do wrong, quirks of honest models among it.
const (
	NoTables      emulator.Fault = "no-huffman"     // leaves the Huffman tables out of its frames, as many models do
	ContentLength emulator.Fault = "content-length" // gives each part's length, as some models do
	Cut           emulator.Fault = "cut"            // drops the connection in the middle of a frame
	Truncated     emulator.Fault = "truncated"      // the frame stops half way, the stream goes on
	Frozen        emulator.Fault = "frozen"         // sends the same picture again and again
	Stalled       emulator.Fault = "stalled"        // keeps the connection and sends nothing more
	Unsettled     emulator.Fault = "unsettled"      // on USB, the first pictures of a stream are dark, as with most models
)

// Camera is a camera over a desk that serves its pictures as MJPEG over HTTP
// (firmware-notes/mjpeg-http "Stream"). It may be turned to look at something else; see Show.
type Camera struct {
	Faults *emulator.Faults

	size image.Point
	beat time.Duration

	developing sync.Mutex // held while pictures of another form are made

	mu      sync.Mutex        // guards what follows
	scene   []*image.RGBA     // its phases, one for what does not move
	frames  [][]byte          // a cycle of JPEGs, of a scene that does not move alike but for their noise
	forms   map[form][][]byte // the same in other sizes and encodings
	corners [4]image.Point
	laid    bool
}

// noisyFrames is how many pictures are taken of a scene at least: enough that it moves.
const noisyFrames = 3

// New gives a camera that looks at an empty desk, with frames of that size, so many a second.
func New(size image.Point, fps int) (*Camera, error) {
	c := &Camera{size: size, beat: time.Second / time.Duration(fps), Faults: emulator.NewFaults(NoTables, ContentLength, Cut, Truncated, Frozen, Stalled, Unsettled)}
	if err := c.look(nil, Pose{}); err != nil {
		return nil, err
	}
	return c, nil
}

// Lay puts a page on the desk, in place of the one that lies there, and returns when the camera sees it.
func (c *Camera) Lay(page image.Image, pose Pose) error {
	if b := page.Bounds(); b.Dx() < 2 || b.Dy() < 2 {
		return fmt.Errorf("page of %v pixels", b.Size())
	}
	if !pose.possible() {
		return fmt.Errorf("no such pose: %+v", pose)
	}
	return c.look(page, pose)
}

// Take takes the page away.
func (c *Camera) Take() error { return c.look(nil, Pose{}) }

// Corners are where the page's corners are in the frame, clockwise from the page's own top left; false
// when the desk is empty.
func (c *Camera) Corners() ([4]image.Point, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.corners, c.laid
}

// Size is the size of the frames in pixels.
func (c *Camera) Size() image.Point { return c.size }

// look takes the pictures of a new scene.
func (c *Camera) look(page image.Image, pose Pose) error {
	var sheet *image.RGBA
	if page != nil {
		sheet = image.NewRGBA(image.Rectangle{Max: page.Bounds().Size()})
		draw.Draw(sheet, sheet.Rect, page, page.Bounds().Min, draw.Src)
	}
	scene, corners := photograph(c.size, sheet, pose)
	return c.take([]*image.RGBA{scene}, corners, page != nil)
}

// Show turns the camera away from its desk, to a scene that goes through these phases again and again, a frame each: for the
// camera that looks at whoever stands before a terminal. The phases have the size of the frames. It returns when the camera
// sees them.
func (c *Camera) Show(phases ...*image.RGBA) error {
	if len(phases) == 0 {
		return errors.New("a scene without a picture")
	}
	for _, p := range phases {
		if p.Rect.Size() != c.size {
			return fmt.Errorf("scene of %v pixels before a camera of %v", p.Rect.Size(), c.size)
		}
	}
	return c.take(phases, [4]image.Point{}, false)
}

// take takes the pictures of a scene.
func (c *Camera) take(scene []*image.RGBA, corners [4]image.Point, laid bool) error {
	frames, err := expose(scene, false)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scene, c.frames, c.corners, c.laid = scene, frames, corners, laid
	c.forms = map[form][][]byte{{size: c.size}: frames}
	return nil
}

// expose makes the pictures of a scene.
func expose(scene []*image.RGBA, yuyv bool) (frames [][]byte, err error) {
	noisy := image.NewRGBA(scene[0].Rect)
	for i := range max(noisyFrames, len(scene)) {
		addNoise(noisy, scene[i%len(scene)], uint64(i))
		if yuyv {
			frames = append(frames, packed(noisy))
			continue
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, noisy, &jpeg.Options{Quality: 88}); err != nil {
			return nil, fmt.Errorf("take picture: %w", err)
		}
		frames = append(frames, b.Bytes())
	}
	return frames, nil
}

// addNoise writes scene into dst as a sensor would: a little brighter here, darker there, anew each time.
func addNoise(dst, scene *image.RGBA, seed uint64) {
	grain := rand.New(rand.NewPCG(seed, 7))
	var bits uint64
	for i := 0; i < len(scene.Pix); i += 4 {
		if i%64 == 0 {
			bits = grain.Uint64()
		}
		n := int(bits&3) - 1
		bits >>= 4
		for k := range 3 {
			dst.Pix[i+k] = uint8(min(255, max(0, int(scene.Pix[i+k])+n)))
		}
		dst.Pix[i+3] = 255
	}
}

// frame is the n-th picture of the present scene.
func (c *Camera) frame(n int) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frames[n%len(c.frames)]
}

// ServeSnapshot answers one picture.
func (c *Camera) ServeSnapshot(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/jpeg")
	w.Write(c.frame(0))
}
