package main

import (
	"bufio"
	"fmt"
	"net"
	"sync"
)

// host is the line to the host.
type host struct {
	conn    net.Conn
	answers *bufio.Reader

	mu sync.Mutex // one line at a time
}

func dial(address string) (*host, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &host{conn: conn, answers: bufio.NewReader(conn)}, nil
}

// tell sends one line.
func (h *host) tell(format string, args ...any) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := fmt.Fprintf(h.conn, format+"\n", args...)
	return err
}

// carry tells of a delivery and returns when the host knows of it. The outbox delivers one entry at a time, so the next
// line is the answer.
func (h *host) carry(id, digest string) error {
	if err := h.tell("carry %s %s", id, digest); err != nil {
		return err
	}
	answer, err := h.answers.ReadString('\n')
	if err != nil {
		return err
	}
	if want := "receipt " + id + "\n"; answer != want {
		return fmt.Errorf("the host answers %q, want %q", answer, want)
	}
	return nil
}
