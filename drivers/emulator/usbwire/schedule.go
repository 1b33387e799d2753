package usbwire

import (
	"context"
	"sync"
)

// Bounds of what a host may have under way at a time.
const (
	largestTransfer = 4 << 20 // bytes; Linux' usbfs and its drivers stay far below
	mostTransfers   = 1024    // on one endpoint
	mostBytes       = 64 << 20
)

// transfer is one that waits for its turn.
type transfer struct {
	ctx  context.Context
	end  context.CancelFunc
	id   uint64
	size int // bytes that wait with it
	run  func(context.Context) reply
}

// reply tells the host how a transfer ended. wanted is false when the host has cancelled it.
type reply func(wanted bool)

// schedule runs a host's transfers: those of one endpoint one after the other, those of different ones at once.
type schedule struct {
	ctx context.Context
	wg  sync.WaitGroup

	mu      sync.Mutex
	pending map[uint64]*transfer  // neither answered nor cancelled
	bytes   int                   // of all that wait
	queues  map[uint8][]*transfer // an entry, also an empty one, means that somebody works on it
}

func newSchedule(ctx context.Context) *schedule {
	return &schedule{ctx: ctx, pending: map[uint64]*transfer{}, queues: map[uint8][]*transfer{}}
}

// add has run called when the endpoint is free, and then its reply. size is how many bytes wait with it. The context of a
// transfer that was cancelled is done; run is called all the same. False means that the host has too much under way.
func (s *schedule) add(endpoint uint8, id uint64, size int, run func(context.Context) reply) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue, busy := s.queues[endpoint]
	if _, twice := s.pending[id]; twice || len(queue) >= mostTransfers || s.bytes+size > mostBytes {
		return false
	}
	s.bytes += size
	t := &transfer{id: id, size: size, run: run}
	t.ctx, t.end = context.WithCancel(s.ctx)
	s.pending[id] = t
	s.queues[endpoint] = append(queue, t)
	if !busy {
		s.wg.Go(func() { s.work(endpoint) })
	}
	return true
}

// work runs what waits on an endpoint.
func (s *schedule) work(endpoint uint8) {
	for {
		s.mu.Lock()
		queue := s.queues[endpoint]
		if len(queue) == 0 {
			delete(s.queues, endpoint)
			s.mu.Unlock()
			return
		}
		next := queue[0]
		s.queues[endpoint] = queue[1:]
		s.bytes -= next.size
		s.mu.Unlock()
		tell := next.run(next.ctx)
		next.end()
		tell(s.strike(next)) // the host may use the number again as soon as it is told
	}
}

// strike takes a transfer off the list; false when it is not there, because it was cancelled.
func (s *schedule) strike(t *transfer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending[t.id] != t { // its number may be in use again
		return false
	}
	delete(s.pending, t.id)
	return true
}

// cancel ends a transfer and takes it off the list; false when it is not there, because it was answered or cancelled.
func (s *schedule) cancel(id uint64) bool {
	s.mu.Lock()
	t, ok := s.pending[id]
	s.mu.Unlock()
	if !ok || !s.strike(t) {
		return false
	}
	t.end()
	return true
}

// wait returns when every transfer has ended; that takes the end of the context.
func (s *schedule) wait() { s.wg.Wait() }
