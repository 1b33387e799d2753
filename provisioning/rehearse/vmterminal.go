package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"yimen/drivers/emulator/machine"
	"yimen/drivers/emulator/machine/system"
	"yimen/provisioning/hall"
	"yimen/provisioning/rehearse/powercut"
)

// sockets are the bench's devices on USB, in the order of the machine's ports.
var sockets = []string{"idcard", "printer", "scanner", "lamps", "doccam", "touch"}

// usbDevices is what the terminal's config says of them: names that stay the same when a cable was out.
const usbDevices = `  idcard:
    port: "usb:0400:c35a"
  printer:
    port: "usb:printer"
  scanner:
    port: "serial:/dev/serial/by-path/pci-0000:00:04.0-usb-0:3:1.0"
  lamps:
    port: "serial:/dev/serial/by-path/pci-0000:00:04.0-usb-0:4:1.0"
    relays: {idcard: 1, doccam: 2, printer: 3, scanner: 4}
  doccam:
    device: "usb:1d6b:0102"
`

// udevRules let the daemon's user have what Debian's own rules leave to root.
const udevRules = `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0400", ATTR{idProduct}=="c35a", MODE="0660", GROUP="plugdev"
`

// guestTerminal is a terminal in a machine.
type guestTerminal struct {
	hall    *hall.Hall
	machine *machine.Machine
	screen  string // address of its page, on the host as in the guest
	listen  string

	end   context.CancelFunc // of the daemon
	ended chan error         // how it ended
	log   lockedBuffer
}

// boot boots a machine that has the hall's devices, and installs the terminal in it. Its data lie on the disk, if there is
// one: an NBD socket.
func (v *rehearsal) boot(ctx context.Context, image system.Image, h *hall.Hall, usb string, disk ...string) (*guestTerminal, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	t := &guestTerminal{hall: h, listen: fmt.Sprintf("127.0.0.1:%d", port), screen: fmt.Sprintf("http://127.0.0.1:%d/", port)}
	bin, err := filepath.Abs(v.bin)
	if err != nil {
		return nil, err
	}
	pack, err := filepath.Abs(filepath.Dir(v.pack))
	if err != nil {
		return nil, err
	}
	c, err := v.config(image, h, usb)
	if err != nil {
		return nil, err
	}
	c.Disks, c.Expose = disk, []int{port}
	c.Share = map[string]string{bin: bin, pack: pack, "/usr/share/fonts": "/usr/share/fonts", "/mnt/keys": h.Keys("terminal")}
	if t.machine, err = v.bootMachine(ctx, c); err != nil {
		return nil, err
	}
	if len(disk) > 0 {
		script := fmt.Sprintf("mkdir -p '%s'\n%s", h.Data(), powercut.Mounting(h.Data(), "errors=remount-ro"))
		if _, err := t.machine.Run(ctx, "sh", "-c", script); err != nil {
			return t, err
		}
	}
	return t, t.install(ctx, udevRules, h.Settings(t.listen, usbDevices))
}

// config is a machine that has the hall's devices, and reaches its bench and its intake.
func (v *rehearsal) config(image system.Image, h *hall.Hall, usb string) (machine.Config, error) {
	c := machine.Config{Image: image, Console: v.console}
	for _, s := range sockets {
		c.USB = append(c.USB, filepath.Join(usb, s+".sock"))
	}
	for _, address := range []string{h.Panel, h.Intake} {
		port, err := portOf(address)
		if err != nil {
			return c, err
		}
		c.Forward = append(c.Forward, port)
	}
	return c, nil
}

// bootMachine boots a machine, and says so.
func (v *rehearsal) bootMachine(ctx context.Context, c machine.Config) (*machine.Machine, error) {
	v.tell("booting kernel %s", c.Image.Release)
	m, err := machine.Boot(ctx, c)
	if err == nil {
		v.tell("the machine is up")
	}
	return m, err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func portOf(address string) (int, error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(u.Port())
}

// install gives the terminal's user its keys, data folder and config, and the devices their rules.
func (t *guestTerminal) install(ctx context.Context, rules, settings string) error {
	keys, data := t.hall.Keys("terminal"), t.hall.Data()
	script := fmt.Sprintf(`set -e
mkdir -p '%s' '%s'
cp /mnt/keys/* '%s'
chown -R kiosk '%s' '%s'
chmod 700 '%s' '%s'
`, keys, data, keys, keys, data, keys, data)
	if _, err := t.machine.Run(ctx, "sh", "-c", script); err != nil {
		return err
	}
	if err := t.put(ctx, t.hall.Config(), settings); err != nil {
		return err
	}
	if err := t.put(ctx, "/etc/udev/rules.d/60-yimen.rules", rules); err != nil {
		return err
	}
	_, err := t.machine.Run(ctx, "sh", "-c", "udevadm control --reload && udevadm trigger --action=add --subsystem-match=usb && udevadm settle --timeout=60")
	return err
}

// put writes a file in the machine.
func (t *guestTerminal) put(ctx context.Context, file, text string) error {
	return t.machine.Exec(ctx, machine.Command{Argv: []string{"sh", "-c", `mkdir -p "$(dirname "$0")" && cat > "$0"`, file}, In: []byte(text)})
}

// start starts the daemon, as its user, and waits until its page can be had.
func (t *guestTerminal) start(ctx context.Context, bin string) error {
	run, end := context.WithCancel(context.WithoutCancel(ctx))
	t.end, t.ended = end, make(chan error, 1)
	ready := &firstLine{said: make(chan struct{})}
	go func() {
		t.ended <- t.machine.Exec(run, machine.Command{
			Argv: []string{filepath.Join(bin, "kiosk"), "-config", t.hall.Config()}, UID: system.KioskUser, Groups: system.DeviceGroups(),
			Env: []string{"HOME=/home/kiosk"}, Stdout: io.MultiWriter(&t.log, ready), Stderr: &t.log,
		})
	}()
	select {
	case <-ready.said:
		return nil
	case err := <-t.ended:
		t.ended <- err
		return fmt.Errorf("the daemon has ended: %w", err)
	case <-time.After(startPatience):
		return errors.New("the daemon does not start")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// startPatience is how long the daemon may take to start in an emulated machine.
const startPatience = 2 * time.Minute

// stop ends the daemon and switches the machine off.
func (t *guestTerminal) stop() error {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	if t.end != nil {
		t.end()
		<-t.ended
	}
	return t.machine.Close(ctx)
}

// evidence is what a person wants to see when something has gone wrong.
func (t *guestTerminal) evidence() string {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	kernel, err := t.machine.Dmesg(ctx)
	if err != nil {
		kernel = []byte(err.Error())
	}
	return fmt.Sprintf("--- the daemon's last words\n%s\n--- the kernel's\n%s", lastLines(t.log.String(), 30), lastLines(string(kernel), 30))
}

func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// lockedBuffer is a buffer that is written and read by several.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// firstLine tells when a whole line was written.
type firstLine struct {
	once sync.Once
	said chan struct{}
}

func (f *firstLine) Write(b []byte) (int, error) {
	if bytes.ContainsRune(b, '\n') {
		f.once.Do(func() { close(f.said) })
	}
	return len(b), nil
}
