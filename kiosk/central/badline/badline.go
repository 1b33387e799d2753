// Package badline is a TCP line that fails: on order, or by chance from a seed. A client speaks through it to a central
// that knows nothing of it. It is for tests and for simulated terminals.
package badline

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Faults is what is wrong with a line. The zero value is a good line.
type Faults struct {
	// Chance is how likely a stretch of at most 16 KiB, in either direction, meets one of the troubles: cut in the
	// middle, reset, held up for Stall, or a bit turned over.
	Chance float64
	Stall  time.Duration
	// Delay is what every stretch takes besides.
	Delay time.Duration
	// Rate bounds each direction of each connection in bytes a second, in stretches of a millisecond's or single bytes.
	// Unbounded if 0.
	Rate int64
	// Down resets every connection, also those that stand.
	Down bool
	// Portal answers each connection with a page of somebody else's.
	Portal bool
}

// Counts tells what happened so far.
type Counts struct {
	Connections, Cuts, Resets, Stalls, Flips int64
	Up, Down                                 int64 // bytes that went through
}

// Faulty is how many troubles there were by chance.
func (c Counts) Faulty() int64 { return c.Cuts + c.Resets + c.Stalls + c.Flips }

// Line is an open line. Its methods may be called while it runs.
type Line struct {
	listener net.Listener

	mu     sync.Mutex
	to     string
	faults Faults
	chance *rand.Rand
	open   map[net.Conn]bool

	connections, cuts, resets, stalls, flips, up, down atomic.Int64
}

const (
	stretch = 16 << 10 // bytes
	held    = 4 << 10  // bytes
)

// Open listens on a free port of this machine for connections that go on to the address to. The caller runs it.
func Open(to string, seed uint64) (*Line, error) {
	// A line holds little: what has not come through is still with the one who sends it.
	little := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		return errors.Join(c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, held) }), err)
	}}
	listener, err := little.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &Line{to: to, listener: listener, chance: rand.New(rand.NewPCG(seed, 0)), open: make(map[net.Conn]bool)}, nil
}

// Addr is where the line begins: host and port.
func (l *Line) Addr() string { return l.listener.Addr().String() }

// Set makes the line as bad as f says from now on.
func (l *Line) Set(f Faults) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = f
	if f.Down || f.Portal {
		for conn := range l.open {
			reset(conn)
		}
	}
}

// LeadTo has the connections that begin from now on go on to another address.
func (l *Line) LeadTo(to string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to = to
}

// current is how the line is now, and where it leads to.
func (l *Line) current() (Faults, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.faults, l.to
}

// Counts tells what happened so far.
func (l *Line) Counts() Counts {
	return Counts{Connections: l.connections.Load(), Cuts: l.cuts.Load(), Resets: l.resets.Load(), Stalls: l.stalls.Load(),
		Flips: l.flips.Load(), Up: l.up.Load(), Down: l.down.Load()}
}

// Run carries connections until ctx ends, and closes the line.
func (l *Line) Run(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	stop := context.AfterFunc(ctx, func() {
		_ = l.listener.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		for conn := range l.open {
			reset(conn)
		}
	})
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := l.listener.Accept()
		if ctx.Err() != nil {
			if err == nil {
				reset(conn)
			}
			return nil
		}
		if err != nil {
			return err
		}
		l.connections.Add(1)
		all.Go(func() { l.carry(ctx, conn) })
	}
}

// page is what a portal says to everybody, in whatever protocol it was asked.
const page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 48\r\nConnection: close\r\n\r\n" +
	"<!doctype html><title>Wi-Fi</title><p>Sign in.\r\n"

func (l *Line) carry(ctx context.Context, near net.Conn) {
	defer near.Close()
	f, to := l.current()
	switch {
	case f.Down:
		reset(near)
		return
	case f.Portal:
		_, _ = io.WriteString(near, page)
		return
	}
	far, err := (&net.Dialer{}).DialContext(ctx, "tcp", to)
	if err != nil {
		reset(near)
		return
	}
	defer far.Close()
	l.hold(near, far)
	defer l.release(near, far)
	if ctx.Err() != nil { // the end did not see them
		return
	}
	var both sync.WaitGroup
	both.Go(func() { l.pump(ctx, near, far, &l.up) })
	both.Go(func() { l.pump(ctx, far, near, &l.down) })
	both.Wait()
}

func (l *Line) hold(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		l.open[c] = true
	}
}

func (l *Line) release(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		delete(l.open, c)
	}
}

// pump carries one direction until it ends or meets a trouble that ends both.
func (l *Line) pump(ctx context.Context, from, to net.Conn, carried *atomic.Int64) {
	buffer := make([]byte, stretch)
	for {
		f, _ := l.current()
		size := len(buffer)
		if f.Rate > 0 {
			size = int(min(max(f.Rate/1000, 1), stretch))
		}
		n, err := from.Read(buffer[:size])
		b := buffer[:n]
		if n > 0 {
			if !wait(ctx, f, n) {
				return
			}
			if b, err = l.trouble(ctx, f, b, err); len(b) > 0 {
				if _, werr := to.Write(b); werr != nil {
					err = werr
				}
				carried.Add(int64(len(b)))
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			if tcp, ok := to.(*net.TCPConn); ok {
				_ = tcp.CloseWrite() // the other direction may go on
			}
			return
		case errors.Is(err, errReset):
			reset(from)
			reset(to)
			return
		default:
			from.Close()
			to.Close()
			return
		}
	}
}

// wait takes the time that n bytes take. It answers false if ctx ended meanwhile.
func wait(ctx context.Context, f Faults, n int) bool {
	d := f.Delay
	if f.Rate > 0 {
		d += time.Duration(n) * time.Second / time.Duration(f.Rate)
	}
	return pause(ctx, d)
}

func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

var (
	errCut   = errors.New("line was cut")
	errReset = errors.New("line was reset")
)

// trouble is what becomes of a stretch: what of it goes on, and how the line is afterwards.
func (l *Line) trouble(ctx context.Context, f Faults, b []byte, err error) ([]byte, error) {
	l.mu.Lock()
	hit, kind, at := l.chance.Float64() < f.Chance, l.chance.IntN(4), l.chance.IntN(len(b))
	l.mu.Unlock()
	if !hit {
		return b, err
	}
	switch kind {
	case 0:
		l.cuts.Add(1)
		return b[:at], errCut
	case 1:
		l.resets.Add(1)
		return b[:at], errReset
	case 2:
		l.stalls.Add(1)
		if !pause(ctx, f.Stall) {
			return nil, errCut
		}
		return b, err
	default:
		l.flips.Add(1)
		b[at] ^= 1
		return b, err
	}
}

// reset ends a connection with an RST.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}
