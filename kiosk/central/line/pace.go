package line

import (
	"net"
	"sync"
	"time"
)

// Pace spreads what goes up over time, so that a terminal leaves room on a line that others use too. All connections of
// a client share one. A nil Pace is no bound.
type Pace struct {
	rate int64 // bytes a second
	mu   sync.Mutex
	free time.Time // when everything sent so far is paid for
}

// NewPace bounds to rate bytes a second; 0 is no bound.
func NewPace(rate int64) *Pace {
	if rate == 0 {
		return nil
	}
	return &Pace{rate: rate}
}

// slicesASecond is into how many writes a second's bytes are cut: a connection that is closed waits for one at most.
const slicesASecond = 10

// take reserves n bytes and gives how long to wait before they are sent.
func (p *Pace) take(n int, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.free.Before(now) {
		p.free = now
	}
	wait := p.free.Sub(now)
	p.free = p.free.Add(time.Duration(n) * time.Second / time.Duration(p.rate))
	return wait
}

// Paced makes conn send no faster than a pace, together with the others of that pace.
func Paced(conn net.Conn, by *Pace) net.Conn { return paced{conn, by} }

type paced struct {
	net.Conn
	pace *Pace
}

func (c paced) Write(b []byte) (sent int, err error) {
	if c.pace == nil {
		return c.Conn.Write(b)
	}
	for len(b) > 0 {
		piece := b[:min(int64(len(b)), max(c.pace.rate/slicesASecond, 1))]
		time.Sleep(c.pace.take(len(piece), time.Now()))
		n, err := c.Conn.Write(piece)
		sent += n
		if err != nil {
			return sent, err
		}
		b = b[len(piece):]
	}
	return sent, nil
}
