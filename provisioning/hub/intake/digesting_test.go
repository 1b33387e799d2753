package intake

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"yimen/kiosk/envelope"
)

func TestHoweverItComesThePieceIsWrittenAndDigestedWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(20261123, 1))
	for name, line := range map[string]func(io.Reader) io.Reader{
		"at once": func(r io.Reader) io.Reader { return r }, "by halves": iotest.HalfReader, "end with data": iotest.DataErrReader,
	} {
		for _, size := range []int{0, 1, stretchSize - 1, stretchSize, stretchSize + 1, stretches*stretchSize + 3, 3<<20 + 17} {
			body := make([]byte, size)
			for i := range body {
				body[i] = byte(random.Uint32())
			}
			for _, suite := range envelope.Suites() {
				into, out := &tally{digest: suite.Digester()}, &bytes.Buffer{}
				// io.Copy would use the buffer's own way of reading.
				n, err := (&digesting{from: line(bytes.NewReader(body)), into: into}).WriteTo(struct{ io.Writer }{out})
				if err != nil || n != int64(size) || into.size != n || !bytes.Equal(out.Bytes(), body) || into.digest.Digest() != suite.Digest(body) {
					t.Errorf("%s, %d bytes: %d written, %d digested, %v", name, size, n, into.size, err)
				}
			}
		}
	}
}

func TestACutPieceIsWrittenAndDigestedUpToTheCut(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789"), 30_000)
	cut := errors.New("cut")
	into, out := &tally{digest: envelope.SuiteSM.Digester()}, &bytes.Buffer{}
	line := io.MultiReader(bytes.NewReader(body), iotest.ErrReader(cut))
	n, err := (&digesting{from: line, into: into}).WriteTo(out)
	if !errors.Is(err, cut) || n != int64(len(body)) || !bytes.Equal(out.Bytes(), body) || into.digest.Digest() != envelope.Digest(body) {
		t.Errorf("%d of %d bytes, %v", n, len(body), err)
	}
}

// TestADiskThatTakesLessIsNotDigestedAsIfItTookAll: the sizes differ, and so the tally is not kept.
func TestADiskThatTakesLessIsNotDigestedAsIfItTookAll(t *testing.T) {
	into := &tally{digest: envelope.SuiteSM.Digester()}
	n, err := (&digesting{from: bytes.NewReader(make([]byte, 10*stretchSize)), into: into}).WriteTo(&small{room: stretchSize + 100})
	if err == nil || n != stretchSize+100 || into.size == n {
		t.Errorf("%d written, %d digested, %v", n, into.size, err)
	}
}

// small is a disk with so many bytes of room.
type small struct{ room int }

func (s *small) Write(b []byte) (int, error) {
	n := min(len(b), s.room)
	s.room -= n
	if n < len(b) {
		return n, io.ErrShortWrite
	}
	return n, nil
}
