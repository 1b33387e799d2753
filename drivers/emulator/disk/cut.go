package disk

import (
	"errors"
	"math/rand/v2"
)

// Way is how a disk loses what was in its cache.
type Way string

// What disks have been seen to do. Each is allowed to any disk for whatever was not flushed, and finds other mistakes.
const (
	InOrder   Way = "in order"   // written in the order in which it came, up to a moment; the last write is torn
	Shuffled  Way = "shuffled"   // each write is there, whole, or not, whatever came before it
	Scattered Way = "scattered"  // each sector is there, or not, or as some earlier write left it
	OneLost   Way = "one lost"   // everything is there but one write
	OneSector Way = "one sector" // everything is there but one sector
	AllLost   Way = "all lost"   // nothing is there
)

var ways = []Way{InOrder, Shuffled, Scattered, OneLost, OneSector, AllLost}

// Loss is what a power cut did.
type Loss struct {
	Way    Way
	Writes int // that were not flushed
	Cached int // sectors they had written
	Lost   int // sectors among them that are not as they were written last
}

// Cut cuts the power: who uses the disk is cut off, what was flushed is there, and of the rest what the seed says. The
// disk can be used again at once. The same writes and the same seed leave the same disk.
func (d *Disk) Cut(seed uint64) (Loss, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.life++
	d.left, d.dark, d.failed = -1, false, make(chan struct{})
	if d.link != nil {
		_ = d.link.Close() // its end is not the disk's business
	}
	r := rand.New(rand.NewPCG(seed, 0x6e6264))
	loss := Loss{Way: ways[r.IntN(len(ways))], Writes: len(d.cache.writes()), Cached: len(d.cache.sectors)}
	survives := loss.Way.survivor(&d.cache, r)
	var err error
	for _, s := range d.cache.inOrder() {
		versions := d.cache.sectors[s]
		kept := survives(s, versions)
		if kept != len(versions)-1 {
			loss.Lost++
		}
		if kept >= 0 {
			_, writeErr := d.plate.WriteAt(versions[kept].data, s*SectorSize)
			err = errors.Join(err, writeErr)
		}
	}
	d.cache = newCache()
	return loss, err
}

// survivor decides which of a sector's versions is found on the plate; -1 is the one that was there before.
type survivor func(sector int64, versions []version) int

// survivor makes one way's decision. It is asked once for each sector, from the lowest to the highest.
func (w Way) survivor(c *cache, r *rand.Rand) survivor {
	writes := c.writes()
	if len(writes) == 0 {
		return nil // nobody will ask
	}
	one := writes[r.IntN(len(writes))]
	switch w {
	case InOrder:
		return torn(c, one, r)
	case Shuffled:
		there := map[uint64]bool{}
		for _, write := range writes {
			there[write] = r.IntN(2) == 0
		}
		return newestOf(func(_ int64, write uint64) bool { return there[write] })
	case Scattered:
		return func(_ int64, versions []version) int { return r.IntN(len(versions)+1) - 1 }
	case OneLost:
		return newestOf(func(_ int64, write uint64) bool { return write != one })
	case OneSector:
		sectors := c.inOrder()
		lost := sectors[r.IntN(len(sectors))]
		return newestOf(func(sector int64, _ uint64) bool { return sector != lost })
	default:
		return func(int64, []version) int { return -1 }
	}
}

// torn keeps everything before one write, and of that write a beginning.
func torn(c *cache, one uint64, r *rand.Rand) survivor {
	var of []int64 // its sectors
	for _, s := range c.inOrder() {
		for _, v := range c.sectors[s] {
			if v.write == one {
				of = append(of, s)
			}
		}
	}
	end := of[r.IntN(len(of))]
	return newestOf(func(sector int64, write uint64) bool { return write < one || write == one && sector < end })
}

// newestOf finds the newest version that is there.
func newestOf(there func(sector int64, write uint64) bool) survivor {
	return func(sector int64, versions []version) int {
		for i := len(versions) - 1; i >= 0; i-- {
			if there(sector, versions[i].write) {
				return i
			}
		}
		return -1
	}
}
