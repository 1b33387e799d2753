package desk

import (
	"context"
	"sync"
)

// board shows one value to many readers; each sees the latest, and none holds the writer up.
type board[T any] struct {
	mu      sync.Mutex
	value   T
	shown   bool
	readers map[chan T]struct{}
}

// set shows a new value.
func (b *board[T]) set(v T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.value, b.shown = v, true
	for c := range b.readers {
		offer(c, v)
	}
}

// offer replaces whatever the reader has not taken yet; the board's lock keeps writers apart.
func offer[T any](c chan T, v T) {
	select {
	case <-c:
	default:
	}
	c <- v
}

// watch gives the present value, if there is one, and every later one until ctx ends.
func (b *board[T]) watch(ctx context.Context) <-chan T {
	c := make(chan T, 1)
	b.mu.Lock()
	if b.readers == nil {
		b.readers = map[chan T]struct{}{}
	}
	b.readers[c] = struct{}{}
	if b.shown {
		c <- b.value
	}
	b.mu.Unlock()
	context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.readers, c)
		close(c)
	})
	return c
}
