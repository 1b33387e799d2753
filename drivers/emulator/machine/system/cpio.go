package system

import (
	"fmt"
	"io"
)

// cpioWriter writes the initial memory disk's format: "newc", as the kernel's
// Documentation/driver-api/early-userspace/buffer-format.rst has it.
type cpioWriter struct {
	w     io.Writer
	inode int
	n     int // bytes written
	err   error
}

// Modes of entries.
const (
	cpioFolder = 0o040755
	cpioFile   = 0o100755
)

// add writes one entry; all belong to root and have no time.
func (c *cpioWriter) add(name string, mode int, body []byte) {
	c.inode++
	c.write(fmt.Appendf(nil, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
		c.inode, mode, 0, 0, 1, 0, len(body), 0, 0, 0, 0, len(name)+1, 0, name))
	c.pad()
	c.write(body)
	c.pad()
}

// close writes the trailer; the first error of all is returned.
func (c *cpioWriter) close() error {
	c.add("TRAILER!!!", 0, nil)
	return c.err
}

func (c *cpioWriter) pad() { c.write(make([]byte, -c.n&3)) }

func (c *cpioWriter) write(b []byte) {
	if c.err != nil {
		return
	}
	var n int
	n, c.err = c.w.Write(b)
	c.n += n
}
