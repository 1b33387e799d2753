package usb

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/gousb"
)

// pair is where the bytes of a device go: endpoints of one interface.
type pair struct {
	setting gousb.InterfaceSetting
	out, in []int // endpoint numbers: one of each, two of a card reader with four pipes; none to the host where a printer never answers
	// control is the interface that belongs to a modem's data (class 02), -1 for none: its kernel driver holds both.
	control int
}

// The classes of interfaces that matter here (usb.org "Defined Class Codes").
const (
	modemClass     = 0x02
	printerClass   = 0x07
	storageClass   = 0x08
	modemDataClass = 0x0a
	videoClass     = 0x0e
	vendorClass    = 0xff
)

// printerSubclass and the protocols of a printer's interface (USB Printer Class 1.1, 4.2.1).
const (
	printerSubclass = 0x01
	oneWay          = 0x01
	bothWays        = 0x02
	ieee1284        = 0x03 // packets, though many printers take bytes there too
)

// choose finds the interface for bytes in a device's descriptors: of a printer the one that answers, of other devices the
// vendor's own.
func (n Name) choose(cfg gousb.ConfigDesc) (pair, error) {
	var best pair
	last := -1
	for _, itf := range cfg.Interfaces {
		for _, alt := range itf.AltSettings {
			p, rank := n.rate(alt)
			if rank >= 0 && (last < 0 || rank < last) {
				best, last = p, rank
			}
		}
	}
	if last < 0 {
		return pair{}, fmt.Errorf("no interface for bytes among %s", describe(cfg))
	}
	if best.control = -1; best.setting.Class == modemDataClass {
		best.control = modemOf(cfg, best.setting.Number)
	}
	if err := n.unambiguous(best); err != nil {
		return pair{}, err
	}
	if !n.FourPipes {
		best.out, best.in = best.out[:1], best.in[:min(1, len(best.in))]
	}
	return best, nil
}

// rate gives the endpoints of a setting and how well it serves, 0 best and -1 not at all.
func (n Name) rate(alt gousb.InterfaceSetting) (pair, int) {
	p := pair{setting: alt}
	for _, address := range slices.Sorted(maps.Keys(alt.Endpoints)) {
		switch e := alt.Endpoints[address]; {
		case e.TransferType != gousb.TransferTypeBulk:
		case e.Direction == gousb.EndpointDirectionIn:
			p.in = append(p.in, e.Number)
		default:
			p.out = append(p.out, e.Number)
		}
	}
	isPrinter := alt.Class == printerClass && alt.SubClass == printerSubclass
	switch answers := len(p.in) > 0; {
	case len(p.out) == 0, n.Printer && !isPrinter:
		return p, -1
	case isPrinter:
		// The kernel's usblp prefers in the same order.
		return p, slices.Index([]gousb.Protocol{bothWays, oneWay, ieee1284}, alt.Protocol)
	case !answers, alt.Class == printerClass, alt.Class == storageClass, alt.Class == videoClass:
		return p, -1
	case alt.Class == vendorClass:
		return p, 3
	case alt.Class == modemDataClass:
		return p, 4
	}
	return p, 5
}

// unambiguous refuses to guess between several pipes.
func (n Name) unambiguous(p pair) error {
	switch {
	case n.FourPipes && (len(p.in) != 2 || len(p.out) != 2):
		return fmt.Errorf("%d pipes to it and %d from it are not four", len(p.out), len(p.in))
	case !n.FourPipes && p.setting.Class == vendorClass && (len(p.in) > 1 || len(p.out) > 1):
		return fmt.Errorf("%d pipes to it and %d from it: a reader that splits its frames is named with /pipes=4", len(p.out), len(p.in))
	}
	return nil
}

// modemOf is the number of the control interface before data, -1 for none.
func modemOf(cfg gousb.ConfigDesc, data int) int {
	control := -1
	for _, itf := range cfg.Interfaces {
		if itf.Number < data && len(itf.AltSettings) > 0 && itf.AltSettings[0].Class == modemClass {
			control = max(control, itf.Number)
		}
	}
	return control
}

// describe lists the interfaces for an error.
func describe(cfg gousb.ConfigDesc) string {
	var all []string
	for _, itf := range cfg.Interfaces {
		for _, alt := range itf.AltSettings {
			all = append(all, fmt.Sprintf("%d/%d of class %02x/%02x/%02x with %d endpoints",
				alt.Number, alt.Alternate, int(alt.Class), int(alt.SubClass), int(alt.Protocol), len(alt.Endpoints)))
		}
	}
	return cmp.Or(strings.Join(all, ", "), "none")
}

// claim takes the interfaces of p from whatever kernel driver has them, and opens its endpoints. release gives them back in
// the reverse order, so that the driver of a modem finds both of its interfaces free.
func (p pair) claim(cfg *gousb.Config) (outs []*gousb.OutEndpoint, ins []*gousb.InEndpoint, release func(), err error) {
	cfg.Desc.Interfaces = byNumber(cfg.Desc.Interfaces)
	var taken []*gousb.Interface
	release = func() {
		for _, itf := range slices.Backward(taken) {
			itf.Close()
		}
	}
	if p.control >= 0 {
		itf, err := cfg.Interface(p.control, 0)
		if err != nil {
			return nil, nil, release, err
		}
		taken = append(taken, itf)
	}
	itf, err := cfg.Interface(p.setting.Number, p.setting.Alternate)
	if err != nil {
		return nil, nil, release, err
	}
	taken = append(taken, itf)
	var errs []error
	for _, number := range p.out {
		e, err := itf.OutEndpoint(number)
		outs, errs = append(outs, e), append(errs, err)
	}
	for _, number := range p.in {
		e, err := itf.InEndpoint(number)
		ins, errs = append(ins, e), append(errs, err)
	}
	return outs, ins, release, errors.Join(errs...)
}

// byNumber puts each interface at its number, where gousb looks it up: a device may leave numbers out.
func byNumber(all []gousb.InterfaceDesc) []gousb.InterfaceDesc {
	var placed []gousb.InterfaceDesc
	for _, itf := range all {
		for len(placed) <= itf.Number {
			placed = append(placed, gousb.InterfaceDesc{Number: -1})
		}
		placed[itf.Number] = itf
	}
	return placed
}
