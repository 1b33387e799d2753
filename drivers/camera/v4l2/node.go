// Package v4l2 speaks to the kernel's video nodes: finds a camera's, learns what it can send, and takes its pictures out
// of memory shared with the kernel. It does so by ioctls of its own rather than through a library: go4vl panics when a
// camera is unplugged, blackjack/webcam has no end to its waiting, and both copy each picture without its time stamp.
package v4l2

import (
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"yimen/drivers/device"
)

// ErrNoPictures: the node carries a camera's metadata, or else nothing that a program can stream.
var ErrNoPictures = fmt.Errorf("node gives no pictures: %w", device.ErrProtocol)

// Node is one open video node. It is for one goroutine.
type Node struct {
	kernel Kernel
	path   string
	fd     int
	name   string // as the camera calls itself
}

// Open opens a node that gives pictures. Errors wrap device.ErrGone, device.ErrBusy or ErrNoPictures.
func Open(k Kernel, path string) (*Node, error) {
	fd, err := k.Open(path)
	if err != nil {
		return nil, told("open", path, err)
	}
	n := &Node{kernel: k, path: path, fd: fd}
	var c capability
	if err := n.ioctl("ask what it is", queryCap, unsafe.Pointer(&c)); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	can := c.device
	if c.capabilities&capDevice == 0 {
		can = c.capabilities
	}
	// uvcvideo makes two nodes for a camera (firmware-notes/uvc "Nodes").
	if can&capCapture == 0 || can&capStreaming == 0 {
		return nil, errors.Join(fmt.Errorf("%s: %w: capabilities %08X", path, ErrNoPictures, can), n.Close())
	}
	n.name = strings.TrimRight(string(c.card[:]), "\x00")
	return n, nil
}

// String is the node's path and how the camera calls itself.
func (n *Node) String() string { return n.path + " (" + n.name + ")" }

// Close gives the node back. Its Stream is closed before.
func (n *Node) Close() error {
	if err := n.kernel.Close(n.fd); err != nil {
		return fmt.Errorf("close %s: %w", n.path, err)
	}
	return nil
}

// Alive asks whether the camera is still plugged in, which does not need a stream.
func (n *Node) Alive() error {
	var c capability
	return n.ioctl("ask whether it is there", queryCap, unsafe.Pointer(&c))
}

// Mode is a way in which a camera can send pictures. Most cameras name each size singly: Least is Most.
type Mode struct {
	Pixels            Pixels
	Least, Most, Step image.Point // pixels
}

// enumerationLimit bounds what a driver may list.
const enumerationLimit = 256

// Modes are the ways of sending that the camera has and a terminal can use, in the camera's order.
func (n *Node) Modes() ([]Mode, error) {
	var all []Mode
	for i := range uint32(enumerationLimit) {
		f := formatDesc{index: i, kind: videoCapture}
		err := n.ioctl("list formats", enumFormat, unsafe.Pointer(&f))
		if errors.Is(err, unix.EINVAL) { // the end of the list
			break
		} else if err != nil {
			return nil, err
		}
		if f.pixels.usable() {
			modes, err := n.sizes(f.pixels)
			if err != nil {
				return nil, err
			}
			all = append(all, modes...)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s sends neither MJPEG nor YUYV: %w", n, device.ErrProtocol)
	}
	return all, nil
}

func (n *Node) sizes(p Pixels) (modes []Mode, err error) {
	for i := range uint32(enumerationLimit) {
		s := frameSize{index: i, pixels: p}
		err := n.ioctl("list sizes", enumSizes, unsafe.Pointer(&s))
		if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTTY) {
			break
		} else if err != nil {
			return nil, err
		}
		if m := s.mode(); !slices.Contains(modes, m) {
			modes = append(modes, m)
		}
		if s.kind != discrete { // a range is the whole list
			break
		}
	}
	return modes, nil
}

func (s *frameSize) mode() Mode {
	x := func(i int) int { return int(min(s.sizes[i], 1<<20)) }
	if s.kind == discrete {
		only := image.Pt(x(0), x(1))
		return Mode{s.pixels, only, only, image.Pt(1, 1)}
	}
	return Mode{s.pixels, image.Pt(x(0), x(3)), image.Pt(x(1), x(4)), image.Pt(max(1, x(2)), max(1, x(5)))}
}

// controls are those that a model's file may set, an automatic before what it governs
// (firmware-notes/uvc "Controls").
var controls = []struct {
	name string
	id   uint32
}{
	{"power_line_frequency", 0x00980918},
	{"white_balance_automatic", 0x0098090C}, {"white_balance_temperature", 0x0098091A},
	{"auto_exposure", 0x009A0901}, {"exposure_time_absolute", 0x009A0902}, {"exposure_dynamic_framerate", 0x009A0903},
	{"focus_automatic_continuous", 0x009A090C}, {"focus_absolute", 0x009A090A},
	{"brightness", 0x00980900}, {"contrast", 0x00980901}, {"saturation", 0x00980902}, {"gain", 0x00980913},
	{"sharpness", 0x0098091B}, {"backlight_compensation", 0x0098091C},
}

// Controls are the names that Node.Set knows, in the order in which they should be set.
func Controls() (names []string) {
	for _, c := range controls {
		names = append(names, c.name)
	}
	return names
}

// Set sets a control at the nearest value the camera has, and reports whether it did: a camera may lack the control, or refuse
// it while its automatic governs it (firmware-notes/uvc "Controls").
func (n *Node) Set(name string, value int) (set bool, err error) {
	i := slices.Index(Controls(), name)
	if i < 0 {
		return false, fmt.Errorf("%q is no known control", name)
	}
	q := queryControl{id: controls[i].id}
	if err := n.kernel.Ioctl(n.fd, queryCtrl, unsafe.Pointer(&q)); err != nil || q.flags&controlDead != 0 {
		return false, n.goneBy("look for "+name, err)
	}
	c := control{id: q.id, value: q.nearest(value)}
	if err := n.kernel.Ioctl(n.fd, setControl, unsafe.Pointer(&c)); err != nil {
		return false, n.goneBy("set "+name, err)
	}
	return true, nil
}

// goneBy forgives every errno but that of a camera that is not there any more.
func (n *Node) goneBy(op string, err error) error {
	if errors.Is(err, unix.ENODEV) {
		return told(op, n.String(), err)
	}
	return nil
}

func (q *queryControl) nearest(value int) int32 {
	v := max(int(q.least), min(value, int(q.most)))
	return q.least + int32((v-int(q.least))/max(1, int(q.step)))*max(1, q.step)
}

func (n *Node) ioctl(op string, request uint32, arg unsafe.Pointer) error {
	if err := n.kernel.Ioctl(n.fd, request, arg); err != nil {
		return told(op, n.String(), err)
	}
	return nil
}

// told words an errno for whoever has to do something about it, and wraps the sentinel that says what.
func told(op, where string, err error) error {
	why := device.ErrProtocol
	words := ""
	switch {
	case errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENXIO):
		why = device.ErrGone
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		why = device.ErrGone
		words = `: this user may not open it: add the user to the group video, or install the udev rule SUBSYSTEM=="video4linux", GROUP="video", MODE="0660"`
	case errors.Is(err, unix.EBUSY):
		why = device.ErrBusy
		words = ": another program streams from it"
	case errors.Is(err, unix.ENOSPC):
		why = device.ErrBusy
		words = ": the USB bus has no bandwidth left beside its other cameras: choose a smaller size, or plug one into another controller"
	case errors.Is(err, unix.EIO), errors.Is(err, unix.ETIMEDOUT), errors.Is(err, unix.EPIPE), errors.Is(err, unix.EPROTO):
		why = device.ErrSilent // a request on the USB that the camera did not answer
	}
	return fmt.Errorf("%s: %s: %w: %w%s", where, op, why, err, words)
}
