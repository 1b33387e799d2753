package usb

import (
	"encoding/binary"
	"unicode/utf16"
)

// Speed of the bus that the device runs at, as USB/IP numbers it.
type Speed uint8

const (
	FullSpeed Speed = 2 // 12 Mbit/s, bulk packets of 64 bytes at most
	HighSpeed Speed = 3 // 480 Mbit/s, bulk packets of 512 bytes
)

// Description is what a device says of itself (USB 2.0 §9.6). It has one configuration, number 1.
type Description struct {
	Speed                     Speed
	Class, Subclass, Protocol uint8
	Vendor, Product, Version  uint16
	Maker, Name, Serial       string // a device without Serial cannot be told from its twin
	Interfaces                []Interface
}

// Interface is one interface, or one more alternate setting of the interface before.
type Interface struct {
	Number, Alternate         uint8
	Class, Subclass, Protocol uint8
	Before                    []byte // the association descriptor that goes ahead of it, if any
	Extra                     []byte // class-specific descriptors
	Endpoints                 []Endpoint
}

// Transfer types that the devices here use, as bmAttributes has them.
const (
	Bulk      = 2
	Interrupt = 3
)

// Endpoint is one data endpoint. Interval counts as the descriptor does; bulk endpoints have 0.
type Endpoint struct {
	Address, Attributes uint8
	MaxPacket           int
	Interval            uint8
}

// Descriptor types (USB 2.0 table 9-5).
const (
	typeDevice        = 1
	typeConfiguration = 2
	typeString        = 3
	typeInterface     = 4
	typeEndpoint      = 5
)

// Numbers of the strings.
const (
	stringLanguages = iota
	stringMaker
	stringName
	stringSerial
)

// Configuration is the number of the one configuration that a device has, and MaxPacket0 the size of the packets of
// endpoint 0.
const (
	Configuration = 1
	MaxPacket0    = 64
)

const (
	selfPowered  = 0xC0   // bmAttributes of the configuration
	powerHalfAmp = 50     // bMaxPower, in units of 2 mA
	versionUSB2  = 0x0200 // bcdUSB
	languageUS   = 0x0409
)

// device is the device descriptor.
func (d *Description) device() []byte {
	b := []byte{18, typeDevice}
	b = binary.LittleEndian.AppendUint16(b, versionUSB2)
	b = append(b, d.Class, d.Subclass, d.Protocol, MaxPacket0)
	b = binary.LittleEndian.AppendUint16(b, d.Vendor)
	b = binary.LittleEndian.AppendUint16(b, d.Product)
	b = binary.LittleEndian.AppendUint16(b, d.Version)
	b = append(b, stringMaker, stringName, stringSerial, 1)
	if d.Serial == "" {
		b[16] = 0
	}
	return b
}

// configuration is the configuration descriptor with all that belongs to it.
func (d *Description) configuration() []byte {
	var body []byte
	for _, i := range d.Interfaces {
		body = append(body, i.Before...)
		body = append(body, 9, typeInterface, i.Number, i.Alternate, uint8(len(i.Endpoints)), i.Class, i.Subclass, i.Protocol, 0)
		body = append(body, i.Extra...)
		for _, e := range i.Endpoints {
			body = append(body, 7, typeEndpoint, e.Address, e.Attributes)
			body = binary.LittleEndian.AppendUint16(body, uint16(e.MaxPacket))
			body = append(body, e.Interval)
		}
	}
	b := []byte{9, typeConfiguration}
	b = binary.LittleEndian.AppendUint16(b, uint16(9+len(body)))
	b = append(b, d.InterfaceCount(), Configuration, 0, selfPowered, powerHalfAmp)
	return append(b, body...)
}

// InterfaceCount counts the interfaces without their further settings.
func (d *Description) InterfaceCount() (n uint8) {
	for _, i := range d.Interfaces {
		if i.Alternate == 0 {
			n++
		}
	}
	return n
}

// text is a string descriptor; false when there is none of that number.
func (d *Description) text(number uint8) ([]byte, bool) {
	if number == stringLanguages {
		return binary.LittleEndian.AppendUint16([]byte{4, typeString}, languageUS), true
	}
	texts := [...]string{stringMaker: d.Maker, stringName: d.Name, stringSerial: d.Serial}
	if int(number) >= len(texts) || texts[number] == "" {
		return nil, false
	}
	units := utf16.Encode([]rune(texts[number]))
	units = units[:min(len(units), 126)] // bLength is one byte
	b := []byte{uint8(2 + 2*len(units)), typeString}
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b, true
}

// descriptor answers GET_DESCRIPTOR for what the model itself knows.
func (d *Description) descriptor(kind, number uint8) ([]byte, error) {
	switch kind {
	case typeDevice:
		return d.device(), nil
	case typeConfiguration:
		if number == 0 {
			return d.configuration(), nil
		}
	case typeString:
		if b, ok := d.text(number); ok {
			return b, nil
		}
	}
	return nil, ErrStall // also for the qualifier: the device knows one speed
}
