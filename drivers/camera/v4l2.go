package camera

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"yimen/drivers/camera/v4l2"
	"yimen/drivers/device"
	"yimen/drivers/jpeg"
)

const (
	// waking is how long a camera may take to its first picture after it was told to send.
	waking = 3 * time.Second
	// linger is how long a camera goes on sending when nobody looks any more: the next look often follows at once.
	linger = 2 * time.Second
	// pulse is how often a camera that rests is asked whether it is still there.
	pulse = time.Second
	// glance is how long a wait for a picture may keep the end of the camera, or another wish, waiting.
	glance = 200 * time.Millisecond
	// yuyvQuality is how good a JPEG is made of a picture that came without compression: as good as cameras make them.
	yuyvQuality = 92
)

// V4L2 is a camera that the kernel has a driver for, such as any UVC camera. It sends only while somebody looks, so that
// cameras on one bus can take turns.
type V4L2 struct {
	Address v4l2.Address
	Model   Model
	Kernel  v4l2.Kernel // nil: the machine's own
}

func (v V4L2) String() string { return v.Address.String() }

// wish is what the camera should send now.
type wish int

const (
	nothing wish = iota
	live
	still
)

// session is a camera from its opening until it is lost.
type session struct {
	V4L2
	camera        *Camera
	node          *v4l2.Node
	preview, full agreement
	planes        *image.YCbCr // reused for each picture that is to be compressed
}

// agreement is what to ask for.
type agreement struct {
	pixels v4l2.Pixels
	size   image.Point
	rate   int
}

// stream implements Source.
func (v V4L2) stream(ctx context.Context, c *Camera) error {
	if v.Kernel == nil {
		v.Kernel = v4l2.Linux{}
	}
	node, err := v4l2.Find(v.Kernel, v.Address)
	if err != nil {
		return err
	}
	s := &session{V4L2: v, camera: c, node: node}
	err = s.run(ctx)
	return errors.Join(err, node.Close())
}

// run sends what is wished, and rests between. A camera is online once a picture has been seen.
func (s *session) run(ctx context.Context) error {
	if err := s.choose(); err != nil {
		return err
	}
	if err := s.adjust(); err != nil {
		return err
	}
	now := max(live, s.wished())
	for ctx.Err() == nil {
		next, err := s.send(ctx, now)
		if err != nil {
			return err
		}
		if next == nothing {
			if next, err = s.rest(ctx); err != nil {
				return err
			}
		}
		now = next
	}
	return context.Cause(ctx)
}

// choose agrees with the camera on its sizes.
func (s *session) choose() error {
	modes, err := s.node.Modes()
	if err != nil {
		return err
	}
	m := s.Model
	if s.full.pixels, s.full.size, err = v4l2.Choose(modes, m.Pixels, m.Full); err != nil {
		return fmt.Errorf("full size: %w", err)
	}
	s.preview.rate = m.Rate
	if s.preview.pixels, s.preview.size, err = v4l2.Choose(v4l2.Alike(modes, s.full.size), m.Pixels, m.Preview); err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	s.camera.log.Debug("camera opened", "node", s.node, "preview", s.preview.size, "full", s.full.size)
	return nil
}

// adjust sets the model's controls, which a camera forgets when it is unplugged.
func (s *session) adjust() error {
	for _, name := range v4l2.Controls() {
		value, wanted := s.Model.Controls[name]
		if !wanted {
			continue
		}
		if set, err := s.node.Set(name, value); err != nil {
			return err
		} else if !set {
			s.camera.log.Debug("camera does not let a control be set", "control", name)
		}
	}
	return nil
}

// oneSize reports whether stills come in the size of the preview, so that nothing has to be switched.
func (s *session) oneSize() bool {
	return s.preview.pixels == s.full.pixels && s.preview.size == s.full.size
}

// wished is what somebody waits for now. A still goes first: who asked for it waits with a paper in hand.
func (s *session) wished() wish {
	switch {
	case s.camera.still.isWanted():
		return still
	case s.camera.live.isWanted():
		return live
	}
	return nothing
}

// rest waits until somebody looks, and sees meanwhile that the camera is there.
func (s *session) rest(ctx context.Context) (wish, error) {
	s.planes = nil // what lay under the camera is nobody's any more
	for {
		if w := s.wished(); w != nothing {
			return w, nil
		}
		select {
		case <-s.camera.wake:
		case <-time.After(pulse):
			if err := s.node.Alive(); err != nil {
				return nothing, err
			}
		case <-ctx.Done():
			return nothing, context.Cause(ctx)
		}
	}
}

// send streams in the size that w needs until another is wished, and gives that.
func (s *session) send(ctx context.Context, w wish) (next wish, err error) {
	ask := s.preview
	if w == still {
		ask = s.full
	}
	stream, err := s.node.Stream(ask.pixels, ask.size, ask.rate)
	if err != nil {
		return nothing, err
	}
	defer func() { err = errors.Join(err, stream.Close()) }()
	t := take{session: s, stream: stream, whole: time.Now(), patience: waking, looked: time.Now()}
	for ctx.Err() == nil {
		if err := t.one(w); err != nil {
			return nothing, err
		}
		if next := t.next(w); next != w {
			return next, nil
		}
	}
	return nothing, context.Cause(ctx)
}

// take is one stream of a session.
type take struct {
	*session
	stream   *v4l2.Stream
	frames   int       // whole ones since the stream began
	broken   int       // since the last whole one
	whole    time.Time // when that came, or the stream began
	patience time.Duration
	looked   time.Time // when somebody last waited
}

// one takes one picture, or waits a while for it in vain.
func (t *take) one(w wish) error {
	p, came, err := t.stream.Next(glance)
	if err != nil {
		return err
	}
	if came {
		if err := t.show(p, w); err != nil {
			return err
		}
	}
	switch silent := time.Since(t.whole) > t.patience; {
	case silent && t.broken > 0:
		return fmt.Errorf("%d broken pictures and no whole one: %w", t.broken, device.ErrProtocol)
	case silent:
		return fmt.Errorf("stream stands still: %w", device.ErrSilent)
	}
	return nil
}

// show hands a whole picture to those who wait for one of its kind.
func (t *take) show(p v4l2.Picture, w wish) (err error) {
	data, whole := p.Data, false
	if f := t.stream.Format; f.Pixels.Compressed() {
		data, whole = picture(p.Data)
	} else {
		whole = len(data) >= f.Stride*f.Size.Y
	}
	if !whole || p.Damaged {
		t.broken++
		return nil
	}
	t.frames, t.broken = t.frames+1, 0
	t.whole, t.patience = time.Now(), frozen
	t.camera.seen()
	forLive, forStill := t.camera.awaited(w == live || t.oneSize(), t.frames > t.Model.Settle && (w == still || t.oneSize()))
	if !forLive && !forStill {
		return nil
	}
	frame := device.Frame{At: p.At}
	if frame.JPEG, err = t.compressed(data); err != nil {
		return err
	}
	t.camera.publish(frame, forLive, forStill)
	return nil
}

// compressed gives a picture as a JPEG that is the caller's own.
func (t *take) compressed(data []byte) (_ []byte, err error) {
	f := t.stream.Format
	if f.Pixels.Compressed() {
		return bytes.Clone(data), nil
	}
	if t.planes, err = jpeg.UnpackYUYV(t.planes, data, f.Size, f.Stride); err != nil {
		return nil, err
	}
	return jpeg.Encode(t.planes, yuyvQuality, 0)
}

// next is what to send from now on: what is wished, and nothing only after a while.
func (t *take) next(w wish) wish {
	wished := t.wished()
	switch {
	case wished != nothing:
		t.looked = time.Now()
	case t.frames == 0 || time.Since(t.looked) < linger: // a picture first, to know that the camera is well
		return w
	}
	if wished != nothing && t.oneSize() {
		return w
	}
	return wished
}
