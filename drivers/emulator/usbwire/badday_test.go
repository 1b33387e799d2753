package usbwire_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/emulator"
	"yimen/drivers/emulator/gadget"
	"yimen/drivers/emulator/usb"
)

// echoing gives a device that echoes, on a host that has configured it.
func echoing(t *testing.T) (*usb.Device, *host) {
	d := gadget.NewPrinter("2", paper{})
	h := plug(t, d)
	h.configure()
	return d, h
}

func set(t *testing.T, d *usb.Device, f emulator.Fault, times int) {
	t.Helper()
	if err := d.Faults.Set(f, times); err != nil {
		t.Fatal(err)
	}
}

func TestHaltedEndpointSpeaksAgainWhenTheHostClearsIt(t *testing.T) {
	d, h := echoing(t)
	set(t, d, usb.StallIn, 1)
	h.write(0x03, []byte("proof"))
	for range 2 {
		_, answer := h.submit(0x81, 512, nil)
		if status, data, _ := h.result(answer); status != stalled || len(data) != 0 {
			t.Fatalf("status %d with %d bytes", status, len(data))
		}
	}
	if got := h.must(0x82, 0, 0, 0x81, 2, nil); got[0] != 1 {
		t.Errorf("the endpoint's status says % X", got)
	}
	h.must(0x02, 1, 0, 0x81, 0, nil)
	if got := h.read(0x81, 512); string(got) != "proof" {
		t.Errorf("after the halt: %q", got)
	}
	set(t, d, usb.StallOut, 1)
	slip := bytes.Repeat([]byte("0123456789ABCDEF"), 3*512/16) // three packets
	_, answer := h.submit(0x03, 0, slip)
	status, _, n := h.result(answer)
	if status != stalled || n != 512 {
		t.Errorf("status %d after %d bytes, want a halt after one packet", status, n)
	}
	_, answer = h.submit(0x03, 0, slip[n:])
	if status, _, more := h.result(answer); status != stalled || more != 0 {
		t.Errorf("status %d after %d more bytes while it is halted", status, more)
	}
	h.must(0x02, 1, 0, 0x03, 0, nil)
	h.write(0x03, slip[n:])
	var got []byte
	for len(got) < len(slip) {
		got = append(got, h.read(0x81, 4096)...)
	}
	if !bytes.Equal(got, slip) {
		t.Errorf("%d bytes came back, not as they were sent", len(got))
	}
	if _, status := h.control(0x02, 1, 0, 0x05, 0, nil); status != stalled {
		t.Errorf("clearing the halt of an endpoint that is not there: status %d", status)
	}
}

func TestTransferThatTheDeviceDoesNotTakeCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, h := echoing(t)
		set(t, d, usb.NAKOut, 1)
		id, answer := h.submit(0x03, 0, []byte("lost"))
		synctest.Wait()
		if len(answer) != 0 {
			t.Fatal("answered")
		}
		h.send(21, id, nil)
		if status, _, n := h.result(answer); status != cancelled || n != 0 {
			t.Errorf("status %d, %d bytes", status, n)
		}
		set(t, d, usb.NAKIn, emulator.UntilOff)
		h.write(0x03, []byte("kept"))
		id, answer = h.submit(0x81, 512, nil)
		synctest.Wait()
		h.send(21, id, nil)
		if status, data, _ := h.result(answer); status != cancelled || len(data) != 0 {
			t.Errorf("status %d with %d bytes", status, len(data))
		}
		_, answer = h.submit(0x81, 512, nil)
		time.Sleep(time.Minute)
		if len(answer) != 0 {
			t.Fatal("answered")
		}
		set(t, d, usb.NAKIn, 0)
		if _, data, _ := h.result(answer); string(data) != "kept" {
			t.Errorf("%q", data)
		}
	})
}

func TestCancellationThatCrossesTheAnswerLosesNothing(t *testing.T) {
	_, h := echoing(t)
	h.write(0x03, []byte("proof"))
	id, answer := h.submit(0x81, 512, nil)
	if _, data, _ := h.result(answer); string(data) != "proof" {
		t.Fatalf("%q", data)
	}
	h.send(21, id, nil) // as QEMU sends it before it sees the answer, which it then drops
	if got := h.read(0x81, 512); string(got) != "proof" {
		t.Errorf("%q", got)
	}
}

func TestNumberThatIsUsedAgainBringsNothingOldBack(t *testing.T) {
	d, h := echoing(t)
	h.write(0x03, []byte("old"))
	id, answer := h.submit(0x81, 512, nil)
	h.result(answer)
	set(t, d, usb.StallIn, 1)
	h.write(0x03, []byte("new"))
	h.mu.Lock()
	h.last = id - 1
	h.mu.Unlock()
	_, answer = h.submit(0x81, 512, nil)
	if status, _, _ := h.result(answer); status != stalled {
		t.Fatalf("status %d", status)
	}
	h.send(21, id, nil) // crosses the stall
	h.must(0x02, 1, 0, 0x81, 0, nil)
	if got := h.read(0x81, 512); string(got) != "new" {
		t.Errorf("%q", got)
	}
}

func TestHostThatLeavesLittleRoomGetsBabble(t *testing.T) {
	_, h := echoing(t)
	h.write(0x03, []byte("0123456789"))
	_, answer := h.submit(0x81, 4, nil)
	if status, data, _ := h.result(answer); status != babbled || len(data) != 0 {
		t.Errorf("status %d with %d bytes", status, len(data))
	}
}

func TestShortAndSpoiltTransfers(t *testing.T) {
	d, h := echoing(t)
	set(t, d, usb.Short, 1)
	h.write(0x03, []byte("0123456789"))
	for _, want := range []string{"01234", "56789"} {
		if got := h.read(0x81, 512); string(got) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	set(t, d, usb.Garbage, 1)
	h.write(0x03, []byte("0123456789"))
	if got := h.read(0x81, 512); len(got) != 10 || string(got) == "0123456789" {
		t.Errorf("%q is no rubbish", got)
	}
}

func TestDevicePulledInTheMiddleOfATransferIsGone(t *testing.T) {
	for name, begin := range map[string]func(*host) <-chan packet{
		"out": func(h *host) <-chan packet { _, a := h.submit(0x03, 0, make([]byte, 2048)); return a },
		"in": func(h *host) <-chan packet {
			_, a := h.submit(0x81, 512, nil)
			_, _ = h.submit(0x03, 0, []byte("x"))
			return a
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, h := echoing(t)
			set(t, d, usb.Unplug, 1)
			answer := begin(h)
			if p, err := h.wait(answer); !errors.Is(err, errGone) {
				t.Errorf("%+v, %v", p, err)
			}
			if err := <-h.ended; !errors.Is(err, usb.ErrGone) {
				t.Errorf("the redirection ended with %v", err)
			}
			again := plug(t, d)
			again.configure()
			again.write(0x03, []byte("back"))
			if got := again.read(0x81, 512); string(got) != "back" {
				t.Errorf("plugged in again: %q", got)
			}
		})
	}
}

func TestHostThatBreaksTheProtocolIsLeft(t *testing.T) {
	for name, say := range map[string]func(*host){
		"unknown packet": func(h *host) { h.send(999, 1, nil) },
		"short control":  func(h *host) { h.send(100, 1, make([]byte, 9)) },
		"lying bulk":     func(h *host) { h.send(101, 1, []byte{0x03, 0, 9, 0, 0, 0, 0, 0, 0, 0, 'x'}) },
		"huge bulk":      func(h *host) { h.send(101, 1, []byte{0x81, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}) },
		"huge packet":    func(h *host) { h.conn.Write(append([]byte{101, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}, make([]byte, 8)...)) },
		"flood": func(h *host) {
			for id := uint64(1000); id < 3000; id++ {
				h.send(101, id, []byte{0x81, 0, 0, 2, 0, 0, 0, 0, 0, 0})
			}
		},
		"flood of bytes": func(h *host) {
			set(h.t, h.device, usb.NAKOut, emulator.UntilOff)
			for id := uint64(1000); id < 1100; id++ {
				h.send(101, id, append([]byte{0x03, 0, 0, 0, 0, 0, 0, 0, 0x10, 0}, make([]byte, 1<<20)...))
			}
		},
		"rejection": func(h *host) { h.send(22, 0, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			_, h := echoing(t)
			say(h)
			if err := <-h.ended; err == nil {
				t.Error("no error")
			}
		})
	}
}
