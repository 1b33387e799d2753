package outbox

import (
	"context"
	"fmt"
	"time"
)

// Stats is the outbox in numbers, for the heartbeat and the staff screen.
type Stats struct {
	Waiting, Delivered, Quarantined int
	WaitingBytes                    int64
	Oldest                          time.Time // when the oldest waiting entry was put; zero if none waits
}

// Summary is one entry as staff may see it.
type Summary struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	State    State     `json:"state"`
	Size     int64     `json:"size"` // bytes of the file when it was put
	PutAt    time.Time `json:"put_at"`
	Attempts int       `json:"attempts"` // by this process
	Problem  string    `json:"problem"`  // why it is quarantined, or how the last attempt ended; for technicians
}

// Stats counts the entries.
func (o *Outbox) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	list, err := o.List(ctx)
	if err != nil {
		return s, fmt.Errorf("outbox stats: %w", err)
	}
	for _, e := range list {
		switch e.State {
		case Quarantined:
			s.Quarantined++
		case Waiting:
			if s.Waiting == 0 {
				s.Oldest = e.PutAt
			}
			s.Waiting++
			s.WaitingBytes += e.Size
		}
	}
	if s.Delivered, err = o.rows.delivered(ctx); err != nil {
		return s, fmt.Errorf("outbox stats: %w", err)
	}
	return s, nil
}

// List gives the entries that are not delivered, oldest first. Delivered ones are many; Receipt proves each.
func (o *Outbox) List(ctx context.Context) ([]Summary, error) {
	open, err := o.rows.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("list outbox: %w", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	list := make([]Summary, 0, len(open))
	for _, r := range open {
		s := Summary{ID: r.id, Kind: r.kind, State: r.state, Size: r.size, PutAt: r.putAt, Problem: r.reason}
		if r.state == Waiting {
			s.Attempts, s.Problem = o.queue.Tried(r.id)
		}
		list = append(list, s)
	}
	return list, nil
}
