package usb

import (
	"context"
	"slices"
	"sync"
)

// roomInPipe is how many bytes wait in a pipe for the host before a device that says more has to wait.
const roomInPipe = 64 << 10

// Pipe holds what a device has to say on one IN endpoint: transfers, each of which ends with a short packet.
type Pipe struct {
	maxPacket int

	mu      sync.Mutex
	changed chan struct{}
	waiting [][]byte
	size    int
}

// NewPipe gives an empty pipe for an endpoint with packets of so many bytes.
func NewPipe(maxPacket int) *Pipe { return &Pipe{maxPacket: maxPacket, changed: make(chan struct{})} }

// change does what under the lock and wakes who waits.
func (p *Pipe) change(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
	close(p.changed)
	p.changed = make(chan struct{})
}

// Push queues a transfer of the pipe's own copy of data, and waits while the pipe is full.
func (p *Pipe) Push(ctx context.Context, data []byte) error {
	for {
		p.mu.Lock()
		full, changed := p.size > 0 && p.size+len(data) > roomInPipe, p.changed
		p.mu.Unlock()
		if !full {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
	p.Put(data)
	return ctx.Err()
}

// Put is Push without waiting, for what must not be held up.
func (p *Pipe) Put(data []byte) {
	p.change(func() { p.waiting = append(p.waiting, slices.Clone(data)); p.size += len(data) })
}

// Take waits for a transfer and gives what of it fits into n bytes; the rest is the next transfer. A packet that
// is larger than the room left for it is babble, and lost, as on a bus.
func (p *Pipe) Take(ctx context.Context, n int) ([]byte, error) {
	for {
		p.mu.Lock()
		if len(p.waiting) > 0 {
			defer p.mu.Unlock()
			return p.take(n)
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-changed:
		}
	}
}

// take is Take when a transfer waits. The caller holds mu.
func (p *Pipe) take(n int) ([]byte, error) {
	first, end, err := p.waiting[0], n, error(nil)
	switch {
	case len(first) <= n:
		end = len(first)
	case n%p.maxPacket != 0:
		end, err = min(len(first), n-n%p.maxPacket+p.maxPacket), ErrBabble
	}
	p.size -= end
	if p.waiting[0] = first[end:]; end == len(first) {
		p.waiting = p.waiting[1:]
	}
	close(p.changed)
	p.changed = make(chan struct{})
	if err != nil {
		return nil, err
	}
	return first[:end], nil
}

// Return puts data back ahead of all that waits.
func (p *Pipe) Return(data []byte) {
	p.change(func() { p.waiting = slices.Insert(p.waiting, 0, data); p.size += len(data) })
}

// Clear forgets all that waits.
func (p *Pipe) Clear() { p.change(func() { p.waiting, p.size = nil, 0 }) }
