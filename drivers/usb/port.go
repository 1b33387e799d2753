// Package usb is the port for devices on the USB bus: it finds one by its name, takes it from the kernel while it is used,
// and makes a stream of bytes of its bulk endpoints, whichever these are. LP is the other way to a printer, through the
// kernel's own driver.
package usb

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/google/gousb"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// controlPatience bounds a request on the control endpoint, such as for a printer's port status.
const controlPatience = time.Second

// Port is one device on the bus.
//
// Nothing watches the bus for a device that is away: a look into sysfs at each Open costs little, needs no netlink socket,
// and a port is opened again but once a second. One that is there tells by its pending transfer when it leaves.
type Port struct {
	Name Name
	sys  fs.FS // the kernel's sysfs when nil
}

func (p Port) String() string { return "usb:" + p.Name.String() }

// Open takes the device for this process alone, also from its kernel driver. An error wraps device.ErrBusy when
// another has taken it, else device.ErrGone; of a device that may not be opened it names the udev rule that lets it. The Conn
// of a printer also has PortStatus.
//
// Each Conn has a libusb of its own, so that no lock is shared and nothing outlives it.
func (p Port) Open() (wire.Conn, error) {
	sys := p.sys
	if sys == nil {
		sys = sysfs()
	}
	at, err := p.Name.find(sys)
	if err != nil {
		return nil, err
	}
	c, err := p.open(at)
	if err != nil {
		return nil, fmt.Errorf("open %s at %s: %w: %w", p.Name, at.at, kind(err), err)
	}
	return c, nil
}

// kind is device.ErrBusy for a device that another process has claimed, which gousb tells in words alone.
func kind(err error) error {
	if strings.Contains(err.Error(), gousb.ErrorBusy.Error()) {
		return device.ErrBusy
	}
	return device.ErrGone
}

// open opens the device that was found. What was opened before an error is closed.
func (p Port) open(at found) (_ wire.Conn, err error) {
	var undo stack
	defer func() {
		if err != nil {
			err = errors.Join(err, undo.unwind())
		}
	}()
	usb, err := newContext()
	if err != nil {
		return nil, err
	}
	undo.push(usb.Close)
	dev, err := openAt(usb, at)
	if err != nil {
		return nil, err
	}
	undo.push(dev.Close)
	dev.ControlTimeout = controlPatience
	cfg, err := configure(dev)
	if err != nil {
		return nil, err
	}
	undo.push(cfg.Close)
	pair, err := p.Name.choose(cfg.Desc)
	if err != nil {
		return nil, err
	}
	outs, ins, release, err := pair.claim(cfg)
	undo.push(func() error { release(); return nil })
	if err != nil {
		return nil, err
	}
	in, out := join(outs, ins, at)
	if pair.setting.Class == printerClass {
		return newPrinterConn(in, out, dev, pair.setting.Number, undo.unwind), nil
	}
	return newConn(in, out, undo.unwind), nil
}

// newContext starts libusb, whose Go binding panics where it cannot.
func newContext() (usb *gousb.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("libusb cannot start (are netlink sockets forbidden, as by RestrictAddressFamilies without AF_NETLINK?): %v", r)
		}
	}()
	return gousb.NewContext(), nil
}

// openAt opens the device with the address that the kernel has given it.
func openAt(usb *gousb.Context, at found) (*gousb.Device, error) {
	all, err := usb.OpenDevices(func(d *gousb.DeviceDesc) bool { return d.Bus == at.bus && d.Address == at.address })
	switch {
	case len(all) > 0: // the error is another device's
		return all[0], nil
	case errors.Is(err, gousb.ErrorAccess):
		return nil, fmt.Errorf("not permitted; have the daemon's user in group plugdev, put this into /etc/udev/rules.d/60-yimen.rules and plug the device in again: %s", rule(at))
	case err == nil:
		err = gousb.ErrorNoDevice
	}
	return nil, err
}

// rule is the udev rule that lets a group use the device which every Debian has for such devices.
func rule(at found) string {
	return fmt.Sprintf(`SUBSYSTEM=="usb", ATTR{idVendor}=="%04x", ATTR{idProduct}=="%04x", GROUP="plugdev", MODE="0660"`, at.vendor, at.product)
}

// configure takes the configuration that the kernel has chosen, or the first of a device that has none.
func configure(dev *gousb.Device) (*gousb.Config, error) {
	number, err := dev.ActiveConfigNum()
	if err != nil {
		return nil, err
	}
	if number == 0 {
		for n := range dev.Desc.Configs {
			if number == 0 || n < number {
				number = n
			}
		}
	}
	cfg, err := dev.Config(number)
	if err != nil {
		return nil, err
	}
	// Only from here on, so that kernel drivers lose no interfaces but those that are claimed.
	if err := dev.SetAutoDetach(true); err != nil {
		return nil, errors.Join(err, cfg.Close())
	}
	return cfg, nil
}

// join makes one pipe of each direction.
func join(outs []*gousb.OutEndpoint, ins []*gousb.InEndpoint, at found) (inPipe, outPipe) {
	out := func(i int) outPipe { return outEnd{outs[i], at} }
	in := func(i int) inPipe { return inEnd{ins[i], at} }
	switch {
	case len(ins) == 0:
		return nil, out(0)
	case len(outs) > 1: // and as many back
		return &splitIn{head: in(0), body: in(1)}, splitOut{head: out(0), body: out(1)}
	}
	return in(0), out(0)
}

// inEnd and outEnd are endpoints that can be revived.
type inEnd struct {
	*gousb.InEndpoint
	at found
}

func (e inEnd) Revive() error { return clearHalt(e.at, uint8(e.Desc.Address)) }

type outEnd struct {
	*gousb.OutEndpoint
	at found
}

func (e outEnd) Revive() error { return clearHalt(e.at, uint8(e.Desc.Address)) }

// stack undoes what was done, last first.
type stack []func() error

func (s *stack) push(f func() error) { *s = append(*s, f) }

func (s stack) unwind() error {
	var errs []error
	for i := len(s) - 1; i >= 0; i-- {
		errs = append(errs, s[i]())
	}
	return errors.Join(errs...)
}
