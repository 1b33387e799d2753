package usb

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/gousb"
)

// setting makes an interface setting of class, subclass and protocol, with bulk endpoints at addresses.
func setting(number, alternate int, class [3]uint8, addresses ...gousb.EndpointAddress) gousb.InterfaceSetting {
	s := gousb.InterfaceSetting{
		Number: number, Alternate: alternate,
		Class: gousb.Class(class[0]), SubClass: gousb.Class(class[1]), Protocol: gousb.Protocol(class[2]),
		Endpoints: map[gousb.EndpointAddress]gousb.EndpointDesc{},
	}
	for _, a := range addresses {
		s.Endpoints[a] = gousb.EndpointDesc{
			Address: a, Number: int(a & 0x0f), Direction: a&0x80 != 0, MaxPacketSize: 64, TransferType: gousb.TransferTypeBulk,
		}
	}
	return s
}

// interrupt makes the endpoint at address of s an interrupt endpoint.
func interrupt(s gousb.InterfaceSetting, address gousb.EndpointAddress) gousb.InterfaceSetting {
	e := s.Endpoints[address]
	e.TransferType = gousb.TransferTypeInterrupt
	s.Endpoints[address] = e
	return s
}

// configuration puts settings into interfaces by their number, in the order given.
func configuration(settings ...gousb.InterfaceSetting) gousb.ConfigDesc {
	c := gousb.ConfigDesc{Number: 1}
	for _, s := range settings {
		i := slices.IndexFunc(c.Interfaces, func(d gousb.InterfaceDesc) bool { return d.Number == s.Number })
		if i < 0 {
			i = len(c.Interfaces)
			c.Interfaces = append(c.Interfaces, gousb.InterfaceDesc{Number: s.Number})
		}
		c.Interfaces[i].AltSettings = append(c.Interfaces[i].AltSettings, s)
	}
	return c
}

var (
	printerOneWay  = [3]uint8{7, 1, 1}
	printerTwoWays = [3]uint8{7, 1, 2}
	printerPackets = [3]uint8{7, 1, 3}
	printerIPP     = [3]uint8{7, 1, 4}
	vendors        = [3]uint8{0xff, 0, 0}
	modem          = [3]uint8{2, 2, 1}
	modemData      = [3]uint8{0x0a, 0, 0}
	storage        = [3]uint8{8, 6, 0x50}
	keyboard       = [3]uint8{3, 1, 1}
)

func TestPairIsFoundInTheDescriptors(t *testing.T) {
	printer, reader, four := Name{Printer: true}, Name{Vendor: 0x400, Product: 0xc35a}, Name{Vendor: 0x400, Product: 0xc35a, FourPipes: true}
	for what, c := range map[string]struct {
		name                       Name
		cfg                        gousb.ConfigDesc
		number, alternate, control int
		out, in                    []int
	}{
		"printer as libraries expect it":      {printer, configuration(setting(0, 0, printerTwoWays, 0x01, 0x82)), 0, 0, -1, []int{1}, []int{2}},
		"printer with other endpoints":        {printer, configuration(setting(0, 0, printerTwoWays, 0x03, 0x81)), 0, 0, -1, []int{3}, []int{1}},
		"printer that never answers":          {printer, configuration(setting(0, 0, printerOneWay, 0x01)), 0, 0, -1, []int{1}, nil},
		"printer whose alternate answers":     {printer, configuration(setting(0, 0, printerOneWay, 0x01), setting(0, 1, printerTwoWays, 0x01, 0x81), setting(0, 2, printerPackets, 0x01, 0x81)), 0, 1, -1, []int{1}, []int{1}},
		"printer that would rather speak IPP": {printer, configuration(setting(0, 0, printerIPP, 0x01, 0x81), setting(1, 0, printerPackets, 0x02, 0x82)), 1, 0, -1, []int{2}, []int{2}},
		"printer beside a key and a disk":     {printer, configuration(interrupt(setting(0, 0, keyboard, 0x81), 0x81), setting(4, 0, storage, 0x02, 0x82), setting(6, 0, printerTwoWays, 0x03, 0x83)), 6, 0, -1, []int{3}, []int{3}},
		"printer with a pair to spare":        {printer, configuration(setting(0, 0, printerTwoWays, 0x01, 0x02, 0x83, 0x84)), 0, 0, -1, []int{1}, []int{3}},
		"printer named by its ids":            {reader, configuration(setting(0, 0, vendors, 0x01, 0x81), setting(1, 0, printerTwoWays, 0x02, 0x82)), 1, 0, -1, []int{2}, []int{2}},
		"reader with two pipes":               {reader, configuration(setting(0, 0, vendors, 0x02, 0x81)), 0, 0, -1, []int{2}, []int{1}},
		"reader with an interrupt besides":    {reader, configuration(interrupt(setting(0, 0, vendors, 0x02, 0x81, 0x83), 0x81)), 0, 0, -1, []int{2}, []int{3}},
		"reader with four pipes":              {four, configuration(setting(0, 0, vendors, 0x02, 0x06, 0x81, 0x85)), 0, 0, -1, []int{2, 6}, []int{1, 5}},
		"serial bridge of the modem class":    {reader, configuration(interrupt(setting(0, 0, modem, 0x83), 0x83), setting(1, 0, modemData, 0x01, 0x82)), 1, 0, 0, []int{1}, []int{2}},
	} {
		p, err := c.name.choose(c.cfg)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if p.setting.Number != c.number || p.setting.Alternate != c.alternate || p.control != c.control || !slices.Equal(p.out, c.out) || !slices.Equal(p.in, c.in) {
			t.Errorf("%s: interface %d/%d, control %d, out %v, in %v", what, p.setting.Number, p.setting.Alternate, p.control, p.out, p.in)
		}
	}
}

func TestDeviceWithoutAPairIsDescribed(t *testing.T) {
	for want, c := range map[string]struct {
		name Name
		cfg  gousb.ConfigDesc
	}{
		"0/0 of class 03/01/01 with 1 endpoints": {Name{}, configuration(interrupt(setting(0, 0, keyboard, 0x81), 0x81))},
		"0/0 of class 08/06/50 with 2 endpoints": {Name{}, configuration(setting(0, 0, storage, 0x01, 0x81))},
		"0/0 of class ff/00/00 with 2 endpoints": {Name{Printer: true}, configuration(setting(0, 0, vendors, 0x01, 0x81))},
		"0/0 of class 07/01/04 with 2 endpoints": {Name{Printer: true}, configuration(setting(0, 0, printerIPP, 0x01, 0x81))},
		"among none":                             {Name{}, configuration()},
		"named with /pipes=4":                    {Name{}, configuration(setting(0, 0, vendors, 0x02, 0x06, 0x81, 0x85))},
		"are not four":                           {Name{FourPipes: true}, configuration(setting(0, 0, vendors, 0x02, 0x81))},
	} {
		if p, err := c.name.choose(c.cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v", want, p, err)
		}
	}
}

func TestInterfacesThatLeaveNumbersOutStandAtTheirNumber(t *testing.T) {
	placed := byNumber(configuration(setting(5, 0, vendors), setting(2, 0, vendors)).Interfaces)
	if len(placed) != 6 || placed[2].Number != 2 || placed[5].Number != 5 || placed[0].Number != -1 {
		t.Errorf("%+v", placed)
	}
}

// FuzzChoose describes devices by bytes, seven to a setting; what is chosen is there, and is bulk.
func FuzzChoose(f *testing.F) {
	f.Add([]byte{0, 0, 7, 1, 2, 0x01, 0x82}, false, false)
	f.Add([]byte{0, 0, 0xff, 0, 0, 0x02, 0x81, 1, 0, 8, 6, 0x50, 0x03, 0x83}, false, false)
	f.Add([]byte{9, 1, 0x0a, 0, 0, 0x82, 0x01, 3, 0, 2, 2, 1, 0x83, 0x83}, false, true)
	f.Fuzz(func(t *testing.T, b []byte, isPrinter, fourPipes bool) {
		var all []gousb.InterfaceSetting
		for ; len(b) >= 7; b = b[7:] {
			all = append(all, setting(int(b[0]), int(b[1]), [3]uint8{b[2], b[3], b[4]}, gousb.EndpointAddress(b[5]&0x8f), gousb.EndpointAddress(b[6]&0x8f)))
		}
		p, err := Name{Printer: isPrinter, FourPipes: fourPipes}.choose(configuration(all...))
		if err != nil {
			return
		}
		addresses := slices.Collect(maps.Keys(p.setting.Endpoints))
		for _, n := range p.out {
			if !slices.Contains(addresses, gousb.EndpointAddress(n)) {
				t.Errorf("no endpoint %02x in %v", n, addresses)
			}
		}
		for _, n := range p.in {
			if !slices.Contains(addresses, gousb.EndpointAddress(0x80|n)) {
				t.Errorf("no endpoint %02x in %v", 0x80|n, addresses)
			}
		}
		if len(p.out) == 0 || len(p.in) == 0 && p.setting.Class != printerClass || isPrinter && p.setting.Class != printerClass {
			t.Errorf("%+v", p)
		}
	})
}
