package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"yimen/kiosk/envelope"
	"yimen/kiosk/outbox"
)

// digestOf digests an envelope, wherever it lies: part opens one of its parts and tells the part's size.
func digestOf[R io.ReadCloser](list, signature []byte, parts envelope.List, part func(no int) (R, int64, error)) (string, error) {
	d := digest{sha256.New()}
	d.add(list)
	d.add(signature)
	for no := range parts.Parts {
		body, size, err := part(no)
		if err != nil {
			return "", err
		}
		d.begin(size)
		_, err = io.Copy(d, body)
		if err := errors.Join(err, body.Close()); err != nil {
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
