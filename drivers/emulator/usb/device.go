package usb

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"

	"yimen/drivers/emulator"
)

// Device is one device on a bus. One host has it at a time; its Function and Faults outlive the host.
type Device struct {
	Faults *emulator.Faults

	about    Description
	function Function

	mu         sync.Mutex // guards what follows
	configured uint8
	alternates map[uint8]uint8
	halted     map[uint8]bool
	letGo      chan struct{} // closed when a fault is switched off
}

// New gives a device that is on no bus yet. more are faults that its function knows beside those of every device.
func New(d Description, f Function, more ...emulator.Fault) *Device {
	known := append([]emulator.Fault{StallOut, StallIn, NAKOut, NAKIn, Short, Garbage, Unplug, Slow}, more...)
	dev := &Device{Faults: emulator.NewFaults(known...), about: d, function: f, letGo: make(chan struct{})}
	dev.Faults.OnChange = dev.faultChanged
	dev.Reset()
	return dev
}

// Reset is what a reset of the bus does: the device is not configured, every interface has its setting 0, no endpoint is
// halted and each starts anew.
func (d *Device) Reset() {
	d.mu.Lock()
	d.configured, d.alternates, d.halted = 0, map[uint8]uint8{}, map[uint8]bool{}
	d.mu.Unlock()
	for _, i := range d.about.Interfaces {
		for _, e := range i.Endpoints {
			d.function.Restart(e.Address)
		}
	}
}

// About is what the device says of itself. The caller does not change it.
func (d *Device) About() *Description { return &d.about }

// Run is the device's own life while a host has it, until ctx ends. A nil error before that means that it has none.
func (d *Device) Run(ctx context.Context) error { return d.function.Run(ctx) }

// Return takes back what In gave and the host did not get.
func (d *Device) Return(endpoint uint8, data []byte) { d.function.Return(endpoint, data) }

// Interfaces are the settings in force; those of every interface are 0 until the host chooses others.
func (d *Device) Interfaces() []Interface {
	d.mu.Lock()
	defer d.mu.Unlock()
	var now []Interface
	for _, i := range d.about.Interfaces {
		if d.alternates[i.Number] == i.Alternate {
			now = append(now, i)
		}
	}
	return now
}

// Endpoint finds an endpoint of the settings in force.
func (d *Device) Endpoint(address uint8) (Endpoint, bool) {
	for _, i := range d.Interfaces() {
		if k := slices.IndexFunc(i.Endpoints, func(e Endpoint) bool { return e.Address == address }); k >= 0 {
			return i.Endpoints[k], true
		}
	}
	return Endpoint{}, false
}

// maxPacket of an endpoint in bytes, 1 for one that is not there.
func (d *Device) maxPacket(address uint8) int {
	e, _ := d.Endpoint(address)
	return max(1, e.MaxPacket)
}

func (d *Device) isHalted(endpoint uint8) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.halted[endpoint]
}

func (d *Device) setHalt(endpoint uint8, halted bool) {
	d.mu.Lock()
	d.halted[endpoint] = halted
	d.mu.Unlock()
	if !halted {
		d.function.Restart(endpoint)
	}
}

// In is a transfer of at most n bytes to the host on a data endpoint. It waits until the device has something to say.
func (d *Device) In(ctx context.Context, endpoint uint8, n int) ([]byte, error) {
	if _, ok := d.Endpoint(endpoint); !ok || endpoint&DirectionIn == 0 || d.isHalted(endpoint) {
		return nil, ErrStall
	}
	if err := d.delay(ctx, NAKIn); err != nil {
		return nil, err
	}
	data, err := d.function.In(ctx, endpoint, n)
	if err != nil {
		return nil, err
	}
	return d.spoilIn(endpoint, data)
}

// Out is a transfer to the device on a data endpoint; it gives how many bytes the device took.
func (d *Device) Out(ctx context.Context, endpoint uint8, data []byte) (int, error) {
	if _, ok := d.Endpoint(endpoint); !ok || endpoint&DirectionIn != 0 || d.isHalted(endpoint) {
		return 0, ErrStall
	}
	if err := d.delay(ctx, NAKOut); err != nil {
		return 0, err
	}
	part, ending := d.spoilOut(endpoint, data)
	n, err := d.function.Out(ctx, endpoint, part)
	if err != nil {
		return n, err
	}
	return n, ending
}

// Standard requests (USB 2.0 table 9-4).
const (
	getStatus        = 0
	clearFeature     = 1
	setFeature       = 3
	getDescriptor    = 6
	GetConfiguration = 8
	SetConfiguration = 9
	GetInterface     = 10
	SetInterface     = 11
)

// endpointHalt is the one feature that can be set or cleared here.
const endpointHalt = 0

// Control carries out a control transfer. data is what the host sent with it. The answer is at most s.Length bytes.
func (d *Device) Control(s Setup, data []byte) ([]byte, error) {
	answer, err := d.answer(s, data)
	if err != nil {
		return nil, err
	}
	return answer[:min(len(answer), int(s.Length))], nil
}

func (d *Device) answer(s Setup, data []byte) ([]byte, error) {
	if s.Kind() != 0 || s.Request == getDescriptor && s.Recipient() == ToInterface {
		return d.function.Control(s, data)
	}
	switch s.Request {
	case getDescriptor:
		return d.about.descriptor(uint8(s.Value>>8), uint8(s.Value))
	case getStatus:
		return d.status(s)
	case clearFeature, setFeature:
		return nil, d.feature(s)
	case GetConfiguration:
		d.mu.Lock()
		defer d.mu.Unlock()
		return []byte{d.configured}, nil
	case SetConfiguration:
		return nil, d.configure(uint8(s.Value))
	case GetInterface:
		d.mu.Lock()
		defer d.mu.Unlock()
		return []byte{d.alternates[uint8(s.Index)]}, nil
	case SetInterface:
		return nil, d.choose(uint8(s.Index), uint8(s.Value))
	}
	return nil, ErrStall
}

// status answers GET_STATUS: a device with its own power, and which endpoint is halted.
func (d *Device) status(s Setup) ([]byte, error) {
	var word uint16
	switch s.Recipient() {
	case ToDevice:
		word = 1
	case ToEndpoint:
		if d.isHalted(uint8(s.Index)) {
			word = 1
		}
	}
	return binary.LittleEndian.AppendUint16(nil, word), nil
}

// feature does SET_FEATURE and CLEAR_FEATURE.
func (d *Device) feature(s Setup) error {
	address := uint8(s.Index)
	if _, ok := d.Endpoint(address); s.Recipient() != ToEndpoint || s.Value != endpointHalt || !ok {
		return ErrStall
	}
	d.setHalt(address, s.Request == setFeature)
	return nil
}

// configure does SET_CONFIGURATION: 0 is none.
func (d *Device) configure(number uint8) error {
	if number > Configuration {
		return ErrStall
	}
	d.Reset()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.configured = number
	return nil
}

// choose does SET_INTERFACE.
func (d *Device) choose(number, alternate uint8) error {
	k := slices.IndexFunc(d.about.Interfaces, func(i Interface) bool { return i.Number == number && i.Alternate == alternate })
	if k < 0 {
		return ErrStall
	}
	d.mu.Lock()
	d.alternates[number] = alternate
	d.mu.Unlock()
	for _, e := range d.about.Interfaces[k].Endpoints {
		d.setHalt(e.Address, false)
	}
	return nil
}
