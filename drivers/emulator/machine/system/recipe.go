package system

import (
	"io/fs"
	"slices"
)

// Recipe is what an image is made of.
type Recipe struct {
	Packages []string // Debian packages of the root; what they depend on comes along
	Modules  []string // kernel modules that udev or modprobe may load there; what they need comes along
	Files    []File   // files of our own; one that a package has as well takes its place
	Init     string   // program that is process 1 in the root; empty for the agent itself
}

// File is a file of a recipe: its Text, or a folder if Mode says so, or the symbolic Link.
type File struct {
	Path string
	Mode fs.FileMode
	Text string
	Link string
	UID  int // owner, user and group
}

// beforeRoot are the modules that are loaded before there is a root: its disk, its file systems, the agent's line,
// the host's folders and network, and USB.
func beforeRoot() []string {
	return []string{"virtio_pci", "virtio_blk", "squashfs", "overlay", "virtio_console", "9p", "9pnet_virtio", "virtio_net", "xhci_pci"}
}

// Headless is the machine for driver tests, the daemon and power cuts: glibc and what our programs link,
// busybox's commands, udev with its rules, ext4, and every kind of device that a terminal may have.
func Headless() Recipe {
	return Recipe{
		Packages: []string{"busybox-static", "kmod", "udev", "libusb-1.0-0", "libturbojpeg0", "libstdc++6", "e2fsprogs", "ca-certificates"},
		Modules: []string{
			"usblp", "cdc_acm", "ftdi_sio", "ch341", "cp210x", "pl2303", "uvcvideo", "vivid", "usbhid", "hid_generic", "hid_multitouch", "evdev",
			"ext4", "crc32c_generic", "loop", "sd_mod",
		},
		Files: slices.Concat(people(), []File{
			// Devices belong to their groups at once; who may use what on a terminal is packaging's to say.
			{Path: "/etc/fstab", Mode: 0o644},
			{Path: "/etc/hostname", Mode: 0o644, Text: "terminal\n"},
			{Path: "/etc/hosts", Mode: 0o644, Text: "127.0.0.1 localhost terminal\n"},
			{Path: "/etc/nsswitch.conf", Mode: 0o644, Text: "passwd: files\ngroup: files\nhosts: files\n"},
		}),
	}
}

// KioskUser is the unprivileged user of the images: its id, and those of the groups that devices belong to.
const KioskUser = 1000

// Device groups, by Debian's own numbers where Debian has fixed them (base-passwd's group.master).
const (
	ttyGroup     = 5
	lpGroup      = 7
	dialoutGroup = 20
	videoGroup   = 44
	plugdevGroup = 46
	renderGroup  = 103
	inputGroup   = 104
)

// DeviceGroups are the groups through which KioskUser reaches the terminal's devices.
func DeviceGroups() []uint32 {
	return []uint32{lpGroup, dialoutGroup, videoGroup, plugdevGroup, renderGroup, inputGroup}
}

// people are the users and groups that packages' scripts would have made.
func people() []File {
	return []File{
		{Path: "/etc/passwd", Mode: 0o644, Text: `root:x:0:0:root:/root:/bin/sh
messagebus:x:101:101::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
kiosk:x:1000:1000::/home/kiosk:/bin/sh
`},
		{Path: "/etc/shadow", Mode: 0o640, Text: "root:*:19000:0:99999:7:::\nkiosk:*:19000:0:99999:7:::\n"},
		{Path: "/etc/group", Mode: 0o644, Text: `root:x:0:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:kiosk
kmem:x:15:
dialout:x:20:kiosk
cdrom:x:24:
floppy:x:25:
tape:x:26:
audio:x:29:
utmp:x:43:
video:x:44:kiosk
plugdev:x:46:kiosk
messagebus:x:101:
kvm:x:102:
render:x:103:kiosk
input:x:104:kiosk
sgx:x:105:
nogroup:x:65534:
kiosk:x:1000:
`},
		{Path: "/home/kiosk", Mode: fs.ModeDir | 0o755, UID: KioskUser},
	}
}

// Screen is Headless with what a terminal's window needs: systemd, a compositor that shows one program (and does not
// start without Xwayland, which is only recommended to it), and WebKitGTK with its driver. Fonts are the host's, shared.
func Screen() Recipe {
	r := Headless()
	r.Init = "/usr/lib/systemd/systemd"
	r.Packages = append(r.Packages, "systemd", "seatd", "cage", "xwayland", "libwebkit2gtk-4.1-0", "webkit2gtk-driver", "gsettings-desktop-schemas")
	r.Modules = append(r.Modules, "virtio_gpu", "bochs")
	r.Files = append(r.Files,
		File{Path: "/etc/machine-id", Mode: 0o444, Text: "0123456789abcdef0123456789abcdef\n"}, // without one, systemd takes each boot for the first
		File{Path: "/etc/systemd/system/default.target", Link: "/usr/lib/systemd/system/multi-user.target"},
	)
	for _, unit := range []string{"systemd-logind.service", "serial-getty@ttyS0.service", "dbus.socket", "dbus.service"} { // nobody logs in here
		r.Files = append(r.Files, File{Path: "/etc/systemd/system/" + unit, Link: "/dev/null"})
	}
	return r
}
