package usb

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// usbdevfsClearHalt is USBDEVFS_CLEAR_HALT of linux/usbdevice_fs.h, _IOR('U', 21, unsigned int).
const usbdevfsClearHalt = 0x80045515

// clearHalt ends the halt of an endpoint after a stall or a broken transfer, on the device and in the host controller alike:
// only then do both agree on which packet is the next. libusb can do so, but gousb offers it not, and a clear-feature
// request on the control endpoint would leave the host's half as it was. The kernel lets nobody do it but who claimed the
// interface, which is libusb; so its descriptor is looked up among ours.
func clearHalt(at found, endpoint uint8) error {
	node := fmt.Sprintf("/dev/bus/usb/%03d/%03d", at.bus, at.address)
	failure := fmt.Errorf("%s is not open", node)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		failure = err
	}
	for _, e := range open {
		if to, err := os.Readlink(filepath.Join("/proc/self/fd", e.Name())); err != nil || to != node {
			continue
		}
		fd, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if failure = unix.IoctlSetPointerInt(fd, usbdevfsClearHalt, int(endpoint)); failure == nil {
			return nil
		}
	}
	return fmt.Errorf("clear halt of endpoint %02x: %w", endpoint, failure)
}
