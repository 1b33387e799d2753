package envelope

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// Sealing is an envelope that grows part by part, in the memory of two chunks. Its methods are called by one
// goroutine, Close last.
type Sealing struct {
	list   List
	with   algorithms
	key    []byte // the content key
	wraps  []wrap
	by     *Signer
	random io.Reader
}

// Begin starts an envelope for all recipients. Every one of them, and the signer, must have a key of the head's
// suite. random must be a cryptographic source.
func Begin(h Head, to []Recipient, by *Signer, random io.Reader) (*Sealing, error) {
	s, err := begin(h, to, by, random)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", h.ID, err)
	}
	return s, nil
}

func begin(h Head, to []Recipient, by *Signer, random io.Reader) (*Sealing, error) {
	if len(to) == 0 || len(to) > maxRecipients {
		return nil, fmt.Errorf("%d recipients, want 1 to %d", len(to), maxRecipients)
	}
	list := List{
		Format: listFormat, Suite: h.Suite.orDefault(), Envelope: h.ID, Kind: h.Kind, Terminal: h.Terminal,
		SealedAt: h.SealedAt.UTC().Truncate(time.Millisecond),
	}
	if err := list.checkHead(); err != nil {
		return nil, err
	}
	if _, err := by.keys.of(list.Suite); err != nil { // told before anything is sealed
		return nil, fmt.Errorf("signer: %w", err)
	}
	key, wraps, err := wrapNewKey(list.Suite, to, random)
	if err != nil {
		return nil, err
	}
	return &Sealing{list: list, with: suites[list.Suite], key: key, wraps: wraps, by: by, random: random}, nil
}

// wrapNewKey draws the envelope's content key and wraps it once for every recipient.
func wrapNewKey(s Suite, to []Recipient, random io.Reader) (contentKey []byte, wraps []wrap, err error) {
	contentKey = make([]byte, contentKeySize)
	if _, err := io.ReadFull(random, contentKey); err != nil {
		return nil, nil, fmt.Errorf("draw content key: %w", err)
	}
	for _, r := range to {
		k, err := r.keys.of(s)
		if err != nil {
			return nil, nil, fmt.Errorf("recipient %s: %w", r.ID(), err)
		}
		wrapped, err := k.wrap(contentKey, random)
		if err != nil {
			return nil, nil, fmt.Errorf("wrap for %s: %w", r.ID(), err)
		}
		wraps = append(wraps, wrap{k.id(), wrapped})
	}
	return contentKey, wraps, nil
}

// Part seals what body gives, to its end, as the next part, and writes it to w. After an error the envelope is
// useless: what w took of the part must be thrown away.
func (s *Sealing) Part(w io.Writer, body io.Reader) error {
	no := len(s.list.Parts)
	if no == MaxParts {
		return fmt.Errorf("seal %s: more than %d parts", s.list.Envelope, MaxParts)
	}
	counted := &counter{to: w, hash: s.with.hash()}
	if err := sealPart(s.with, counted, body, header(s.with, s.list.Envelope, no, s.wraps), s.key); err != nil {
		return fmt.Errorf("seal %s part %d: %w", s.list.Envelope, no, err)
	}
	s.list.Parts = append(s.list.Parts, ListPart{No: no, Size: counted.size, Digest: s.with.written(counted.hash)})
	return nil
}

// Close signs the list of the parts. The list is exactly the bytes that the signature is over.
func (s *Sealing) Close() (list, signature []byte, err error) {
	if len(s.list.Parts) == 0 {
		return nil, nil, fmt.Errorf("seal %s: no parts", s.list.Envelope)
	}
	if list, err = s.list.canonical(); err != nil {
		return nil, nil, fmt.Errorf("seal %s: %w", s.list.Envelope, err)
	}
	if signature, err = s.by.Sign(s.list.Suite, list, s.random); err != nil {
		return nil, nil, fmt.Errorf("seal %s: %w", s.list.Envelope, err)
	}
	return list, signature, nil
}

// Seal encrypts each body to all recipients and signs the list of the results: Begin, Part and Close in memory.
// Body i becomes part i. The bodies are read only.
func Seal(h Head, bodies [][]byte, to []Recipient, by *Signer, random io.Reader) (Sealed, error) {
	s, err := Begin(h, to, by, random)
	if err != nil {
		return Sealed{}, err
	}
	var out Sealed
	for _, body := range bodies {
		part := bytes.NewBuffer(make([]byte, 0, s.sealedSize(len(body))))
		if err := s.Part(part, bytes.NewReader(body)); err != nil {
			return Sealed{}, err
		}
		out.Parts = append(out.Parts, part.Bytes())
	}
	out.List, out.Signature, err = s.Close()
	return out, err
}

// sealedSize is how many bytes a body of so many becomes, within the bound of a part.
func (s *Sealing) sealedSize(body int) int {
	const tag = 16
	head := headerFixed + len(s.wraps)*(len(keyID{})+2+s.with.wrapSize) + confirmSize
	return min(MaxPartSize, head+body+max(1, (body+chunkSize-1)/chunkSize)*tag)
}

func sealPart(a algorithms, w io.Writer, body io.Reader, header, contentKey []byte) error {
	aead, confirm, err := partKeys(a, contentKey, header)
	if err != nil {
		return err
	}
	if _, err := w.Write(append(bytes.Clone(header), confirm...)); err != nil {
		return err
	}
	in, out := newChunks(body, chunkSize), make([]byte, 0, chunkSize+aead.Overhead())
	for {
		chunk, no, last, err := in.next()
		if err != nil {
			return fmt.Errorf("read body: %w", err)
		}
		if _, err := w.Write(aead.Seal(out, nonce(aead.NonceSize(), no, last), chunk, nil)); err != nil {
			return err
		}
		if last {
			return nil
		}
	}
}

var errTooLarge = errors.New("sealed part is too large")

// counter digests and counts what passes on the way to a writer, and stops at the size of the largest part.
type counter struct {
	to   io.Writer
	hash hash.Hash
	size int64
}

func (c *counter) Write(b []byte) (int, error) {
	if c.size+int64(len(b)) > MaxPartSize {
		return 0, fmt.Errorf("%w: at most %d bytes", errTooLarge, MaxPartSize)
	}
	n, err := c.to.Write(b)
	_, _ = c.hash.Write(b[:n])
	c.size += int64(n)
	return n, err
}
