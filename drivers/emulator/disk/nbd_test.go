package disk

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// user is the other end, as much of it as the tests need.
type user struct {
	io.ReadWriter
	t testing.TB
}

// script is a user who says it all at once and listens to nothing.
type script struct {
	io.Reader
	io.Writer
}

// said puts numbers of their own widths, and bytes, onto the wire.
func said(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		var err error
		if b, err = binary.Append(b, binary.BigEndian, p); err != nil {
			panic(err)
		}
	}
	return b
}

// beginning is the client's half of a handshake that goes straight on.
func beginning() []byte {
	return said(uint32(fixedNewstyle|noZeroes), uint64(optionMagic), uint32(optGo), uint32(6), uint32(0), uint16(0))
}

func (q request) wire() []byte {
	return said(uint32(requestMagic), q.flags, q.command, q.cookie, q.offset, q.length)
}

// newUser gives a user who begins, asks once, and is gone.
func newUser(t testing.TB, q request, data []byte) io.ReadWriter {
	t.Helper()
	return script{bytes.NewReader(append(append(beginning(), q.wire()...), data...)), io.Discard}
}

// dial begins the use of a disk.
func dial(t testing.TB, path string) *user {
	t.Helper()
	conn, err := net.Dial("unix", path)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	must(t, conn.SetDeadline(time.Now().Add(time.Minute))) // a user who is left waiting fails, and does not hang
	u := &user{conn, t}
	u.hear(said(uint64(serverMagic), uint64(optionMagic), uint16(fixedNewstyle|noZeroes)))
	_, err = u.Write(beginning())
	must(t, err)
	u.hear(said(uint64(answerMagic), uint32(optGo), uint32(repInfo), uint32(12), uint16(infoExport), uint64(sectors*SectorSize), uint16(transmission)))
	u.hear(said(uint64(answerMagic), uint32(optGo), uint32(repInfo), uint32(14), uint16(infoBlockSize), uint32(512), uint32(4096), uint32(maxTransfer)))
	u.hear(said(uint64(answerMagic), uint32(optGo), uint32(repAck), uint32(0)))
	return u
}

func (u *user) hear(want []byte) {
	u.t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(u, got); err != nil || !bytes.Equal(got, want) {
		u.t.Fatalf("heard % x, %v, want % x", got, err, want)
	}
}

// want asks, with the data of a write, and wants one error, or the data of a read.
func (u *user) want(q request, data []byte, failure uint32, answer []byte) {
	u.t.Helper()
	q.cookie = 0x0102030405060708
	_, err := u.Write(append(q.wire(), data...))
	must(u.t, err)
	u.hear(append(said(uint32(replyMagic), failure, q.cookie), answer...))
}

func TestRequestsThatCannotBeCarriedOutAreRefusedAndTheRestGoesOn(t *testing.T) {
	d := fresh(t, Options{})
	u := dial(t, served(t, d))
	const end = sectors * SectorSize
	for name, c := range map[string]struct {
		q       request
		failure uint32
	}{
		"read over the end":       {request{command: cmdRead, offset: end - SectorSize, length: 2 * SectorSize}, nbdEINVAL},
		"read far behind the end": {request{command: cmdRead, offset: 1<<64 - SectorSize, length: 2 * SectorSize}, nbdEINVAL},
		"read too much":           {request{command: cmdRead, length: maxTransfer + SectorSize}, nbdEINVAL},
		"read half a sector":      {request{command: cmdRead, length: 100}, nbdEINVAL},
		"write over the end":      {request{command: cmdWrite, offset: end, length: SectorSize}, nbdENOSPC},
		"write between sectors":   {request{command: cmdWrite, offset: 7, length: SectorSize}, nbdEINVAL},
		"trim over the end":       {request{command: cmdTrim, offset: SectorSize, length: end}, nbdENOSPC},
		"zero far behind":         {request{command: cmdWriteZeroes, offset: 1<<63 - SectorSize, length: SectorSize}, nbdENOSPC},
		"unknown command":         {request{command: 99}, nbdEINVAL},
		"unknown flag":            {request{command: cmdRead, flags: 1 << 4, length: SectorSize}, nbdEINVAL},
		"flag of another command": {request{command: cmdRead, flags: flagNoHole, length: SectorSize}, nbdEINVAL},
	} {
		t.Run(name, func(t *testing.T) {
			var data []byte
			if c.q.command == cmdWrite {
				data = content(9)
			}
			u.t = t
			u.want(c.q, data, c.failure, nil)
		})
	}
	u.t = t
	u.want(request{command: cmdWrite, offset: end - SectorSize, length: SectorSize}, content(1), 0, nil)
	u.want(request{command: cmdRead, offset: end - SectorSize, length: SectorSize}, nil, 0, content(1))
	u.want(request{command: cmdTrim, offset: end - SectorSize, length: SectorSize}, nil, 0, nil)
	u.want(request{command: cmdRead, offset: end - SectorSize, length: SectorSize}, nil, 0, make([]byte, SectorSize))
}

func TestUsersThatBreakTheProtocolAreHungUpOn(t *testing.T) {
	for name, c := range map[string]struct {
		says []byte
		want error
	}{
		"flags of another time": {said(uint32(1 << 7)), errUser},
		"no option":             {said(uint32(1), uint64(1), uint32(optGo), uint32(0)), errUser},
		"endless option":        {said(uint32(1), uint64(optionMagic), uint32(optGo), uint32(1<<31)), errUser},
		"another disk":          {said(uint32(1), uint64(optionMagic), uint32(optExportName), uint32(1), []byte("x")), errUser},
		"silence":               {nil, io.EOF},
		"abort":                 {said(uint32(1), uint64(optionMagic), uint32(optAbort), uint32(0)), errLeft},
		"no request":            {append(beginning(), make([]byte, 28)...), errUser},
		"endless write":         {append(beginning(), request{command: cmdWrite, length: 1<<32 - 1}.wire()...), errUser},
		"half a write":          {append(append(beginning(), request{command: cmdWrite, length: SectorSize}.wire()...), 1, 2, 3), io.ErrUnexpectedEOF},
		"leaves":                {append(beginning(), request{command: cmdDisconnect}.wire()...), errLeft},
	} {
		t.Run(name, func(t *testing.T) {
			d := fresh(t, Options{})
			if err := d.talk(script{bytes.NewReader(c.says), io.Discard}, 0); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if d.Stats() != (Stats{}) {
				t.Errorf("it did %+v", d.Stats())
			}
		})
	}
}

func TestOptionsAreAnsweredUntilTheUserGoesOn(t *testing.T) {
	option := func(no uint32, data []byte) []byte { return said(uint64(optionMagic), no, uint32(len(data)), data) }
	answered := func(no, kind uint32, data []byte) []byte {
		return said(uint64(answerMagic), no, kind, uint32(len(data)), data)
	}
	var heard bytes.Buffer
	says := bytes.Join([][]byte{
		said(uint32(fixedNewstyle)),
		option(optList, []byte("x")),
		option(optList, nil),
		option(8, nil), // structured replies
		option(optGo, said(uint32(3), []byte("abc"), uint16(1), uint16(3))),
		option(optGo, said(uint32(100), uint16(0))),
		option(optGo, nil),
		option(optExportName, nil),
	}, nil)
	if err := fresh(t, Options{}).talk(script{bytes.NewReader(says), &heard}, 0); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	want := bytes.Join([][]byte{
		said(uint64(serverMagic), uint64(optionMagic), uint16(fixedNewstyle|noZeroes)),
		answered(optList, repErrInvalid, nil),
		answered(optList, repServer, make([]byte, 4)), answered(optList, repAck, nil),
		answered(8, repErrUnsup, nil),
		answered(optGo, repErrUnknown, nil),
		answered(optGo, repErrInvalid, nil),
		answered(optGo, repErrInvalid, nil),
		said(uint64(sectors*SectorSize), uint16(transmission)), make([]byte, 124),
	}, nil)
	if !bytes.Equal(heard.Bytes(), want) {
		t.Errorf("heard\n% x\nwant\n% x", heard.Bytes(), want)
	}
}

// FuzzUser is any bytes in the place of a user: the disk hangs up or goes on, and stays within its bounds.
func FuzzUser(f *testing.F) {
	f.Add(said(uint32(fixedNewstyle), uint64(optionMagic), uint32(optList), uint32(0)))
	f.Add(append(append(beginning(), request{command: cmdWrite, length: SectorSize}.wire()...), content(1)...))
	for command := range uint16(8) {
		f.Add(append(append(beginning(), request{command: command, offset: SectorSize, length: SectorSize}.wire()...), content(1)...))
	}
	f.Add(append(beginning(), request{command: cmdTrim, flags: flagFUA, length: sectors * SectorSize}.wire()...))
	f.Fuzz(func(t *testing.T, says []byte) {
		d := fresh(t, Options{Cache: 8})
		if err := d.talk(script{bytes.NewReader(says), io.Discard}, 0); err == nil {
			t.Error("a user who has ended is served on")
		}
		if d.cache.held > 8 {
			t.Errorf("the cache holds %d versions", d.cache.held)
		}
		if _, err := d.Cut(uint64(len(says))); err != nil {
			t.Error(err)
		}
	})
}

// QEMU's own tools are a user that nobody here wrote.
func TestQEMUsToolsReadWhatTheyWrote(t *testing.T) {
	const size = 4 << 20
	d, err := New(NewMemory(size, nil), size, Options{})
	must(t, err)
	address := "nbd+unix:///?socket=" + served(t, d)
	out := qemu(t, "qemu-io", "-f", "raw", address,
		"-c", "write -P 1 0 64k", "-c", "flush", "-c", "write -f -P 2 4k 4k", "-c", "write -z 8k 4k", "-c", "discard 12k 4k",
		"-c", "read -P 1 0 4k", "-c", "read -P 2 4k 4k", "-c", "read -P 0 8k 8k", "-c", "read -P 1 16k 48k", "-c", "read -P 0 64k 1M")
	if strings.Contains(out, "verification failed") || strings.Count(out, "read ") != 5 {
		t.Error(out)
	}
	if s := d.Stats(); s.Flushes == 0 || s.Forced == 0 {
		t.Errorf("flushes and forced writes are not told as such: %+v", s)
	}
	picture := filepath.Join(t.TempDir(), "picture")
	b := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	must(t, os.WriteFile(picture, b, 0o600))
	qemu(t, "qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", picture, address)
	qemu(t, "qemu-img", "compare", "-f", "raw", "-F", "raw", picture, address)
	got := make([]byte, size)
	must(t, d.read(0, got))
	if !bytes.Equal(got, b) {
		t.Error("the disk does not hold what was converted onto it")
	}
}

func qemu(t *testing.T, tool string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Fatalf("%s is not installed: qemu-utils is in the list of packages for tests", tool)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", tool, err, out)
	}
	return string(out)
}
