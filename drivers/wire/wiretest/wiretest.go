// Package wiretest reads the recordings in firmware-notes and plays either side of them: the device, to try a driver, or
// the host, to try an emulator.
package wiretest

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
)

// Recording is what went over a wire, in order.
type Recording []Burst

// Burst is bytes that went one way.
type Burst struct {
	FromHost bool
	Bytes    []byte
	Line     int // where in the file it begins
}

// Load reads the recording in the file at path.
func Load(path string) (Recording, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := Parse(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Parse reads a recording: a line of hex after ">" goes from host to device, after "<" from device to host, without a
// mark it goes on with the burst above; the rest of a line after "#" is comment.
func Parse(r io.Reader) (Recording, error) {
	var rec Recording
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		if mark := text[0]; mark == '>' || mark == '<' {
			rec = append(rec, Burst{FromHost: mark == '>', Line: n})
			text = text[1:]
		}
		b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if len(rec) == 0 {
			return nil, fmt.Errorf("line %d: bytes before the first mark", n)
		}
		last := &rec[len(rec)-1]
		last.Bytes = append(last.Bytes, b...)
	}
	return rec, lines.Err()
}

// PlayDevice answers on rw as the recorded device did. It fails at the first byte that the recorded host did not send.
func (r Recording) PlayDevice(rw io.ReadWriter) error { return r.play(rw, true) }

// PlayHost asks on rw as the recorded host did. It fails at the first byte that the recorded device did not answer.
func (r Recording) PlayHost(rw io.ReadWriter) error { return r.play(rw, false) }

func (r Recording) play(rw io.ReadWriter, hostIsOther bool) error {
	for _, b := range r {
		if b.FromHost != hostIsOther {
			if _, err := rw.Write(b.Bytes); err != nil {
				return fmt.Errorf("line %d: %w", b.Line, err)
			}
			continue
		}
		got := make([]byte, len(b.Bytes))
		n, err := io.ReadFull(rw, got)
		if !bytes.Equal(got[:n], b.Bytes[:n]) {
			return fmt.Errorf("line %d: recorded % X, got % X", b.Line, b.Bytes, got[:n])
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", b.Line, err)
		}
	}
	return nil
}
