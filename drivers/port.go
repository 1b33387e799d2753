package drivers

import (
	"fmt"
	"net"
	"strings"

	"yimen/drivers/serial"
	"yimen/drivers/usb"
	"yimen/drivers/wire"
)

// portOf reads the forms of a port:
//
//	serial:/dev/serial/by-id/…   a serial line, or a USB bridge to one
//	tcp:10.0.0.7:4001            behind a serial server or a network
//	usb:0519:0003                on the USB bus, by the ids and what else usb.ParseName knows
//	usb:, usb:/at=1-2            the same, with the ids of the device's model
//
// baud is that of a serial line, 0 for the port's own; model is what the device's model is on the USB bus, "" where it does
// not say. An error begins with the key.
func portOf(port string, baud int, model string) (wire.Port, error) {
	kind, place, _ := strings.Cut(port, ":")
	switch {
	case baud < 0 || baud > 0 && baud < 1200 || baud > 4_000_000:
		return nil, fmt.Errorf("baud: %d is no speed of a serial line", baud)
	case kind == "serial" && strings.HasPrefix(place, "/"):
		return serial.Port{Path: place, Baud: baud}, nil
	case kind == "tcp":
		if _, _, err := net.SplitHostPort(place); err != nil {
			return nil, fmt.Errorf("port: %w", err)
		}
		return wire.TCP{Addr: place}, nil
	case kind == "usb" && port != kind:
		name, err := nameOf(place, model)
		return usb.Port{Name: name}, err
	}
	return nil, fmt.Errorf("port: %q is none of serial:/path, tcp:host:port, usb:vendor:product", port)
}

// lpOf reads what follows lp: in the port of a printer behind the kernel's driver: a path such as /dev/usb/lp0, or the
// printer's name on the bus, which stays true when it is plugged in again.
func lpOf(place, model string) (wire.Port, error) {
	if strings.HasPrefix(place, "/dev/") {
		return usb.LP{Path: place}, nil
	}
	name, err := nameOf(place, model)
	return usb.LP{Name: name}, err
}

// nameOf reads a name on the USB bus, whose beginning may be left to the model.
func nameOf(place, model string) (usb.Name, error) {
	if place == "" || strings.HasPrefix(place, "/") {
		if model == "" {
			return usb.Name{}, fmt.Errorf("port: the model does not say what it is on the USB bus, as usb:vendor:product would")
		}
		place = model + place
	}
	name, err := usb.ParseName(place)
	if err != nil {
		return usb.Name{}, fmt.Errorf("port: %w", err)
	}
	return name, nil
}
