// Package link is the line between the host and a machine's agent: frames on one byte stream (a virtio-serial
// port), so that several commands run at once and each keeps its own output and end. Both ends trust
// each other's intent, not each other's bytes: a torn stream is an error, never a panic.
package link

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// Kind says what a frame carries.
type Kind byte

// Frames, with who sends them: H the host, A the agent.
const (
	Hello  Kind = iota + 1 // A: the agent listens; id 0, no payload
	Start                  // H: a Command in JSON; its id names the command from then on
	Stop                   // H: end the command's process group, kindly first
	Stdout                 // A: bytes that it wrote
	Stderr                 // A: likewise
	Exit                   // A: an Ended in JSON; the last frame of an id
	Relay                  // H: a Forwarding in JSON; answered by Exit when it listens or cannot
)

// MaxPayload is the longest payload of a frame in bytes.
const MaxPayload = 1 << 20

// headerLen is a frame's header: id (4 bytes), kind (1), length of the payload (4), all little-endian.
const headerLen = 9

// Command is what Start asks for.
type Command struct {
	Argv   []string
	Env    []string // KEY=value, on top of the agent's own
	Dir    string   // working folder; empty for /
	UID    uint32   // who runs it, user and group
	Groups []uint32 // the user's other groups
	In     []byte   // its whole standard input
}

// Ended is how a command ended. Error is set when it could not be started.
type Ended struct {
	Code   int    // exit status; -1 if a signal ended it
	Signal string // the signal's name, if one did
	Error  string
}

// Forwarding is what Relay asks for: whoever connects to Listen in the guest is put through to Dial.
type Forwarding struct{ Listen, Dial string }

// Frame is one message.
type Frame struct {
	ID      uint32
	Kind    Kind
	Payload []byte
}

// Read reads one frame; io.EOF only between frames.
func Read(r io.Reader) (Frame, error) {
	var h [headerLen]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return Frame{}, err
	}
	f := Frame{ID: binary.LittleEndian.Uint32(h[:]), Kind: Kind(h[4])}
	n := binary.LittleEndian.Uint32(h[5:])
	if f.Kind < Hello || f.Kind > Relay || n > MaxPayload {
		return Frame{}, fmt.Errorf("link: frame of kind %d with %d bytes", h[4], n)
	}
	f.Payload = make([]byte, n)
	if _, err := io.ReadFull(r, f.Payload); err != nil {
		return Frame{}, fmt.Errorf("link: frame cut short: %w", io.ErrUnexpectedEOF)
	}
	return f, nil
}

// Writer writes frames whole, whoever asks first.
type Writer struct {
	mu sync.Mutex
	w  io.Writer
}

// NewWriter writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes a frame; a payload longer than MaxPayload is an error.
func (w *Writer) Write(id uint32, kind Kind, payload []byte) error {
	if len(payload) > MaxPayload {
		return fmt.Errorf("link: %d bytes in one frame", len(payload))
	}
	b := make([]byte, headerLen, headerLen+len(payload))
	binary.LittleEndian.PutUint32(b, id)
	b[4] = byte(kind)
	binary.LittleEndian.PutUint32(b[5:], uint32(len(payload)))
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.w.Write(append(b, payload...))
	return err
}

// WriteJSON writes a frame whose payload is v in JSON.
func (w *Writer) WriteJSON(id uint32, kind Kind, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.Write(id, kind, b)
}

// Stream is an io.Writer that sends what is written to it as frames of one command and kind.
type Stream struct {
	To   *Writer
	ID   uint32
	Kind Kind
}

// Write sends b in as many frames as it takes. An empty b sends nothing.
func (s Stream) Write(b []byte) (int, error) {
	for sent := 0; sent < len(b); {
		n := min(len(b)-sent, 64<<10)
		if err := s.To.Write(s.ID, s.Kind, b[sent:sent+n]); err != nil {
			return sent, err
		}
		sent += n
	}
	return len(b), nil
}
