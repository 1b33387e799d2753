// Package v4l2test is a kernel with pretend cameras, written from linux/videodev2.h and firmware-notes/uvc alone: it shares no
// code with the driver that is tried on it, and its cameras misbehave on order.
package v4l2test

import (
	"encoding/binary"
	"image"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Camera is one pretend camera. Its fields are set before it is plugged in.
type Camera struct {
	Card         string
	Capabilities uint32 // of the node; 0 is one with pictures that can be streamed
	Formats      []Format
	Controls     map[uint32]*Control
	Every        time.Duration // from one picture to the next
	// Picture makes the n-th picture of a stream; nil sends none. A damaged one carries the kernel's mark.
	Picture func(n int, pixels string, size image.Point) (data []byte, damaged bool)
	// Refuse may answer a request, by its name in videodev2.h without VIDIOC_, with an error; 0 lets it pass. size is what
	// was agreed on.
	Refuse func(request string, size image.Point) unix.Errno
	// Unstamped pictures carry no time.
	Unstamped bool

	mu      sync.Mutex
	values  map[uint32]int32 // of the controls that were set since the camera has power
	asked   []string         // the formats that were agreed on, such as "MJPG 640x480"
	streams int              // how often it began to send
}

// Format is one kind of pixels, its four characters, with its sizes: each singly, or a range where Range is set.
type Format struct {
	Pixels string
	Sizes  []image.Point
	Range  *Range
}

// Range is a stepwise range of sizes.
type Range struct{ Least, Most, Step image.Point }

// Control is one control of a camera.
type Control struct {
	Least, Most, Step int32
	Value             int32 // of a camera that nobody has set
	Flags             uint32
}

// Value is what a control of the camera is at.
func (c *Camera) Value(id uint32) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, set := c.values[id]; set || c.Controls[id] == nil {
		return v
	}
	return c.Controls[id].Value
}

func (c *Camera) set(id uint32, v int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.values == nil {
		c.values = map[uint32]int32{}
	}
	c.values[id] = v
}

// forget is what a camera does without power.
func (c *Camera) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values = nil
}

// Agreed are the formats that were set so far, such as "MJPG 640x480", each time anew.
func (c *Camera) Agreed() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.asked...)
}

// Streams is how often the camera began to send.
func (c *Camera) Streams() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.streams
}

// JPEG is a picture of the least kind that begins and ends as one, and carries n and its size.
func JPEG(n int, size image.Point) []byte {
	b := make([]byte, 64)
	b[0], b[1], b[62], b[63] = 0xFF, 0xD8, 0xFF, 0xD9
	binary.BigEndian.PutUint16(b[2:], uint16(n))
	binary.BigEndian.PutUint16(b[4:], uint16(size.X))
	binary.BigEndian.PutUint16(b[6:], uint16(size.Y))
	return b
}

// ReadJPEG gives what JPEG put into a picture.
func ReadJPEG(b []byte) (n int, size image.Point) {
	u := func(at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	return u(2), image.Pt(u(4), u(6))
}

// YUYV is a picture whose luma is all y and whose chroma is without colour.
func YUYV(y byte, size image.Point) []byte {
	b := make([]byte, 2*size.X*size.Y)
	for i := range b {
		b[i] = 128
		if i%2 == 0 {
			b[i] = y
		}
	}
	return b
}
