package central

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"yimen/kiosk/envelope"
)

// ErrRefused means that asking again will not help: central refused this envelope for good, or it is damaged
// here. A person has to look at it. Every other error of Deliver is a passing trouble.
var ErrRefused = errors.New("central refuses the envelope")

// Parcel is a sealed envelope that waits to be delivered. Part opens sealed part no at its beginning; the
// caller of Part closes it.
type Parcel interface {
	ID() string
	List() []byte
	Signature() []byte
	Part(no int) (part io.ReadSeekCloser, size int64, err error)
}

// rounds bounds how often Deliver sends parts that central found to differ, or lacks after all.
const rounds = 3

// Deliver sends what central does not have yet and returns the signed receipt, verified against the parcel's
// list. It may be called again after any error and continues where central stands. It returns when the receipt
// is there, when ctx ends, or with the first trouble that does not heal at once.
func (c *Client) Deliver(ctx context.Context, p Parcel) (receipt []byte, err error) {
	list, err := envelope.ParseList(p.List())
	if err != nil {
		return nil, fmt.Errorf("deliver %s: %w: %w", p.ID(), ErrRefused, err)
	}
	receipt, err = c.deliver(ctx, p, list)
	if problem := (*Problem)(nil); errors.As(err, &problem) && problem.final() {
		err = fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if err != nil {
		return nil, fmt.Errorf("deliver %s: %w", p.ID(), err)
	}
	return receipt, nil
}

func (c *Client) deliver(ctx context.Context, p Parcel, list envelope.List) ([]byte, error) {
	var last error
	for range rounds {
		status, err := c.register(ctx, p, list)
		if err != nil {
			return nil, err
		}
		for i, part := range status.Parts {
			if part.Complete {
				continue
			}
			if err := c.uploadPart(ctx, p, list.Parts[i], part.Offset); err != nil {
				return nil, fmt.Errorf("part %d: %w", part.No, err)
			}
		}
		signed, err := c.closeEnvelope(ctx, list.Envelope)
		if err == nil {
			if _, err := VerifyReceipt(signed, p.List(), c.receipts); err != nil {
				return nil, err
			}
			return signed, nil
		}
		problem := (*Problem)(nil)
		if !errors.As(err, &problem) || (problem.Code != CodeMismatched && problem.Code != CodeMissing) {
			return nil, err
		}
		if err := checkHere(p, list, problem.Parts); err != nil {
			return nil, err
		}
		c.log.WarnContext(ctx, "central asks for parts again", "envelope", list.Envelope, "code", problem.Code, "parts", problem.Parts)
		last = err
	}
	return nil, last
}

// checkHere reads the named parts once more: a part that is damaged here would be sent in vain for ever.
func checkHere(p Parcel, list envelope.List, parts []int) error {
	for _, no := range parts {
		if no < 0 || no >= len(list.Parts) {
			return fmt.Errorf("%w: asks for part %d of %d", ErrNotCentral, no, len(list.Parts))
		}
		body, _, err := p.Part(no)
		if err != nil {
			return fmt.Errorf("part %d: %w", no, err)
		}
		digest, size, err := list.Suite.DigestReader(body)
		if err := errors.Join(err, body.Close()); err != nil {
			return fmt.Errorf("part %d: %w", no, err)
		}
		if want := list.Parts[no]; digest != want.Digest || size != want.Size {
			return fmt.Errorf("%w: part %d is damaged here", ErrRefused, no)
		}
	}
	return nil
}

// register announces the envelope and learns how far its parts are.
func (c *Client) register(ctx context.Context, p Parcel, list envelope.List) (Status, error) {
	body, err := c.exchange(ctx, http.MethodPut, EnvelopesPath+"/"+list.Envelope,
		Submission{List: p.List(), Signature: p.Signature()}, http.StatusOK, http.StatusCreated)
	if err != nil {
		return Status{}, fmt.Errorf("register: %w", err)
	}
	var s Status
	if err := strictJSON(body, &s); err != nil {
		return Status{}, fmt.Errorf("register: %w: %v", ErrNotCentral, err)
	}
	if s.Envelope != list.Envelope || len(s.Parts) != len(list.Parts) {
		return Status{}, fmt.Errorf("register: %w: status of another envelope", ErrNotCentral)
	}
	for i, part := range s.Parts {
		want := list.Parts[i]
		if part.No != want.No || part.Size != want.Size || part.Offset < 0 || part.Offset > part.Size || part.Complete != (part.Offset == part.Size) {
			return Status{}, fmt.Errorf("register: %w: status of another part %d", ErrNotCentral, i)
		}
	}
	return s, nil
}

// closeEnvelope asks for the receipt. What comes back is not verified yet.
func (c *Client) closeEnvelope(ctx context.Context, id string) ([]byte, error) {
	signed, err := c.exchange(ctx, http.MethodPost, EnvelopesPath+"/"+id+"/receipt", nil, http.StatusOK, http.StatusCreated)
	if err != nil {
		return nil, fmt.Errorf("ask for the receipt: %w", err)
	}
	return signed, nil
}
