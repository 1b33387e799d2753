package idcard

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"yimen/drivers/device"
)

// asking gives a link whose other end hears every request in turn.
func asking(t *testing.T, device func(c net.Conn, nth int)) *link {
	host, dev := net.Pipe()
	t.Cleanup(func() { host.Close() })
	go func() {
		defer dev.Close()
		for nth := 1; ; nth++ {
			if _, err := io.ReadFull(dev, make([]byte, 10)); err != nil {
				return
			}
			device(dev, nth)
		}
	}()
	return &link{conn: host}
}

func TestLinkFaultIsSentOnceMoreAndNotTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		l := asking(t, func(c net.Conn, nth int) {
			asked = nth
			if nth == 2 {
				c.Write(answerOf(done))
				return
			}
			c.Write(answerOf(badChecksum))
		})
		if r, err := l.ask(samStatus, time.Second); err != nil || r.sw != done || asked != 2 {
			t.Errorf("answer %02X after %d requests, %v", r.sw, asked, err)
		}
		if r, err := l.ask(samStatus, time.Second); err != nil || r.sw != badChecksum || asked != 4 {
			t.Errorf("answer %02X after %d requests, %v", r.sw, asked, err)
		}
	})
}

func TestLateAnswerIsNotTakenForTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := asking(t, func(c net.Conn, nth int) {
			if nth == 1 {
				time.Sleep(1050 * time.Millisecond)
				c.Write(answerOf(cardFound, 0, 0, 0, 0))
				return
			}
			c.Write(answerOf(noNewCard))
		})
		if _, err := l.ask(findCard, time.Second); !errors.Is(err, device.ErrSilent) {
			t.Fatalf("got %v", err)
		}
		if r, err := l.ask(findCard, time.Second); err != nil || r.sw != noNewCard {
			t.Errorf("answer %02X, %v", r.sw, err)
		}
	})
}
