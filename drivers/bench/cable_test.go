package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"testing"
	"time"

	"go.bug.st/serial"
	"golang.org/x/sys/unix"
)

func TestPulledCableEndsTheLineAndAPluggedOneBringsItBack(t *testing.T) {
	r := start(t)
	p := open(t, r.IDCard)
	ask(t, p, find, 11)
	r.must("POST", "api/unplug", `{"device":"idcard"}`)
	if _, err := os.Lstat(r.IDCard); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the device file is still there: %v", err)
	}
	if n, err := p.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Errorf("read %d bytes, %v from a pulled cable", n, err)
	}
	p.Close()
	r.must("POST", "api/plug", `{"device":"idcard"}`)
	p = open(t, r.IDCard)
	defer p.Close()
	ask(t, p, find, 11)
}

func TestAnswerThatNobodyTookIsNotThereForTheNext(t *testing.T) {
	r := start(t)
	open := func() *os.File {
		f, err := os.OpenFile(r.IDCard, os.O_RDWR|unix.O_NOCTTY, 0)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	waiting := func(f *os.File) int {
		n, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCINQ)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	f := open()
	if _, err := f.Write([]byte("\xAA\xAA\xAA\x96\x69\x00\x03\x12\xFF\xEE")); err != nil {
		t.Fatal(err)
	}
	for waiting(f) == 0 {
		time.Sleep(time.Millisecond)
	}
	f.Close()
	for range 500 {
		time.Sleep(20 * time.Millisecond)
		f := open()
		n := waiting(f)
		f.Close()
		if n == 0 {
			return
		}
	}
	t.Error("the answer still lies there")
}

func TestManyReplugsLeaveNothingBehind(t *testing.T) {
	r := start(t)
	open := func() int {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	replug := func(n int) {
		for range n {
			for _, d := range []string{"idcard", "printer", "doccam", "scanner", "lamps"} {
				r.must("POST", "api/unplug", fmt.Sprintf(`{"device":%q}`, d))
				r.must("POST", "api/plug", fmt.Sprintf(`{"device":%q}`, d))
			}
		}
	}
	replug(3)
	files, routines := open(), runtime.NumGoroutine()
	replug(100)
	if f, g := open(), runtime.NumGoroutine(); f > files+1 || g > routines+2 {
		t.Errorf("%d descriptors and %d goroutines, before %d and %d", f, g, files, routines)
	}
}

func TestLockOfADeadOpenerDiesWithHim(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("a lock does not keep root out")
	}
	r := start(t)
	f, err := os.OpenFile(r.IDCard, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetInt(int(f.Fd()), unix.TIOCEXCL, 0); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for i := 0; ; i++ {
		p, err := serial.Open(r.IDCard, &serial.Mode{BaudRate: 115200})
		if err == nil {
			p.Close()
			return
		}
		if i > 100 {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
