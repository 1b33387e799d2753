package lamps

import (
	"maps"
	"slices"
	"sync"
	"time"

	"yimen/drivers/device"
)

// lookOften is how often a board with contacts is asked at least: two looks that agree make a change, so a door that chatters
// for a third of a second is told once.
const lookOften = 400 * time.Millisecond

// contacts is how the switches at the board's inputs stand.
type contacts struct {
	inputs map[device.Contact]int // from 1, as on the label

	mu    sync.Mutex
	seen  map[device.Contact]device.ContactState // at the last look
	told  map[device.Contact]device.ContactState
	watch []func(device.Contact, device.ContactState)
}

func newContacts(inputs map[device.Contact]int) *contacts {
	return &contacts{inputs: inputs, seen: map[device.Contact]device.ContactState{}, told: map[device.Contact]device.ContactState{}}
}

// WatchContacts has f called after each change of a contact, first when it is known at all; f must not wait.
func (l *Lamps) WatchContacts(f func(device.Contact, device.ContactState)) {
	l.contacts.mu.Lock()
	defer l.contacts.mu.Unlock()
	l.contacts.watch = append(l.contacts.watch, f)
}

// Contacts is how the contacts that the board has were when they were last looked at.
func (l *Lamps) Contacts() map[device.Contact]device.ContactState {
	l.contacts.mu.Lock()
	defer l.contacts.mu.Unlock()
	all := map[device.Contact]device.ContactState{}
	for c := range l.contacts.inputs {
		all[c] = device.ContactUnknown
	}
	maps.Copy(all, l.contacts.told)
	return all
}

// look takes what the inputs say: which of them are closed, by their number from 1. A change counts at the second look.
func (c *contacts) look(closed map[int]bool) {
	now := map[device.Contact]device.ContactState{}
	for contact, input := range c.inputs {
		now[contact] = device.ContactOpened
		if closed[input] {
			now[contact] = device.ContactClosed
		}
	}
	c.tell(now, false)
}

// lost: nobody sees the contacts now.
func (c *contacts) lost() {
	now := map[device.Contact]device.ContactState{}
	for contact := range c.inputs {
		now[contact] = device.ContactUnknown
	}
	c.tell(now, true)
}

// tell tells what has changed, at once or where it was seen twice.
func (c *contacts) tell(now map[device.Contact]device.ContactState, atOnce bool) {
	c.mu.Lock()
	var changed []device.Contact
	for _, contact := range slices.Sorted(maps.Keys(now)) {
		before := c.told[contact]
		if before == "" {
			before = device.ContactUnknown
		}
		if now[contact] != before && (atOnce || c.seen[contact] == now[contact]) {
			changed = append(changed, contact)
			c.told[contact] = now[contact]
		}
	}
	c.seen = now
	watch := slices.Clone(c.watch)
	c.mu.Unlock()
	for _, contact := range changed {
		for _, f := range watch {
			f(contact, now[contact])
		}
	}
}
