package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Damage is how a journal is found not to be as it was written.
type Damage string

// The kinds of damage.
const (
	Changed   Damage = "changed"   // a record's bytes are others, or it was put in
	Removed   Damage = "removed"   // records are missing, and later ones are there
	Reordered Damage = "reordered" // a record stands where another belongs, and that one stands later
	Truncated Damage = "truncated" // the journal ends before a head that somebody has seen
	Rewritten Damage = "rewritten" // it is sound in itself, but not the one whose head somebody has seen
)

// Fault is where a journal is damaged.
type Fault struct {
	Damage Damage
	No     uint32 // of the first record that is not there as it was written
	Offset int64  // bytes from the beginning of the file
}

// Error says what, and where.
func (f *Fault) Error() string {
	return fmt.Sprintf("journal is %s at record %d, byte %d", f.Damage, f.No, f.Offset)
}

// Story is what a whole journal says of itself.
type Story struct {
	Head Head
	// Size is where the last whole record ends, in bytes.
	Size int64
	// Torn is how many bytes of a half-written record follow: a power cut leaves them, or a writer at work.
	Torn int64
	// Open are the intents without an outcome, in their order.
	Open   []Record
	digest JournalBegunDigest
}

// Read reads a journal from its beginning and gives each sound record to tell, which may be nil. The error is a
// *Fault for the first damage, or what kept it from reading; the Story then is about what stands before. An empty
// journal is a sound one.
func Read(from io.Reader, tell func(Record)) (Story, error) {
	var s Story
	err := s.read(from, tell)
	return s, err
}

// read goes on from where s stands.
func (s *Story) read(from io.Reader, tell func(Record)) error {
	in := bufio.NewReaderSize(from, maxLine)
	for {
		l, err := in.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("read journal: %w", err)
		}
		if len(l) == 0 {
			return nil
		}
		r, fault := s.next(l)
		if fault != nil {
			return s.judge(l, r, fault, in)
		}
		s.take(r, len(l))
		if tell != nil {
			tell(r)
		}
	}
}

// next parses the line that follows what was read and holds it against the chain.
func (s *Story) next(l []byte) (Record, *Fault) {
	fault := &Fault{Damage: Changed, No: s.Head.No + 1, Offset: s.Size}
	r, text, err := parse(l)
	if err != nil {
		return Record{}, fault
	}
	if s.Head.No == 0 {
		first, ok := r.Event.(JournalBegun)
		if !ok {
			return r, fault
		}
		s.digest = first.Digest
	}
	if r.No != s.Head.No+1 || s.digest.follow(s.Head.Sum, text) != r.Sum {
		return r, fault
	}
	r.Offset = s.Size
	return r, nil
}

// take goes one record on.
func (s *Story) take(r Record, size int) {
	s.Head = Head{No: r.No, Sum: r.Sum}
	s.Size += int64(size)
	switch e := r.Event.(type) {
	case Intent:
		s.Open = append(s.Open, r)
	case Outcome:
		for i, open := range s.Open {
			if open.No == e.closes() {
				s.Open = append(s.Open[:i:i], s.Open[i+1:]...)
				break
			}
		}
	}
}

// judge names the damage at a line that does not fit, or finds that it is only a record half written. Each record
// is flushed before the next is written, so a power cut can spoil the last one alone: its end is missing, or blocks
// of it are, and those read as zeros.
func (s *Story) judge(l []byte, r Record, fault *Fault, rest *bufio.Reader) error {
	half := l[len(l)-1] != '\n' || bytes.IndexByte(l, 0) >= 0
	length := int64(len(l))
	found := false // the record that belongs here stands later
	for {
		more, err := rest.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("read journal: %w", err)
		}
		if len(more) == 0 {
			break
		}
		length += int64(len(more))
		later, _, err := parse(more)
		found = found || err == nil && later.No == fault.No
	}
	switch {
	case half && length <= maxLine && length == int64(len(l)):
		s.Torn = length
		return nil
	case found:
		fault.Damage = Reordered
	case r.No > fault.No:
		fault.Damage = Removed
	}
	return fault
}

// Verify reads a journal and holds it against heads that others have seen: central's, or a day sheet's. A torn end is
// no fault, for nobody was ever told the head of a record that was not flushed. tell is as for Read.
func Verify(from io.Reader, seen []HeadSeen, tell func(Record)) (Story, error) {
	var wrong *Fault
	s, err := Read(from, func(r Record) {
		for _, h := range seen {
			if h.No == r.No && !h.fits(r.Sum) && wrong == nil {
				wrong = &Fault{Damage: Rewritten, No: r.No, Offset: r.Offset}
			}
		}
		if tell != nil {
			tell(r)
		}
	})
	if err != nil {
		return s, err
	}
	if wrong != nil {
		return s, wrong
	}
	for _, h := range seen {
		if h.No > s.Head.No {
			return s, &Fault{Damage: Truncated, No: s.Head.No + 1, Offset: s.Size}
		}
	}
	return s, nil
}

// ReadDir is Read of the journal in folder dir, with all its volumes.
func ReadDir(dir string, tell func(Record)) (Story, error) {
	f, err := OpenDir(dir)
	if err != nil {
		return Story{}, err
	}
	defer f.Close()
	return Read(f, tell)
}
