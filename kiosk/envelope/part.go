package envelope

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The sealed part, FORMAT.md "A sealed part": header, key confirmation, chunks.
const (
	partMagic      = "yimen/1\n"
	chunkSize      = 64 << 10 // bytes of plain text in every chunk but the last
	contentKeySize = 32
	confirmSize    = 32
	keyInfo        = "yimen envelope 1 part"
	headerFixed    = len(partMagic) + 1 + idSize + 4 + 1 // magic, suite, envelope, part, count of wraps
)

// wrap is the content key for one recipient.
type wrap struct {
	id  keyID
	key []byte
}

// header is the clear beginning of a part. It goes whole into the derivation of the part's key, so that a
// part opens only under the suite, envelope, number and wraps it was sealed with.
func header(a algorithms, envelope string, no int, wraps []wrap) []byte {
	b := append([]byte(partMagic), a.number)
	b = append(b, envelope...)
	b = binary.BigEndian.AppendUint32(b, uint32(no))
	b = append(b, byte(len(wraps)))
	for _, w := range wraps {
		b = append(b, w.id[:]...)
		b = binary.BigEndian.AppendUint16(b, uint16(len(w.key)))
		b = append(b, w.key...)
	}
	return b
}

// readHeader reads the header, checks it against the place the part is said to have, and gives its bytes and
// its wraps.
func readHeader(a algorithms, from io.Reader, envelope string, no int) ([]byte, []wrap, error) {
	fixed := make([]byte, headerFixed)
	if err := readAll(from, fixed); err != nil {
		return nil, nil, err
	}
	place := header(a, envelope, no, nil)
	place = place[:len(place)-1] // all but the count
	if !bytes.HasPrefix(fixed, place) {
		return nil, nil, fmt.Errorf("%w: header of another part", ErrAltered)
	}
	count := int(fixed[len(place)])
	if count == 0 || count > maxRecipients {
		return nil, nil, fmt.Errorf("%w: %d recipients", ErrAltered, count)
	}
	rest := make([]byte, count*(len(keyID{})+2+a.wrapSize))
	if err := readAll(from, rest); err != nil {
		return nil, nil, err
	}
	whole, wraps := append(fixed, rest...), make([]wrap, count)
	for i := range wraps {
		rest = rest[copy(wraps[i].id[:], rest):]
		if size := binary.BigEndian.Uint16(rest); int(size) != a.wrapSize {
			return nil, nil, fmt.Errorf("%w: wrapped key of %d bytes", ErrAltered, size)
		}
		wraps[i].key = rest[2 : 2+a.wrapSize]
		rest = rest[2+a.wrapSize:]
	}
	return whole, wraps, nil
}

// readAll fills b. A part that ends before is ErrAltered.
func readAll(from io.Reader, b []byte) error {
	_, err := io.ReadFull(from, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut", ErrAltered)
	}
	return err
}

// partKeys derives a part's cipher and the bytes that confirm the content key. The confirmation closes what
// GCM leaves open: without it a sealer could make bytes that open to different texts under different keys.
func partKeys(a algorithms, contentKey, header []byte) (cipher.AEAD, []byte, error) {
	k, err := hkdf.Key(a.hash, contentKey, nil, keyInfo+string(header), a.keySize+confirmSize)
	if err != nil {
		return nil, nil, fmt.Errorf("derive part key: %w", err)
	}
	aead, err := a.aead(k[:a.keySize])
	if err != nil {
		return nil, nil, fmt.Errorf("part cipher: %w", err)
	}
	return aead, k[a.keySize:], nil
}

// nonce numbers the chunks of a part and marks the last, so that chunks can be neither moved nor cut off.
// The key is the part's own, therefore a counter never repeats under it.
func nonce(size int, chunk uint64, last bool) []byte {
	n := make([]byte, size)
	binary.BigEndian.PutUint64(n[size-9:], chunk)
	if last {
		n[size-1] = 1
	}
	return n
}

// chunks reads pieces of one size and tells the last: the one behind which nothing comes.
type chunks struct {
	from io.Reader
	buf  []byte // one chunk, and the byte that shows whether another follows
	have int    // bytes of buf that are read already: 0, or that one
	no   uint64
}

func newChunks(from io.Reader, size int) *chunks {
	return &chunks{from: from, buf: make([]byte, size+1)}
}

// next gives the next chunk and its number; the bytes are good until the next call, which nobody makes after the
// last. Only the very first chunk may be empty.
func (c *chunks) next() (chunk []byte, no uint64, last bool, err error) {
	if c.no > 0 {
		c.buf[0], c.have = c.buf[len(c.buf)-1], 1
	}
	n, err := io.ReadFull(c.from, c.buf[c.have:])
	n += c.have
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		last = true
	case err != nil:
		return nil, 0, false, err
	default:
		n--
	}
	no = c.no
	c.no++
	return c.buf[:n], no, last, nil
}
