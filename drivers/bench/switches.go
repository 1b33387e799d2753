package main

import (
	"fmt"
	"slices"

	"yimen/drivers/emulator"
)

// switches are the faults of one device: those of its protocol, and those of the bus that it is on.
type switches []*emulator.Faults

func (s switches) set(f emulator.Fault, times int) error {
	for _, some := range s {
		if slices.Contains(some.Known(), f) {
			return some.Set(f, times)
		}
	}
	return fmt.Errorf("no such fault: %q", f)
}

func (s switches) known() (all []emulator.Fault) {
	for _, some := range s {
		all = append(all, some.Known()...)
	}
	return all
}

func (s switches) active() []emulator.Fault {
	all := []emulator.Fault{}
	for _, some := range s {
		all = append(all, some.Active()...)
	}
	return all
}
