package intake

import (
	"context"
	"errors"
	"io"
	"time"
)

// What a store answers, by what the intake tells its caller.
var (
	// ErrNotFound: no such envelope, part or receipt.
	ErrNotFound = errors.New("not kept")
	// ErrConflict: another list is kept under this id.
	ErrConflict = errors.New("another list is kept under this id")
	// ErrOffset: the part does not end where the writer thought.
	ErrOffset = errors.New("part ends elsewhere")
	// ErrFull: there is no room. What was kept before is untouched.
	ErrFull = errors.New("store is full")
)

// Envelope is what stands outside the seals.
type Envelope struct {
	ID, Terminal, Kind string
	List, Signature    []byte // exactly as the terminal sent them
}

// Acknowledged is an envelope with its receipt. Sequence grows with the order in which receipts were kept.
type Acknowledged struct {
	Sequence int64
	Envelope
	Receipt []byte
}

// Envelopes keeps what is known of envelopes. Whatever a method has answered survives a power cut. Methods may be
// called at the same time.
type Envelopes interface {
	// Register keeps e. Under a known id with the same list it changes nothing and created is false; with
	// another list it answers ErrConflict.
	Register(ctx context.Context, e Envelope) (created bool, err error)
	// Find gives a registered envelope, or ErrNotFound.
	Find(ctx context.Context, id string) (Envelope, error)
	// Acknowledge keeps the signed receipt of a registered envelope. The first receipt stays for ever: kept is
	// that one, and first tells whether it is this one. ErrNotFound if the envelope is not registered.
	Acknowledge(ctx context.Context, id string, signed []byte) (kept []byte, first bool, err error)
	// Receipt gives the signed receipt of an envelope, or ErrNotFound.
	Receipt(ctx context.Context, id string) ([]byte, error)
	// Pending gives up to limit ids above after of envelopes that have no receipt, in order.
	Pending(ctx context.Context, after string, limit int) ([]string, error)
	// LetGo notes that the parts of an envelope with a receipt are forgotten, when, and which was its last day; a second time it
	// changes nothing. ErrNotFound without a receipt.
	LetGo(ctx context.Context, id string, at time.Time, until string) error
	// Gone gives up to limit ids above after of envelopes that were let go, in order.
	Gone(ctx context.Context, after string, limit int) ([]string, error)
	// WasLetGo tells whether an envelope was let go.
	WasLetGo(ctx context.Context, id string) (bool, error)
	// Acknowledged gives up to limit envelopes with a sequence above after, in order, without those that were let go.
	Acknowledged(ctx context.Context, after int64, limit int) ([]Acknowledged, error)
}

// Parts keeps the sealed bytes of parts, which grow at their end only. Methods may be called at the same time, but
// the intake writes one part from one request at a time.
type Parts interface {
	// Create makes sure that the part exists. One that exists stays as it is. An empty part may be gone after a power
	// cut: nothing was answered for.
	Create(ctx context.Context, envelope string, no int) error
	// Size tells how many bytes of a part there are, or ErrNotFound. Bytes that Append never answered for may be
	// among them, and may be wrong.
	Size(ctx context.Context, envelope string, no int) (int64, error)
	// Append adds what src gives until its end and returns how much that was; those bytes survive a power cut.
	// ErrOffset if the part does not have exactly offset bytes. After any other error n bytes were added.
	Append(ctx context.Context, envelope string, no int, offset int64, src io.Reader) (n int64, err error)
	// Open reads a part from its beginning, or answers ErrNotFound. What can be read survives a power cut. The
	// caller closes it.
	Open(ctx context.Context, envelope string, no int) (io.ReadCloser, error)
	// Drop removes a part. One that does not exist is no error.
	Drop(ctx context.Context, envelope string, no int) error
	// Grown tells when the last of an envelope's parts was made or grew, or ErrNotFound if it has none.
	Grown(ctx context.Context, envelope string) (time.Time, error)
	// Clear removes all parts of an envelope. An Append that is under way may go on into nothing.
	Clear(ctx context.Context, envelope string) error
}
