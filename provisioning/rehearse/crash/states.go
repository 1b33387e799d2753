package crash

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// State is one that the disk may be found in after a power cut.
type State struct {
	// After is how many operations had returned. What was promised until then has to be there.
	After int
	// Key tells states apart: two with one key are the same.
	Key string

	names []bool       // which of the disk's namings are there
	files map[int]part // of files with pending changes; those that are missing have none of them
}

// part says what of a file's pending changes is there: of each everything, nothing, or some sectors.
type part []kept

type kept struct {
	whole  bool
	unit   int64  // bytes that are written or not as one; 0 is none of it
	upTo   int64  // of the change, in bytes; beyond it nothing
	random uint64 // which units, if it is not 0
}

func (k kept) has(offset, within int64) bool {
	switch {
	case k.whole:
		return true
	case k.unit == 0 || within >= k.upTo:
		return false
	case k.random == 0:
		return true
	}
	return rand.New(rand.NewPCG(k.random, uint64(offset/k.unit))).IntN(2) == 0
}

// Bounds of what is enumerated at one point; beyond them it is sampled.
const (
	maxNamings = 5 // all that POSIX allows of so many changes of names, at most 2^5; of more, each beginning
	maxChanges = 6 // of so many changes of one file, each alone and all but each; of more, of the first and last three
)

// States gives what the disk may look like if the power is cut now. It enumerates: each set of name changes that the model
// allows, and with each, all other files having everything or nothing, each file with nothing, everything, each change
// alone, all but each, and the last one torn after its first 512 bytes, its first 4096, or before its last 4096. To that
// come samples that random draws, torn at 512 or 4096 anywhere.
func (d *Disk) States(samples int, random *rand.Rand) []State {
	var all []State
	unsynced := d.unsynced()
	namings := d.namings()
	for _, names := range namings {
		for _, rest := range []bool{false, true} {
			base := make(map[int]part)
			for _, id := range unsynced {
				base[id] = d.nodes[id].all(rest)
			}
			all = append(all, d.state(names, base))
			for _, id := range unsynced {
				for _, p := range d.nodes[id].parts() {
					varied := make(map[int]part)
					for other, q := range base {
						varied[other] = q
					}
					varied[id] = p
					all = append(all, d.state(names, varied))
				}
			}
		}
	}
	for range samples {
		files := make(map[int]part)
		for _, id := range unsynced {
			files[id] = d.nodes[id].drawn(random)
		}
		all = append(all, d.state(namings[random.IntN(len(namings))], files))
	}
	return all
}

// unsynced are the files with pending changes.
func (d *Disk) unsynced() (ids []int) {
	for id, n := range d.nodes {
		if len(n.pending) > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// namings are the sets of pending changes of names that may be there.
func (d *Disk) namings() [][]bool {
	count := len(d.names)
	var sets [][]bool
	if d.model == Journal || count > maxNamings {
		for upTo := range count + 1 {
			set := make([]bool, count)
			for i := range upTo {
				set[i] = true
			}
			sets = append(sets, set)
		}
		return sets
	}
	for bits := range 1 << count {
		set := make([]bool, count)
		for i := range set {
			set[i] = bits>>i&1 == 1
		}
		if d.ordered(set) {
			sets = append(sets, set)
		}
	}
	return sets
}

// ordered reports whether no change of a name is there without the earlier ones of that name.
func (d *Disk) ordered(set []bool) bool {
	for i, later := range d.names {
		for j, earlier := range d.names[:i] {
			if set[i] && !set[j] && later.touches(earlier) {
				return false
			}
		}
	}
	return true
}

func (n *node) all(there bool) part {
	p := make(part, len(n.pending))
	for i := range p {
		p[i].whole = there
	}
	return p
}

// parts are the enumerated ways in which a file's changes may be there.
func (n *node) parts() (ways []part) {
	last := len(n.pending) - 1
	for i := range n.pending {
		if len(n.pending) > maxChanges && i >= 3 && i < last-2 {
			continue
		}
		alone, without := n.all(false), n.all(true)
		alone[i].whole, without[i].whole = true, false
		ways = append(ways, alone, without)
	}
	size := int64(len(n.pending[last].data))
	for _, upTo := range []int64{512, 4096, (size - 1) / 4096 * 4096} {
		if upTo > 0 && upTo < size {
			torn := n.all(true)
			torn[last] = kept{unit: sector, upTo: upTo}
			ways = append(ways, torn)
		}
	}
	return ways
}

// drawn is one way by chance.
func (n *node) drawn(random *rand.Rand) part {
	p := n.all(true)
	for i := range p {
		switch random.IntN(4) {
		case 0:
			p[i].whole = false
		case 1:
			size := int64(len(n.pending[i].data))
			p[i] = kept{unit: []int64{512, 4096}[random.IntN(2)], upTo: random.Int64N(size + 1), random: random.Uint64()}
		}
	}
	return p
}

func (d *Disk) state(names []bool, files map[int]part) State {
	var key strings.Builder
	for i, there := range names {
		if there {
			fmt.Fprintf(&key, "n%d ", d.names[i].op)
		}
	}
	fmt.Fprintf(&key, "of %x;", d.named)
	for id, n := range d.nodes {
		if !n.folder {
			fmt.Fprintf(&key, " %d:%d", id, n.applied)
			for i, k := range files[id] {
				if k != (kept{}) {
					fmt.Fprintf(&key, "+%d%v", n.pending[i].op, k)
				}
			}
		}
	}
	return State{After: d.done, Key: key.String(), names: slices.Clone(names), files: files}
}

// Write makes the state in an empty folder. The disk must be where it was when it gave the state.
func (d *Disk) Write(s State, into string) error {
	folders := make(map[int]map[string]int)
	for id, n := range d.nodes {
		if n.folder {
			folders[id] = make(map[string]int)
			for name, node := range n.last {
				folders[id][name] = node
			}
		}
	}
	for i, n := range d.names {
		if s.names[i] {
			n.apply(folders[n.folder])
		}
	}
	return d.write(s, folders, 0, into)
}

func (d *Disk) write(s State, folders map[int]map[string]int, id int, into string) error {
	for name, node := range folders[id] {
		at := filepath.Join(into, name)
		if d.nodes[node].folder {
			if err := os.Mkdir(at, 0o700); err != nil {
				return err
			}
			if err := d.write(s, folders, node, at); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(at, d.nodes[node].contents(s.files[node]), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// contents is a file with what of its changes is there.
func (n *node) contents(p part) []byte {
	b := n.lasting
	for i, k := range p {
		c := n.pending[i]
		switch {
		case k.whole:
			b = c.apply(b, nil)
		case k.unit > 0 && !c.resize:
			b = c.apply(b, func(at int64) bool { return k.has(at, at-c.offset) })
		}
	}
	return b
}
