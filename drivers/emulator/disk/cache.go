package disk

import (
	"maps"
	"slices"
)

// version is what one write left of a sector.
type version struct {
	write uint64 // numbers the writes, from 1
	data  []byte // SectorSize bytes of the write, not to be changed
}

// cache holds what was written and may still be lost: for each sector all versions since the one on the plate, the
// oldest first. A disk may have written any of them out already.
type cache struct {
	sectors map[int64][]version
	held    int    // versions
	last    uint64 // write
}

func newCache() cache { return cache{sectors: map[int64][]version{}} }

// put takes in one write of whole sectors.
func (c *cache) put(first int64, b []byte) {
	c.last++
	for at := 0; at < len(b); at += SectorSize {
		s := first + int64(at/SectorSize)
		c.sectors[s] = append(c.sectors[s], version{c.last, b[at : at+SectorSize]})
		c.held++
	}
}

// newest gives the sector as it was written last, nil if it is as on the plate.
func (c *cache) newest(sector int64) []byte {
	versions := c.sectors[sector]
	if len(versions) == 0 {
		return nil
	}
	return versions[len(versions)-1].data
}

// drop forgets every version of a sector.
func (c *cache) drop(sector int64) {
	c.held -= len(c.sectors[sector])
	delete(c.sectors, sector)
}

// take removes a sector's versions up to a write and gives the newest of them, nil if there is none.
func (c *cache) take(sector int64, upTo uint64) (data []byte) {
	versions := c.sectors[sector]
	n := 0
	for n < len(versions) && versions[n].write <= upTo {
		data = versions[n].data
		n++
	}
	c.held -= n
	if n == len(versions) {
		delete(c.sectors, sector)
	} else {
		c.sectors[sector] = versions[n:]
	}
	return data
}

// inOrder gives the cached sectors from the lowest to the highest.
func (c *cache) inOrder() []int64 { return slices.Sorted(maps.Keys(c.sectors)) }

// writes gives the numbers of the writes of which something is cached, the oldest first.
func (c *cache) writes() []uint64 {
	seen := map[uint64]bool{}
	for _, versions := range c.sectors {
		for _, v := range versions {
			seen[v.write] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// middle gives the write before which half of the cached writes were made.
func (c *cache) middle() uint64 {
	w := c.writes()
	return w[len(w)/2]
}

// unit is what survives whole or not at all: the cached sectors of one place, and the writes that made them, in order.
type unit struct {
	sectors []int64
	writes  []uint64
}

// units gives what is cached in units of so many sectors, from the lowest to the highest.
func (c *cache) units(sectors int) (found []unit) {
	for _, s := range c.inOrder() {
		n := len(found) - 1
		if n < 0 || found[n].sectors[0]/int64(sectors) != s/int64(sectors) {
			found = append(found, unit{})
			n++
		}
		u := &found[n]
		u.sectors = append(u.sectors, s)
		for _, v := range c.sectors[s] {
			u.writes = append(u.writes, v.write)
		}
	}
	for i := range found {
		slices.Sort(found[i].writes)
		found[i].writes = slices.Compact(found[i].writes)
	}
	return found
}
