package usb

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yimen/drivers/device"
	"yimen/drivers/emulator/machine"
	"yimen/drivers/emulator/machine/system"
	odd "yimen/drivers/emulator/usb"
	"yimen/drivers/emulator/usbwire"
	"yimen/drivers/wire"
)

// echo is a device that says on each pipe to the host what came on the pipe that belongs to it, after its name, and before
// that so many transfers without a byte.
type echo struct {
	name    string
	empties int
	pipes   map[uint8]uint8 // from the host -> to the host
	said    map[uint8]chan []byte
}

// packet is the size of a packet in bytes: what the host always leaves room for.
const packet = 64

func newEcho(about odd.Description, e *echo) *odd.Device {
	e.said = map[uint8]chan []byte{}
	for _, in := range e.pipes {
		e.said[in] = make(chan []byte, 1000)
	}
	return odd.New(about, e)
}

func (e *echo) Run(context.Context) error                 { return nil }
func (e *echo) Control(odd.Setup, []byte) ([]byte, error) { return nil, odd.ErrStall }
func (e *echo) Return(uint8, []byte)                      {}
func (e *echo) Restart(uint8)                             {}
func (e *echo) Out(_ context.Context, pipe uint8, b []byte) (int, error) {
	in := e.said[e.pipes[pipe]]
	for range e.empties {
		in <- []byte{}
	}
	for part := range slices.Chunk(slices.Concat([]byte(e.name), b), packet) {
		in <- part
	}
	return len(b), nil
}

func (e *echo) In(ctx context.Context, pipe uint8, _ int) ([]byte, error) {
	select {
	case b := <-e.said[pipe]:
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func bulk(addresses ...uint8) (all []odd.Endpoint) {
	for _, a := range addresses {
		all = append(all, odd.Endpoint{Address: a, Attributes: odd.Bulk, MaxPacket: packet})
	}
	return all
}

// oddDevices are what shops sell too.
func oddDevices() []*odd.Device {
	sam := odd.Description{Speed: odd.FullSpeed, Vendor: 0x0400, Product: 0xc35a, Interfaces: []odd.Interface{{Class: 0xff, Endpoints: bulk(0x02, 0x81)}}}
	four := sam
	four.Product, four.Interfaces = 0xc35b, []odd.Interface{{Class: 0xff, Endpoints: bulk(0x02, 0x06, 0x81, 0x85)}}
	talker := odd.Description{Speed: odd.FullSpeed, Vendor: 0x0519, Product: 0x0003, Serial: "TALKER",
		Interfaces: []odd.Interface{{Class: 7, Subclass: 1, Protocol: 2, Endpoints: bulk(0x01, 0x82)}}}
	versatile := odd.Description{Speed: odd.FullSpeed, Vendor: 0x0519, Product: 0x0004, Serial: "VERSATILE", Interfaces: []odd.Interface{
		{Number: 0, Class: 8, Subclass: 6, Protocol: 0x50, Endpoints: bulk(0x01, 0x81)},
		{Number: 3, Alternate: 0, Class: 7, Subclass: 1, Protocol: 1, Endpoints: bulk(0x03)},
		{Number: 3, Alternate: 1, Class: 7, Subclass: 1, Protocol: 2, Endpoints: bulk(0x04, 0x84)},
		{Number: 3, Alternate: 2, Class: 7, Subclass: 1, Protocol: 4, Endpoints: bulk(0x05, 0x85)},
	}}
	return []*odd.Device{
		newEcho(sam, &echo{name: "left:", pipes: map[uint8]uint8{0x02: 0x81}}),
		newEcho(sam, &echo{name: "right:", pipes: map[uint8]uint8{0x02: 0x81}}),
		newEcho(four, &echo{pipes: map[uint8]uint8{0x02: 0x81, 0x06: 0x85}}),
		newEcho(talker, &echo{empties: 20, pipes: map[uint8]uint8{0x01: 0x82}}),
		newEcho(versatile, &echo{pipes: map[uint8]uint8{0x03: 0x81, 0x04: 0x84}}),
	}
}

// plugIn serves devices to whoever comes to their sockets.
func plugIn(t *testing.T, all []*odd.Device) (sockets []string) {
	dir := t.TempDir()
	for i, d := range all {
		sockets = append(sockets, filepath.Join(dir, string(rune('a'+i))))
		l, err := net.Listen("unix", sockets[i])
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				if err := usbwire.Redirect(t.Context(), c, d); err != nil && t.Context().Err() == nil {
					t.Error(err)
				}
			}
		}()
	}
	return sockets
}

// TestOddDevicesOnARealKernel boots a machine that has them on its USB and runs itself in there.
func TestOddDevicesOnARealKernel(t *testing.T) {
	if os.Getenv("YIMEN_ODD") != "" {
		meetOddDevices(t)
		return
	}
	if os.Getenv("YIMEN_VM") == "" {
		t.Skip("boots a machine: make bench-vm sets YIMEN_VM")
	}
	cache, err := system.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	image, err := machine.Build(t.Context(), cache, system.Headless(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	shared := t.TempDir()
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shared, "usb.test"), self, 0o755); err != nil {
		t.Fatal(err)
	}
	m, err := machine.Boot(t.Context(), machine.Config{Image: image, USB: plugIn(t, oddDevices()), Share: map[string]string{"/mnt/tests": shared}})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Kill()
	err = m.Exec(t.Context(), machine.Command{
		Argv: []string{"/mnt/tests/usb.test", "-test.v", "-test.timeout=3m", "-test.run=^TestOddDevicesOnARealKernel$"},
		Env:  []string{"YIMEN_ODD=1"}, Stdout: t.Output(), Stderr: t.Output(),
	})
	if err != nil {
		t.Error(err)
	}
}

// echoes writes and wants to hear it after the device's name.
func echoes(t *testing.T, p wire.Port, name, message string) {
	t.Helper()
	c := open(t, p)
	defer c.Close()
	for range 3 {
		if _, err := io.WriteString(c, message); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(name)+len(message))
		c.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != name+message {
			t.Errorf("%s: %.100q, %v", p, got, err)
		}
	}
}

func named(t *testing.T, text string) Name {
	t.Helper()
	n, err := ParseName(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func meetOddDevices(t *testing.T) {
	eventually(t, "all plugged in", func() bool { all, _ := list(sysfs()); return len(all) == len(oddDevices()) })
	eventually(t, "usblp has both printers", func() bool { return len(glob(t, "/dev/usb/lp*")) == 2 })
	t.Run("twins without a serial number are told apart by where they are", func(t *testing.T) {
		_, err := Port{Name: named(t, "0400:c35a")}.Open()
		if !errors.Is(err, device.ErrGone) || !strings.Contains(err.Error(), "at=1-1 (carries no serial number); at=1-2") {
			t.Error(err)
		}
		echoes(t, Port{Name: named(t, "0400:c35a/at=1-1")}, "left:", "frame")
		echoes(t, Port{Name: named(t, "0400:c35a/at=1-2")}, "right:", "frame")
	})
	t.Run("heads and bodies take pipes of their own", func(t *testing.T) {
		if _, err := (Port{Name: named(t, "0400:c35b")}).Open(); err == nil || !strings.Contains(err.Error(), "/pipes=4") {
			t.Error(err)
		}
		frame := []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 8, 0, 0, 0x9F, 0, 0, 0, 0, 0x97}
		echoes(t, Port{Name: named(t, "0400:c35b/pipes=4")}, "", string(frame))
	})
	t.Run("transfers without a byte are no end, by libusb and by usblp", func(t *testing.T) {
		echoes(t, Port{Name: named(t, "printer/serial=TALKER")}, "", "status")
		eventually(t, "usblp has both printers", func() bool { return len(glob(t, "/dev/usb/lp*")) == 2 })
		echoes(t, LP{Name: named(t, "printer/serial=TALKER")}, "", "status")
	})
	t.Run("the setting that answers is chosen, whatever its number", func(t *testing.T) {
		echoes(t, Port{Name: named(t, "printer/serial=VERSATILE")}, "", strings.Repeat("slip", 1000))
		eventually(t, "usblp has both printers", func() bool { return len(glob(t, "/dev/usb/lp*")) == 2 })
		echoes(t, LP{Name: named(t, "0519:0004")}, "", strings.Repeat("slip", 1000))
	})
	t.Run("printers that are alike are listed", func(t *testing.T) {
		_, err := LP{Name: Name{Printer: true}}.Open()
		if err == nil || !strings.Contains(err.Error(), "serial=TALKER; at=1-5 or serial=VERSATILE") {
			t.Error(err)
		}
	})
}
