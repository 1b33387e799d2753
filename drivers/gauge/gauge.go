// Package gauge holds what one device last said of itself, and tells whoever watches when that changes. A blip is
// not an outage: a device that answered is declared away only after several misses in a row.
package gauge

import (
	"slices"
	"sync"

	"yimen/drivers/device"
)

// Misses is how many times in a row a device must fail to answer before that is shown.
const Misses = 3

// Gauge is safe for use from several goroutines. Make one with New.
type Gauge struct {
	mu       sync.Mutex
	status   device.Status
	misses   int
	watchers []func(device.Status)
	changed  chan struct{} // closed, and replaced, at each change
}

// New gives a gauge that shows the status given, usually device.Starting.
func New(first device.Status) *Gauge {
	return &Gauge{status: first, changed: make(chan struct{})}
}

// Status is what is shown now.
func (g *Gauge) Status() device.Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status
}

// Now gives the status shown and a channel that is closed when it is no longer true.
func (g *Gauge) Now() (device.Status, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status, g.changed
}

// Watch has f called after each change, in the goroutine that caused it: f must not wait, nor call back into the driver.
func (g *Gauge) Watch(f func(device.Status)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.watchers = append(g.watchers, f)
}

// Set shows what the device itself said. It ends a run of misses.
func (g *Gauge) Set(s device.Status) {
	g.mu.Lock()
	g.misses = 0
	g.show(s)
}

// Miss notes that the device did not answer, and why. The Misses-th in a row is shown as s.
func (g *Gauge) Miss(s device.Status) {
	g.mu.Lock()
	if g.misses++; g.misses < Misses {
		g.mu.Unlock()
		return
	}
	g.show(s)
}

// show unlocks g.mu.
func (g *Gauge) show(s device.Status) {
	if same(g.status, s) {
		g.status.Cause = s.Cause // perhaps in newer words, which are no news
		g.mu.Unlock()
		return
	}
	g.status = s
	close(g.changed)
	g.changed = make(chan struct{})
	watchers := slices.Clone(g.watchers)
	g.mu.Unlock()
	for _, f := range watchers {
		f(s)
	}
}

// same compares causes by their sentinel, since two faults of the same kind differ in their words alone.
func same(a, b device.Status) bool {
	return a.State == b.State && a.Media == b.Media && a.Paper == b.Paper &&
		(a.Cause == nil) == (b.Cause == nil) && device.Kind(a.Cause) == device.Kind(b.Cause)
}
