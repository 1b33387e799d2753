package gate

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"
)

// crowded makes guests of which each is in one of the groups, one after the other, and gives who was sent away.
func crowded(c crowd, apart time.Duration, groups ...string) (away []string) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, group := range groups {
		if gone, from := c.add(&guest{}, group, now); gone != nil {
			away = append(away, from)
		}
		now = now.Add(apart)
	}
	return away
}

func TestWhoWasLetInHasAMoment(t *testing.T) {
	for apart, want := range map[time.Duration]string{moment / 10: "[b b]", moment: "[a a]"} {
		c := newCrowd(3, 3)
		if got := fmt.Sprint(crowded(c, apart, "a", "a", "a", "b", "b")); got != want {
			t.Errorf("%v apart: sent away %v, want %s", apart, got, want)
		}
	}
}

func TestOneTooManyCostsTheLargestGroup(t *testing.T) {
	for name, c := range map[string]struct {
		groups string
		away   string
	}{
		"room for all":          {"a b c a", ""},
		"too many of one":       {"a a a a b", "a"},
		"too many in all":       {"a a a b c d", "a"},
		"newcomers are let in":  {"a a a b b c d e", "a b c"},
		"a flood from one only": {"b a a a a a a a a", "a a a a a"},
	} {
		t.Run(name, func(t *testing.T) {
			got := crowded(newCrowd(5, 3), moment, strings.Fields(c.groups)...)
			if name == "newcomers are let in" { // which of two that are equally large is not said
				if len(got) != 3 || got[0] != "a" {
					t.Errorf("sent away %v", got)
				}
				return
			}
			if fmt.Sprint(got) != fmt.Sprint(strings.Fields(c.away)) {
				t.Errorf("sent away %v, want %s", got, c.away)
			}
		})
	}
}

func TestWhoeverGoesMakesRoom(t *testing.T) {
	c := newCrowd(2, 2)
	first := &guest{}
	now := time.Now()
	c.add(first, "a", now)
	c.add(&guest{}, "b", now)
	if !c.remove(first) || c.remove(first) {
		t.Error("removed not once")
	}
	if gone, _ := c.add(&guest{}, "c", now); gone != nil {
		t.Error("sent away though there was room")
	}
	if len(c.groups) != 2 {
		t.Errorf("%d groups are remembered", len(c.groups))
	}
}

// from dials the gate from one of this machine's own addresses.
func from(t *testing.T, host string, to net.Addr) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}
	conn, err := dialer.DialContext(t.Context(), "tcp", to.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestAFloodFromOneAddressEndsNoneOfAnothers(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	hour := time.Now()
	g := New(listener, Limits{StrangersFrom: 8}, slog.New(slog.NewTextHandler(&log, nil)))
	g.now = func() time.Time { return hour } // all come at the same time
	defer g.Close()
	good := from(t, "127.0.0.9", g.Addr())
	accepted, err := g.Accept()
	if err != nil {
		t.Fatal(err)
	}
	flood := make([]net.Conn, 50)
	for i := range flood {
		flood[i] = from(t, "127.0.0.2", g.Addr())
		if _, err := g.Accept(); err != nil {
			t.Fatal(err)
		}
	}
	ended := 0
	for i, conn := range flood {
		conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		_, err := conn.Read(make([]byte, 1))
		if over, ok := err.(net.Error); ok && over.Timeout() {
			if i >= 8 { // those that were let in have their moment still
				t.Errorf("connection %d of %d is still there", i, len(flood))
			}
			continue
		}
		ended++
	}
	if ended != len(flood)-8 {
		t.Errorf("%d of %d were ended, want all but 8", ended, len(flood))
	}
	if _, err := accepted.Write([]byte("x")); err != nil {
		t.Error(err)
	}
	if _, err := good.Read(make([]byte, 1)); err != nil {
		t.Errorf("the other address's connection: %v", err)
	}
	if lines := strings.Count(log.String(), "sent away"); lines != 1 || !strings.Contains(log.String(), "127.0.0.2") {
		t.Errorf("log: %s", &log)
	}
}
