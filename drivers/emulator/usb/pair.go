package usb

import (
	"context"
	"io"
)

// fifo is how many bytes of a transfer to the device are taken at a time.
const fifo = 4096

// Pair is a pair of endpoints that carry bytes, for a protocol that knows of no USB.
type Pair struct {
	ToHost *Pipe
	toUs   chan []byte
}

// NewPair gives a pair whose IN endpoint has packets of so many bytes.
func NewPair(maxPacket int) *Pair { return &Pair{ToHost: NewPipe(maxPacket), toUs: make(chan []byte)} }

// Serve runs a protocol on the pair until ctx ends. What was said to the host before is forgotten.
func (p *Pair) Serve(ctx context.Context, protocol func(context.Context, io.ReadWriter) error) error {
	p.ToHost.Clear()
	return protocol(ctx, &link{ctx: ctx, pair: p})
}

// Give hands bytes of the host to the protocol and waits while it does not read. It gives how many were taken.
func (p *Pair) Give(ctx context.Context, data []byte) (int, error) {
	for n := 0; n < len(data); {
		piece := data[n:min(n+fifo, len(data))]
		select {
		case <-ctx.Done():
			return n, ctx.Err()
		case p.toUs <- piece:
			n += len(piece)
		}
	}
	return len(data), nil
}

// link is the protocol's end of a pair. Each Write is one transfer.
type link struct {
	ctx  context.Context
	pair *Pair
	rest []byte
}

func (l *link) Read(b []byte) (int, error) {
	if len(l.rest) == 0 {
		select {
		case <-l.ctx.Done():
			return 0, io.EOF
		case l.rest = <-l.pair.toUs:
		}
	}
	n := copy(b, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func (l *link) Write(b []byte) (int, error) {
	if err := l.pair.ToHost.Push(l.ctx, b); err != nil {
		return 0, io.ErrClosedPipe
	}
	return len(b), nil
}
