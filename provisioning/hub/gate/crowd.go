package gate

import (
	"slices"
	"time"
)

// moment is what everybody has who was let in: time for a handshake and a request, also on a slow line.
const moment = 2 * time.Second

// crowd is a bounded number of guests in groups of a bounded size. It is not locked.
type crowd struct {
	most, mostOfOne int
	groups          map[string][]*guest // each in the order they came
	of              map[*guest]string
}

func newCrowd(most, mostOfOne int) crowd {
	return crowd{most, mostOfOne, make(map[string][]*guest), make(map[*guest]string)}
}

// add takes a guest in. If that is one too many, somebody has been removed, and is given with the group's name: the oldest
// of the guest's group or, if that has room, of the largest; but whoever has not had its moment stays, and then it is the
// guest itself.
func (c *crowd) add(who *guest, group string, now time.Time) (away *guest, from string) {
	who.since = now
	c.groups[group] = append(c.groups[group], who)
	c.of[who] = group
	switch {
	case len(c.groups[group]) > c.mostOfOne:
		from = group
	case len(c.of) > c.most:
		from = c.largest()
	default:
		return nil, ""
	}
	if away = c.groups[from][0]; now.Sub(away.since) < moment {
		away, from = who, group
	}
	c.remove(away)
	return away, from
}

func (c *crowd) largest() (name string) {
	size := 0
	for group, guests := range c.groups {
		if len(guests) > size {
			name, size = group, len(guests)
		}
	}
	return name
}

// remove tells whether the guest was there.
func (c *crowd) remove(who *guest) bool {
	group, there := c.of[who]
	if !there {
		return false
	}
	delete(c.of, who)
	rest := slices.DeleteFunc(c.groups[group], func(g *guest) bool { return g == who })
	if len(rest) == 0 {
		delete(c.groups, group)
	} else {
		c.groups[group] = rest
	}
	return true
}
