package v4l2

import (
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// liar is a kernel that answers every request with the next bytes of a text, and at its end with ENODEV.
type liar struct {
	Linux
	text *[]byte
}

func (liar) Open(string) (int, error)              { return 3, nil }
func (liar) Close(int) error                       { return nil }
func (liar) Munmap([]byte) error                   { return nil }
func (liar) Poll(int, time.Duration) (bool, error) { return true, nil }
func (liar) Mmap(int, int64, int) ([]byte, error)  { return make([]byte, 64), nil }
func (l liar) Ioctl(_ int, request uint32, arg unsafe.Pointer) error {
	if len(*l.text) == 0 {
		return unix.ENODEV
	}
	n := copy(unsafe.Slice((*byte)(arg), request>>16&0x3FFF), (*l.text)[1:])
	refused := (*l.text)[0] == 1
	*l.text = (*l.text)[1+n:]
	if refused {
		return unix.EINVAL
	}
	return nil
}

// FuzzKernelsAnswers tries a driver that says anything: nothing may be read beyond a buffer, nor without end.
func FuzzKernelsAnswers(f *testing.F) {
	said := func(messages ...any) (text []byte) {
		for _, m := range messages {
			switch m := m.(type) {
			case capability:
				text = append(append(text, 0), unsafe.Slice((*byte)(unsafe.Pointer(&m)), unsafe.Sizeof(m))...)
			case formatDesc:
				text = append(append(text, 0), unsafe.Slice((*byte)(unsafe.Pointer(&m)), unsafe.Sizeof(m))...)
			case frameSize:
				text = append(append(text, 0), unsafe.Slice((*byte)(unsafe.Pointer(&m)), unsafe.Sizeof(m))...)
			}
		}
		return text
	}
	f.Add(said(capability{capabilities: capDevice, device: capCapture | capStreaming}, formatDesc{pixels: MJPEG}, frameSize{pixels: MJPEG, kind: discrete, sizes: [6]uint32{640, 480}}))
	f.Add(said(capability{capabilities: capCapture | capStreaming}, formatDesc{pixels: YUYV}, frameSize{kind: 3, sizes: [6]uint32{1, 1 << 31, 0, 1, 1 << 31, 0}}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := Open(liar{text: &text}, "/dev/video0")
		if err != nil {
			return
		}
		if modes, err := n.Modes(); err == nil {
			if p, size, err := Choose(modes, 0, vga); err == nil && (size.X < 0 || size.Y < 0 || !p.usable()) {
				t.Errorf("chose %s of %v", p, size)
			}
		}
		s, err := n.Stream(MJPEG, vga, 15)
		if err != nil {
			return
		}
		for range 4 {
			if p, _, err := s.Next(0); err != nil || len(p.Data) > 64 {
				break
			}
		}
		_ = s.Close() // whatever it says of that
	})
}
