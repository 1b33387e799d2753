package crash

import (
	"fmt"
	"strings"
	"testing"
)

// hexed writes a string as strace -xx does.
func hexed(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, `\x%02x`, s[i])
	}
	return b.String()
}

// spoken makes a trace of lines in which 'text' stands for text in hexadecimal.
func spoken(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		for i, word := range strings.Split(line, "'") {
			if i%2 == 1 {
				word = hexed(word)
			}
			b.WriteString(word)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func parsed(t *testing.T, lines ...string) string {
	t.Helper()
	ops, err := Parse(strings.NewReader(spoken(lines...)), "/r", "/m")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, o := range ops {
		word := fmt.Sprint(o.Kind, " ", o.Path)
		switch o.Kind {
		case Write:
			word += fmt.Sprintf(" %d %q", o.Offset, o.Data)
		case Rename:
			word += " " + o.To
		case Resize:
			word += fmt.Sprint(" ", o.Size)
		case Sync:
			word += fmt.Sprint(" ", o.Begun)
		case Mark:
			word += string(o.Data)
		}
		words = append(words, word)
	}
	return strings.Join(words, "; ")
}

func TestCallsBecomeOperations(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"write, sync, rename": {[]string{
			`1 openat(AT_FDCWD<'/x'>, "'/r/a'", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0600) = 3<'/r/a'>`,
			`1 write(3<'/r/a'>, "'one'", 3) = 3`, `1 write(3<'/r/a'>, "'two'", 3) = 2`, `1 fdatasync(3<'/r/a'>) = 0`, `1 close(3<'/r/a'>) = 0`,
			`1 rename("'/r/a'", "'/r/b'") = 0`, `1 openat(AT_FDCWD<'/x'>, "'/r'", O_RDONLY) = 3<'/r'>`, `1 fsync(3<'/r'>) = 0`,
		}, `0 a; 3 a 0; 2 a 0 "one"; 2 a 3 "tw"; 4 a 4; 5 a b; 4  6`},
		"appended": {[]string{
			`1 openat(AT_FDCWD<'/x'>, "'/r/a'", O_WRONLY|O_APPEND) = 3<'/r/a'>`, `1 write(3<'/r/a'>, "'x'", 1) = 1`,
		}, `2 a -1 "x"`},
		"at a place": {[]string{
			`1 openat(AT_FDCWD<'/x'>, "'/r/a'", O_RDWR) = 3<'/r/a'>`, `1 pwrite64(3<'/r/a'>, "'x'", 1, 4096) = 1`,
			`1 lseek(3<'/r/a'>, 7, SEEK_SET) = 7`, `1 write(3<'/r/a'>, "'y'", 1) = 1`, `1 ftruncate(3<'/r/a'>, 5) = 0`,
		}, `2 a 4096 "x"; 2 a 7 "y"; 3 a 5`},
		"a sync covers what had ended when it began": {[]string{
			`1 openat(AT_FDCWD<'/x'>, "'/r/a'", O_WRONLY|O_CREAT) = 3<'/r/a'>`, `1 fsync(3<'/r/a'> <unfinished ...>`,
			`2 write(3<'/r/a'>, "'x'", 1) = 1`, `1 <... fsync resumed>) = 0`,
		}, `0 a; 2 a 0 "x"; 4 a 1`},
		"what failed did nothing": {[]string{
			`1 mkdir("'/r/f'", 0700) = -1 EEXIST (File exists)`, `1 unlinkat(AT_FDCWD<'/x'>, "'/r/a'", 0) = -1 ENOENT (No such file or directory)`,
		}, ``},
		"what has no name any more": {[]string{
			`1 openat(AT_FDCWD<'/x'>, "'/r/a'", O_WRONLY|O_CREAT) = 3<'/r/a'>`, `1 unlinkat(AT_FDCWD<'/r'>, "'a'", 0) = 0`,
			`1 write(3<'/r/a'>(deleted), "'x'", 1) = 1`, `1 fsync(3<'/r/a'>(deleted)) = 0`,
		}, `0 a; 6 a`},
		"somebody else's files, sockets, promises": {[]string{
			`1 write(1<'/dev/pts/0'>, "'x'", 1) = 1`, `1 write(9<socket:[12]>, "'x'", 1) = 1`, `1 write(4<'/m'>, "'kept'", 4) = 4`,
			`1 mkdir("'/rr/f'", 0700) = 0`, `2 ???( <detached ...>`, `1 +++ exited with 0 +++`,
		}, `7 kept`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parsed(t, c.lines...); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatCannotBeReadIsAnErrorAndNamesTheLine(t *testing.T) {
	for _, line := range []string{
		`nonsense`, `1 write(3<'/r/a'>, "'x'"..., 9) = 9`, `1 write(3<'/r/a'>, "'x'", 1) = 1`, `1 <... write resumed>, 1) = 1`,
		`1 rename("'/r/a'", "'/elsewhere/a'") = 0`, `1 pwritev(3<'/r/a'>, [], 1, 0) = 1`, `1 write(3<'/r/a'>, "\xzz", 1) = 1`,
	} {
		_, err := Parse(strings.NewReader(spoken(line)), "/r", "/m")
		if err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(spoken(`1 openat(AT_FDCWD<'/x'>, "'/r/a'", O_WRONLY|O_CREAT|O_TRUNC, 0600) = 3<'/r/a'>`, `1 write(3<'/r/a'>, "'one'", 3) = 3`, `1 fsync(3<'/r/a'>) = 0`))
	f.Add(spoken(`1 fsync(3<'/r/a'> <unfinished ...>`, `1 <... fsync resumed>) = 0`, `2 rename("'/r/a'", "'/r/b'") = 0`))
	f.Add(spoken(`1 pwrite64(3<'/r/a'>, "'x'", 1, 4096) = 1`, `1 ftruncate(3<'/r/a'>, 99999999999) = 0`, `1 +++ killed by SIGKILL +++`))
	f.Fuzz(func(t *testing.T, trace string) {
		ops, err := Parse(strings.NewReader(trace), "/r", "/m")
		if err != nil {
			return
		}
		for i, o := range ops {
			if o.Kind == Sync && (o.Begun < 0 || o.Begun > i) {
				t.Errorf("sync %d covers %d operations", i, o.Begun)
			}
		}
	})
}
