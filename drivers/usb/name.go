package usb

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Name is how a config names one device on the bus, so that the same one is found again after it was unplugged:
//
//	0519:0003                 the only device with these ids (vendor and product, hexadecimal)
//	printer                   the only device with a printer interface
//	0519:0003/serial=A7001    one of several, by the serial number that it carries
//	0519:0003/at=1-2.3        one of several, by the socket it is plugged into: bus, then a port for each hub on the way; the
//	                          numbers stay true as long as no controller is added
//	0400:c35a/pipes=4         a card reader that sends heads and bodies of frames through pipes of their own (experimental)
type Name struct {
	Vendor, Product uint16
	Printer         bool // whatever has a printer interface; the ids are 0
	Serial          string
	At              string
	FourPipes       bool
}

// place is how the kernel names a socket of the bus.
var place = regexp.MustCompile(`^[0-9]+-[0-9]+(\.[0-9]+)*$`)

// ParseName reads a Name.
func ParseName(s string) (Name, error) {
	var n Name
	kind, options, more := strings.Cut(s, "/")
	if n.Printer = kind == "printer"; !n.Printer {
		vendor, product, _ := strings.Cut(kind, ":")
		var err error
		if n.Vendor, err = id(vendor); err == nil {
			n.Product, err = id(product)
		}
		if err != nil {
			return Name{}, fmt.Errorf("%q is neither printer nor vendor:product, such as 0519:0003", kind)
		}
	}
	for more {
		var option string
		if strings.HasPrefix(options, "serial=") { // the rest, since a serial number may hold anything
			option, more = options, false
		} else {
			option, options, more = strings.Cut(options, "/")
		}
		if err := n.set(option); err != nil {
			return Name{}, err
		}
	}
	return n, nil
}

func (n *Name) set(option string) error {
	key, value, _ := strings.Cut(option, "=")
	switch {
	case key == "serial" && value != "":
		n.Serial = value
	case key == "at" && place.MatchString(value):
		n.At = value
	case option == "pipes=4" && !n.Printer:
		n.FourPipes = true
	default:
		return fmt.Errorf("%q is none of serial=…, at=1-2.3, pipes=4", option)
	}
	return nil
}

// id reads a vendor's or product's number: four hexadecimal digits.
func id(s string) (uint16, error) {
	if len(s) != 4 {
		return 0, strconv.ErrSyntax
	}
	v, err := strconv.ParseUint(s, 16, 16)
	return uint16(v), err
}

// ids is what the device must be.
func (n Name) ids() string {
	if n.Printer {
		return "printer"
	}
	return fmt.Sprintf("%04x:%04x", n.Vendor, n.Product)
}

// String gives what ParseName reads.
func (n Name) String() string {
	s := n.ids()
	if n.FourPipes {
		s += "/pipes=4"
	}
	if n.At != "" {
		s += "/at=" + n.At
	}
	if n.Serial != "" {
		s += "/serial=" + n.Serial
	}
	return s
}
