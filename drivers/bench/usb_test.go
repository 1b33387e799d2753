package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// startUSB is a bench whose devices are on USB, and the sockets by device.
func startUSB(t *testing.T, args ...string) (*running, map[string]string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	dir := filepath.Join(t.TempDir(), "usb")
	go func() {
		err := run(ctx, append([]string{"-usb", dir, "-fps", "15", "-print-speed", "0"}, args...), in, os.Stderr)
		in.CloseWithError(errors.Join(err, io.EOF))
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the bench ended with %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var where struct {
		running
		USB map[string]string
	}
	if err := json.Unmarshal(line, &where); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	where.t = t
	return &where.running, where.USB
}

// come is a host that comes to a socket.
func come(t *testing.T, socket string) net.Conn {
	t.Helper()
	c, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return c
}

// greeted reads the hello that begins usbredir.
func greeted(t *testing.T, c net.Conn) {
	t.Helper()
	hello := make([]byte, 12+68)
	if _, err := io.ReadFull(c, hello); err != nil || hello[0] != 0 || hello[4] != 68 {
		t.Fatalf("% X, %v", hello[:12], err)
	}
}

func TestPulledUSBCableTakesTheDeviceOffTheBus(t *testing.T) {
	r, sockets := startUSB(t, "-frame", "320x240")
	if got := slices.Sorted(maps.Keys(sockets)); fmt.Sprint(got) != "[doccam facecam idcard lamps printer scanner touch]" {
		t.Errorf("on USB: %v", got)
	}
	for id, socket := range sockets {
		c := come(t, socket)
		greeted(t, c)
		r.must("POST", "api/unplug", fmt.Sprintf(`{"device":%q}`, id))
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if _, err := os.Lstat(socket); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the socket is still there: %v", id, err)
		}
		if r.must("GET", "api/state", "")["plugged"].(map[string]any)[id] != false {
			t.Errorf("%s is plugged in", id)
		}
		r.must("POST", "api/plug", fmt.Sprintf(`{"device":%q}`, id))
		greeted(t, come(t, socket))
	}
}

func TestDeviceGoesToOneHostAfterTheOther(t *testing.T) {
	_, sockets := startUSB(t, "-frame", "320x240")
	first, second := come(t, sockets[slipPrinter]), come(t, sockets[slipPrinter])
	greeted(t, first)
	if err := second.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := second.Read(make([]byte, 1)); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes for a second host, %v", n, err)
	}
	first.Close()
	if err := second.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	greeted(t, second)
}

func TestFaultsOfTheBusAreSwitchedLikeAnyOther(t *testing.T) {
	r, _ := startUSB(t, "-frame", "320x240")
	on := func(id string) string {
		return fmt.Sprint(r.must("GET", "api/faults", "")[id].(map[string]any)["on"])
	}
	for _, id := range []string{cardReader, slipPrinter, docCamera, touchPanel} {
		r.must("POST", "api/fault", fmt.Sprintf(`{"device":%q,"fault":"usb-stall-in","on":true}`, id))
		if got := on(id); got != "[usb-stall-in]" {
			t.Errorf("%s: on are %s", id, got)
		}
		r.must("POST", "api/fault", fmt.Sprintf(`{"device":%q,"fault":"usb-stall-in","on":false}`, id))
	}
	r.must("POST", "api/fault", `{"device":"printer","fault":"cover-open","on":true}`)
	if got := on(slipPrinter); got != "[cover-open]" {
		t.Errorf("on are %s", got)
	}
	if code, v := r.do("POST", "api/fault", `{"device":"touch","fault":"cover-open","on":true}`); code == 200 || !strings.Contains(fmt.Sprint(v), "no such fault") {
		t.Errorf("a panel with a cover: %d %v", code, v)
	}
}

func TestNobodyTouchesAPanelThatIsNotThere(t *testing.T) {
	r := start(t)
	if code, v := r.do("POST", "api/touch", `{"x":0.5,"y":0.5}`); code == 200 {
		t.Errorf("%d %v", code, v)
	}
	r, _ = startUSB(t, "-frame", "320x240")
	for _, nonsense := range []string{`{}`, `{"x":0.5}`, `{"x":2,"y":0}`, `{"x":0.5,"y":0.5,"toX":-1,"toY":0}`} {
		if code, v := r.do("POST", "api/touch", nonsense); code == 200 || strings.Contains(fmt.Sprint(v), "listens") {
			t.Errorf("%s: %d %v", nonsense, code, v)
		}
	}
}

func TestManyReplugsOnUSBLeaveNothingBehind(t *testing.T) {
	r, sockets := startUSB(t, "-frame", "320x240")
	replug := func(n int) {
		for range n {
			for id, socket := range sockets {
				greeted(t, come(t, socket))
				r.must("POST", "api/unplug", fmt.Sprintf(`{"device":%q}`, id))
				r.must("POST", "api/plug", fmt.Sprintf(`{"device":%q}`, id))
			}
		}
	}
	replug(3)
	routines := runtime.NumGoroutine()
	replug(50)
	for wait := 0; runtime.NumGoroutine() > routines+2 && wait < 100; wait++ {
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > routines+2 {
		t.Errorf("%d goroutines, before %d", n, routines)
	}
}
