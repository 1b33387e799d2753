package outbox

import (
	"cmp"
	"math/rand/v2"
	"time"
)

// schedule says which waiting entry is tried next, and when. It is pure but for the jitter.
//
// Two pauses work together. An entry that failed stands back for a while, so that it does not stop the
// others; and a line on which everything fails is tried ever less often. An entry that has just been put is
// tried at once even so: somebody is standing there, and it may find the line restored.
//
// Of those that are due, the kind is chosen by its share of the line, and within the kind the oldest.
type schedule struct {
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

func newSchedule(waiting []row, config Config) *schedule {
	s := &schedule{first: config.FirstRetry, last: config.LastRetry, turns: make(map[string]*turn), shares: newShares(config.Shares)}
	for _, r := range waiting {
		s.turns[r.id] = &turn{id: r.id, kind: r.kind, seq: r.seq}
	}
	return s
}

func (s *schedule) len() int { return len(s.turns) }

// add takes a new entry in.
func (s *schedule) add(id, kind string, seq int64) {
	others := make(map[string]bool)
	for _, t := range s.turns {
		others[t.kind] = true
	}
	if !others[kind] {
		s.shares.returns(kind, others)
	}
	s.turns[id] = &turn{id: id, kind: kind, seq: seq, fresh: true}
}

// used records that an attempt at an entry held the line for so long, however it ended.
func (s *schedule) used(id string, took time.Duration) {
	if t := s.turns[id]; t != nil {
		s.shares.used(t.kind, took)
	}
}

func (s *schedule) remove(id string) { delete(s.turns, id) }

// next gives the entry whose turn it is. If there is none it gives "" and the moment
// at which there will be, or the zero time if nothing waits.
func (s *schedule) next(now time.Time) (id string, when time.Time) {
	var best *turn
	for _, t := range s.turns {
		if best == nil || s.before(t, best, now) {
			best = t
		}
	}
	if best == nil {
		return "", time.Time{}
	}
	if at := s.at(best); at.After(now) {
		return "", at
	}
	return best.id, now
}

// at is when an entry may be tried.
func (s *schedule) at(t *turn) time.Time {
	if !t.fresh && s.resume.After(t.due) {
		return s.resume
	}
	return t.due
}

// before orders entries that are due by what their kinds have had of the line and then by age, and the others by when
// they will be due.
func (s *schedule) before(a, b *turn, now time.Time) bool {
	aAt, bAt := s.at(a), s.at(b)
	aDue, bDue := !aAt.After(now), !bAt.After(now)
	if aDue && bDue {
		return cmp.Or(cmp.Compare(s.shares.had[a.kind], s.shares.had[b.kind]), cmp.Compare(a.seq, b.seq)) < 0
	}
	return cmp.Or(aAt.Compare(bAt), cmp.Compare(a.seq, b.seq)) < 0
}

// failed records an attempt that brought no receipt. jitter in [0,1) spreads terminals that fail together.
func (s *schedule) failed(id string, now time.Time, problem string, jitter float64) {
	s.failures++
	s.resume = now.Add(s.pause(s.failures, jitter))
	if t := s.turns[id]; t != nil {
		t.attempts++
		t.fresh, t.problem = false, problem
		t.due = now.Add(s.pause(t.attempts, jitter))
	}
}

// succeeded records that the line works.
func (s *schedule) succeeded() { s.failures, s.resume = 0, time.Time{} }

// pause doubles with each failure up to the longest, less up to half of it by jitter.
func (s *schedule) pause(failures int, jitter float64) time.Duration {
	d := s.first
	for range failures - 1 {
		if d >= s.last {
			break
		}
		d *= 2
	}
	d = min(d, s.last)
	return d - time.Duration(jitter*float64(d)/2)
}

func jitter() float64 { return rand.Float64() }
