// Package usb is a USB device that exists only in this process: descriptors, the state that a host sets, and
// endpoints behind which a Function does the device's work. Package gadget has the functions, and usbwire the ways in
// which a host reaches a device.
package usb

import (
	"context"
	"errors"
)

// How a transfer can end, beside well and by the end of its context, which is a host's cancelling it.
var (
	ErrStall  = errors.New("stall")  // the device refuses; on a data endpoint until the host clears the halt
	ErrBabble = errors.New("babble") // the device's packet is larger than the room that the host left
	ErrGone   = errors.New("gone")   // the device left the bus in the middle of the transfer
)

// DirectionIn is the bit of an endpoint's address, and of a request's type, that says device to host.
const DirectionIn = 0x80

// Setup is the first packet of a control transfer (USB 2.0 §9.3).
type Setup struct {
	Type, Request        uint8
	Value, Index, Length uint16
}

// Kinds of request: the bits 5 and 6 of Type.
const (
	kindMask   = 0x60
	Class      = 0x20
	Vendor     = 0x40
	recipients = 0x1F
)

// Recipients of a request: the low bits of Type.
const (
	ToDevice = iota
	ToInterface
	ToEndpoint
)

// Kind is 0 for a standard request, Class or Vendor.
func (s Setup) Kind() uint8 { return s.Type & kindMask }

// In reports whether the data goes from device to host.
func (s Setup) In() bool { return s.Type&DirectionIn != 0 }

// Recipient is ToDevice, ToInterface or ToEndpoint.
func (s Setup) Recipient() uint8 { return s.Type & recipients }

// Function is what a device does behind its endpoints. Its methods are called from many goroutines, those of one
// endpoint one after the other.
type Function interface {
	// Run is the device's own life while a host has it, until ctx ends. A nil error before that means that it has none.
	Run(ctx context.Context) error
	// Control answers class and vendor requests, and a standard one for an interface's descriptor. It does not wait.
	// data is what the host sent. ErrStall refuses.
	Control(s Setup, data []byte) ([]byte, error)
	// In waits until there is something to say on an IN endpoint and gives the next transfer, n bytes at most.
	In(ctx context.Context, endpoint uint8, n int) ([]byte, error)
	// Out takes a transfer and waits while there is no room for it; it gives the number of bytes taken.
	Out(ctx context.Context, endpoint uint8, data []byte) (int, error)
	// Return takes back what In gave and the host did not get.
	Return(endpoint uint8, data []byte)
	// Restart tells that the host reset the bus or cleared a halt of the endpoint, whether it was halted or not.
	Restart(endpoint uint8)
}
