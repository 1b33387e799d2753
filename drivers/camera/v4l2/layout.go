package v4l2

import (
	"image"
	"unsafe"
)

// The structures below are those of linux/videodev2.h, field for field; layout_test.go asks the C compiler whether they
// still are. Fields that this room neither reads nor writes are blank.

// videoCapture is V4L2_BUF_TYPE_VIDEO_CAPTURE, the one kind of queue used here.
const videoCapture = 1

// mmapped is V4L2_MEMORY_MMAP.
const mmapped = 1

type capability struct {
	driver               [16]byte
	card, bus            [32]byte
	version              uint32
	capabilities, device uint32 // of all nodes of the camera, and of this one
	_                    [3]uint32
}

// Bits of capability.device.
const (
	capCapture   = 0x1
	capStreaming = 0x04000000
	capDevice    = 0x80000000 // of capability.capabilities: device is filled in
)

type formatDesc struct {
	index, kind uint32
	flags       uint32
	_           [32]byte
	pixels      Pixels
	_           [4]uint32
}

type frameSize struct {
	index  uint32
	pixels Pixels
	kind   uint32    // discrete, or else a range
	sizes  [6]uint32 // discrete: width, height; else min, max, step of the width, then of the height
	_      [2]uint32
}

const discrete = 1 // V4L2_FRMSIZE_TYPE_DISCRETE

type format struct {
	kind uint32
	_    [0]uintptr // the kernel's union holds pointers
	pix  pixFormat
	_    [200 - unsafe.Sizeof(pixFormat{})]byte
}

type pixFormat struct {
	width, height uint32
	pixels        Pixels
	field         uint32
	bytesPerLine  uint32
	sizeImage     uint32
	_             [6]uint32
}

type streamParm struct {
	kind       uint32
	capability uint32
	mode       uint32
	interval   struct{ numerator, denominator uint32 } // seconds from one picture to the next
	_          [200 - 4*4]byte
}

const capTimePerFrame = 0x1000 // of streamParm.capability

type requestBuffers struct {
	count, kind, memory uint32
	_                   [2]uint32
}

type buffer struct {
	index, kind, used, flags, field uint32
	timestamp                       [2]uintptr // struct timeval: seconds, microseconds
	_                               [4]uint32  // time code
	sequence, memory                uint32
	offset                          uintptr // of the mapping; a union as large as a pointer
	length                          uint32
	_                               [2]uint32
}

// Bits of buffer.flags.
const (
	flagError         = 0x40
	timestampMask     = 0xE000
	timestampMonotone = 0x2000
)

type queryControl struct {
	id, kind                uint32
	_                       [32]byte
	least, most, step, bare int32 // bare is the value of a camera that nobody has set
	flags                   uint32
	_                       [2]uint32
}

// controlDead are the flags of a control that cannot be set: disabled, read-only.
const controlDead = 0x1 | 0x4

type control struct {
	id    uint32
	value int32
}

// ioctl numbers as asm-generic/ioctl.h makes them: direction, size, 'V', number.
const (
	read  = 2 << 30
	write = 1 << 30

	queryCap   = read | uint32(unsafe.Sizeof(capability{}))<<16 | 'V'<<8
	enumFormat = read | write | uint32(unsafe.Sizeof(formatDesc{}))<<16 | 'V'<<8 | 2
	setFormat  = read | write | uint32(unsafe.Sizeof(format{}))<<16 | 'V'<<8 | 5
	reqBufs    = read | write | uint32(unsafe.Sizeof(requestBuffers{}))<<16 | 'V'<<8 | 8
	queryBuf   = read | write | uint32(unsafe.Sizeof(buffer{}))<<16 | 'V'<<8 | 9
	queueBuf   = read | write | uint32(unsafe.Sizeof(buffer{}))<<16 | 'V'<<8 | 15
	dequeueBuf = read | write | uint32(unsafe.Sizeof(buffer{}))<<16 | 'V'<<8 | 17
	streamOn   = write | 4<<16 | 'V'<<8 | 18
	streamOff  = write | 4<<16 | 'V'<<8 | 19
	getParm    = read | write | uint32(unsafe.Sizeof(streamParm{}))<<16 | 'V'<<8 | 21
	setParm    = read | write | uint32(unsafe.Sizeof(streamParm{}))<<16 | 'V'<<8 | 22
	setControl = read | write | uint32(unsafe.Sizeof(control{}))<<16 | 'V'<<8 | 28
	queryCtrl  = read | write | uint32(unsafe.Sizeof(queryControl{}))<<16 | 'V'<<8 | 36
	enumSizes  = read | write | uint32(unsafe.Sizeof(frameSize{}))<<16 | 'V'<<8 | 74
)

// Pixels is how a picture is written: V4L2's four characters, the first in the lowest byte.
type Pixels uint32

// The kinds that a terminal can use.
const (
	MJPEG Pixels = 'M' | 'J'<<8 | 'P'<<16 | 'G'<<24
	YUYV  Pixels = 'Y' | 'U'<<8 | 'Y'<<16 | 'V'<<24 // luma and chroma in turn, 4:2:2, two bytes a pixel
	jpegs Pixels = 'J' | 'P'<<8 | 'E'<<16 | 'G'<<24 // whole JPEG pictures, which some drivers tell from MJPEG
)

func (p Pixels) String() string {
	return string([]byte{byte(p), byte(p >> 8), byte(p >> 16), byte(p >> 24)})
}

func (p Pixels) usable() bool { return p == MJPEG || p == YUYV || p == jpegs }

// Compressed reports whether a picture is a JPEG already.
func (p Pixels) Compressed() bool { return p != YUYV }

// Format is one agreed way of sending pictures.
type Format struct {
	Pixels Pixels
	Size   image.Point // pixels
	Stride int         // bytes a row, where the picture is not compressed
}
