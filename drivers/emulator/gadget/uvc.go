package gadget

import (
	"context"
	"encoding/binary"
	"errors"
	"image"
	"slices"
	"sync"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/usb"
)

// FrameError marks one frame as spoilt in its payload header.
const FrameError emulator.Fault = "usb-frame-error"

// Scene is what a camera looks at.
type Scene interface {
	// Next is the next picture at one of the camera's sizes: a JPEG, or YUYV rows of two bytes a pixel. False means that
	// there is none this time.
	Next(size image.Point, yuyv bool) ([]byte, bool)
	// Begin tells that a stream begins.
	Begin()
}

// encoding is one of the formats that a camera offers.
type encoding struct {
	yuyv   bool
	frames []frame
}

// frame is one size of a format, with the intervals that it can be had at, the usual one first.
type frame struct {
	size      image.Point
	intervals []uint32 // in 100 ns
}

// bytes is the largest picture of this size.
func (f frame) bytes() uint32 { return uint32(f.size.X * f.size.Y * 2) }

// camera is a USB video camera (UVC 1.1) whose stream goes over a bulk endpoint: isochronous transfers are not what
// usbredir carries well, and document cameras with bulk endpoints exist.
type camera struct {
	scene   Scene
	faults  *emulator.Faults
	formats []encoding
	values  *settings

	mu        sync.Mutex // guards what follows
	probe     wish
	stream    wish
	streaming bool
	changed   chan struct{} // closed when streaming changes
	payload   []byte        // of the frame on its way, what is left of the present payload
	picture   []byte        // and what of it comes in further ones
	spoilt    bool
	parity    byte
	due       time.Time // of the next frame
}

// NewCamera gives a camera that offers full as its largest size, and usual smaller ones, as MJPEG; and those up to
// 1280×960 as YUYV; at most fps frames a second.
func NewCamera(serial string, scene Scene, full image.Point, fps int) *usb.Device {
	c := &camera{scene: scene, formats: offers(full, fps), values: newSettings(), changed: make(chan struct{})}
	c.probe = c.nearest(wish{format: 1, frame: 1})
	d := usb.New(usb.Description{
		Speed: usb.HighSpeed, Class: 0xEF, Subclass: 0x02, Protocol: 0x01, Vendor: 0x1D6B, Product: 0x0102, Version: 0x0100,
		Maker: "Yimen Bench", Name: "Document camera", Serial: serial,
		Interfaces: []usb.Interface{
			{Number: 0, Class: 0x0E, Subclass: 0x01, Before: []byte{8, 0x0B, 0, 2, 0x0E, 0x03, 0, 0}, Extra: controlDescriptors()},
			{
				Number: 1, Class: 0x0E, Subclass: 0x02, Extra: c.streamDescriptors(),
				Endpoints: []usb.Endpoint{{Address: cameraIn, Attributes: usb.Bulk, MaxPacket: highSpeedPacket}},
			},
		},
	}, c, FrameError)
	c.faults = d.Faults
	return d
}

// offers are the formats, the first of them MJPEG.
func offers(full image.Point, fps int) []encoding {
	sizes := []image.Point{full}
	for _, s := range []image.Point{{X: 1280, Y: 960}, {X: 640, Y: 480}} {
		if s.X < full.X && s.Y < full.Y {
			sizes = append([]image.Point{s}, sizes...)
		}
	}
	slow := uint32(time.Second / 100 / 5)
	intervals := []uint32{uint32(time.Second / 100 / time.Duration(fps))}
	if intervals[0] < slow {
		intervals = append(intervals, slow)
	}
	mjpeg, yuyv := encoding{}, encoding{yuyv: true}
	for _, s := range sizes {
		mjpeg.frames = append(mjpeg.frames, frame{s, intervals})
		switch {
		case s.X*s.Y <= 640*480:
			yuyv.frames = append(yuyv.frames, frame{s, intervals})
		case s.X*s.Y <= 1280*960:
			yuyv.frames = append(yuyv.frames, frame{s, intervals[len(intervals)-1:]})
		}
	}
	if len(yuyv.frames) == 0 {
		return []encoding{mjpeg}
	}
	return []encoding{mjpeg, yuyv}
}

// Run has nothing to do: a frame is taken when it is fetched.
func (c *camera) Run(context.Context) error { return nil }

// Out does not happen: the camera has no endpoint for it.
func (c *camera) Out(context.Context, uint8, []byte) (int, error) { return 0, usb.ErrStall }

// Return drops what did not arrive, and with it the frame that it belongs to: video is not sent twice.
func (c *camera) Return(uint8, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.payload, c.picture = nil, nil
}

// Restart ends the stream: that is how hosts stop a bulk endpoint.
func (c *camera) Restart(uint8) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setStreaming(false)
}

// setStreaming begins or ends the stream. The caller holds mu.
func (c *camera) setStreaming(on bool) {
	c.streaming, c.payload, c.picture, c.due = on, nil, nil, time.Time{}
	close(c.changed)
	c.changed = make(chan struct{})
}

// maxPayload is how many bytes of stream, header included, go between two headers: what Linux fetches at a time.
const maxPayload = 32 * highSpeedPacket

// Bits of a payload's header (UVC 1.1 §2.4.3.3).
const (
	headerBytes = 2
	endOfHeader = 0x80
	badFrame    = 0x40
	endOfFrame  = 0x02
	frameParity = 0x01
)

// errNoPicture: the frame that was due does not come.
var errNoPicture = errors.New("no picture")

// In gives the next piece of the stream.
func (c *camera) In(ctx context.Context, _ uint8, n int) ([]byte, error) {
	for {
		c.mu.Lock()
		if len(c.payload) == 0 && len(c.picture) > 0 {
			c.wrap()
		}
		if k := min(n, len(c.payload)); k > 0 {
			defer c.mu.Unlock()
			out := c.payload[:k]
			c.payload = c.payload[k:]
			return out, nil
		}
		streaming, changed, wait := c.streaming, c.changed, time.Until(c.due)
		c.mu.Unlock()
		if !streaming {
			wait = time.Hour // until it is changed
		}
		if err := await(ctx, changed, wait); err != nil {
			return nil, err
		}
		if err := c.expose(); err != nil && !errors.Is(err, errNoPicture) {
			return nil, err
		}
	}
}

// await waits for d, or shorter if something changes.
func await(ctx context.Context, changed <-chan struct{}, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	case <-t.C:
	}
	return nil
}

// expose takes the picture that is due.
func (c *camera) expose() error {
	c.mu.Lock()
	stream, streaming, changed := c.stream, c.streaming, c.changed
	c.mu.Unlock()
	if !streaming {
		return errNoPicture
	}
	format := c.formats[stream.format-1]
	picture, ok := c.scene.Next(format.frames[stream.frame-1].size, format.yuyv) // may take long
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed != changed {
		return errNoPicture // of a stream that is over
	}
	interval := time.Duration(stream.interval) * 100
	if now := time.Now(); c.due.Add(interval).Before(now) {
		c.due = now
	}
	c.due = c.due.Add(interval)
	if !ok {
		return errNoPicture
	}
	c.picture, c.spoilt = picture, c.faults.Take(FrameError)
	c.parity ^= frameParity
	return nil
}

// wrap puts a header before the next part of the picture. The caller holds mu.
func (c *camera) wrap() {
	k := min(len(c.picture), maxPayload-headerBytes)
	head := byte(endOfHeader) | c.parity
	if k == len(c.picture) {
		head |= endOfFrame
	}
	if c.spoilt {
		head |= badFrame
	}
	c.payload = slices.Concat([]byte{headerBytes, head}, c.picture[:k])
	c.picture = c.picture[k:]
}

// wish is what a host asks of the stream, or is promised: numbers of a format and of one of its frames, from 1.
type wish struct {
	format, frame uint8
	interval      uint32
}

// nearest is what the camera can do of a wish.
func (c *camera) nearest(w wish) wish {
	w.format = uint8(min(max(int(w.format), 1), len(c.formats)))
	frames := c.formats[w.format-1].frames
	w.frame = uint8(min(max(int(w.frame), 1), len(frames)))
	intervals := frames[w.frame-1].intervals
	best := intervals[0]
	for _, i := range intervals {
		if w.interval != 0 && distance(i, w.interval) < distance(best, w.interval) {
			best = i
		}
	}
	w.interval = best
	return w
}

func distance(a, b uint32) uint32 { return max(a, b) - min(a, b) }

// probeBytes is the size of the negotiation's record in UVC 1.1 (§4.3.1.1).
const probeBytes = 34

// record is a wish as it goes on the wire, with all that follows from it.
func (c *camera) record(w wish) []byte {
	b := []byte{1, 0, w.format, w.frame} // the hint: the interval is to be kept
	b = binary.LittleEndian.AppendUint32(b, w.interval)
	b = append(b, make([]byte, 10)...) // no key frames, no compression to choose, no delay
	b = binary.LittleEndian.AppendUint32(b, c.formats[w.format-1].frames[w.frame-1].bytes())
	b = binary.LittleEndian.AppendUint32(b, maxPayload)
	b = binary.LittleEndian.AppendUint32(b, clock)
	return append(b, 0x03, 0, 0, 0) // frame id and end of frame are in the headers
}

// wished reads a record.
func wished(b []byte) (wish, bool) {
	if len(b) < 26 { // what UVC 1.0 has
		return wish{}, false
	}
	return wish{format: b[2], frame: b[3], interval: binary.LittleEndian.Uint32(b[4:])}, true
}
