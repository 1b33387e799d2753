package answers

import (
	"sync"
	"time"
)

// Tries counts wrong codes by slip number, and closes a number for a while after too many. It counts numbers that do not
// exist as it counts those that do. Lost at a restart, which nobody outside can bring about. Made by its literal; it may be
// used by several goroutines.
type Tries struct {
	Most  int           // wrong codes until a number is closed
	Close time.Duration // for how long, and how long a wrong code is remembered
	Now   func() time.Time

	mu    sync.Mutex
	wrong map[string]tried
}

// DefaultTries is domain.md §3.6: five failures; and an hour, in which the staff at the desk can help.
func DefaultTries(now func() time.Time) *Tries {
	return &Tries{Most: 5, Close: time.Hour, Now: now}
}

type tried struct {
	times int
	last  time.Time
}

// remembered bounds the numbers kept in memory; beyond it the oldest are forgotten, which opens a number too early rather
// than closing the door to everybody.
const remembered = 100_000

// Closed tells whether the number is closed now.
func (t *Tries) Closed(slipNo string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at(slipNo).times >= t.Most
}

// Failed counts a wrong code.
func (t *Tries) Failed(slipNo string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.wrong) >= remembered {
		t.sweep()
	}
	if t.wrong == nil {
		t.wrong = map[string]tried{}
	}
	t.wrong[slipNo] = tried{t.at(slipNo).times + 1, t.Now()}
}

// Passed forgets the wrong codes of a number whose code was right.
func (t *Tries) Passed(slipNo string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.wrong, slipNo)
}

// at gives what is remembered of a number. The caller holds the lock.
func (t *Tries) at(slipNo string) tried {
	w := t.wrong[slipNo]
	if t.Now().Sub(w.last) >= t.Close {
		return tried{}
	}
	return w
}

// sweep forgets what is over, and the older half where that is not enough. The caller holds the lock.
func (t *Tries) sweep() {
	now := t.Now()
	for _, age := range []time.Duration{t.Close, t.Close / 2, 0} {
		for no, w := range t.wrong {
			if now.Sub(w.last) >= age {
				delete(t.wrong, no)
			}
		}
		if len(t.wrong) < remembered/2 {
			return
		}
	}
}
