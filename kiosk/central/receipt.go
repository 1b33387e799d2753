package central

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"yimen/kiosk/envelope"
)

// ErrReceipt means that what came is not central's receipt for this envelope. Nothing was delivered as far as
// anyone can prove: keep the envelope and ask again.
var ErrReceipt = errors.New("not a receipt for this envelope")

// Receipt is what central signs: it has these sealed bytes, all of them, since then.
type Receipt struct {
	Format     int           `json:"format"`
	Envelope   string        `json:"envelope"`
	ListDigest string        `json:"list_digest"` // of the signed list
	Parts      []ReceiptPart `json:"parts"`
	ReceivedAt time.Time     `json:"received_at"` // by central's clock
	Hub        string        `json:"hub"`         // who signed: the name in the hub's certificate
}

// ReceiptPart is one sealed part as central keeps it: digested on its way to the store, or read back from there.
type ReceiptPart struct {
	No     int    `json:"no"`
	Size   int64  `json:"size"` // bytes
	Digest string `json:"digest"`
}

// SignedReceipt carries the exact bytes of a Receipt and the signature over them.
type SignedReceipt struct {
	Receipt   []byte `json:"receipt"`
	Signature []byte `json:"signature"`
}

// receiptFormat is the only form of a receipt so far.
const receiptFormat = 1

// SignReceipt writes a receipt and signs it with the algorithm of the envelope's suite. The result is what is kept,
// sent and verified, byte for byte.
func SignReceipt(r Receipt, suite envelope.Suite, by *envelope.Signer, random io.Reader) ([]byte, error) {
	r.Format = receiptFormat
	r.ReceivedAt = r.ReceivedAt.UTC().Truncate(time.Millisecond)
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write receipt: %w", err)
	}
	signature, err := by.Sign(suite, plain, random)
	if err != nil {
		return nil, fmt.Errorf("sign receipt: %w", err)
	}
	signed, err := json.Marshal(SignedReceipt{Receipt: plain, Signature: signature})
	if err != nil {
		return nil, fmt.Errorf("write signed receipt: %w", err)
	}
	return signed, nil
}

// VerifyReceipt gives the receipt if by signed it and it acknowledges every part of exactly this list.
// Otherwise the error wraps ErrReceipt.
func VerifyReceipt(signed, list []byte, by *envelope.Verifier) (Receipt, error) {
	var s SignedReceipt
	if err := strictJSON(signed, &s); err != nil {
		return Receipt{}, fmt.Errorf("%w: %v", ErrReceipt, err)
	}
	l, err := envelope.ParseList(list)
	if err != nil {
		return Receipt{}, fmt.Errorf("%w: %v", ErrReceipt, err)
	}
	if !by.Verify(l.Suite, s.Receipt, s.Signature) {
		return Receipt{}, fmt.Errorf("%w: signature does not match", ErrReceipt)
	}
	var r Receipt
	if err := strictJSON(s.Receipt, &r); err != nil {
		return Receipt{}, fmt.Errorf("%w: %v", ErrReceipt, err)
	}
	switch {
	case r.Format != receiptFormat:
		return Receipt{}, fmt.Errorf("%w: format %d", ErrReceipt, r.Format)
	case r.Envelope != l.Envelope || r.ListDigest != l.Suite.Digest(list):
		return Receipt{}, fmt.Errorf("%w: it is for envelope %s", ErrReceipt, r.Envelope)
	case len(r.Parts) != len(l.Parts):
		return Receipt{}, fmt.Errorf("%w: %d of %d parts", ErrReceipt, len(r.Parts), len(l.Parts))
	}
	for i, p := range l.Parts {
		if r.Parts[i] != ReceiptPart(p) {
			return Receipt{}, fmt.Errorf("%w: part %d is another", ErrReceipt, p.No)
		}
	}
	return r, nil
}

// strictJSON decodes one value with no unknown fields and nothing after it.
func strictJSON(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the value")
	}
	return nil
}
