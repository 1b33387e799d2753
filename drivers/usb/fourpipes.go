package usb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// headSize is what goes through the first pipe of each direction: preamble and length (firmware-notes/sam-v "Frame").
const headSize = 7

// splitOut sends the head of each frame through one pipe and the rest through another. Experimental: known from a document,
// never met (firmware-notes/sam-v "Transports"). Each call must hold one whole frame.
type splitOut struct{ head, body outPipe }

func (s splitOut) WriteContext(ctx context.Context, p []byte) (int, error) {
	n, err := s.head.WriteContext(ctx, p[:min(headSize, len(p))])
	if err != nil || n == len(p) {
		return n, err
	}
	if n < headSize {
		return n, io.ErrShortWrite
	}
	m, err := s.body.WriteContext(ctx, p[n:])
	return n + m, err
}

func (s splitOut) Revive() error { return errors.Join(s.head.Revive(), s.body.Revive()) }

// splitIn makes one stream of heads and bodies that come through pipes of their own.
type splitIn struct {
	head, body inPipe
	owed       int // bytes of the body that the last head announced and that have not come
}

func (s *splitIn) ReadContext(ctx context.Context, p []byte) (int, error) {
	if s.owed > 0 {
		n, err := s.body.ReadContext(ctx, p)
		s.owed = max(s.owed-n, 0)
		return n, err
	}
	n, err := s.head.ReadContext(ctx, p)
	switch {
	case err != nil:
		return n, err
	case n == headSize:
		s.owed = int(binary.BigEndian.Uint16(p[headSize-2 : n]))
	case n > 0:
		return n, fmt.Errorf("head of %d bytes, not %d", n, headSize)
	}
	return n, nil
}

func (s *splitIn) Revive() error {
	s.owed = 0
	return errors.Join(s.head.Revive(), s.body.Revive())
}
