package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"sync"

	"yimen/kiosk/envelope"
	"yimen/kiosk/outbox"
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

// deliver is the outbox's courier: one at a time, so that the next line is the answer.
func (h *host) deliver(_ context.Context, e *outbox.Entry) ([]byte, error) {
	sum, err := digestOf(e)
	if err != nil {
		return nil, err
	}
	if err := h.tell("carry %s %s", e.ID(), sum); err != nil {
		return nil, err
	}
	answer, err := h.answers.ReadString('\n')
	if err != nil {
		return nil, err
	}
	if want := "receipt " + e.ID() + "\n"; answer != want {
		return nil, fmt.Errorf("the host answers %q, want %q", answer, want)
	}
	return []byte(answer), nil
}

// digestOf reads an entry to its end.
func digestOf(e *outbox.Entry) (string, error) {
	list, err := envelope.ParseList(e.List())
	if err != nil {
		return "", err
	}
	d := digest{sha256.New()}
	d.add(e.List())
	d.add(e.Signature())
	for no := range list.Parts {
		part, size, err := e.Part(no)
		if err != nil {
			return "", err
		}
		d.begin(size)
		if _, err := io.Copy(d, part); err != nil {
			return "", errors.Join(err, part.Close())
		}
		if err := part.Close(); err != nil {
			return "", err
		}
	}
	return d.String(), nil
}

// digestOfItem digests what is put in the same way.
func digestOfItem(it outbox.Item) string {
	d := digest{sha256.New()}
	d.add(it.List)
	d.add(it.Signature)
	for _, p := range it.Parts {
		d.add(p)
	}
	return d.String()
}

// digest is one over pieces that cannot run into each other.
type digest struct{ hash.Hash }

func (d digest) begin(size int64) { _ = binary.Write(d, binary.BigEndian, size) } // a hash never fails

func (d digest) add(b []byte) {
	d.begin(int64(len(b)))
	d.Write(b)
}

func (d digest) String() string { return hex.EncodeToString(d.Sum(nil)) }
