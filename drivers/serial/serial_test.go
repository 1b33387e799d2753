package serial

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/creack/pty"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// open gives both ends of a pty: the master as a device would hold it, the slave through Port.
func open(t *testing.T) (*os.File, wire.Conn) {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	c, err := Port{Path: slave.Name()}.Open()
	if err != nil {
		t.Fatal(err)
	}
	slave.Close()
	t.Cleanup(func() { c.Close() })
	return master, c
}

func TestBytesPassUnchangedBothWays(t *testing.T) {
	master, c := open(t)
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	go master.Write(all)
	got := make([]byte, len(all))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, all) {
		t.Fatalf("device to host: %x, %v", got, err)
	}
	go c.Write(all)
	if _, err := io.ReadFull(master, got); err != nil || !bytes.Equal(got, all) {
		t.Fatalf("host to device: %x, %v", got, err)
	}
}

func TestReadDeadlineLeavesTheLineUsable(t *testing.T) {
	master, c := open(t)
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, device.ErrGone) {
		t.Fatalf("got %v", err)
	}
	c.SetReadDeadline(time.Time{})
	go master.Write([]byte{7})
	b := make([]byte, 1)
	if _, err := c.Read(b); err != nil || b[0] != 7 {
		t.Fatalf("got %x, %v", b, err)
	}
}

func TestWriteToADeviceThatTakesNothingEnds(t *testing.T) {
	_, c := open(t)
	c.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := c.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, device.ErrGone) {
		t.Fatalf("got %v", err)
	}
}

func TestUnpluggedLineIsGone(t *testing.T) {
	master, c := open(t)
	master.Close()
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, device.ErrGone) {
		t.Errorf("read: %v", err)
	}
	if _, err := c.Write([]byte{1}); !errors.Is(err, device.ErrGone) {
		t.Errorf("write: %v", err)
	}
	if _, err := (Port{Path: "/dev/serial/by-id/nothing"}).Open(); !errors.Is(err, device.ErrGone) {
		t.Errorf("open: %v", err)
	}
}

func TestCloseFreesAWaitingReadAndWrite(t *testing.T) {
	_, c := open(t)
	ended := make(chan error, 2)
	go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
	go func() { _, err := c.Write(make([]byte, 1<<20)); ended <- err }()
	time.Sleep(20 * time.Millisecond)
	c.Close()
	for range 2 {
		if err := <-ended; err == nil {
			t.Error("ended without an error")
		}
	}
}
