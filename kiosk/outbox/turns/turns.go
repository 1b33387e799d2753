// Package turns says which waiting entry of an outbox is tried next, and when. It is pure: it reads no clock, and chance
// is an argument.
//
// Two pauses work together. An entry that failed stands back for a while, so that it does not stop the
// others; and a line on which everything fails is tried ever less often. An entry that has just been put is
// tried at once even so: somebody is standing there, and it may find the line restored.
//
// Of those that are due, the kind is chosen by its share of the line, and within the kind the oldest.
package turns

import (
	"cmp"
	"time"
)

// Queue holds the waiting entries. It is not locked.
type Queue struct {
	first, last time.Duration // pause after one failure; the longest pause
	turns       map[string]*turn
	failures    int       // in a row, whatever the entry
	resume      time.Time // the line is not tried before this, but for fresh entries
	shares      shares
}

type turn struct {
	id, kind string
	seq      int64
	fresh    bool // put by this process and not yet tried
	attempts int
	due      time.Time
	problem  string // how the last attempt ended
}

// New makes an empty queue: a pause of first after one failure, doubling up to last; shares of the line by kind, 1 for
// those not named.
func New(first, last time.Duration, shares map[string]int) *Queue {
	return &Queue{first: first, last: last, turns: make(map[string]*turn), shares: newShares(shares)}
}

// Len is how many entries wait.
func (q *Queue) Len() int { return len(q.turns) }

// Add takes an entry in. Of one kind that of the lowest seq is the oldest. One that is fresh, put just now, is tried at
// once, however the line is.
func (q *Queue) Add(id, kind string, seq int64, fresh bool) {
	others := make(map[string]bool)
	for _, t := range q.turns {
		others[t.kind] = true
	}
	if !others[kind] {
		q.shares.returns(kind, others)
	}
	q.turns[id] = &turn{id: id, kind: kind, seq: seq, fresh: fresh}
}

// Used records that an attempt at an entry held the line for so long, however it ended.
func (q *Queue) Used(id string, took time.Duration) {
	if t := q.turns[id]; t != nil {
		q.shares.used(t.kind, took)
	}
}

// Remove takes out an entry that waits no longer.
func (q *Queue) Remove(id string) { delete(q.turns, id) }

// Next gives the entry whose turn it is. If there is none it gives "" and the moment
// at which there will be, or the zero time if nothing waits.
func (q *Queue) Next(now time.Time) (id string, when time.Time) {
	var best *turn
	for _, t := range q.turns {
		if best == nil || q.before(t, best, now) {
			best = t
		}
	}
	if best == nil {
		return "", time.Time{}
	}
	if at := q.at(best); at.After(now) {
		return "", at
	}
	return best.id, now
}

// at is when an entry may be tried.
func (q *Queue) at(t *turn) time.Time {
	if !t.fresh && q.resume.After(t.due) {
		return q.resume
	}
	return t.due
}

// before orders entries that are due by what their kinds have had of the line and then by age, and the others by when
// they will be due.
func (q *Queue) before(a, b *turn, now time.Time) bool {
	aAt, bAt := q.at(a), q.at(b)
	aDue, bDue := !aAt.After(now), !bAt.After(now)
	if aDue && bDue {
		return cmp.Or(cmp.Compare(q.shares.had[a.kind], q.shares.had[b.kind]), cmp.Compare(a.seq, b.seq)) < 0
	}
	return cmp.Or(aAt.Compare(bAt), cmp.Compare(a.seq, b.seq)) < 0
}

// Failed records an attempt that brought no receipt. jitter in [0,1) spreads terminals that fail together.
func (q *Queue) Failed(id string, now time.Time, problem string, jitter float64) {
	q.failures++
	q.resume = now.Add(q.pause(q.failures, jitter))
	if t := q.turns[id]; t != nil {
		t.attempts++
		t.fresh, t.problem = false, problem
		t.due = now.Add(q.pause(t.attempts, jitter))
	}
}

// Succeeded records that the line works.
func (q *Queue) Succeeded() { q.failures, q.resume = 0, time.Time{} }

// pause doubles with each failure up to the longest, less up to half of it by jitter.
func (q *Queue) pause(failures int, jitter float64) time.Duration {
	d := q.first
	for range failures - 1 {
		if d >= q.last {
			break
		}
		d *= 2
	}
	d = min(d, q.last)
	return d - time.Duration(jitter*float64(d)/2)
}

// Tried tells how often an entry was tried since it was added, and how the last attempt ended.
func (q *Queue) Tried(id string) (attempts int, problem string) {
	if t := q.turns[id]; t != nil {
		return t.attempts, t.problem
	}
	return 0, ""
}
