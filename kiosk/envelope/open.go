package envelope

import (
	"bytes"
	"crypto/cipher"
	"crypto/subtle"
	"fmt"
	"io"
)

// OpenPart gives the body of part no. The list must come from VerifyList: the sealed bytes are held against
// its size and digest, and the part against its envelope and number. A part of another envelope or another
// place, or with a chunk cut, changed or moved, is ErrAltered; a part for other eyes is ErrRecipient.
func OpenPart(sealed []byte, l List, no int, with *Opener) ([]byte, error) {
	body, err := openPart(sealed, l, no, with)
	if err != nil {
		return nil, fmt.Errorf("open %s part %d: %w", l.Envelope, no, err)
	}
	return body, nil
}

func openPart(sealed []byte, l List, no int, with *Opener) ([]byte, error) {
	if err := l.has(no); err != nil {
		return nil, err
	}
	if want := l.Parts[no]; want.Size != int64(len(sealed)) || want.Digest != l.Suite.Digest(sealed) {
		return nil, errNotTheLists
	}
	body := bytes.NewBuffer(make([]byte, 0, len(sealed)))
	if err := unsealPart(l.Suite, body, bytes.NewReader(sealed), l.Envelope, no, with); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// OpenPartTo is OpenPart for parts that are not held in memory: it reads sealed to its end and writes the body to
// w, one chunk after another. Every chunk that w takes is genuine and in its place, but that the part is whole is
// known only at the end: after an error, what w has taken must be thrown away.
func OpenPartTo(w io.Writer, sealed io.Reader, l List, no int, with *Opener) error {
	if err := openPartTo(w, sealed, l, no, with); err != nil {
		return fmt.Errorf("open %s part %d: %w", l.Envelope, no, err)
	}
	return nil
}

func openPartTo(w io.Writer, sealed io.Reader, l List, no int, with *Opener) error {
	if err := l.has(no); err != nil {
		return err
	}
	want := l.Parts[no]
	h := suites[l.Suite].hash()
	// One byte more than the list says: enough to see that there is more.
	limited := &io.LimitedReader{R: sealed, N: want.Size + 1}
	if err := unsealPart(l.Suite, w, io.TeeReader(limited, h), l.Envelope, no, with); err != nil {
		return err
	}
	if limited.N != 1 || suites[l.Suite].written(h) != want.Digest {
		return errNotTheLists
	}
	return nil
}

var errNotTheLists = fmt.Errorf("%w: size or digest differs from the list", ErrAltered)

// has returns an error if the list cannot be opened from: a part it does not have, a suite nobody knows.
func (l List) has(no int) error {
	if no < 0 || no >= len(l.Parts) {
		return fmt.Errorf("the list has %d parts", len(l.Parts))
	}
	return l.Suite.Known()
}

func unsealPart(s Suite, w io.Writer, sealed io.Reader, envelope string, no int, with *Opener) error {
	a := suites[s]
	head, wraps, err := readHeader(a, sealed, envelope, no)
	if err != nil {
		return err
	}
	contentKey, err := with.unwrap(s, wraps)
	if err != nil {
		return err
	}
	aead, want, err := partKeys(a, contentKey, head)
	if err != nil {
		return err
	}
	confirm := make([]byte, confirmSize)
	if err := readAll(sealed, confirm); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(confirm, want) != 1 {
		return fmt.Errorf("%w: key is not confirmed", ErrAltered)
	}
	return openChunks(aead, w, sealed)
}

func openChunks(aead cipher.AEAD, w io.Writer, sealed io.Reader) error {
	in := newChunks(sealed, chunkSize+aead.Overhead())
	for {
		chunk, no, last, err := in.next()
		if err != nil {
			return err
		}
		if no > 0 && len(chunk) == aead.Overhead() {
			return fmt.Errorf("%w: empty last chunk", ErrAltered)
		}
		body, err := aead.Open(chunk[:0], nonce(aead.NonceSize(), no, last), chunk, nil)
		if err != nil {
			return fmt.Errorf("%w: chunk %d", ErrAltered, no)
		}
		if _, err := w.Write(body); err != nil {
			return err
		}
		if last {
			return nil
		}
	}
}
