package crash

import (
	"errors"
	"fmt"
	"path"
	"slices"
)

// Model is what a disk promises besides what was synced.
type Model int

const (
	// Worst is all that POSIX asks for: a name lasts after its folder was synced, contents after their file was. What was
	// not synced may be there or not, each change for itself, in any order; only changes of one name keep theirs.
	Worst Model = iota
	// Journal is a file system such as ext4: changes of names last in their order, and a sync of anything makes all of
	// them last. Contents are as with Worst.
	Journal
)

// Disk is a disk while operations are done on it.
type Disk struct {
	model Model
	nodes []*node // 0 is the recorded folder, which lasts
	done  int     // operations
	names []*naming
	named uint64 // which changes of names last: a hash of them, in the order in which they came to
}

// node is a file or a folder, whatever it is called.
type node struct {
	// of a file
	lasting []byte
	pending []change // to its contents, not synced, in order
	applied int      // how many changes went into lasting
	size    int64    // now

	// of a folder
	folder  bool
	entries map[string]int // now
	last    map[string]int // that last
}

// change is one of a file's contents.
type change struct {
	op     int
	resize bool
	offset int64 // or the new size
	data   []byte
}

// naming is a change of names that does not last yet.
type naming struct {
	op          int
	folder      int
	remove, add string // either may be empty; both are a rename
	node        int    // what is added
	lasting     bool
}

// touches reports whether two changes are of one name.
func (n *naming) touches(o *naming) bool {
	if n.folder != o.folder {
		return false
	}
	for _, a := range []string{n.remove, n.add} {
		if a != "" && (a == o.remove || a == o.add) {
			return true
		}
	}
	return false
}

// NewDisk gives an empty disk.
func NewDisk(m Model) *Disk {
	return &Disk{model: m, nodes: []*node{newFolder()}}
}

func newFolder() *node {
	return &node{folder: true, entries: make(map[string]int), last: make(map[string]int)}
}

var errOp = errors.New("operation does not fit the disk")

// Do carries out the next operation.
func (d *Disk) Do(o Op) error {
	defer func() { d.done++ }()
	switch o.Kind {
	case Mark:
		return nil
	case Make:
		return d.create(o, &node{})
	case MakeFolder:
		return d.create(o, newFolder())
	case Rename:
		return d.rename(o)
	case Remove:
		folder, name, _, err := d.find(o.Path)
		if err != nil {
			return err
		}
		delete(d.nodes[folder].entries, name)
		d.names = append(d.names, &naming{op: d.done, folder: folder, remove: name})
		return nil
	case Sync:
		return d.sync(o)
	}
	return d.change(o)
}

// find gives the folder, the name in it and the node of a path.
func (d *Disk) find(at string) (folder int, name string, id int, err error) {
	folder, name, id = d.look(at)
	if id < 0 {
		err = fmt.Errorf("%w: nothing at %s", errOp, at)
	}
	return folder, name, id, err
}

// look is find, with a negative node where nothing is, and a negative folder where that is missing.
func (d *Disk) look(at string) (folder int, name string, id int) {
	dir, name := path.Split(at)
	if dir = path.Clean("/" + dir); dir != "/" {
		if _, _, folder = d.look(dir[1:]); folder < 0 || !d.nodes[folder].folder {
			return -1, name, -1
		}
	}
	id, there := d.nodes[folder].entries[name]
	if !there {
		id = -1
	}
	return folder, name, id
}

func (d *Disk) create(o Op, n *node) error {
	folder, name, id := d.look(o.Path)
	if folder < 0 {
		return fmt.Errorf("%w: no folder for %s", errOp, o.Path)
	}
	if id >= 0 {
		return nil // opened as it is
	}
	d.nodes = append(d.nodes, n)
	id = len(d.nodes) - 1
	d.nodes[folder].entries[name] = id
	d.names = append(d.names, &naming{op: d.done, folder: folder, add: name, node: id})
	return nil
}

func (d *Disk) rename(o Op) error {
	folder, name, id, err := d.find(o.Path)
	if err != nil {
		return err
	}
	to, newName, _ := d.look(o.To)
	if to != folder {
		return fmt.Errorf("%w: rename of %s into another folder", errOp, o.Path)
	}
	entries := d.nodes[folder].entries
	delete(entries, name)
	entries[newName] = id
	d.names = append(d.names, &naming{op: d.done, folder: folder, remove: name, add: newName, node: id})
	return nil
}

// change is of a file's contents.
func (d *Disk) change(o Op) error {
	_, _, id, err := d.find(o.Path)
	if err != nil {
		return err
	}
	n, c := d.nodes[id], change{op: d.done, data: o.Data, offset: o.Offset}
	switch {
	case n.folder:
		return fmt.Errorf("%w: contents of folder %s", errOp, o.Path)
	case o.Kind == Resize:
		if n.size == o.Size {
			return nil
		}
		c.resize, c.offset, n.size = true, o.Size, o.Size
	case o.Offset < 0:
		c.offset = n.size
		n.size += int64(len(o.Data))
	default:
		n.size = max(n.size, o.Offset+int64(len(o.Data)))
	}
	n.pending = append(n.pending, c)
	return nil
}

// sync makes last what was there when the call began.
func (d *Disk) sync(o Op) error {
	id := 0
	if o.Path != "" {
		var err error
		if _, _, id, err = d.find(o.Path); err != nil {
			return err
		}
	}
	n := d.nodes[id]
	for len(n.pending) > 0 && n.pending[0].op < o.Begun {
		n.lasting = n.pending[0].apply(n.lasting, nil)
		n.pending = n.pending[1:]
		n.applied++
	}
	for _, c := range d.names {
		if c.op < o.Begun && (c.folder == id || d.model == Journal) {
			c.apply(d.nodes[c.folder].last)
			c.lasting = true
			d.named = (d.named ^ uint64(c.op+1)) * fnvPrime
		}
	}
	d.names = slices.DeleteFunc(d.names, func(c *naming) bool { return c.lasting })
	return nil
}

func (n *naming) apply(to map[string]int) {
	if n.remove != "" {
		delete(to, n.remove)
	}
	if n.add != "" {
		to[n.add] = n.node
	}
}

// apply gives the contents after the change, or after those sectors of it that keep says were written. Content that lasts
// is not changed in place.
func (c change) apply(to []byte, keep func(offset int64) bool) []byte {
	if c.resize {
		to = slices.Clone(to[:min(int64(len(to)), c.offset)])
		return append(to, make([]byte, c.offset-int64(len(to)))...)
	}
	end := c.offset + int64(len(c.data))
	grown := make([]byte, max(int64(len(to)), end))
	copy(grown, to)
	if keep == nil {
		copy(grown[c.offset:], c.data)
		return grown
	}
	written := int64(len(to)) // a file ends where the last sector that was written does
	for at := c.offset; at < end; {
		next := min(end, (at/sector+1)*sector)
		if keep(at) {
			copy(grown[at:next], c.data[at-c.offset:])
			written = max(written, next)
		}
		at = next
	}
	return grown[:written]
}

// fnvPrime is of FNV-1a, 64 bits.
const fnvPrime = 0x100000001b3

// sector is the least that a disk writes whole, in bytes.
const sector = 512
