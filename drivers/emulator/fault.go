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

// Faults are the bad-day switches of one device. They may be thrown from any goroutine.
type Faults struct {
	// OnChange, if set, is told of every change by Set, outside of locks. It is set before use.
	OnChange func(f Fault, times int)

	known []Fault
	mu    sync.Mutex
	left  map[Fault]int // times still to happen, UntilOff for no end
}

// NewFaults gives the switches for what a device can do wrong, all off.
func NewFaults(known ...Fault) *Faults {
	return &Faults{known: known, left: map[Fault]int{}}
}

// Set switches fault f on for so many times (UntilOff: until it is switched off), or off with 0.
func (s *Faults) Set(f Fault, times int) error {
	if !slices.Contains(s.known, f) {
		return fmt.Errorf("no such fault: %q", f)
	}
	if times < UntilOff {
		return fmt.Errorf("%d times makes no sense", times)
	}
	s.mu.Lock()
	if times == 0 {
		delete(s.left, f)
	} else {
		s.left[f] = times
	}
	s.mu.Unlock()
	if s.OnChange != nil {
		s.OnChange(f, times)
	}
	return nil
}

// On reports whether f is switched on, without using it up.
func (s *Faults) On(f Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left[f] != 0
}

// Take reports whether f happens now, and counts it.
func (s *Faults) Take(f Fault) bool {
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

// Active lists what is switched on, in the order of Known.
func (s *Faults) Active() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	active := []Fault{}
	for _, f := range s.known {
		if s.left[f] != 0 {
			active = append(active, f)
		}
	}
	return active
}

// Known lists every fault of the device.
func (s *Faults) Known() []Fault { return slices.Clone(s.known) }
