package gadget

import (
	"encoding/binary"
	"slices"
	"sync"

	"yimen/drivers/emulator/usb"
)

// Requests of the video class (UVC 1.1 table A-8).
const (
	setCurrent    = 0x01
	getCurrent    = 0x81
	getMinimum    = 0x82
	getMaximum    = 0x83
	getResolution = 0x84
	getLength     = 0x85
	getInfo       = 0x86
	getDefault    = 0x87
)

// canGetAndSet is the answer to GET_INFO.
const canGetAndSet = 0x03

// Selectors of the streaming interface.
const (
	selectProbe  = 1
	selectCommit = 2
)

// Control negotiates the stream and keeps the settings of the terminals.
func (c *camera) Control(s usb.Setup, data []byte) ([]byte, error) {
	if s.Kind() != usb.Class {
		return nil, usb.ErrStall
	}
	entity, selector := uint8(s.Index>>8), uint8(s.Value>>8)
	switch uint8(s.Index) {
	case 0:
		return c.values.control(s.Request, entity, selector, data)
	case 1:
		if entity == 0 && (selector == selectProbe || selector == selectCommit) {
			return c.negotiate(s.Request, selector, data)
		}
	}
	return nil, usb.ErrStall
}

// negotiate is probe and commit: a commit begins the stream.
func (c *camera) negotiate(request, selector uint8, data []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.probe
	if selector == selectCommit {
		now = c.nearest(c.stream)
	}
	intervals := c.formats[now.format-1].frames[now.frame-1].intervals
	switch request {
	case setCurrent:
		w, ok := wished(data)
		if !ok {
			return nil, usb.ErrStall
		}
		if c.probe = c.nearest(w); selector == selectCommit {
			c.stream = c.probe
			c.scene.Begin()
			c.setStreaming(true)
		}
		return nil, nil
	case getCurrent:
	case getMinimum:
		now.interval = slices.Min(intervals)
	case getMaximum:
		now.interval = slices.Max(intervals)
	case getDefault:
		now = c.nearest(wish{format: 1, frame: 1})
	case getLength:
		return []byte{probeBytes, 0}, nil
	case getInfo:
		return []byte{canGetAndSet}, nil
	default:
		return nil, usb.ErrStall
	}
	return c.record(now), nil
}

// setting is one value that a host may change.
type setting struct {
	entity, selector uint8
	bytes            int
	min, max, step   int32
	usual, now       int32
}

// Entities of the control interface.
const (
	cameraTerminal = 1
	processingUnit = 2
	outputTerminal = 3
)

// Selectors of the settings (UVC 1.1 tables ).
const (
	exposureMode  = 0x02
	exposureTime  = 0x04
	focusDistance = 0x06
	focusAuto     = 0x08
	brightness    = 0x02
	errorCode     = 0x02 // of the interface itself
)

// Values of exposureMode.
const (
	exposureManual   = 0x01
	exposureAperture = 0x08
)

// invalidControl is the error code after a request for a control that is not there.
const invalidControl = 0x06

// settings are those of the camera. They change nothing in the picture.
type settings struct {
	mu  sync.Mutex
	all []setting
}

func newSettings() *settings {
	return &settings{all: []setting{
		{entity: cameraTerminal, selector: exposureMode, bytes: 1, min: exposureManual, max: exposureAperture, step: exposureManual | exposureAperture, usual: exposureAperture, now: exposureAperture},
		{entity: cameraTerminal, selector: exposureTime, bytes: 4, min: 10, max: 5000, step: 1, usual: 333, now: 333},
		{entity: cameraTerminal, selector: focusDistance, bytes: 2, min: 0, max: 1000, step: 1, usual: 300, now: 300},
		{entity: cameraTerminal, selector: focusAuto, bytes: 1, min: 0, max: 1, step: 1, usual: 1, now: 1},
		{entity: processingUnit, selector: brightness, bytes: 2, min: -64, max: 64, step: 1, usual: 0, now: 0},
	}}
}

// control answers a request for one setting.
func (s *settings) control(request, entity, selector uint8, data []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if entity == 0 && selector == errorCode && request == getCurrent {
		return []byte{invalidControl}, nil
	}
	i := slices.IndexFunc(s.all, func(x setting) bool { return x.entity == entity && x.selector == selector })
	if i < 0 {
		return nil, usb.ErrStall
	}
	x := &s.all[i]
	switch request {
	case setCurrent:
		if len(data) != x.bytes {
			return nil, usb.ErrStall
		}
		x.now = min(max(x.value(data), x.min), x.max)
		return nil, nil
	case getCurrent:
		return x.encode(x.now), nil
	case getMinimum:
		return x.encode(x.min), nil
	case getMaximum:
		return x.encode(x.max), nil
	case getResolution:
		return x.encode(x.step), nil
	case getDefault:
		return x.encode(x.usual), nil
	case getLength:
		return []byte{byte(x.bytes), 0}, nil
	case getInfo:
		return []byte{canGetAndSet}, nil
	}
	return nil, usb.ErrStall
}

// encode gives a value in the setting's number of bytes.
func (x *setting) encode(v int32) []byte {
	return binary.LittleEndian.AppendUint32(nil, uint32(v))[:x.bytes]
}

// value reads one; those with a negative minimum have a sign.
func (x *setting) value(b []byte) int32 {
	v := int32(binary.LittleEndian.Uint32(append(slices.Clone(b), 0, 0, 0)[:4]))
	if sign := int32(1) << (8*x.bytes - 1); x.min < 0 && v&sign != 0 {
		v -= sign << 1
	}
	return v
}
