package usb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"yimen/drivers/device"
)

// devices is where the kernel shows what is plugged in, below /sys. Looking there needs no right to the device and does
// not disturb it, so that a port that waits for its device may look each second.
const devices = "bus/usb/devices"

// sysfs is the kernel's.
func sysfs() fs.FS { return os.DirFS("/sys") }

// found is a device that is plugged in.
type found struct {
	at              string // such as 1-2.3
	bus, address    int
	vendor, product uint16
	serial          string // "" where it carries none
}

func (f found) String() string {
	if f.serial == "" {
		return fmt.Sprintf("at=%s (carries no serial number)", f.at)
	}
	return fmt.Sprintf("at=%s or serial=%s", f.at, f.serial)
}

// Find gives the one device that n names. Its error wraps device.ErrGone, and lists what there is when n fits several.
func (n Name) find(sys fs.FS) (found, error) {
	all, err := list(sys)
	if err != nil {
		return found{}, fmt.Errorf("this machine shows no USB bus: %w: %w", device.ErrGone, err)
	}
	var fit []found
	for _, f := range all {
		if n.fits(sys, f) {
			fit = append(fit, f)
		}
	}
	switch len(fit) {
	case 0:
		return found{}, fmt.Errorf("%s is not on the USB bus: %w", n, device.ErrGone)
	case 1:
		return fit[0], nil
	}
	which := make([]string, len(fit))
	for i, f := range fit {
		which[i] = f.String()
	}
	return found{}, fmt.Errorf("%s are %d devices, say which: %s: %w", n, len(fit), strings.Join(which, "; "), device.ErrGone)
}

func (n Name) fits(sys fs.FS, f found) bool {
	switch {
	case n.At != "" && n.At != f.at, n.Serial != "" && n.Serial != f.serial:
		return false
	case n.Printer:
		return hasPrinter(sys, f.at)
	}
	return n.Vendor == f.vendor && n.Product == f.product
}

// list gives every device on every bus. One that leaves while it is looked at is not there.
func list(sys fs.FS) ([]found, error) {
	entries, err := fs.ReadDir(sys, devices)
	if err != nil {
		return nil, err
	}
	var all []found
	for _, e := range entries {
		if !place.MatchString(e.Name()) { // an interface of a device, or the root of a bus
			continue
		}
		if f, err := look(sys, e.Name()); err == nil {
			all = append(all, f)
		}
	}
	return all, nil
}

// look reads what the kernel shows of the device at a place.
func look(sys fs.FS, at string) (found, error) {
	f := found{at: at}
	var errs [4]error
	f.vendor, errs[0] = hex(sys, at, "idVendor")
	f.product, errs[1] = hex(sys, at, "idProduct")
	f.bus, errs[2] = decimal(sys, at, "busnum")
	f.address, errs[3] = decimal(sys, at, "devnum")
	f.serial, _ = attribute(sys, at, "serial") // many carry none
	return f, errors.Join(errs[:]...)
}

// hasPrinter tells whether an interface of the device at a place is a printer's (class 07).
func hasPrinter(sys fs.FS, at string) bool {
	classes, _ := fs.Glob(sys, path.Join(devices, at+":*", "bInterfaceClass")) // its only error is a bad pattern
	for _, c := range classes {
		if b, err := fs.ReadFile(sys, c); err == nil && strings.TrimSpace(string(b)) == "07" {
			return true
		}
	}
	return false
}

func attribute(sys fs.FS, at, name string) (string, error) {
	b, err := fs.ReadFile(sys, path.Join(devices, at, name))
	return strings.TrimSpace(string(b)), err
}

func hex(sys fs.FS, at, name string) (uint16, error) {
	s, err := attribute(sys, at, name)
	if err != nil {
		return 0, err
	}
	return id(s)
}

func decimal(sys fs.FS, at, name string) (int, error) {
	s, err := attribute(sys, at, name)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(s)
}
