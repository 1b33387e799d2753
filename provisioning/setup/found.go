package setup

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Found is what is plugged in and could be one of the terminal's devices, in the words of a config file.
type Found struct {
	Readers  []string // ID-card readers on the USB: usb:0400:c35a
	Printers []string // printers on the USB
	Serial   []string // serial lines: serial:/dev/serial/by-id/…
	Cameras  []string // /dev/v4l/by-id/…
	Sounds   []string // sound cards, as ALSA names them: plughw:CARD=Handset
}

// readers are the readers known by their USB ids (firmware-notes/sam-v "Transports").
var readers = []string{"0400:c35a"}

// classPrinter is the USB's interface class of printers (firmware-notes/escpos).
const classPrinter = "07"

// Find looks through /dev, /sys and /proc/asound below root for what is plugged in. What cannot be read is not there.
func Find(root fs.FS) Found {
	var f Found
	for _, ids := range usbDevices(root) {
		if slices.Contains(readers, ids) {
			f.Readers = append(f.Readers, "usb:"+ids)
		}
	}
	if hasInterface(root, classPrinter) {
		f.Printers = []string{"usb:printer"}
	}
	for _, name := range glob(root, "dev/serial/by-id/*") {
		f.Serial = append(f.Serial, "serial:/"+name)
	}
	if len(f.Serial) == 0 { // twins without serial numbers share a name by id
		for _, name := range glob(root, "dev/serial/by-path/*") {
			f.Serial = append(f.Serial, "serial:/"+name)
		}
	}
	for _, name := range glob(root, "dev/v4l/by-id/*-video-index0") {
		f.Cameras = append(f.Cameras, "/"+name)
	}
	for _, file := range glob(root, "proc/asound/card[0-9]*/id") {
		if id := word(root, file); id != "" {
			f.Sounds = append(f.Sounds, "plughw:CARD="+id)
		}
	}
	return f
}

// usbDevices are the vendor and product of every device on the USB: 0400:c35a.
func usbDevices(root fs.FS) []string {
	var ids []string
	for _, file := range glob(root, "sys/bus/usb/devices/*/idVendor") {
		vendor, product := word(root, file), word(root, path.Join(path.Dir(file), "idProduct"))
		if vendor != "" && product != "" {
			ids = append(ids, vendor+":"+product)
		}
	}
	return ids
}

func hasInterface(root fs.FS, class string) bool {
	return slices.ContainsFunc(glob(root, "sys/bus/usb/devices/*/bInterfaceClass"), func(file string) bool { return word(root, file) == class })
}

func glob(root fs.FS, pattern string) []string {
	names, err := fs.Glob(root, pattern)
	if err != nil {
		return nil // the patterns are ours
	}
	slices.Sort(names)
	return names
}

func word(root fs.FS, file string) string {
	b, err := fs.ReadFile(root, file)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
