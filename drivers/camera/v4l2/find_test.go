package v4l2

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yimen/drivers/camera/v4l2/v4l2test"
	"yimen/drivers/device"
)

// bus is a /sys with cameras on the USB: port -> vendor:product:serial:nodes.
func bus(t *testing.T, cameras map[string]string) (class string) {
	t.Helper()
	root := t.TempDir()
	class = filepath.Join(root, "class")
	put := func(path, text string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for port, camera := range cameras {
		part := strings.Split(camera, ":")
		usb := filepath.Join(root, "devices/usb1", port)
		put(filepath.Join(usb, "idVendor"), part[0])
		put(filepath.Join(usb, "idProduct"), part[1])
		if part[2] != "" {
			put(filepath.Join(usb, "serial"), part[2])
		}
		intf := filepath.Join(usb, port+":1.0")
		for node := range strings.FieldsSeq(part[3]) {
			put(filepath.Join(class, node, "index"), "0")
			if err := os.Symlink(intf, filepath.Join(class, node, "device")); err != nil {
				t.Fatal(err)
			}
		}
		put(filepath.Join(intf, "interface"), "video")
	}
	return class
}

func TestCameraIsFoundByWhatItIs(t *testing.T) {
	class := bus(t, map[string]string{
		"1-1.1": "0c45:6366::video10 video9", "1-1.2": "1b17:6684:A7:video0 video1", "1-1.3": "1b17:6684:B8:video2 video3", "1-2": "1dfc:8813::video4", "1-3": "05da:f066::video12 video8",
	})
	var k v4l2test.Kernel
	for node, caps := range map[string]uint32{
		"video10": 0x04A00000, "video9": 0x04200001, "video0": 0x04200001, "video1": 0x04A00000,
		"video2": 0x04A00000, "video3": 0x04200001, "video4": 0x04A00000,
		"video8": 0x04200001, "video12": 0x04200001, "video20": 0x01200001, // can only be read from
	} {
		k.Plug("/dev/"+node, &v4l2test.Camera{Card: node, Capabilities: caps})
	}
	for address, want := range map[string]string{
		"usb:0c45:6366":             "/dev/video9 (video9)",
		"usb:1B17:6684/serial=B8":   "/dev/video3 (video3)",
		"usb:1b17:6684/at=1-1.2":    "/dev/video0 (video0)",
		"/dev/video3":               "/dev/video3 (video3)",
		"usb:05da:f066":             "/dev/video8 (video8)",
		"usb:1b17:6684":             "say which of usb:1b17:6684/at=1-1.2, usb:1b17:6684/at=1-1.3",
		"usb:1dfc:8813":             device.ErrGone.Error(),
		"usb:ffff:0001":             device.ErrGone.Error(),
		"usb:1b17:6684/serial=none": device.ErrGone.Error(),
		"/dev/video1":               ErrNoPictures.Error(),
		"/dev/video20":              ErrNoPictures.Error(),
		"/dev/video77":              device.ErrGone.Error(),
	} {
		a, err := ParseAddress(address)
		if err != nil {
			t.Fatal(err)
		}
		n, err := find(&k, a, class)
		if err == nil {
			if n.String() != want {
				t.Errorf("%s is %s, want %s", address, n, want)
			}
			if err := n.Close(); err != nil {
				t.Error(err)
			}
		} else if !strings.Contains(err.Error(), want) || device.Kind(err) == nil {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	if open, _ := k.Held(); open != 0 {
		t.Errorf("%d nodes are held open", open)
	}
	if _, err := find(&k, Address{USB: "0c45:6366"}, filepath.Join(class, "none")); !errors.Is(err, device.ErrGone) {
		t.Errorf("without video: %v", err)
	}
}

func TestAddressIsWrittenAsItWasRead(t *testing.T) {
	for _, s := range []string{"/dev/v4l/by-path/x-video-index0", "usb:0c45:6366", "usb:0c45:6366/serial=SN 1", "usb:0c45:6366/at=1-2.3"} {
		if a, err := ParseAddress(s); err != nil || a.String() != s {
			t.Errorf("%q became %q, %v", s, a, err)
		}
	}
	for _, s := range []string{"", "usb:", "usb:0c45", "usb:0c45:636", "usb:0c45:6366/", "usb:0c45:6366/serial=", "usb:0c45:+366", "0c45:6366"} {
		if a, err := ParseAddress(s); err == nil {
			t.Errorf("%q became %q", s, a)
		}
	}
}
