package emulator

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// What a document camera can do wrong, quirks of honest models among it.
const (
	CamNoTables      Fault = "no-huffman"     // leaves the Huffman tables out of its frames, as many models do
	CamContentLength Fault = "content-length" // gives each part's length, as some models do
	CamCut           Fault = "cut"            // drops the connection in the middle of a frame
	CamTruncated     Fault = "truncated"      // the frame stops half way, the stream goes on
	CamFrozen        Fault = "frozen"         // sends the same picture again and again
	CamStalled       Fault = "stalled"        // keeps the connection and sends nothing more
)

// DocCam is a camera over a desk that serves its pictures as MJPEG over HTTP
// (firmware-notes/mjpeg-http "Stream").
type DocCam struct {
	size   image.Point
	beat   time.Duration
	faults *faults

	mu      sync.Mutex // guards what follows
	frames  [][]byte   // a cycle of JPEGs, alike but for their noise
	corners [4]image.Point
	laid    bool
}

// noisyFrames is how many pictures are taken of one scene: enough that it moves.
const noisyFrames = 3

// NewDocCam gives a camera that looks at an empty desk, with frames of that size, so many a second.
func NewDocCam(size image.Point, fps int) (*DocCam, error) {
	c := &DocCam{size: size, beat: time.Second / time.Duration(fps), faults: newFaults(CamNoTables, CamContentLength, CamCut, CamTruncated, CamFrozen, CamStalled)}
	if err := c.look(nil, Pose{}); err != nil {
		return nil, err
	}
	return c, nil
}

// Lay puts a page on the desk, in place of the one that lies there, and returns when the camera sees it.
func (c *DocCam) Lay(page image.Image, pose Pose) error {
	if b := page.Bounds(); b.Dx() < 2 || b.Dy() < 2 {
		return fmt.Errorf("page of %v pixels", b.Size())
	}
	if pose.Turn < 0 || pose.Fill <= 0 || pose.Fill > 4 {
		return fmt.Errorf("no such pose: %+v", pose)
	}
	return c.look(page, pose)
}

// Take takes the page away.
func (c *DocCam) Take() error { return c.look(nil, Pose{}) }

// Corners are where the page's corners are in the frame, clockwise from the page's own top left; false
// when the desk is empty.
func (c *DocCam) Corners() ([4]image.Point, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.corners, c.laid
}

// Size is the size of the frames in pixels.
func (c *DocCam) Size() image.Point { return c.size }

// Fault switches a fault on for so many frames (UntilOff for no end, 0 for off).
func (c *DocCam) Fault(f Fault, times int) error { return c.faults.set(f, times) }

// Faults lists the faults that are on.
func (c *DocCam) Faults() []Fault { return c.faults.active() }

// KnownFaults lists every fault of this device.
func (c *DocCam) KnownFaults() []Fault { return c.faults.known }

// look takes the pictures of a new scene.
func (c *DocCam) look(page image.Image, pose Pose) error {
	var sheet *image.RGBA
	if page != nil {
		sheet = image.NewRGBA(image.Rectangle{Max: page.Bounds().Size()})
		draw.Draw(sheet, sheet.Rect, page, page.Bounds().Min, draw.Src)
	}
	scene, corners := photograph(c.size, sheet, pose)
	var frames [][]byte
	noisy := image.NewRGBA(scene.Rect)
	for i := range noisyFrames {
		addNoise(noisy, scene, uint64(i))
		var b bytes.Buffer
		if err := jpeg.Encode(&b, noisy, &jpeg.Options{Quality: 88}); err != nil {
			return fmt.Errorf("take picture: %w", err)
		}
		frames = append(frames, b.Bytes())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frames, c.corners, c.laid = frames, corners, page != nil
	return nil
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
func (c *DocCam) frame(n int) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frames[n%len(c.frames)]
}

// ServeSnapshot answers one picture.
func (c *DocCam) ServeSnapshot(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/jpeg")
	w.Write(c.frame(0))
}
