package emulator

import (
	"fmt"
	"slices"
	"sync"
)

// Fault names one way in which an emulated device misbehaves while it is switched on.
type Fault string

// UntilOff as the number of times keeps a fault on until it is switched off.
const UntilOff = -1

// faults are the bad-day switches of one device. The zero value is not usable; newFaults names what the
// device can do wrong.
type faults struct {
	mu    sync.Mutex
	known []Fault
	left  map[Fault]int // times still to happen, UntilOff for no end
}

func newFaults(known ...Fault) *faults {
	return &faults{known: known, left: map[Fault]int{}}
}

// set switches fault f on for so many times (UntilOff: until it is switched off), or off with 0.
func (s *faults) set(f Fault, times int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.known, f) {
		return fmt.Errorf("no such fault: %s", f)
	}
	if times == 0 {
		delete(s.left, f)
	} else {
		s.left[f] = times
	}
	return nil
}

// on reports whether f is switched on, without using it up.
func (s *faults) on(f Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left[f] != 0
}

// take reports whether f happens now, and counts it.
func (s *faults) take(f Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.left[f]
	switch {
	case n == 0:
		return false
	case n == 1:
		delete(s.left, f)
	case n > 1:
		s.left[f] = n - 1
	}
	return true
}

// active lists what is switched on, in the order in which the device names its faults.
func (s *faults) active() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Fault
	for _, f := range s.known {
		if s.left[f] != 0 {
			out = append(out, f)
		}
	}
	return out
}
