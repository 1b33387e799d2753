// Package alarm judges a terminal by its heartbeats: down is another thing than stuck, and an alarm that lasts is told
// again, but not for ever. It is pure: heartbeats and moments go in, alarms come out.
package alarm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what is wrong.
type Kind string

// The kinds, by what somebody does about it.
const (
	Down        Kind = "down"         // no heartbeat: go there, or look at the line
	StuckScreen Kind = "stuck-screen" // heartbeats come, and the screen of a visit has not changed: go there
	StuckOutbox Kind = "stuck-outbox" // heartbeats come, and what waits is not delivered: look at the outbox
	Quarantine  Kind = "quarantine"   // envelopes were set aside: look at them
	Clock       Kind = "clock"        // its clock is wrong: set it
	Journal     Kind = "journal"      // its journal went back: somebody changed it, or it was damaged
	Device      Kind = "device"       // a device is broken or gone: repair it
)

// Kinds are all of them, the most pressing first.
func Kinds() []Kind {
	return []Kind{Down, StuckScreen, Journal, StuckOutbox, Quarantine, Device, Clock}
}

// Limits say from when on something is wrong, and how often that is told.
type Limits struct {
	Down    time.Duration // without a heartbeat
	Screen  time.Duration // without a change on the screen of a visit: longer than it is left alone
	Outbox  time.Duration // without a delivery while something waits
	Device  time.Duration // not working
	Skew    time.Duration // of the clock, either way
	Repeat  time.Duration // between two tellings
	Repeats int           // so often; then once a day
}

// DefaultLimits are for heartbeats each minute.
func DefaultLimits() Limits {
	return Limits{
		Down: 3 * time.Minute, Screen: 15 * time.Minute, Outbox: time.Hour, Device: 10 * time.Minute, Skew: 2 * time.Minute,
		Repeat: time.Hour, Repeats: 8,
	}
}

// Beat is what a heartbeat says, as far as it is judged.
type Beat struct {
	Resting     bool          // nobody is at the screen
	ScreenAge   time.Duration // since anything on it changed
	Waiting     int           // in the outbox
	Delivered   int           // from the outbox, ever
	Quarantined int
	Skew        time.Duration // how far its clock is ahead
	Broken      []string      // devices that do not work
	Journal     string        // the journal's head, number:sum; empty before the first record
}

// Phase says whether an alarm begins, goes on, or is over.
type Phase string

// The phases.
const (
	Raised   Phase = "raised"
	Repeated Phase = "repeated"
	Ended    Phase = "ended"
)

// Alarm is one telling.
type Alarm struct {
	Kind   Kind
	Phase  Phase
	Since  time.Time
	Detail string // numbers and words of closed sets, for a technician
}

// Open is an alarm that lasts.
type Open struct {
	Since  time.Time `json:"since"`
	Told   time.Time `json:"told"`  // the last time
	Times  int       `json:"times"` // told
	Detail string    `json:"detail"`
}

// Watch is what is known of one terminal. It is a value: Beat and Tick give the next one.
type Watch struct {
	Last      time.Time     `json:"last"`      // heartbeat
	Moved     time.Time     `json:"moved"`     // when the outbox was seen to move, or to be empty
	Delivered int           `json:"delivered"` // then
	Broken    time.Time     `json:"broken"`    // since when a device does not work; zero if all do
	Head      string        `json:"head"`      // the furthest that its journal was seen
	Open      map[Kind]Open `json:"open"`
}

// Beat takes a heartbeat that came at a moment.
func (w Watch) Beat(b Beat, at time.Time, l Limits) (Watch, []Alarm) {
	w = w.copied()
	if w.Last.IsZero() || at.Sub(w.Last) >= l.Down || b.Waiting == 0 || b.Delivered != w.Delivered {
		w.Moved = at // a line that was dead is given time to carry what waited
	}
	w.Last, w.Delivered = at, b.Delivered
	switch {
	case len(b.Broken) == 0:
		w.Broken = time.Time{}
	case w.Broken.IsZero():
		w.Broken = at
	}
	var told []Alarm
	judge := func(kind Kind, wrong bool, detail string) { told = w.judge(told, kind, wrong, at, l, detail) }
	judge(Down, false, "")
	judge(StuckScreen, !b.Resting && b.ScreenAge >= l.Screen, "unchanged for "+b.ScreenAge.Round(time.Second).String())
	judge(StuckOutbox, at.Sub(w.Moved) >= l.Outbox, strconv.Itoa(b.Waiting)+" wait")
	judge(Quarantine, b.Quarantined > 0, strconv.Itoa(b.Quarantined)+" set aside")
	judge(Clock, b.Skew.Abs() >= l.Skew, "ahead by "+b.Skew.Round(time.Second).String())
	judge(Device, !w.Broken.IsZero() && at.Sub(w.Broken) >= l.Device, strings.Join(b.Broken, " "))
	back := wentBack(w.Head, b.Journal)
	_, was := w.Open[Journal] // it stays until somebody has looked: Settled
	detail := w.Open[Journal].Detail
	if back {
		detail = fmt.Sprintf("was at %s, is at %s", short(w.Head), short(b.Journal))
	} else if b.Journal != "" && !was {
		w.Head = b.Journal
	}
	judge(Journal, back || was, detail)
	return w, told
}

// Tick takes a moment without a heartbeat. What the last heartbeat told of stays as it was told: of a terminal that is
// down nothing is known.
func (w Watch) Tick(at time.Time, l Limits) (Watch, []Alarm) {
	if w.Last.IsZero() {
		return w, nil
	}
	w = w.copied()
	silent := at.Sub(w.Last)
	return w, w.judge(nil, Down, silent >= l.Down, at, l, "silent since "+w.Last.UTC().Format(time.RFC3339))
}

// Settled takes it that somebody has looked at the journal: it goes on from where the next heartbeat finds it.
func (w Watch) Settled() Watch {
	w = w.copied()
	w.Head = ""
	delete(w.Open, Journal)
	return w
}

// judge opens, repeats or ends an alarm.
func (w *Watch) judge(told []Alarm, kind Kind, wrong bool, at time.Time, l Limits, detail string) []Alarm {
	open, lasts := w.Open[kind]
	switch {
	case !wrong && !lasts:
		return told
	case !wrong:
		delete(w.Open, kind)
		return append(told, Alarm{kind, Ended, open.Since, open.Detail})
	case !lasts:
		w.Open[kind] = Open{Since: at, Told: at, Times: 1, Detail: detail}
		return append(told, Alarm{kind, Raised, at, detail})
	}
	open.Detail = detail
	due := l.Repeat
	if open.Times > l.Repeats {
		due = 24 * time.Hour
	}
	if at.Sub(open.Told) >= due {
		open.Told, open.Times = at, open.Times+1
		told = append(told, Alarm{kind, Repeated, open.Since, detail})
	}
	w.Open[kind] = open
	return told
}

func (w Watch) copied() Watch {
	open := make(map[Kind]Open, len(w.Open))
	for kind, o := range w.Open {
		open[kind] = o
	}
	w.Open = open
	return w
}

// Wrong gives the kinds of alarm that last, the most pressing first.
func (w Watch) Wrong() []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { _, open := w.Open[k]; return !open })
}

// wentBack reports whether a journal that was at one head cannot have come to another: a chain only grows, and has one
// sum at each number.
func wentBack(from, to string) bool {
	before, sumBefore, found := strings.Cut(from, ":")
	if !found {
		return false
	}
	after, sumAfter, found := strings.Cut(to, ":")
	if !found {
		return true
	}
	a, errA := strconv.ParseUint(before, 10, 64)
	b, errB := strconv.ParseUint(after, 10, 64)
	return errA != nil || errB != nil || b < a || b == a && sumBefore != sumAfter
}

func short(head string) string {
	if head == "" {
		return "nothing"
	}
	return head[:min(len(head), 20)]
}
