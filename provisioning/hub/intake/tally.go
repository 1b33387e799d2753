package intake

import (
	"io"
	"sync"

	"yimen/kiosk/envelope"
)

// A tally is the digest of a part's bytes so far, taken while they went to the store. It spares reading a whole part back
// before its receipt is signed: reading back at that moment would ask the kernel's cache, which has just said that it
// wrote those very bytes to the disk.
//
// It counts only what the store has answered for. A piece that ended in any other way than "so many bytes were added"
// takes the tally with it, and so does the end of the process: such a part is read back whole before it is acknowledged.
type tally struct {
	size   int64
	digest *envelope.Digester
}

// maxTallies bounds the parts that are on their way up at the same time and have a tally; each takes a few hundred
// bytes. One above that is read back.
const maxTallies = 4096

// tallies holds the tallies of parts of which no piece is coming in right now.
type tallies struct {
	mu sync.Mutex
	of map[string]*tally // by upload
}

func newTallies() *tallies { return &tallies{of: make(map[string]*tally)} }

// take gives the tally of an upload that has offset bytes, out of what is held. A part that begins gets a new one; nil
// means that nobody digested the bytes so far.
func (ts *tallies) take(upload string, offset int64, suite envelope.Suite) *tally {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t := ts.of[upload]
	delete(ts.of, upload)
	switch {
	case t != nil && t.size == offset:
		return t
	case offset == 0:
		return &tally{digest: suite.Digester()}
	}
	return nil
}

// put holds a tally until the next piece comes, or the part is acknowledged.
func (ts *tallies) put(upload string, t *tally) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if len(ts.of) < maxTallies {
		ts.of[upload] = t
	}
}

// digest gives that of an upload if exactly size bytes of it were digested.
func (ts *tallies) digest(upload string, size int64) (digest string, ok bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t := ts.of[upload]; t != nil && t.size == size {
		return t.digest.Digest(), true
	}
	return "", false
}

// forget lets go of an upload's tally, if there is one.
func (ts *tallies) forget(upload string) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	delete(ts.of, upload)
}

// A piece is read in stretches of stretchSize bytes. While one is digested, up to stretches-1 more are read and written;
// they are made as they are needed, so that a small piece on a slow line takes one or two.
const (
	stretchSize = 64 << 10
	stretches   = 8
)

// digesting is a piece on its way to the store that is digested beside. io.Copy calls its WriteTo.
type digesting struct {
	from io.Reader
	into *tally
}

// Read implements io.Reader for a store that does not copy.
func (d *digesting) Read(b []byte) (int, error) {
	n, err := d.from.Read(b)
	d.into.add(b[:n])
	return n, err
}

func (t *tally) add(b []byte) {
	t.digest.Write(b) // never fails
	t.size += int64(len(b))
}

// WriteTo writes everything to w and returns when all of it is digested too.
func (d *digesting) WriteTo(w io.Writer) (written int64, err error) {
	full, free := make(chan []byte, stretches), make(chan []byte, stretches)
	var digested sync.WaitGroup
	digested.Go(func() {
		for b := range full {
			d.into.add(b)
			free <- b[:cap(b)]
		}
	})
	defer digested.Wait()
	defer close(full)
	for made := 0; ; {
		if len(free) == 0 && made < stretches {
			free <- make([]byte, stretchSize)
			made++
		}
		b := <-free
		n, readErr := readStretch(d.from, b)
		full <- b[:n]
		m, err := w.Write(b[:n]) // reading beside the digester, which does not write either
		written += int64(m)
		switch {
		case err != nil:
			return written, err
		case readErr == io.EOF:
			return written, nil
		case readErr != nil:
			return written, readErr
		}
	}
}

// readStretch fills b as far as the reader goes. io.EOF means that the reader ended well.
func readStretch(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err
}
