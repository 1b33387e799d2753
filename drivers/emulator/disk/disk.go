// Package disk is a disk that exists only on a socket: whoever speaks NBD, as QEMU and Linux do, may use it. Like a real
// one it has a volatile write cache, and like a real one it can lose power: then what was written since the last
// flush survives in parts, in any order, or not at all. A file system or a database that forgets one barrier
// does not survive many such cuts, which killing a process over an ordinary file never shows.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// SectorSize is what a disk is addressed by, in bytes.
const SectorSize = 512

// DefaultAtomic is what a disk writes whole or not at all if nothing else is said, in bytes: what disks have called their physical
// sector for years. Older ones have 512.
const DefaultAtomic = 4096

// DefaultCache is how many sectors the cache holds if nothing else is said: 64 MiB.
const DefaultCache = 1 << 17

// Plate is where bytes last: an *os.File, or a Memory.
type Plate interface {
	io.ReaderAt
	io.WriterAt
}

// Options are how a disk differs from an honest one of usual size. The zero value is that one.
type Options struct {
	IgnoreFlush bool // answers a flush, and a forced write, without having done anything
	Atomic      int  // bytes that are written whole or not at all, aligned to as many [DefaultAtomic]
	Cache       int  // versions of sectors that the cache may hold [DefaultCache]; the oldest are written out first
}

// Stats counts what was asked of a disk since it was made.
type Stats struct {
	Reads, Writes, Flushes int
	Forced                 int // writes among them that had to last at once (FUA)
}

// Disk is a disk. Its methods may be called from any goroutine.
type Disk struct {
	size    int64
	options Options

	mu    sync.Mutex
	plate Plate
	cache cache
	stats Stats
	life  int       // how often the power was cut
	link  io.Closer // who uses it now, nil for nobody

	left    int           // writes and flushes until the power fails, never if negative
	atFlush bool          // and then not before the next flush, or forced write
	dark    bool          // it has failed
	failed  chan struct{} // closed then
}

var (
	// errCut ends the use of a disk whose power was cut.
	errCut = errors.New("the power was cut")
	// errFailed is a request that the power did not last for.
	errFailed = errors.New("the power has failed")
)

// New gives a disk of size bytes, a multiple of SectorSize, on a plate that nobody else uses.
func New(p Plate, size int64, o Options) (*Disk, error) {
	if size <= 0 || size%SectorSize != 0 {
		return nil, fmt.Errorf("disk of %d bytes: want a multiple of %d", size, SectorSize)
	}
	if o.Cache == 0 {
		o.Cache = DefaultCache
	}
	if o.Atomic == 0 {
		o.Atomic = DefaultAtomic
	}
	if o.Atomic < SectorSize || o.Atomic%SectorSize != 0 {
		return nil, fmt.Errorf("disk that writes %d bytes at once: want a multiple of %d", o.Atomic, SectorSize)
	}
	return &Disk{size: size, options: o, plate: p, cache: newCache(), left: -1, failed: make(chan struct{})}, nil
}

// Serve lets one user after another use the disk over l, until ctx ends. It closes l.
func (d *Disk) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return errors.Join(fmt.Errorf("serve disk: %w", err), l.Close())
		}
		d.serveConn(ctx, conn)
	}
}

// serveConn serves one user to the end. What ends it is the user's business: the next one begins anew.
func (d *Disk) serveConn(ctx context.Context, conn net.Conn) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	defer conn.Close()
	d.mu.Lock()
	d.link = conn
	life := d.life
	d.mu.Unlock()
	_ = d.talk(conn, life)
	d.mu.Lock()
	d.link = nil
	d.mu.Unlock()
}

// FailAfter lets the power fail after n more writes and flushes: the next one is neither carried out nor answered, nor is
// anything after it. With atFlush it is the next one that must make something last: then there is something to lose.
// It lasts until Cut, which says what is left.
func (d *Disk) FailAfter(n int, atFlush bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left, d.atFlush = n, atFlush
}

// Failed gives a channel that is closed when the power fails in this life of the disk.
func (d *Disk) Failed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failed
}

// Stats says what was asked of the disk so far.
func (d *Disk) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stats
}

// Unflushed is how many sectors would be at the mercy of a power cut now.
func (d *Disk) Unflushed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.cache.sectors)
}

// Size is the disk's size in bytes.
func (d *Disk) Size() int64 { return d.size }

// holds tells whether n bytes from off lie on the disk and begin and end with a sector.
func (d *Disk) holds(off uint64, n uint32) bool {
	size := uint64(d.size)
	return off%SectorSize == 0 && n%SectorSize == 0 && off <= size && uint64(n) <= size-off
}

// during does what a user asks for, unless the power was cut since that user came, or fails now.
func (d *Disk) during(life int, q request, do func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case life != d.life:
		return errCut
	case d.dark:
		return errFailed
	case q.command == cmdRead:
	case d.left == 0 && (!d.atFlush || q.lasting()):
		d.dark = true
		close(d.failed)
		return errFailed
	case d.left > 0:
		d.left--
	}
	return do()
}

// read fills b from off: with what was written last, lasting or not.
func (d *Disk) read(off int64, b []byte) error {
	d.stats.Reads++
	if _, err := d.plate.ReadAt(b, off); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(d.cache.sectors) == 0 {
		return nil
	}
	for at := 0; at < len(b); at += SectorSize {
		if newest := d.cache.newest(off/SectorSize + int64(at/SectorSize)); newest != nil {
			copy(b[at:], newest)
		}
	}
	return nil
}

// write takes b, which the disk keeps, into the cache, or onto the plate if it has to last.
func (d *Disk) write(off int64, b []byte, lasting bool) error {
	d.stats.Writes++
	if lasting {
		d.stats.Forced++
	}
	if lasting && !d.options.IgnoreFlush {
		for at := off; at < off+int64(len(b)); at += SectorSize {
			d.cache.drop(at / SectorSize) // older, and must not come back over it
		}
		_, err := d.plate.WriteAt(b, off)
		return err
	}
	d.cache.put(off/SectorSize, b)
	return d.destage()
}

// zero writes n zeroes at off, a few at a time: the cache needs no more memory for many than for few.
func (d *Disk) zero(off, n int64, lasting bool) error {
	zeroes := make([]byte, min(n, maxTransfer))
	for n > 0 {
		part := zeroes[:min(n, maxTransfer)]
		if err := d.write(off, part, lasting); err != nil {
			return err
		}
		off, n = off+int64(len(part)), n-int64(len(part))
	}
	return nil
}

// flush makes everything last that was written before it.
func (d *Disk) flush() error {
	d.stats.Flushes++
	if d.options.IgnoreFlush {
		return nil
	}
	return d.settle(d.cache.last)
}

// destage writes the older half of a cache that has outgrown its bounds onto the plate, as disks do when they are busy.
func (d *Disk) destage() error {
	for d.cache.held > d.options.Cache {
		if err := d.settle(d.cache.middle()); err != nil {
			return err
		}
	}
	return nil
}

// settle puts everything up to a write onto the plate, adjoining sectors at once.
func (d *Disk) settle(upTo uint64) error {
	var run []byte
	var begin int64
	for _, s := range d.cache.inOrder() {
		data := d.cache.take(s, upTo)
		if data == nil {
			continue
		}
		if len(run) > 0 && begin+int64(len(run)/SectorSize) != s {
			if _, err := d.plate.WriteAt(run, begin*SectorSize); err != nil {
				return err
			}
			run = run[:0]
		}
		if len(run) == 0 {
			begin = s
		}
		run = append(run, data...)
	}
	if len(run) == 0 {
		return nil
	}
	_, err := d.plate.WriteAt(run, begin*SectorSize)
	return err
}
