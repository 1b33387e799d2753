package machine

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yimen/drivers/emulator/machine/system"
)

func TestWhatAMachineHasIsOnItsCommandLine(t *testing.T) {
	disk := filepath.Join(t.TempDir(), "a,disk")
	must(t, os.WriteFile(disk, nil, 0o600))
	c := Config{
		Image: system.Image{Kernel: "vmlinux", Root: disk}, USB: []string{"/run/usb/idcard.sock", "/run/usb/printer.sock"}, Disks: []string{disk},
		Share: map[string]string{"/b": "/host/b", "/a": "/host/a"}, Expose: []int{8480}, Screen: image.Pt(1080, 1920),
	}
	args, err := c.arguments("/run/machine")
	must(t, err)
	line := strings.Join(args, " ")
	for _, want := range []string{
		"usb-redir,chardev=usb1,id=usb1,bus=usb.0,port=2", "path=/run/usb/printer.sock,reconnect=1", "a,,disk -device virtio-blk-pci,drive=disk0,serial=disk0",
		"local,id=share0,path=/host/a,security_model=none,readonly=on", "hostfwd=tcp:127.0.0.1:8480-10.0.2.15:8480", "virtio-vga,xres=1080,yres=1920", "accel=tcg",
	} {
		if !strings.Contains(line, want) {
			t.Errorf("%s is not in %s", want, line)
		}
	}
	c.USB = []string{"/" + strings.Repeat("long", 30)}
	if _, err := c.arguments("/run/machine"); err == nil || !strings.Contains(err.Error(), "longer than 107") {
		t.Errorf("a socket with too long a path: %v", err)
	}
	if _, err := (Config{Image: c.Image, Disks: []string{"/no/such/disk"}}).arguments("/run/machine"); err == nil {
		t.Error("a disk that is not there")
	}
}
