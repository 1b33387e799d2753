package usbwire_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"yimen/drivers/emulator/gadget"
	"yimen/drivers/emulator/usb"
	"yimen/drivers/emulator/usbwire"
)

// export exports devices for the test and gives the address.
func export(t *testing.T, devices ...*usb.Device) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- usbwire.ServeUSBIP(ctx, l, devices...) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// vhci is what Linux' vhci-hcd is to a server, with the words of the protocol's description.
type vhci struct {
	*testing.T
	net.Conn
	number uint32
}

func dial(t *testing.T, address string) *vhci {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return &vhci{T: t, Conn: c}
}

func (v *vhci) say(b []byte) {
	v.Helper()
	if _, err := v.Write(b); err != nil {
		v.Fatal(err)
	}
}

func (v *vhci) hear(n int) []byte {
	v.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(v, b); err != nil {
		v.Fatal(err)
	}
	return b
}

// attach imports a device; false when it is refused.
func (v *vhci) attach(bus string) bool {
	v.Helper()
	id := make([]byte, 32)
	copy(id, bus)
	v.say(append([]byte{0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0}, id...))
	if head := v.hear(8); !bytes.Equal(head, []byte{1, 0x11, 0, 3, 0, 0, 0, 0}) {
		return false
	}
	if d := v.hear(312); string(bytes.TrimRight(d[256:288], "\x00")) != bus {
		v.Errorf("asked for %s, got %q", bus, d[256:288])
	}
	return true
}

// submit sends CMD_SUBMIT and gives its number.
func (v *vhci) submit(endpoint uint32, in bool, length int, setup, data []byte) uint32 {
	v.Helper()
	v.number++
	b := make([]byte, 48)
	binary.BigEndian.PutUint32(b, 1)
	binary.BigEndian.PutUint32(b[4:], v.number)
	binary.BigEndian.PutUint32(b[8:], 1<<16|1)
	if in {
		b[15] = 1
	}
	binary.BigEndian.PutUint32(b[16:], endpoint)
	binary.BigEndian.PutUint32(b[24:], uint32(length))
	copy(b[40:], setup)
	v.say(append(b, data...))
	return v.number
}

// reply is RET_SUBMIT or RET_UNLINK; in says whether data comes with it.
func (v *vhci) reply(in bool) (kind, number uint32, status int32, data []byte) {
	v.Helper()
	b := v.hear(48)
	n := int(binary.BigEndian.Uint32(b[24:]))
	if in {
		data = v.hear(n)
	}
	return binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]), int32(binary.BigEndian.Uint32(b[20:])), data
}

func TestTwinsAreListedAndLentToOneHostEach(t *testing.T) {
	address := export(t, gadget.NewPrinter("twin", paper{}), gadget.NewPrinter("twin", paper{}))
	v := dial(t, address)
	v.say([]byte{0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0})
	list, err := io.ReadAll(v)
	if err != nil || len(list) != 12+2*(312+4) || list[11] != 2 {
		t.Fatalf("a list of %d bytes: %v", len(list), err)
	}
	for i, bus := range []string{"1-1", "1-2"} {
		d := list[12+i*316:][:316]
		if string(d[256:259]) != bus || !bytes.Equal(d[300:304], []byte{0x04, 0x83, 0x57, 0x43}) || !bytes.Equal(d[309:], []byte{1, 1, 1, 7, 1, 2, 0}) {
			t.Errorf("device %d is listed as %q % X", i, d[256:260], d[288:])
		}
	}
	first, second, third := dial(t, address), dial(t, address), dial(t, address)
	if !first.attach("1-1") || !second.attach("1-2") {
		t.Error("refused")
	}
	if third.attach("1-1") || dial(t, address).attach("1-3") {
		t.Error("lent to a second host, or out of nothing")
	}
}

func TestDeviceWorksOverUSBIP(t *testing.T) {
	d := gadget.NewPrinter("2", paper{})
	v := dial(t, export(t, d))
	if !v.attach("1-1") {
		t.Fatal("refused")
	}
	v.submit(0, true, 64, []byte{0x80, 6, 0, 1, 0, 0, 64, 0}, nil)
	if _, _, status, device := v.reply(true); status != 0 || len(device) != 18 {
		t.Errorf("device descriptor: status %d, % X", status, device)
	}
	v.submit(0, false, 0, []byte{0, 9, 1, 0, 0, 0, 0, 0}, nil)
	if _, _, status, _ := v.reply(false); status != 0 {
		t.Errorf("configure: status %d", status)
	}
	v.submit(0, true, 10, []byte{0x80, 6, 0, 6, 0, 0, 10, 0}, nil)
	if _, _, status, _ := v.reply(true); status != -32 {
		t.Errorf("refused request: status %d", status)
	}
	v.submit(3, false, 5, nil, []byte("proof"))
	if kind, n, status, _ := v.reply(false); kind != 3 || n != v.number || status != 0 {
		t.Errorf("out: %d %d %d", kind, n, status)
	}
	v.submit(1, true, 512, nil, nil)
	if _, _, status, data := v.reply(true); status != 0 || string(data) != "proof" {
		t.Errorf("in: status %d, %q", status, data)
	}
	waiting := v.submit(1, true, 512, nil, nil)
	v.unlink(waiting, -104)
	v.unlink(waiting, 0)
	set(t, d, usb.StallOut, 1)
	v.submit(3, false, 5, nil, []byte("never"))
	if _, _, status, _ := v.reply(false); status != -32 {
		t.Errorf("halted: status %d", status)
	}
	v.submit(0, false, 0, []byte{0x02, 1, 0, 0, 3, 0, 0, 0}, nil)
	v.reply(false)
	set(t, d, usb.Unplug, 1)
	v.submit(3, false, 5, nil, []byte("never"))
	if n, err := v.Read(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes from a device that is gone", n)
	}
}

// unlink sends CMD_UNLINK for a transfer and wants a status.
func (v *vhci) unlink(victim uint32, want int32) {
	v.Helper()
	b := make([]byte, 48)
	binary.BigEndian.PutUint32(b, 2)
	v.number++
	binary.BigEndian.PutUint32(b[4:], v.number)
	binary.BigEndian.PutUint32(b[20:], victim)
	v.say(b)
	if kind, n, status, _ := v.reply(false); kind != 4 || n != v.number || status != want {
		v.Errorf("unlink: %d %d %d, want status %d", kind, n, status, want)
	}
}
