package line

import (
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestConnectionsOfAClientTogetherKeepToItsBandwidth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rate, each, count = 1000, 5000, 3
		p := &Pace{rate: rate}
		begun := time.Now()
		var all sync.WaitGroup
		for range count {
			here, there := net.Pipe()
			all.Go(func() {
				if n, err := Paced(here, p).Write(make([]byte, each)); n != each || err != nil {
					t.Errorf("%d bytes sent, %v", n, err)
				}
				here.Close()
			})
			all.Go(func() {
				if n, err := io.Copy(io.Discard, there); n != each || err != nil {
					t.Errorf("%d bytes came, %v", n, err)
				}
			})
		}
		all.Wait()
		// All but the last slice have been waited for.
		if took, want := time.Since(begun), time.Duration(count*each-rate/slicesASecond)*time.Second/rate; took != want {
			t.Errorf("took %v, want %v", took, want)
		}
	})
}

func TestAPauseIsNotSavedUp(t *testing.T) {
	p, now := &Pace{rate: 100}, time.Now()
	p.take(100, now)
	now = now.Add(time.Hour)
	if wait := p.take(100, now); wait != 0 {
		t.Errorf("waits %v after an hour's pause", wait)
	}
	if wait := p.take(100, now); wait != time.Second {
		t.Errorf("waits %v after 100 bytes at 100 a second", wait)
	}
}

func TestAConnectionThatIsGoneEndsTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		there.Close()
		if n, err := Paced(here, &Pace{rate: 10}).Write(make([]byte, 1000)); err == nil || n != 0 {
			t.Errorf("%d bytes sent into nothing, %v", n, err)
		}
		here.Close()
	})
}
