package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yimen/kiosk/central"
	"yimen/kiosk/envelope"
	"yimen/provisioning/identity"
)

// floodOf is how many slow connections there are: as many as soak is asked for, or a sample.
func floodOf() int {
	if os.Getenv("YIMEN_SOAK") != "" {
		return 10_000
	}
	return 1000
}

// slow opens a connection of one of the slow kinds and leaves it. A nil connection is one that the hub has ended already.
func slow(t *testing.T, i int, address string, known *tls.Config) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i%4))}}
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatalf("connection %d: %v", i, err)
	}
	say := func(to net.Conn, text string) { _, err = to.Write([]byte(text)) }
	switch i % 10 {
	case 0, 1, 2, 3, 4, 5: // says nothing
	case 6, 7: // begins a handshake
		say(conn, "\x16\x03\x01\x02\x00\x01\x00")
	default: // is known, and takes its time with a request or with its body
		secure := tls.Client(conn, known)
		if err = secure.HandshakeContext(t.Context()); err == nil && i%10 == 8 {
			say(secure, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		} else if err == nil {
			say(secure, "PUT /v1/envelopes/01k9zqv8w3m5n7p2r4s6t8v0xa HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n{")
		}
		conn = secure
	}
	if err != nil {
		conn.Close()
		return nil
	}
	return conn
}

func TestSlowConnectionsInGreatNumbersKeepNoTerminalOut(t *testing.T) {
	count := floodOf()
	dir := keys(t)
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	_, url := spawn(t, "intake", "-identity", filepath.Join(dir, "hub"), "-store", filepath.Join(t.TempDir(), "store"))
	client, err := central.New(central.Config{URL: url, Patience: 10 * time.Second}, terminal.ClientTLS(), terminal.Receipts, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	deliver := func(no int) {
		t.Helper()
		p := parcel{id: fmt.Sprintf("01k9zqv8w3m5n7p2r4s6t8v3%02d", no)}
		head := envelope.Head{ID: p.id, Kind: "application", Terminal: "150102-001", SealedAt: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)}
		if p.Sealed, err = envelope.Seal(head, [][]byte{bytes.Repeat([]byte{1}, 200_000)}, []envelope.Recipient{terminal.Bureau}, terminal.Signing, rand.Reader); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for {
			_, err := client.Deliver(ctx, p)
			if err == nil {
				return
			}
			if ctx.Err() != nil {
				t.Fatalf("dossier %d is not taken in beside the flood: %v", no, err)
			}
		}
	}
	known := hallsOwn(t, dir)
	address := strings.TrimPrefix(url, "https://")
	var flood []net.Conn
	for i := range count {
		if conn := slow(t, i, address, known); conn != nil {
			defer conn.Close()
			flood = append(flood, conn)
		}
		if i%(count/10) == count/20 {
			deliver(i / (count / 10))
		}
	}
	deliver(10)
	const most = 4*128 + 16 // that the gate holds, of four addresses and under one name
	open := stillOpen(flood)
	for deadline := time.Now().Add(time.Minute); open > most && time.Now().Before(deadline); { // the last were not accepted yet
		open = stillOpen(flood)
	}
	t.Logf("%d of %d slow connections are still open", open, count)
	if open == 0 || open > most {
		t.Errorf("%d slow connections are open, want some, and at most %d", open, most)
	}
}

// hallsOwn is what another holder of the hall's certificates calls with: here the bureau.
func hallsOwn(t *testing.T, dir string) *tls.Config {
	t.Helper()
	bureau, err := identity.LoadBureau(filepath.Join(dir, "bureau"))
	if err != nil {
		t.Fatal(err)
	}
	c := bureau.ClientTLS()
	c.ServerName = "127.0.0.1"
	return c
}

// stillOpen counts the connections that the other side has not ended.
func stillOpen(conns []net.Conn) (open int) {
	for _, conn := range conns {
		if secure, ok := conn.(*tls.Conn); ok {
			conn = secure.NetConn()
		}
		conn.SetReadDeadline(time.Now().Add(time.Millisecond))
		for {
			_, err := conn.Read(make([]byte, 4096))
			if err == nil {
				continue // what the handshake left
			}
			if over, ok := err.(net.Error); ok && over.Timeout() {
				open++
			}
			break
		}
	}
	return open
}
