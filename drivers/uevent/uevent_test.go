package uevent

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// added is what Linux says of a keyboard that is plugged in, in its order.
const added = "add@/devices/pci0000:00/0000:00:14.0/usb1/1-3\x00ACTION=add\x00DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-3\x00SUBSYSTEM=usb\x00MAJOR=189\x00MINOR=4\x00DEVNAME=bus/usb/001/005\x00DEVTYPE=usb_device\x00PRODUCT=46d/c31c/6402\x00TYPE=0/0/0\x00BUSNUM=001\x00DEVNUM=005\x00SEQNUM=3210\x00"

func TestADeviceThatComesAndGoesIsTold(t *testing.T) {
	for message, want := range map[string]Plug{
		added: {Vendor: 0x46d, Product: 0xc31c, In: true},
		strings.ReplaceAll(strings.ReplaceAll(added, "add@", "remove@"), "=add", "=remove"): {Vendor: 0x46d, Product: 0xc31c},
	} {
		if p, ok := parse([]byte(message)); !ok || p != want {
			t.Errorf("%+v %v, want %+v", p, ok, want)
		}
	}
}

func TestWhatIsNoUSBDeviceIsNotTold(t *testing.T) {
	for what, message := range map[string]string{
		"its interface":    strings.ReplaceAll(added, "usb_device", "usb_interface"),
		"a bound driver":   strings.ReplaceAll(added, "=add", "=bind"),
		"another bus":      strings.ReplaceAll(added, "SUBSYSTEM=usb", "SUBSYSTEM=pci"),
		"no number":        strings.ReplaceAll(added, "46d/c31c/6402", "46d"),
		"too large":        strings.ReplaceAll(added, "46d/", "46d00/"),
		"nothing":          "",
		"udev's own words": "libudev\x00\xfe\xed\xca\xfe",
	} {
		if p, ok := parse([]byte(message)); ok {
			t.Errorf("%s is told as %+v", what, p)
		}
	}
}

// TestItListensToTheKernelAloneAndEnds opens the real socket: whoever may run tests may hear the kernel.
func TestItListensToTheKernelAloneAndEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Watch(ctx, func(Plug) {}, func() {}) }()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if isKernel(&unix.SockaddrNetlink{Pid: 4711}) || isKernel(nil) || !isKernel(&unix.SockaddrNetlink{}) {
		t.Error("another program can tell of devices")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(added))
	f.Add([]byte("remove@/x\x00ACTION=remove\x00SUBSYSTEM=usb\x00DEVTYPE=usb_device\x00PRODUCT=0/0/0\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, ok := parse(b); !ok && p != (Plug{}) {
			t.Errorf("%+v is told of nothing", p)
		}
	})
}
