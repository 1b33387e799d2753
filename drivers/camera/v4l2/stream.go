package v4l2

import (
	"errors"
	"fmt"
	"image"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"yimen/drivers/device"
)

// bufferCount is how many pictures the kernel may hold: one being written, one waiting, one being looked at. A 13 MP
// picture that is not compressed takes 26 MB.
const bufferCount = 3

// Stream is a node while it sends. It is for one goroutine.
type Stream struct {
	node    *Node
	Format  Format // as agreed, which may be another size than asked for
	buffers [][]byte
	buf     buffer // the one request's room, so that a picture costs no allocation
	held    bool   // buf is a picture that was handed out
}

// Picture is one picture as the camera sent it.
type Picture struct {
	Data []byte    // valid until the stream's next call
	At   time.Time // when its first byte came; when it was whole, of cameras that do not stamp it
	// Damaged: the kernel lost some of it on the way.
	Damaged bool
}

// Stream agrees with the camera on a format and lets it send, rate pictures a second or nearly so; 0 leaves the rate to the
// camera. Errors wrap device.ErrBusy (another program streams, or the bus is full), device.ErrGone, device.ErrSilent or
// device.ErrProtocol.
func (n *Node) Stream(pixels Pixels, size image.Point, rate int) (*Stream, error) {
	f, err := n.agree(pixels, size)
	if err != nil {
		return nil, err
	}
	if err := n.pace(rate); err != nil {
		return nil, err
	}
	s := &Stream{node: n, Format: f}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// agree sets the format. The driver answers with the nearest that it has.
func (n *Node) agree(pixels Pixels, size image.Point) (Format, error) {
	f := format{kind: videoCapture, pix: pixFormat{width: uint32(size.X), height: uint32(size.Y), pixels: pixels}}
	if err := n.ioctl("set the format", setFormat, unsafe.Pointer(&f)); err != nil {
		return Format{}, err
	}
	got := Format{f.pix.pixels, image.Pt(int(f.pix.width), int(f.pix.height)), int(f.pix.bytesPerLine)}
	if got.Pixels != pixels || got.Size.X < 1 || got.Size.Y < 1 {
		return Format{}, fmt.Errorf("%s: asked for %s %v, got %s %v: %w", n, pixels, size, got.Pixels, got.Size, device.ErrProtocol)
	}
	return got, nil
}

// pace asks for a rate, where the driver lets itself be asked.
func (n *Node) pace(rate int) error {
	p := streamParm{kind: videoCapture}
	err := n.ioctl("ask for the rate", getParm, unsafe.Pointer(&p))
	if rate == 0 || errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EINVAL) || err == nil && p.capability&capTimePerFrame == 0 {
		return nil
	} else if err != nil {
		return err
	}
	p.interval.numerator, p.interval.denominator = 1, uint32(rate)
	return n.ioctl("set the rate", setParm, unsafe.Pointer(&p))
}

// start maps the buffers, gives them all to the kernel and lets the camera send.
func (s *Stream) start() error {
	n := s.node
	want := requestBuffers{count: bufferCount, kind: videoCapture, memory: mmapped}
	if err := n.ioctl("ask for buffers", reqBufs, unsafe.Pointer(&want)); err != nil {
		return err
	}
	if want.count < 2 || want.count > 32 {
		return fmt.Errorf("%s: %d buffers: %w", n, want.count, device.ErrProtocol)
	}
	for i := range want.count {
		b := buffer{index: i, kind: videoCapture, memory: mmapped}
		if err := n.ioctl("ask for a buffer", queryBuf, unsafe.Pointer(&b)); err != nil {
			return err
		}
		mem, err := n.kernel.Mmap(n.fd, int64(b.offset), int(b.length))
		if err != nil {
			return told("map a buffer", n.String(), err)
		}
		s.buffers = append(s.buffers, mem)
		if err := n.ioctl("queue a buffer", queueBuf, unsafe.Pointer(&b)); err != nil {
			return err
		}
	}
	kind := int32(videoCapture)
	return n.ioctl("start the stream", streamOn, unsafe.Pointer(&kind))
}

// Next gives the next picture, or none when nothing came within wait. Errors wrap device.ErrGone when the camera was
// unplugged, else those of Node.Stream; the stream is then to be closed.
func (s *Stream) Next(wait time.Duration) (p Picture, came bool, err error) {
	if err := s.release(); err != nil {
		return Picture{}, false, err
	}
	// Never wait in DQBUF itself, which nothing would end.
	ready, err := s.node.kernel.Poll(s.node.fd, wait)
	if err != nil {
		return Picture{}, false, told("wait for a picture", s.node.String(), err)
	}
	if !ready {
		return Picture{}, false, nil
	}
	s.buf = buffer{kind: videoCapture, memory: mmapped}
	err = s.node.kernel.Ioctl(s.node.fd, dequeueBuf, unsafe.Pointer(&s.buf))
	switch {
	case errors.Is(err, unix.EAGAIN):
		return Picture{}, false, s.node.Alive()
	case err != nil:
		return Picture{}, false, s.lost(err)
	case int(s.buf.index) >= len(s.buffers):
		return Picture{}, false, fmt.Errorf("%s: buffer %d of %d: %w", s.node, s.buf.index, len(s.buffers), device.ErrProtocol)
	}
	s.held = true
	mem := s.buffers[s.buf.index]
	return Picture{
		Data:    mem[:min(int(s.buf.used), len(mem))],
		At:      s.stamped(time.Now()),
		Damaged: s.buf.flags&flagError != 0,
	}, true, nil
}

// lost asks a stream that ended whether its camera is still there: EIO and EINVAL come with both
// (firmware-notes/uvc "Unplugging").
func (s *Stream) lost(err error) error {
	if gone := s.node.Alive(); gone != nil {
		return gone
	}
	return told("take a picture", s.node.String(), err)
}

// stamped gives the time of the picture in s.buf, which was taken just now.
func (s *Stream) stamped(now time.Time) time.Time {
	if s.buf.flags&timestampMask != timestampMonotone {
		return now
	}
	at := time.Duration(s.buf.timestamp[0])*time.Second + time.Duration(s.buf.timestamp[1])*time.Microsecond
	age := s.node.kernel.Monotonic() - at
	return now.Add(-max(0, age))
}

// release gives the picture that was handed out back to the kernel.
func (s *Stream) release() error {
	if !s.held {
		return nil
	}
	s.held = false
	if err := s.node.kernel.Ioctl(s.node.fd, queueBuf, unsafe.Pointer(&s.buf)); err != nil {
		return s.lost(err)
	}
	return nil
}

// Close ends the stream and gives its memory back, after which the node can be asked for another. Of a camera that was
// unplugged it is no error.
func (s *Stream) Close() error {
	n := s.node
	kind := int32(videoCapture)
	err := n.ioctl("end the stream", streamOff, unsafe.Pointer(&kind))
	for _, mem := range s.buffers {
		err = errors.Join(err, n.kernel.Munmap(mem))
	}
	s.buffers, s.held = nil, false
	none := requestBuffers{kind: videoCapture, memory: mmapped}
	err = errors.Join(err, n.ioctl("give the buffers back", reqBufs, unsafe.Pointer(&none)))
	if errors.Is(err, device.ErrGone) {
		return nil
	}
	return err
}
