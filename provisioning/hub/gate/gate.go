// Package gate bounds how many connections the hub holds, so that those who come in great numbers and say little keep
// nobody else out. Whoever has shown no certificate yet counts by address, whoever has counts by the certificate's name.
// When there are too many, the oldest of the largest group goes. Everybody has a moment, though: when many come at the same
// time, as after a power cut in a district, those who were let in are served, and the others are turned away to come again.
package gate

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits is how many connections are held at most. Zero means the value in brackets.
type Limits struct {
	Strangers     int // without a certificate so far, in all [1024]
	StrangersFrom int // and from one address [128]: many terminals may stand behind one
	Known         int // with a certificate, in all [8192]
	KnownAs       int // and under one name [16]: a terminal's client opens half as many
}

func (l Limits) orDefaults() Limits {
	or := func(n *int, value int) {
		if *n == 0 {
			*n = value
		}
	}
	or(&l.Strangers, 1024)
	or(&l.StrangersFrom, 128)
	or(&l.Known, 8192)
	or(&l.KnownAs, 16)
	return l
}

// Gate is a listener that holds so many connections. The server that accepts from it has to tell it their states.
type Gate struct {
	net.Listener
	log *slog.Logger
	now func() time.Time

	mu        sync.Mutex
	strangers crowd
	known     crowd
	sent      int       // away since the last line in the log
	told      time.Time // when that was
}

// tellEvery keeps a flood of connections from being a flood of lines.
const tellEvery = time.Second

// New makes a gate before l.
func New(l net.Listener, limits Limits, log *slog.Logger) *Gate {
	limits = limits.orDefaults()
	return &Gate{Listener: l, log: log, now: time.Now,
		strangers: newCrowd(limits.Strangers, limits.StrangersFrom), known: newCrowd(limits.Known, limits.KnownAs)}
}

// Accept implements net.Listener.
func (g *Gate) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	address := conn.RemoteAddr().String()
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	guest := &guest{Conn: conn, gate: g}
	g.let(&g.strangers, guest, address)
	return guest, nil // closed already, if it was one too many
}

// Note is the server's ConnState: with its first request a connection's certificate is known.
func (g *Gate) Note(conn net.Conn, state http.ConnState) {
	secure, ok := conn.(*tls.Conn)
	if !ok || state != http.StateActive {
		return
	}
	shown := secure.ConnectionState().PeerCertificates
	if guest, ok := secure.NetConn().(*guest); ok && len(shown) > 0 {
		g.recognise(guest, shown[0].Subject.String())
	}
}

// recognise moves a stranger to those who are known.
func (g *Gate) recognise(who *guest, name string) {
	g.mu.Lock()
	stranger := g.strangers.remove(who)
	g.mu.Unlock()
	if stranger {
		g.let(&g.known, who, name)
	}
}

// let takes a guest in and sends away whom it is one too many for.
func (g *Gate) let(into *crowd, who *guest, group string) {
	g.mu.Lock()
	away, from := into.add(who, group, g.now())
	tell := 0
	if away != nil {
		if g.sent++; g.now().Sub(g.told) >= tellEvery {
			g.told, tell, g.sent = g.now(), g.sent, 0
		}
	}
	g.mu.Unlock()
	if away != nil {
		_ = away.Close() // whoever reads or writes there hears of it
	}
	if tell > 0 {
		g.log.Warn("connections sent away to make room", "count", tell, "last", from)
	}
}

// guest is a connection that is counted until it is closed.
type guest struct {
	net.Conn
	gate  *Gate
	since time.Time // in its crowd
}

// Close implements net.Conn. It may be called again.
func (c *guest) Close() error {
	c.gate.mu.Lock()
	if !c.gate.strangers.remove(c) {
		c.gate.known.remove(c)
	}
	c.gate.mu.Unlock()
	return c.Conn.Close()
}
