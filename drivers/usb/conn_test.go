package usb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/gousb"

	"yimen/drivers/device"
	"yimen/drivers/wire"
)

// transfer is what becomes of one transfer.
type transfer struct {
	bytes []byte
	err   error
}

// endpoint is a pipe whose other end is a test: each transfer waits until the test takes or gives one.
type endpoint struct {
	in       chan transfer // what comes from the device
	out      chan transfer // what became of a transfer to it; bytes are how many it took
	taken    bytes.Buffer
	revived  int
	reviving error
}

func newEndpoint() *endpoint {
	return &endpoint{in: make(chan transfer), out: make(chan transfer)}
}

func (e *endpoint) ReadContext(ctx context.Context, p []byte) (int, error) {
	select {
	case <-ctx.Done():
		return 0, gousb.TransferCancelled
	case t := <-e.in:
		return copy(p, t.bytes), t.err
	}
}

func (e *endpoint) WriteContext(ctx context.Context, p []byte) (int, error) {
	select {
	case <-ctx.Done():
		return 0, gousb.TransferCancelled
	case t := <-e.out:
		n := len(p)
		if t.err != nil {
			n = len(t.bytes)
		}
		e.taken.Write(p[:n])
		return n, t.err
	}
}

func (e *endpoint) Revive() error { e.revived++; return e.reviving }

var good = transfer{}

// connected gives a Conn in a bubble, and its endpoints.
func connected(t *testing.T, f func(c wire.Conn, in, out *endpoint)) {
	synctest.Test(t, func(t *testing.T) {
		in, out := newEndpoint(), newEndpoint()
		released := 0
		c := newConn(in, out, func() error { released++; return nil })
		f(c, in, out)
		c.Close()
		c.Close()
		if released != 1 {
			t.Errorf("released %d times", released)
		}
	})
}

func TestNoByteIsLostWhenADeadlinePasses(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		b := make([]byte, 3)
		c.SetReadDeadline(time.Now().Add(time.Second))
		if n, err := c.Read(b); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, device.ErrGone) {
			t.Fatalf("%d, %v", n, err)
		}
		in.in <- transfer{bytes: []byte("late!")}
		synctest.Wait()
		c.SetReadDeadline(time.Now().Add(time.Second))
		all := make([]byte, 5)
		if _, err := io.ReadFull(c, all[:2]); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, all[2:]); err != nil || string(all) != "late!" {
			t.Errorf("%q, %v", all, err)
		}
	})
}

func TestWriteToADeviceThatTakesNothingEndsAndSendsNothingTwice(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		c.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := c.Write([]byte("first"))
		if n != 5 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		if n, err := c.Write([]byte("second")); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, device.ErrGone) {
			t.Fatalf("%d, %v", n, err)
		}
		c.SetWriteDeadline(time.Now().Add(time.Second))
		out.out <- good
		if n, err := c.Write([]byte("second")); n != 6 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		out.out <- good
		synctest.Wait()
		if got := out.taken.String(); got != "firstsecond" {
			t.Errorf("the device took %q", got)
		}
	})
}

func TestLongWriteGoesInWholeTransfers(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		long := bytes.Repeat([]byte("0123456789"), 5000)
		go func() {
			for range 4 {
				out.out <- good
			}
		}()
		if n, err := c.Write(long); n != len(long) || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		synctest.Wait()
		if !bytes.Equal(out.taken.Bytes(), long) {
			t.Errorf("the device took %d bytes", out.taken.Len())
		}
	})
}

func TestTransferThatWasTakenInPartGoesOnWhereItStopped(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		if _, err := c.Write([]byte("0123456789")); err != nil {
			t.Fatal(err)
		}
		for range 3 { // each moves something, so that none is the second failure in a row
			out.out <- transfer{bytes: []byte("ab"), err: gousb.TransferStall}
		}
		out.out <- good
		synctest.Wait()
		if out.taken.String() != "0123456789" || out.revived != 3 {
			t.Errorf("the device took %q, revived %d times", &out.taken, out.revived)
		}
	})
}

func TestOneFailedTransferIsOvercomeAndTwoInARowAreTheEnd(t *testing.T) {
	for _, failure := range []error{gousb.TransferStall, gousb.TransferOverflow, gousb.TransferError, gousb.TransferTimedOut} {
		connected(t, func(c wire.Conn, in, out *endpoint) {
			for range 3 {
				in.in <- transfer{err: failure}
				in.in <- transfer{bytes: []byte("x")}
				if n, err := c.Read(make([]byte, 1)); n != 1 || err != nil {
					t.Fatalf("%v: %v", failure, err)
				}
			}
			in.in <- transfer{err: failure}
			in.in <- transfer{err: failure}
			if _, err := c.Read(make([]byte, 1)); !errors.Is(err, device.ErrGone) || !errors.Is(err, failure) {
				t.Errorf("after two: %v", err)
			}
			if in.revived != 4 {
				t.Errorf("revived %d times", in.revived)
			}
			if _, err := c.Write([]byte{1}); !errors.Is(err, device.ErrGone) || !errors.Is(err, failure) {
				t.Errorf("write: %v", err)
			}
		})
	}
}

func TestBytesBeforeAFailureAreRead(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		go func() { in.in <- transfer{bytes: []byte("half"), err: gousb.TransferNoDevice} }()
		got, err := io.ReadAll(c)
		if string(got) != "half" || !errors.Is(err, device.ErrGone) || in.revived != 0 {
			t.Errorf("%q, %v, revived %d times", got, err, in.revived)
		}
	})
}

func TestUnpluggedDeviceIsGoneAtOnceForReadAndWrite(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		if _, err := c.Write([]byte("on its way")); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 2)
		go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
		go func() { _, err := c.Write([]byte("waits")); ended <- err }()
		synctest.Wait()
		in.in <- transfer{err: gousb.TransferNoDevice}
		for range 2 {
			if err := <-ended; !errors.Is(err, device.ErrGone) || !errors.Is(err, gousb.TransferNoDevice) {
				t.Error(err)
			}
		}
	})
}

func TestDeviceThatCannotBeRevivedIsGone(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		in.reviving = os.ErrPermission
		in.in <- transfer{err: gousb.TransferStall}
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, device.ErrGone) || !errors.Is(err, os.ErrPermission) {
			t.Error(err)
		}
	})
}

func TestEmptyTransfersAreNeitherBytesNorAnEnd(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		begin := time.Now()
		go func() {
			for range 100 {
				in.in <- transfer{}
			}
			in.in <- transfer{bytes: []byte{7}}
		}()
		b := make([]byte, 1)
		if _, err := c.Read(b); err != nil || b[0] != 7 {
			t.Errorf("%v, %v", b, err)
		}
		if waited := time.Since(begin); waited < 100*emptyPause {
			t.Errorf("looked 100 times in %v", waited)
		}
	})
}

func TestCloseFreesAWaitingReadAndWrite(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		ended := make(chan error, 2)
		go func() { _, err := c.Read(make([]byte, 1)); ended <- err }()
		go func() { _, err := c.Write(make([]byte, 1<<20)); ended <- err }()
		synctest.Wait()
		c.Close()
		for range 2 {
			if err := <-ended; !errors.Is(err, device.ErrGone) {
				t.Errorf("ended by %v", err)
			}
		}
	})
}

func TestWhatWasWrittenBeforeCloseReachesADeviceThatTakesIt(t *testing.T) {
	connected(t, func(c wire.Conn, in, out *endpoint) {
		go func() { time.Sleep(parting / 2); out.out <- good }()
		if _, err := c.Write([]byte("lamp off")); err != nil {
			t.Fatal(err)
		}
		c.Close()
		if got := out.taken.String(); got != "lamp off" {
			t.Errorf("the device took %q", got)
		}
	})
}

func TestThousandConnectionsLeaveNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 1000 {
		c := newConn(newEndpoint(), newEndpoint(), func() error { return nil })
		c.Close()
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

func TestFourPipesCarryHeadsAndBodiesApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var head, body, inHead, inBody = newEndpoint(), newEndpoint(), newEndpoint(), newEndpoint()
		c := newConn(&splitIn{head: inHead, body: inBody}, splitOut{head: head, body: body}, func() error { return nil })
		defer c.Close()
		// firmware-notes/sam-v "Commands", "Replies": find card.
		request := []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x20, 1, 0x22}
		reply := []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 8, 0, 0, 0x9F, 0, 0, 0, 0, 0x97}
		go func() {
			head.out <- good
			body.out <- good
			for range 2 {
				inHead.in <- transfer{bytes: reply[:7]}
				inBody.in <- transfer{bytes: reply[7:12]} // a body may come in pieces
				inBody.in <- transfer{bytes: reply[12:]}
			}
		}()
		if _, err := c.Write(request); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 2*len(reply))
		if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, slices.Concat(reply, reply)) {
			t.Errorf("% X, %v", got, err)
		}
		synctest.Wait()
		if !bytes.Equal(head.taken.Bytes(), request[:7]) || !bytes.Equal(body.taken.Bytes(), request[7:]) {
			t.Errorf("head % X, body % X", head.taken.Bytes(), body.taken.Bytes())
		}
	})
}

// asked answers requests on the control endpoint.
type asked func(requestType, request uint8, value, index uint16, data []byte) (int, error)

func (f asked) Control(requestType, request uint8, value, index uint16, data []byte) (int, error) {
	return f(requestType, request, value, index, data)
}

func TestPortStatusIsAskedOfThePrintersInterface(t *testing.T) {
	c := newPrinterConn(newEndpoint(), newEndpoint(), asked(func(requestType, request uint8, value, index uint16, data []byte) (int, error) {
		if requestType != 0xa1 || request != 1 || value != 0 || index != 2 || len(data) != 1 {
			t.Errorf("request %x %x %d %d for %d bytes", requestType, request, value, index, len(data))
		}
		data[0] = 0x38
		return 1, nil
	}), 2, func() error { return nil })
	if b, err := c.PortStatus(); b != 0x38 || err != nil {
		t.Errorf("%x, %v", b, err)
	}
	c.Close()
	if _, err := c.PortStatus(); err == nil {
		t.Errorf("after Close: %v", err)
	}
}
