// Package crash rebuilds what a disk may look like after the power was cut at any moment of a recorded run. A run is
// recorded by strace (Options) and read (Parse); every write, sync and change of a name is replayed on a model of a disk
// (Disk) which knows what has to be there and what need not; States gives what may be left.
//
// It differs from powercut, which cuts a virtual machine's real kernel: no kernel is in between here, so that every legal
// state can be looked at, also those that one file system never leaves; and nothing is cut that takes seconds.
package crash

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
)

// Kind says what an operation does.
type Kind int

// The kinds of operation.
const (
	Make       Kind = iota // an empty file at Path
	MakeFolder             // a folder at Path
	Write                  // Data at Offset into Path
	Resize                 // Path to Size bytes
	Sync                   // of the file or folder at Path: what it held when the call began lasts
	Rename                 // Path to To
	Remove                 // the file or folder at Path
	Mark                   // the recorded program says Data: a promise it has given
)

// Op is one operation on the disk, at the moment when it returned.
type Op struct {
	Kind   Kind
	Path   string // below the recorded folder, slashes, as when the operation was done
	To     string
	Offset int64
	Size   int64
	Data   []byte
	Begun  int // for Sync: how many operations had ended when it began
}

// Parse reads what strace wrote of a program that kept its files below root and its promises in the file marks, one
// write each. What happens elsewhere is left out.
func Parse(trace io.Reader, root, marks string) ([]Op, error) {
	p := parser{root: path.Clean(root) + "/", marks: path.Clean(marks), files: make(map[int]*descriptor)}
	calls := lines{open: make(map[string]halfCall)}
	in := bufio.NewReaderSize(trace, 1<<20)
	for no := 1; ; no++ {
		line, err := in.ReadString('\n')
		if err == io.EOF && line == "" {
			return p.ops, nil
		}
		if err != nil && err != io.EOF {
			return nil, err
		}
		c, begun, ended, err := calls.add(strings.TrimSuffix(line, "\n"), len(p.ops))
		if err == nil && ended && c.result >= 0 {
			err = p.take(c, begun)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", no, err)
		}
	}
}

// parser knows the descriptors that are open.
type parser struct {
	root, marks string
	ops         []Op
	files       map[int]*descriptor
}

type descriptor struct {
	at     int64 // where the next write goes
	append bool
}

func (p *parser) take(c call, begun int) error {
	switch c.name {
	case "open", "openat", "creat":
		return p.opened(c)
	case "close":
		fd, _, _, err := c.file(0)
		delete(p.files, fd)
		return err
	case "lseek":
		fd, _, _, err := c.file(0)
		if f := p.files[fd]; f != nil {
			f.at = c.result
		}
		return err
	case "write", "pwrite64":
		return p.wrote(c)
	case "ftruncate", "fallocate":
		return p.resized(c)
	case "fsync", "fdatasync":
		_, at, deleted, err := c.file(0)
		return p.add(err, at, deleted, Op{Kind: Sync, Begun: begun})
	case "mkdir", "mkdirat":
		return p.named(c, MakeFolder)
	case "unlink", "unlinkat", "rmdir":
		return p.named(c, Remove)
	case "rename", "renameat", "renameat2":
		return p.renamed(c)
	case "writev", "pwritev", "truncate":
		return p.unknown(c)
	}
	return fmt.Errorf("%w: %s", errLine, c.name)
}

// below gives a path below root, empty for root itself, and whether it is there.
func (p *parser) below(at string) (string, bool) {
	at = path.Clean(at)
	if at+"/" == p.root {
		return "", true
	}
	return strings.CutPrefix(at, p.root)
}

// add appends an operation on the file at a path unless it is somebody else's or has no name any more.
func (p *parser) add(err error, at string, deleted bool, o Op) error {
	if err != nil {
		return err
	}
	under, ours := p.below(at)
	if !ours || deleted {
		return nil
	}
	o.Path = under
	p.ops = append(p.ops, o)
	return nil
}

func (p *parser) opened(c call) error {
	flags := c.arg(len(c.args) - 1)
	for _, a := range c.args {
		if strings.HasPrefix(a, "O_") {
			flags = a
		}
	}
	if c.name == "creat" {
		flags = "O_CREAT|O_TRUNC"
	}
	has := func(flag string) bool { return strings.Contains("|"+flags+"|", "|"+flag+"|") }
	p.files[int(c.result)] = &descriptor{append: has("O_APPEND")}
	if has("O_CREAT") {
		if err := p.add(nil, c.path, false, Op{Kind: Make}); err != nil {
			return err
		}
	}
	if has("O_TRUNC") {
		return p.add(nil, c.path, false, Op{Kind: Resize})
	}
	return nil
}

func (p *parser) wrote(c call) error {
	fd, at, deleted, err := c.file(0)
	if err != nil {
		return err
	}
	_, ours := p.below(at)
	if !ours && at != p.marks {
		return nil
	}
	data, err := c.bytes(1)
	if err != nil {
		return err
	}
	if c.result > int64(len(data)) {
		return fmt.Errorf("%w: %s tells of %d bytes and shows %d", errLine, c.name, c.result, len(data))
	}
	data = data[:c.result]
	if at == p.marks {
		p.ops = append(p.ops, Op{Kind: Mark, Data: data})
		return nil
	}
	o := Op{Kind: Write, Data: data, Offset: -1} // -1: at the end of the file
	if c.name == "pwrite64" {
		if o.Offset, err = c.number(3); err != nil {
			return err
		}
	} else if f := p.files[fd]; f == nil || !f.append {
		if f == nil {
			return fmt.Errorf("%w: write to a descriptor that was never opened", errLine)
		}
		o.Offset = f.at
		f.at += c.result
	}
	return p.add(nil, at, deleted, o)
}

func (p *parser) resized(c call) error {
	_, at, deleted, err := c.file(0)
	if err != nil {
		return err
	}
	if c.name == "fallocate" { // the mode comes before, and what it adds are zeroes that nothing relies on
		return nil
	}
	size, err := c.number(1)
	return p.add(err, at, deleted, Op{Kind: Resize, Size: size})
}

// named is a call on one path, which may be given relative to a folder.
func (p *parser) named(c call, kind Kind) error {
	at, _, err := c.target(0)
	return p.add(err, at, false, Op{Kind: kind})
}

func (p *parser) renamed(c call) error {
	from, next, err := c.target(0)
	if err != nil {
		return err
	}
	to, _, err := c.target(next)
	if err != nil {
		return err
	}
	to, ours := p.below(to)
	if _, also := p.below(from); also != ours {
		return fmt.Errorf("%w: a rename across what is recorded", errLine)
	}
	return p.add(nil, from, false, Op{Kind: Rename, To: to})
}

// target is the path that begins at an argument, and where the arguments go on after it.
func (c call) target(no int) (at string, next int, err error) {
	folder := ""
	if strings.HasSuffix(c.name, "at") || c.name == "renameat2" {
		if _, folder, _, err = c.file(no); err != nil {
			return "", 0, err
		}
		no++
	}
	b, err := c.bytes(no)
	if at = string(b); err == nil && !path.IsAbs(at) {
		at = path.Join(folder, at)
	}
	return at, no + 1, err
}

// unknown is a call that a recorded program is not expected to make on its own files.
func (p *parser) unknown(c call) error {
	_, at, _, err := c.file(0)
	if err != nil {
		return nil // truncate by path, of something else
	}
	if _, ours := p.below(at); ours {
		return fmt.Errorf("%w: %s of %s", errLine, c.name, at)
	}
	return nil
}
