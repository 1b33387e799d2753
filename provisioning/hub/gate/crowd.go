package gate

import "slices"

// crowd is a bounded number of guests in groups of a bounded size. It is not locked.
type crowd struct {
	most, mostOfOne int
	groups          map[string][]*guest // each in the order they came
	of              map[*guest]string
}

func newCrowd(most, mostOfOne int) crowd {
	return crowd{most, mostOfOne, make(map[string][]*guest), make(map[*guest]string)}
}

// add takes a guest in. If that is one too many, the oldest of its group or, if that has room, of the largest has been
// removed, and is given with the group's name.
func (c *crowd) add(who *guest, group string) (away *guest, from string) {
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
	away = c.groups[from][0]
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
