package badline

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// echo opens a line to a server that says back what it hears, and runs it until the test ends.
func echo(t *testing.T, seed uint64) *Line {
	t.Helper()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				io.Copy(conn, conn)
				conn.(*net.TCPConn).CloseWrite()
			}()
		}
	}()
	l, err := Open(server.Addr().String(), seed)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	t.Cleanup(func() {
		end()
		server.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l
}

// said sends b over the line and gives what comes back.
func said(t *testing.T, l *Line, b []byte) ([]byte, error) {
	t.Helper()
	conn, err := net.Dial("tcp", l.Addr())
	if err != nil {
		return nil, err // a dead line may be reset before Dial has returned
	}
	defer conn.Close()
	go func() {
		conn.Write(b) // a line that is cut says so to the reader
		conn.(*net.TCPConn).CloseWrite()
	}()
	return io.ReadAll(conn)
}

func TestAGoodLineCarriesEverythingUnchanged(t *testing.T) {
	l := echo(t, 1)
	b := bytes.Repeat([]byte("0123456789"), 50_000)
	if got, err := said(t, l, b); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d of %d bytes came back, %v", len(got), len(b), err)
	}
	if c := l.Counts(); c.Up != int64(len(b)) || c.Down != int64(len(b)) || c.Faulty() != 0 || c.Connections != 1 {
		t.Errorf("counts %+v", c)
	}
}

func TestTroublesComeByChanceAndAllKindsOfThem(t *testing.T) {
	l := echo(t, 2)
	l.Set(Faults{Chance: 0.1, Stall: time.Millisecond})
	b := bytes.Repeat([]byte("0123456789"), 10_000)
	whole := 0
	for range 100 {
		if got, err := said(t, l, b); err == nil && bytes.Equal(got, b) {
			whole++
		}
	}
	c := l.Counts()
	if c.Cuts == 0 || c.Resets == 0 || c.Stalls == 0 || c.Flips == 0 || whole == 0 || whole == 100 {
		t.Errorf("%d of 100 came whole; %+v", whole, c)
	}
}

func TestASlowLineBringsByteByByte(t *testing.T) {
	l := echo(t, 3)
	l.Set(Faults{Rate: 10_000})
	if got, err := said(t, l, []byte("hello")); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestADeadLineAndAPortalLetNothingThrough(t *testing.T) {
	l := echo(t, 4)
	l.Set(Faults{Down: true})
	if got, err := said(t, l, []byte("hello")); err == nil || len(got) > 0 {
		t.Errorf("dead line: %q, %v", got, err)
	}
	l.Set(Faults{Portal: true})
	if got, _ := said(t, l, nil); !strings.Contains(string(got), "Sign in") {
		t.Errorf("portal: %q", got)
	}
	l.Set(Faults{})
	if got, err := said(t, l, []byte("hello")); err != nil || string(got) != "hello" {
		t.Errorf("good again: %q, %v", got, err)
	}
}

func TestALineThatGoesDownResetsWhatStands(t *testing.T) {
	l := echo(t, 5)
	conn, err := net.Dial("tcp", l.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	l.Set(Faults{Down: true})
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes from a dead line", n)
	}
}
