package machine

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"yimen/drivers/emulator/machine/link"
	"yimen/drivers/emulator/machine/system"
)

// emulator is the program that is the machine's hardware.
const emulator = "qemu-system-x86_64"

// The host's sockets, in the machine's folder.
const (
	agentSocket   = "agent.sock"
	monitorSocket = "monitor.sock"
)

// Addresses on QEMU's own network: the host and the guest as they see each other.
const (
	Host  = "10.0.2.2"
	guest = "10.0.2.15"
)

// longestSocket is the longest path of a unix socket in bytes (sockaddr_un less the ending zero).
const longestSocket = 107

// arguments is QEMU's command line. Nothing is there that is not named here.
func (c Config) arguments(dir string) ([]string, error) {
	if c.Image.Kernel == "" {
		return nil, fmt.Errorf("a machine without an image: %w", fs.ErrInvalid)
	}
	a := &arguments{}
	a.add("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none")
	a.add("-machine", "q35,vmport=off,"+acceleration(c.Image.KVM))
	a.add("-cpu", processor(c.Image.KVM), "-smp", fmt.Sprint(cmp.Or(c.CPUs, 2)), "-m", fmt.Sprintf("%dM", cmp.Or(c.MemoryMiB, 1024)))
	a.add("-kernel", c.Image.Kernel, "-initrd", c.Image.Initrd, "-append", commandLine(c.Image))
	a.add("-serial", "stdio")
	a.socket("monitor", filepath.Join(dir, monitorSocket), "")
	a.add("-mon", "chardev=monitor,mode=control")
	a.add("-device", "virtio-rng-pci", "-device", "virtio-serial-pci")
	a.socket("agent", filepath.Join(dir, agentSocket), "")
	a.add("-device", "virtserialport,chardev=agent,name=agent")
	a.network(c.Expose)
	a.add("-device", fmt.Sprintf("qemu-xhci,id=usb,p2=%d,p3=1", max(len(c.USB), 4)))
	for i, path := range c.USB {
		id := fmt.Sprintf("usb%d", i)
		a.socket(id, path, ",reconnect=1")
		a.add("-device", fmt.Sprintf("usb-redir,chardev=%s,id=%s,bus=usb.0,port=%d", id, id, i+1))
	}
	for i, path := range c.Disks {
		a.disk(fmt.Sprintf("disk%d", i), path, false)
	}
	a.disk("root", c.Image.Root, true)
	for i, at := range slices.Sorted(maps.Keys(c.Share)) {
		a.add("-fsdev", fmt.Sprintf("local,id=share%d,path=%s,security_model=none,readonly=on", i, escape(c.Share[at])))
		a.add("-device", fmt.Sprintf("virtio-9p-pci,fsdev=share%d,mount_tag=share%d", i, i))
	}
	if c.Screen.X > 0 {
		a.add("-device", fmt.Sprintf("virtio-vga,xres=%d,yres=%d", c.Screen.X, c.Screen.Y))
	}
	return a.list, a.err
}

func acceleration(kvm bool) string {
	if kvm {
		return "accel=kvm"
	}
	return "accel=tcg"
}

// processor is the richest there is, less what costs an emulated one time: five levels of page tables.
func processor(kvm bool) string {
	if kvm {
		return "host"
	}
	return "max,la57=off"
}

// commandLine is the kernel's. On a busy host the emulated timer fails the kernel's test of it, which is a panic: there is none.
func commandLine(i system.Image) string {
	line := "console=ttyS0 loglevel=4 panic=-1 mitigations=off nokaslr no_timer_check random.trust_cpu=on net.ifnames=0 audit=0 nowatchdog"
	if i.Init != "" {
		line += " machine.init=" + i.Init
	}
	return line
}

// arguments gathers a command line, and the first thing that was wrong with it.
type arguments struct {
	list []string
	err  error
}

func (a *arguments) add(args ...string) { a.list = append(a.list, args...) }

// escape doubles commas, which separate QEMU's options.
func escape(path string) string { return strings.ReplaceAll(path, ",", ",,") }

// socket adds a line to a unix socket that someone else listens on.
func (a *arguments) socket(id, path, options string) {
	if len(path) > longestSocket && a.err == nil {
		a.err = fmt.Errorf("path of a socket longer than %d bytes: %s", longestSocket, path)
	}
	a.add("-chardev", fmt.Sprintf("socket,id=%s,path=%s%s", id, escape(path), options))
}

// disk adds a disk: an NBD server on a unix socket, or an image file. The guest's flushes reach either.
func (a *arguments) disk(id, path string, readOnly bool) {
	info, err := os.Stat(path)
	if err != nil {
		if a.err == nil {
			a.err = fmt.Errorf("disk: %w", err)
		}
		return
	}
	drive := fmt.Sprintf("if=none,id=%s,format=raw,file=%s", id, escape(path))
	if info.Mode()&fs.ModeSocket != 0 {
		drive = fmt.Sprintf("if=none,id=%s,format=raw,file.driver=nbd,file.server.type=unix,file.server.path=%s", id, escape(path))
	}
	if readOnly {
		drive += ",readonly=on"
	}
	a.add("-drive", drive, "-device", fmt.Sprintf("virtio-blk-pci,drive=%s,serial=%s", id, id))
}

// network adds a card on a network that holds this host alone.
func (a *arguments) network(expose []int) {
	network := "user,id=net,ipv6=off"
	for _, port := range expose {
		network += fmt.Sprintf(",hostfwd=tcp:127.0.0.1:%d-%s:%d", port, guest, port)
	}
	a.add("-netdev", network, "-device", "virtio-net-pci,netdev=net,romfile=")
}

// settle brings up in the guest what c asks for.
func (m *Machine) settle(ctx context.Context, c Config) error {
	var script strings.Builder
	script.WriteString("set -e\n")
	if !m.systemd {
		fmt.Fprintf(&script, `/usr/lib/systemd/systemd-udevd --daemon --resolve-names=late
udevadm trigger --action=add
ip link set lo up
`)
	}
	fmt.Fprintf(&script, "ip addr add %s/24 dev eth0\nip link set eth0 up\n", guest)
	for i, at := range slices.Sorted(maps.Keys(c.Share)) {
		fmt.Fprintf(&script, "mkdir -p '%s'\nmount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose share%d '%s'\n", at, i, at)
	}
	script.WriteString("udevadm settle --timeout=60\n")
	if _, err := m.Run(ctx, "sh", "-c", script.String()); err != nil {
		return err
	}
	for _, port := range c.Forward {
		if err := m.relay(ctx, link.Forwarding{Listen: fmt.Sprintf("127.0.0.1:%d", port), Dial: fmt.Sprintf("%s:%d", Host, port)}); err != nil {
			return err
		}
	}
	for _, port := range c.Expose {
		if err := m.relay(ctx, link.Forwarding{Listen: fmt.Sprintf("%s:%d", guest, port), Dial: fmt.Sprintf("127.0.0.1:%d", port)}); err != nil {
			return err
		}
	}
	return nil
}
