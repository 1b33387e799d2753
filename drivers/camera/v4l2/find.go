package v4l2

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"yimen/drivers/device"
)

// Address names one camera of a terminal so that the name survives plugging it elsewhere or starting up in another order.
type Address struct {
	Path string // of a node, such as /dev/v4l/by-id/…-video-index0; then the rest is empty
	// USB is the vendor and product, such as 0c45:6366; Serial or At, the port on the bus such as 1-2.3, tells twins apart.
	USB, Serial, At string
}

// ParseAddress reads /dev/… or usb:VVVV:PPPP, perhaps with /serial=… or /at=BUS-PORT.PORT behind it.
func ParseAddress(s string) (Address, error) {
	if strings.HasPrefix(s, "/") {
		return Address{Path: s}, nil
	}
	bad := fmt.Errorf("%q is neither /dev/… nor usb:VVVV:PPPP, perhaps with /serial=… or /at=…", s)
	rest, usb := strings.CutPrefix(s, "usb:")
	ids, which, more := strings.Cut(rest, "/")
	vendor, product, _ := strings.Cut(ids, ":")
	if !usb || !hex4(vendor) || !hex4(product) {
		return Address{}, bad
	}
	a := Address{USB: strings.ToLower(ids)}
	switch key, value, _ := strings.Cut(which, "="); {
	case !more:
	case key == "serial" && value != "":
		a.Serial = value
	case key == "at" && value != "":
		a.At = value
	default:
		return Address{}, bad
	}
	return a, nil
}

func hex4(s string) bool {
	_, err := strconv.ParseUint(s, 16, 16)
	return len(s) == 4 && err == nil
}

func (a Address) String() string {
	switch {
	case a.Path != "":
		return a.Path
	case a.Serial != "":
		return "usb:" + a.USB + "/serial=" + a.Serial
	case a.At != "":
		return "usb:" + a.USB + "/at=" + a.At
	}
	return "usb:" + a.USB
}

// Find opens the node of the addressed camera that gives pictures. Errors are those of Open; twins that the address does
// not tell apart are device.ErrProtocol.
func Find(k Kernel, a Address) (*Node, error) { return find(k, a, "/sys/class/video4linux") }

func find(k Kernel, a Address, class string) (*Node, error) {
	if a.Path != "" {
		return Open(k, a.Path)
	}
	nodes, err := onUSB(class, a)
	if err != nil {
		return nil, err
	}
	for _, name := range nodes {
		n, err := Open(k, filepath.Join("/dev", name))
		if !errors.Is(err, ErrNoPictures) {
			return n, err
		}
	}
	return nil, fmt.Errorf("%s: no node of it that gives pictures: %w", a, device.ErrGone)
}

// onUSB lists the nodes of the one camera that an address names, in the kernel's order.
func onUSB(class string, a Address) ([]string, error) {
	links, err := os.ReadDir(class)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", a, device.ErrGone, err)
	}
	cameras := map[string][]string{} // port on the bus -> nodes
	for _, l := range links {
		if at, ok := a.matches(filepath.Join(class, l.Name(), "device")); ok {
			cameras[at] = append(cameras[at], l.Name())
		}
	}
	if len(cameras) > 1 {
		var ports []string
		for at := range cameras {
			ports = append(ports, "usb:"+a.USB+"/at="+at)
		}
		slices.Sort(ports)
		return nil, fmt.Errorf("%s names %d cameras: say which of %s: %w", a, len(cameras), strings.Join(ports, ", "), device.ErrProtocol)
	}
	for _, nodes := range cameras {
		slices.SortFunc(nodes, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
		return nodes, nil
	}
	return nil, fmt.Errorf("%s is on no bus: %w", a, device.ErrGone)
}

// matches tells whether a node's device, an interface on the USB, belongs to the addressed camera, and its port.
func (a Address) matches(link string) (at string, ok bool) {
	intf, err := filepath.EvalSymlinks(link)
	if err != nil {
		return "", false // unplugged while we looked
	}
	usb := filepath.Dir(intf)
	says := func(name string) string {
		b, _ := os.ReadFile(filepath.Join(usb, name)) // what is not there is empty, and no match
		return strings.TrimSpace(string(b))
	}
	at = filepath.Base(usb)
	return at, says("idVendor")+":"+says("idProduct") == a.USB &&
		(a.Serial == "" || a.Serial == says("serial")) && (a.At == "" || a.At == at)
}
