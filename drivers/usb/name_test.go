package usb

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"yimen/drivers/device"
)

func TestNameIsReadAsItIsWritten(t *testing.T) {
	for text, want := range map[string]Name{
		"0519:0003":                      {Vendor: 0x519, Product: 3},
		"0400:c35a/pipes=4":              {Vendor: 0x400, Product: 0xc35a, FourPipes: true},
		"0519:0003/at=1-2.3":             {Vendor: 0x519, Product: 3, At: "1-2.3"},
		"0519:0003/serial=A/7 pipes=001": {Vendor: 0x519, Product: 3, Serial: "A/7 pipes=001"},
		"printer":                        {Printer: true},
		"printer/at=3-1/serial=K":        {Printer: true, At: "3-1", Serial: "K"},
	} {
		got, err := ParseName(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v, %s, %v", text, got, got, err)
		}
	}
}

func TestNameThatSaysNothingIsRefused(t *testing.T) {
	for _, text := range []string{
		"", ":", "519:3", "0519:0003:1", "0519:000g", "+519:0003", "0519", "scanner", "printer/pipes=4", "0519:0003/", "0519:0003/at=2",
		"0519:0003/at=1-2/", "0519:0003/serial=", "0519:0003/pipes=2", "0519:0003/colour=red",
	} {
		if n, err := ParseName(text); err == nil {
			t.Errorf("%q is read as %+v", text, n)
		}
	}
}

func FuzzParseName(f *testing.F) {
	for _, seed := range []string{"0519:0003", "printer/at=1-2.3", "0400:C35A/pipes=4/serial=x", "0519:0003/serial=/at=1-2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseName(text)
		if err != nil {
			return
		}
		if again, err := ParseName(n.String()); err != nil || again != n {
			t.Errorf("%q is %+v, written %q, read again %+v, %v", text, n, n, again, err)
		}
	})
}

// plugged is a sysfs with devices, each given as "at vendor product serial class".
func plugged(all ...string) fstest.MapFS {
	sys := fstest.MapFS{}
	put := func(at, name, value string) {
		sys[devices+"/"+at+"/"+name] = &fstest.MapFile{Data: []byte(value + "\n")}
	}
	put("usb1", "idVendor", "1d6b")
	for i, line := range all {
		var at, vendor, product, serial, class string
		fmt.Sscan(line, &at, &vendor, &product, &serial, &class)
		put(at, "idVendor", vendor)
		put(at, "idProduct", product)
		put(at, "busnum", at[:1])
		put(at, "devnum", fmt.Sprint(i+2))
		if serial != "-" {
			put(at, "serial", serial)
		}
		put(at+":1.0", "bInterfaceClass", class)
	}
	return sys
}

func TestDeviceIsFoundByItsName(t *testing.T) {
	sys := plugged("1-1 0519 0003 A7001 07", "1-2.3 0519 0003 - 07", "2-1 0400 c35a - ff", "2-2 1234 5678 X y")
	for name, want := range map[string]string{
		"0400:c35a":                    "2-1",
		"0519:0003/serial=A7001":       "1-1",
		"0519:0003/at=1-2.3":           "1-2.3",
		"printer/at=1-1":               "1-1",
		"printer/at=1-1/serial=A7001":  "1-1",
		"0519:0003":                    "say which: at=1-1 or serial=A7001; at=1-2.3 (carries no serial number)",
		"printer":                      "2 devices",
		"0519:0003/at=2-1":             "not on the USB bus",
		"0519:0003/at=1-1/serial=B":    "not on the USB bus",
		"0400:c35b":                    "not on the USB bus",
		"printer/at=2-1":               "not on the USB bus",
		"1d6b:0002/serial=not-a-place": "not on the USB bus",
	} {
		n, err := ParseName(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := n.find(sys)
		switch {
		case place.MatchString(want):
			if err != nil || got.at != want {
				t.Errorf("%s: at %s, %v", name, got.at, err)
			}
		case !errors.Is(err, device.ErrGone) || !strings.Contains(err.Error(), want):
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestMachineWithoutUSBSaysSo(t *testing.T) {
	_, err := Port{Name: Name{Printer: true}, sys: fstest.MapFS{}}.Open()
	if !errors.Is(err, device.ErrGone) || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "no USB bus") {
		t.Error(err)
	}
}

func TestDeviceThatLeavesWhileItIsLookedAtIsAway(t *testing.T) {
	sys := plugged("1-1 0519 0003 A 07")
	delete(sys, devices+"/1-1/devnum")
	if f, err := (Name{Vendor: 0x519, Product: 3}).find(sys); !errors.Is(err, device.ErrGone) {
		t.Errorf("%v, %v", f, err)
	}
}

func TestPermissionErrorGivesTheRuleToInstall(t *testing.T) {
	want := `SUBSYSTEM=="usb", ATTR{idVendor}=="0519", ATTR{idProduct}=="0003", GROUP="plugdev", MODE="0660"`
	if got := rule(found{vendor: 0x519, product: 3}); got != want {
		t.Error(got)
	}
}

// FuzzFind has the kernel show anything: what is found is what was asked for.
func FuzzFind(f *testing.F) {
	f.Add("1-2.3", "0519", "0003", "1", "7", "A7001")
	f.Add("usb1", "1d6b", "0002", "1", "1", "")
	f.Add("1-1", "\x00", "", "-1", "x", "\xff")
	f.Fuzz(func(t *testing.T, at, vendor, product, bus, address, serial string) {
		sys := fstest.MapFS{}
		for name, value := range map[string]string{"idVendor": vendor, "idProduct": product, "busnum": bus, "devnum": address, "serial": serial} {
			if file := devices + "/" + at + "/" + name; fs.ValidPath(file) {
				sys[file] = &fstest.MapFile{Data: []byte(value)}
			}
		}
		n := Name{Vendor: 0x519, Product: 3}
		if got, err := n.find(sys); err == nil && (got.vendor != 0x519 || got.product != 3 || !place.MatchString(got.at)) {
			t.Errorf("found %+v", got)
		}
	})
}
