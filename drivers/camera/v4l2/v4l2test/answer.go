package v4l2test

import (
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

const (
	pageSize = 4096
	inactive = 0x10 // V4L2_CTRL_FLAG_INACTIVE
)

// requests are the numbers that a 64-bit kernel knows these by.
var requests = map[uint32]string{
	0x80685600: "QUERYCAP", 0xC0405602: "ENUM_FMT", 0xC0D05605: "S_FMT", 0xC0145608: "REQBUFS", 0xC0585609: "QUERYBUF",
	0xC058560F: "QBUF", 0xC0585611: "DQBUF", 0x40045612: "STREAMON", 0x40045613: "STREAMOFF", 0xC0CC5615: "G_PARM",
	0xC0CC5616: "S_PARM", 0xC008561C: "S_CTRL", 0xC0445624: "QUERYCTRL", 0xC02C564A: "ENUM_FRAMESIZES",
}

// message is a request's structure as bytes; the places are those of linux/videodev2.h on 64 bits.
type message []byte

func (m message) get(at int) uint32    { return binary.NativeEndian.Uint32(m[at:]) }
func (m message) put(at int, v uint32) { binary.NativeEndian.PutUint32(m[at:], v) }
func (m message) point(at int, p image.Point) {
	m.put(at, uint32(p.X))
	m.put(at+4, uint32(p.Y))
}

// queue is what one opening has agreed on, and its buffers.
type queue struct {
	pixels    string
	size      image.Point
	rate      uint32
	buffers   []*frame
	order     []int // of the queued buffers
	streaming bool
	began     time.Time
	sent      int // pictures since then, lost ones too
}

type frame struct {
	mem      []byte
	used     int
	done     bool
	damaged  bool
	at       time.Time
	sequence int
}

// answer is called with the kernel locked.
func (k *Kernel) answer(f *file, name string, m message) unix.Errno {
	switch name {
	case "QUERYCAP":
		caps := f.camera.Capabilities
		if caps == 0 {
			caps = 0x04000001
		}
		copy(m[:16], "uvcvideo")
		copy(m[16:48], f.camera.Card)
		m.put(84, 0x84A00001) // all nodes together
		m.put(88, caps)
	case "ENUM_FMT", "ENUM_FRAMESIZES":
		return f.camera.list(name, m)
	case "S_FMT", "G_PARM", "S_PARM":
		return f.agree(name, m)
	case "QUERYCTRL", "S_CTRL":
		return f.camera.control(name, m)
	case "STREAMON":
		if len(f.buffers) == 0 {
			return unix.EINVAL
		}
		f.streaming, f.began, f.sent = true, time.Now(), 0
		f.camera.mu.Lock()
		f.camera.streams++
		f.camera.mu.Unlock()
	case "STREAMOFF":
		f.streaming, f.order = false, nil
		for _, b := range f.buffers {
			b.done = false
		}
		k.stir()
	default:
		return f.buffer(k, name, m)
	}
	return 0
}

// list answers with one line of a list, EINVAL behind its end.
func (c *Camera) list(name string, m message) unix.Errno {
	i := int(m.get(0))
	if name == "ENUM_FMT" {
		if i >= len(c.Formats) {
			return unix.EINVAL
		}
		copy(m[44:48], c.Formats[i].Pixels)
		return 0
	}
	at := slices.IndexFunc(c.Formats, func(f Format) bool { return f.Pixels == string(m[4:8]) })
	switch {
	case at < 0:
		return unix.EINVAL
	case c.Formats[at].Range != nil && i == 0:
		r := c.Formats[at].Range
		m.put(8, 3)
		for j, v := range []int{r.Least.X, r.Most.X, r.Step.X, r.Least.Y, r.Most.Y, r.Step.Y} {
			m.put(12+4*j, uint32(v))
		}
	case i < len(c.Formats[at].Sizes):
		m.put(8, 1)
		m.point(12, c.Formats[at].Sizes[i])
	default:
		return unix.EINVAL
	}
	return 0
}

// agree sets the nearest format there is, and the rate.
func (f *file) agree(name string, m message) unix.Errno {
	switch name {
	case "G_PARM":
		m.put(4, 0x1000)
		return 0
	case "S_PARM":
		f.rate = m.get(16) / max(1, m.get(12))
		return 0
	}
	if len(f.buffers) > 0 {
		return unix.EBUSY
	}
	c := f.camera
	at := max(0, slices.IndexFunc(c.Formats, func(f Format) bool { return f.Pixels == string(m[16:20]) }))
	want := image.Pt(int(m.get(8)), int(m.get(12)))
	f.pixels, f.size = c.Formats[at].Pixels, want
	if sizes := c.Formats[at].Sizes; !slices.Contains(sizes, want) && c.Formats[at].Range == nil {
		f.size = sizes[0]
	}
	copy(m[16:20], f.pixels)
	m.point(8, f.size)
	m.put(24, 0)
	if f.pixels == "YUYV" {
		m.put(24, uint32(2*f.size.X))
	}
	m.put(28, uint32(f.imageSize()))
	c.mu.Lock()
	c.asked = append(c.asked, fmt.Sprintf("%s %dx%d", f.pixels, f.size.X, f.size.Y))
	c.mu.Unlock()
	return 0
}

func (q *queue) imageSize() int { return 2*q.size.X*q.size.Y + 64 }

func (c *Camera) control(name string, m message) unix.Errno {
	ctl := c.Controls[m.get(0)]
	if ctl == nil {
		return unix.EINVAL
	}
	if name == "S_CTRL" {
		v := int32(m.get(4))
		switch {
		case ctl.Flags&inactive != 0:
			return unix.EACCES // as uvcvideo answers
		case v < ctl.Least || v > ctl.Most:
			return unix.ERANGE
		}
		c.set(m.get(0), v)
		return 0
	}
	for j, v := range []int32{ctl.Least, ctl.Most, ctl.Step, 0} {
		m.put(40+4*j, uint32(v))
	}
	m.put(56, ctl.Flags)
	return 0
}

// buffer answers what has to do with the queue.
func (f *file) buffer(k *Kernel, name string, m message) unix.Errno {
	if name == "REQBUFS" {
		return f.allocate(k, m)
	}
	i := int(m.get(0))
	if name == "DQBUF" {
		f.advance(f.camera, time.Now())
		if !f.streaming {
			return unix.EINVAL
		}
		if i = f.oldest(); i < 0 {
			return unix.EAGAIN
		}
		f.buffers[i].done = false
	} else if i >= len(f.buffers) {
		return unix.EINVAL
	}
	b := f.buffers[i]
	if name == "QBUF" {
		if slices.Contains(f.order, i) || b.done {
			return unix.EINVAL
		}
		f.order = append(f.order, i)
		k.stir()
		return 0
	}
	f.describe(m, i, b)
	return 0
}

// allocate answers REQBUFS: only one opening of a camera can have buffers.
func (f *file) allocate(k *Kernel, m message) unix.Errno {
	for _, other := range k.files {
		if other != nil && other != f && other.camera == f.camera && len(other.buffers) > 0 {
			return unix.EBUSY
		}
	}
	if f.streaming {
		return unix.EBUSY
	}
	f.buffers, f.order = nil, nil
	for range m.get(0) {
		f.buffers = append(f.buffers, &frame{mem: make([]byte, f.imageSize())})
	}
	return 0
}

func (f *file) describe(m message, i int, b *frame) {
	m.put(0, uint32(i))
	m.put(8, uint32(b.used))
	flags := uint32(0x2001)
	if f.camera.Unstamped {
		flags = 1
	}
	if b.damaged {
		flags |= 0x40
	}
	m.put(12, flags)
	stamp := monotonic(b.at)
	binary.NativeEndian.PutUint64(m[24:], uint64(stamp/time.Second))
	binary.NativeEndian.PutUint64(m[32:], uint64(stamp%time.Second/time.Microsecond))
	m.put(56, uint32(b.sequence))
	binary.NativeEndian.PutUint32(m[64:], uint32(i*pageSize))
	m.put(72, uint32(len(b.mem)))
}

// oldest is the index of the picture that was done first, -1 for none.
func (q *queue) oldest() int {
	first := -1
	for i, b := range q.buffers {
		if b.done && (first < 0 || b.sequence < q.buffers[first].sequence) {
			first = i
		}
	}
	return first
}

// due is when the next picture comes, zero for never.
func (q *queue) due(c *Camera) time.Time {
	if !q.streaming || c.Picture == nil || c.Every == 0 {
		return time.Time{}
	}
	return q.began.Add(time.Duration(q.sent+1) * c.Every)
}

// advance puts the pictures that have come by now into buffers; one without a buffer is lost.
func (q *queue) advance(c *Camera, now time.Time) {
	for due := q.due(c); !due.IsZero() && !due.After(now); due = q.due(c) {
		q.sent++
		if len(q.order) == 0 {
			continue
		}
		b := q.buffers[q.order[0]]
		q.order = q.order[1:]
		var data []byte
		data, b.damaged = c.Picture(q.sent, q.pixels, q.size)
		b.used, b.done, b.sequence = copy(b.mem, data), true, q.sent
		b.at = due.Add(-c.Every / 2) // its first byte came half a picture ago
	}
}
