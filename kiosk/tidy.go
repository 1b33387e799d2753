package main

import (
	"runtime/debug"

	"yimen/kiosk/journey/view"
)

// tidy gives the memory of a visit back to the system when the visit is over, until views ends. What the collector would keep
// for later is mostly pictures of a resident's papers; nobody waits in this moment, and the next visit begins as the first did.
func tidy(views <-chan view.View) {
	visit := ""
	for v := range views {
		if visit != "" && v.Visit == "" {
			debug.FreeOSMemory()
		}
		visit = v.Visit
	}
}
