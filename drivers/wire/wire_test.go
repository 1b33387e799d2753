package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
)

func TestTCPPortCarriesBytesAndSaysWhenNobodyIsThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		io.Copy(c, c)
		c.Close()
	}()
	port := TCP{Addr: l.Addr().String()}
	c, err := port.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("echo")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(c, got); err != nil || string(got) != "echo" {
		t.Errorf("%q, %v", got, err)
	}
	c.Close()
	l.Close()
	if _, err := port.Open(); !errors.Is(err, device.ErrGone) {
		t.Errorf("got %v", err)
	}
}

// flaky is a port that is there only at every third Open.
type flaky struct{ opened, closed int }

func (f *flaky) Open() (Conn, error) {
	if f.opened++; f.opened%3 != 0 {
		return nil, device.ErrGone
	}
	c, _ := net.Pipe()
	return counted{c, f}, nil
}

func (f *flaky) String() string { return "flaky" }

type counted struct {
	net.Conn
	of *flaky
}

func (c counted) Close() error { c.of.closed++; return c.Conn.Close() }

func TestKeepReopensAndClosesWhatItOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		port := &flaky{}
		ctx, cancel := context.WithCancel(t.Context())
		sessions, lost := 0, 0
		err := Keep(ctx, port, time.Second, func(ctx context.Context, c Conn) error {
			if sessions++; sessions == 5 {
				cancel()
			}
			return io.EOF
		}, func(error) { lost++ })
		synctest.Wait()
		if !errors.Is(err, context.Canceled) || sessions != 5 || lost != 14 || port.closed != 5 {
			t.Errorf("%v: %d sessions, %d lost, %d closed", err, sessions, lost, port.closed)
		}
	})
}

func TestEndOfContextFreesASessionThatReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			time.Sleep(time.Minute)
			cancel()
		}()
		err := Keep(ctx, &flaky{opened: 2}, time.Second, func(ctx context.Context, c Conn) error {
			_, err := c.Read(make([]byte, 1))
			return err
		}, func(error) { t.Error("lost") })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
