package disk

import (
	"errors"
	"math/rand/v2"
	"slices"
)

// Way is how a disk loses what was in its cache.
type Way string

// What disks have been seen to do. A unit is what a disk writes whole or not at all. Each is allowed to any disk for whatever was not flushed, and finds other mistakes.
const (
	InOrder   Way = "in order"  // written in the order in which it came, up to a moment; the last write is torn
	Shuffled  Way = "shuffled"  // each write is there, whole, or not, whatever came before it
	Scattered Way = "scattered" // each unit is there, or not, or as some earlier write left it
	OneLost   Way = "one lost"  // everything is there but one write
	OneUnit   Way = "one unit"  // everything is there but one unit
	AllLost   Way = "all lost"  // nothing is there
)

var ways = []Way{InOrder, Shuffled, Scattered, OneLost, OneUnit, AllLost}

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
	survives := loss.Way.survivor(&d.cache, d.options.Atomic/SectorSize, r)
	var err error
	for _, u := range d.cache.units(d.options.Atomic / SectorSize) {
		upTo := survives(u)
		for _, s := range u.sectors {
			newest := d.cache.newest(s)
			kept := d.cache.take(s, upTo)
			if kept == nil || &kept[0] != &newest[0] {
				loss.Lost++
			}
			if kept != nil {
				_, writeErr := d.plate.WriteAt(kept, s*SectorSize)
				err = errors.Join(err, writeErr)
			}
		}
	}
	d.cache = newCache()
	return loss, err
}

// survivor decides up to which write a unit is found on the plate; 0 leaves what was there before.
type survivor func(u unit) (upTo uint64)

// survivor makes one way's decision. It is asked once for each unit of so many sectors, from the lowest to the highest.
func (w Way) survivor(c *cache, sectors int, r *rand.Rand) survivor {
	writes := c.writes()
	if len(writes) == 0 {
		return nil // nobody will ask
	}
	one := writes[r.IntN(len(writes))]
	switch w {
	case InOrder:
		return torn(c.units(sectors), one, r)
	case Shuffled:
		there := map[uint64]bool{}
		for _, write := range writes {
			there[write] = r.IntN(2) == 0
		}
		return newestOf(func(_ unit, write uint64) bool { return there[write] })
	case Scattered:
		return func(u unit) uint64 {
			if n := r.IntN(len(u.writes) + 1); n > 0 {
				return u.writes[n-1]
			}
			return 0
		}
	case OneLost:
		return newestOf(func(_ unit, write uint64) bool { return write != one })
	case OneUnit:
		units := c.units(sectors)
		lost := units[r.IntN(len(units))].sectors[0]
		return newestOf(func(u unit, _ uint64) bool { return u.sectors[0] != lost })
	default:
		return func(unit) uint64 { return 0 }
	}
}

// torn keeps everything before one write, and of that write a beginning.
func torn(units []unit, one uint64, r *rand.Rand) survivor {
	var of []int64 // where its units begin
	for _, u := range units {
		if slices.Contains(u.writes, one) {
			of = append(of, u.sectors[0])
		}
	}
	end := of[r.IntN(len(of))]
	return newestOf(func(u unit, write uint64) bool { return write < one || write == one && u.sectors[0] < end })
}

// newestOf finds the newest write to a unit that is there.
func newestOf(there func(u unit, write uint64) bool) survivor {
	return func(u unit) uint64 {
		for _, write := range slices.Backward(u.writes) {
			if there(u, write) {
				return write
			}
		}
		return 0
	}
}
