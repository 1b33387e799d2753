package disk

import (
	"errors"
	"fmt"
	"io"
)

// pageSize is how much a Memory copies when a byte in it changes.
const pageSize = 64 << 10

// Memory is a plate in memory over a base that stays as it is: only what was changed takes room. One goroutine at a time.
type Memory struct {
	size  int64
	base  io.ReaderAt
	pages map[int64][]byte // by place
}

// NewMemory gives a plate of size bytes that begins as a copy of base. Behind the base's end, and everywhere
// if base is nil, there are zeroes.
func NewMemory(size int64, base io.ReaderAt) *Memory {
	return &Memory{size: size, base: base, pages: map[int64][]byte{}}
}

// ReadAt implements io.ReaderAt.
func (m *Memory) ReadAt(b []byte, off int64) (n int, err error) {
	for n < len(b) && off < m.size {
		at := off % pageSize
		part := b[n:min(int64(len(b)), int64(n)+min(pageSize-at, m.size-off))]
		if page := m.pages[off/pageSize]; page != nil {
			copy(part, page[at:])
		} else if err := m.readBase(part, off); err != nil {
			return n, err
		}
		n, off = n+len(part), off+int64(len(part))
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt implements io.WriterAt. It writes all of b or nothing.
func (m *Memory) WriteAt(b []byte, off int64) (n int, err error) {
	if off < 0 || off > m.size-int64(len(b)) {
		return 0, fmt.Errorf("write %d bytes at %d: the plate has %d", len(b), off, m.size)
	}
	for n < len(b) {
		page := m.pages[off/pageSize]
		if page == nil {
			page = make([]byte, pageSize)
			if err := m.readBase(page, off-off%pageSize); err != nil {
				return n, err
			}
			m.pages[off/pageSize] = page
		}
		copied := copy(page[off%pageSize:], b[n:])
		n, off = n+copied, off+int64(copied)
	}
	return n, nil
}

// readBase fills b with what the base has at off, and zeroes behind its end.
func (m *Memory) readBase(b []byte, off int64) error {
	n := 0
	if m.base != nil {
		var err error
		if n, err = m.base.ReadAt(b, off); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	clear(b[n:])
	return nil
}
