package crash

import (
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// call is one system call as strace wrote it with -f -y -xx: strings in hexadecimal, descriptors with their paths.
type call struct {
	name   string
	args   []string
	result int64
	path   string // of the descriptor that is the result, if it is one
}

// Options are those of strace that Parse understands; -o and the program follow.
func Options() []string {
	return []string{"-f", "-y", "-qq", "-xx", "-s", "16777216", "-e", "signal=none", "-e",
		"trace=open,openat,creat,close,write,pwrite64,writev,pwritev,lseek,ftruncate,truncate,fallocate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir"}
}

const unfinished = " <unfinished ...>"

var (
	resumed  = regexp.MustCompile(`^<\.\.\. \w+ resumed>`)
	wholeRow = regexp.MustCompile(`^(\w+)\((.*)\)\s+= (-?\d+|\?)(<((?:\\x[0-9a-f]{2})*)>)?`)
	fileArg  = regexp.MustCompile(`^(\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*|[a-z]+:[^>]*)>(\(deleted\))?$`)
)

var errLine = errors.New("not a line of strace")

// lines puts the calls that other threads interrupted together again. It gives each call when it ended, and what begin
// gave when it began.
type lines struct {
	open map[string]halfCall // by thread
}

type halfCall struct {
	text  string
	begun int
}

// add takes a line. ok is false if no call ends with it.
func (l *lines) add(line string, begun int) (c call, since int, ok bool, err error) {
	thread, text, found := strings.Cut(line, " ")
	if _, err := strconv.Atoi(thread); !found || err != nil {
		return c, 0, false, fmt.Errorf("%w: %.80q", errLine, line)
	}
	text = strings.TrimLeft(text, " ")
	// A thread's end, a signal, a call in which the whole program was killed.
	if strings.HasPrefix(text, "+++") || strings.HasPrefix(text, "---") || strings.HasSuffix(text, "<detached ...>") {
		return c, 0, false, nil
	}
	if half, cut := strings.CutSuffix(text, unfinished); cut {
		l.open[thread] = halfCall{half, begun}
		return c, 0, false, nil
	}
	if mark := resumed.FindString(text); mark != "" {
		half, there := l.open[thread]
		if !there {
			return c, 0, false, fmt.Errorf("%w: the end of a call that never began: %.80q", errLine, line)
		}
		delete(l.open, thread)
		text, begun = half.text+text[len(mark):], half.begun
	}
	c, err = parseCall(text)
	return c, begun, err == nil, err
}

// parseCall reads "name(args) = result".
func parseCall(text string) (call, error) {
	m := wholeRow.FindStringSubmatch(text)
	if m == nil {
		return call{}, fmt.Errorf("%w: %s", errLine, excerpt(text))
	}
	c := call{name: m[1], args: split(m[2]), result: -1}
	if m[3] != "?" { // a call that the end of its process cut short
		n, err := strconv.ParseInt(m[3], 10, 64)
		if err != nil {
			return call{}, fmt.Errorf("%w: result %s", errLine, m[3])
		}
		c.result = n
	}
	path, err := unhex(m[5])
	c.path = string(path)
	return c, err
}

// excerpt is the beginning and the end of a line.
func excerpt(line string) string {
	const most = 60
	if len(line) <= 2*most {
		return strconv.Quote(line)
	}
	return fmt.Sprintf("%q … %q", line[:most], line[len(line)-most:])
}

// split takes arguments apart at the commas that stand outside of brackets; strings have none, being hexadecimal.
func split(args string) []string {
	var all []string
	depth, begin := 0, 0
	for i, r := range args {
		switch r {
		case '[', '{', '(', '<':
			depth++
		case ']', '}', ')', '>':
			depth--
		case ',':
			if depth == 0 {
				all = append(all, strings.TrimSpace(args[begin:i]))
				begin = i + 1
			}
		}
	}
	return append(all, strings.TrimSpace(args[begin:]))
}

func (c call) arg(no int) string {
	if no >= len(c.args) {
		return ""
	}
	return c.args[no]
}

// bytes is an argument that is a string.
func (c call) bytes(no int) ([]byte, error) {
	quoted := c.arg(no)
	if len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' { // "..." after it: strace cut it short
		return nil, fmt.Errorf("%w: %s has no whole string: %.40q", errLine, c.name, quoted)
	}
	return unhex(quoted[1 : len(quoted)-1])
}

func (c call) number(no int) (int64, error) {
	n, err := strconv.ParseInt(c.arg(no), 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %s has no number: %.40q", errLine, c.name, c.arg(no))
	}
	return n, nil
}

// file is an argument that is a descriptor: its number, its path, and whether that is its name no more. A descriptor of
// something else than a file has no path.
func (c call) file(no int) (fd int, path string, deleted bool, err error) {
	m := fileArg.FindStringSubmatch(c.arg(no))
	if m == nil {
		return 0, "", false, fmt.Errorf("%w: %s has no descriptor: %.40q", errLine, c.name, c.arg(no))
	}
	if fd = -1; m[1] != "AT_FDCWD" {
		if fd, err = strconv.Atoi(m[1]); err != nil {
			return 0, "", false, fmt.Errorf("%w: descriptor %s", errLine, m[1])
		}
	}
	if strings.Contains(m[2], ":") {
		return fd, "", false, nil
	}
	b, err := unhex(m[2])
	return fd, string(b), m[3] != "", err
}

// unhex reads \x61\x62.
func unhex(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errLine, err)
	}
	return b, nil
}
