package envelope

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
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
func header(s suite, envelope string, no int, wraps []wrap) []byte {
	b := append([]byte(partMagic), s.number)
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

// splitHeader parses the header, checks it against the place the part is said to have, and gives its wraps
// and its length in bytes.
func splitHeader(s suite, sealed []byte, envelope string, no int) ([]wrap, int, error) {
	if len(sealed) < headerFixed {
		return nil, 0, fmt.Errorf("%w: %d bytes are no header", ErrAltered, len(sealed))
	}
	place := header(s, envelope, no, nil)
	place = place[:len(place)-1] // all but the count
	if !bytes.HasPrefix(sealed, place) {
		return nil, 0, fmt.Errorf("%w: header of another part", ErrAltered)
	}
	count := int(sealed[len(place)])
	if count == 0 || count > maxRecipients {
		return nil, 0, fmt.Errorf("%w: %d recipients", ErrAltered, count)
	}
	at, wraps := headerFixed, make([]wrap, count)
	for i := range wraps {
		if len(sealed) < at+len(keyID{})+2 {
			return nil, 0, fmt.Errorf("%w: header is cut", ErrAltered)
		}
		at += copy(wraps[i].id[:], sealed[at:])
		size := int(binary.BigEndian.Uint16(sealed[at:]))
		at += 2
		if len(sealed) < at+size {
			return nil, 0, fmt.Errorf("%w: header is cut", ErrAltered)
		}
		wraps[i].key = sealed[at : at+size]
		at += size
	}
	return wraps, at, nil
}

// partKeys derives a part's cipher and the bytes that confirm the content key. The confirmation closes what
// GCM leaves open: without it a sealer could make bytes that open to different texts under different keys.
func partKeys(s suite, contentKey, header []byte) (cipher.AEAD, []byte, error) {
	k, err := hkdf.Key(s.hash, contentKey, nil, keyInfo+string(header), s.keySize+confirmSize)
	if err != nil {
		return nil, nil, fmt.Errorf("derive part key: %w", err)
	}
	aead, err := s.aead(k[:s.keySize])
	if err != nil {
		return nil, nil, fmt.Errorf("part cipher: %w", err)
	}
	return aead, k[s.keySize:], nil
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

func sealPart(s suite, body, header, contentKey []byte) ([]byte, error) {
	aead, confirm, err := partKeys(s, contentKey, header)
	if err != nil {
		return nil, err
	}
	chunks := max(1, (len(body)+chunkSize-1)/chunkSize)
	size := len(header) + confirmSize + len(body) + chunks*aead.Overhead()
	if size > MaxPartSize {
		return nil, fmt.Errorf("sealed size %d bytes, at most %d", size, MaxPartSize)
	}
	out := make([]byte, 0, size)
	out = append(append(out, header...), confirm...)
	for i := range chunks {
		chunk := body[i*chunkSize : min(len(body), (i+1)*chunkSize)]
		out = aead.Seal(out, nonce(aead.NonceSize(), uint64(i), i == chunks-1), chunk, nil)
	}
	return out, nil
}

func unsealPart(s suite, sealed []byte, envelope string, no int, with *Opener) ([]byte, error) {
	wraps, at, err := splitHeader(s, sealed, envelope, no)
	if err != nil {
		return nil, err
	}
	contentKey, err := with.unwrap(wraps)
	if err != nil {
		return nil, err
	}
	aead, confirm, err := partKeys(s, contentKey, sealed[:at])
	if err != nil {
		return nil, err
	}
	rest := sealed[at:]
	if len(rest) < confirmSize || subtle.ConstantTimeCompare(rest[:confirmSize], confirm) != 1 {
		return nil, fmt.Errorf("%w: key is not confirmed", ErrAltered)
	}
	return openChunks(aead, rest[confirmSize:])
}

func openChunks(aead cipher.AEAD, rest []byte) ([]byte, error) {
	full := chunkSize + aead.Overhead()
	body := make([]byte, 0, len(rest))
	for i := uint64(0); ; i++ {
		chunk := rest[:min(len(rest), full)]
		rest = rest[len(chunk):]
		last := len(rest) == 0
		if last && i > 0 && len(chunk) == aead.Overhead() {
			return nil, fmt.Errorf("%w: empty last chunk", ErrAltered)
		}
		var err error
		if body, err = aead.Open(body, nonce(aead.NonceSize(), i, last), chunk, nil); err != nil {
			return nil, fmt.Errorf("%w: chunk %d", ErrAltered, i)
		}
		if last {
			return body, nil
		}
	}
}
