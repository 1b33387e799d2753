// Package sealedlog is what a technician carries away of a terminal's logs: one file that only the bureau can open, signed by
// the terminal. A stick that is lost on the way tells nobody how a hall is run.
//
// The file is a tar: the envelope's list, its signature, then its parts (kiosk/envelope/FORMAT.md). Part 0 names the pieces,
// each of which is compressed by gzip before it is sealed.
package sealedlog

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"

	"yimen/kiosk/envelope"
)

// Kind is the kind of such envelopes.
const Kind = "log"

// Most is the most that a piece may hold, in bytes, before it is compressed.
const Most = 128 << 20

// The entries of the tar before its parts.
const (
	listEntry      = "list.json"
	signatureEntry = "signature"
)

// Piece is one log.
type Piece struct {
	Name string // a file's: system.log
	Body []byte
}

// contents is part 0.
type contents struct {
	Pieces []string `json:"pieces"`
}

// Seal makes the file's bytes.
func Seal(h envelope.Head, pieces []Piece, to []envelope.Recipient, by *envelope.Signer, random io.Reader) ([]byte, error) {
	var c contents
	bodies := [][]byte{nil}
	for _, p := range pieces {
		packed, err := pack(p.Body)
		if err != nil {
			return nil, fmt.Errorf("seal %s: %w", p.Name, err)
		}
		c.Pieces, bodies = append(c.Pieces, p.Name), append(bodies, packed)
	}
	first, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("seal logs: %w", err)
	}
	bodies[0] = first
	h.Kind = Kind
	sealed, err := envelope.Seal(h, bodies, to, by, random)
	if err != nil {
		return nil, err
	}
	return write(sealed)
}

func pack(body []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	err := z.Close() // writes the rest
	return b.Bytes(), err
}

// write lays an envelope out as a tar.
func write(s envelope.Sealed) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	put := func(name string, data []byte) error {
		err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: int64(len(data)), Format: tar.FormatUSTAR})
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	}
	err := errors.Join(put(listEntry, s.List), put(signatureEntry, s.Signature))
	for i, part := range s.Parts {
		err = errors.Join(err, put("part-"+strconv.Itoa(i), part))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("write sealed logs: %w", err)
	}
	return b.Bytes(), nil
}

// Verify gives a list that the terminal of that name has signed; see envelope.Signatories.
type Verify func(terminal string, list, signature []byte) (envelope.List, error)

// Open opens such a file.
func Open(file []byte, with *envelope.Opener, verify Verify) (envelope.List, []Piece, error) {
	entries, err := read(file)
	if err != nil {
		return envelope.List{}, nil, err
	}
	claimed, err := envelope.ParseList(entries[listEntry])
	if err != nil {
		return envelope.List{}, nil, fmt.Errorf("sealed logs: %w", err)
	}
	list, err := verify(claimed.Terminal, entries[listEntry], entries[signatureEntry])
	if err != nil {
		return envelope.List{}, nil, fmt.Errorf("sealed logs of %s: %w", claimed.Terminal, err)
	}
	if list.Kind != Kind {
		return envelope.List{}, nil, fmt.Errorf("the envelope is a %s, not sealed logs", list.Kind)
	}
	pieces, err := open(entries, list, with)
	return list, pieces, err
}

// pieceName is what a piece may be called: it becomes a file.
var pieceName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,40}$`)

func open(entries map[string][]byte, list envelope.List, with *envelope.Opener) ([]Piece, error) {
	part := func(no int) ([]byte, error) {
		return envelope.OpenPart(entries["part-"+strconv.Itoa(no)], list, no, with)
	}
	first, err := part(0)
	if err != nil {
		return nil, err
	}
	var c contents
	if err := json.Unmarshal(first, &c); err != nil {
		return nil, fmt.Errorf("sealed logs: contents: %w", err)
	}
	if len(c.Pieces) != len(list.Parts)-1 {
		return nil, fmt.Errorf("sealed logs: %d pieces are named and %d are there", len(c.Pieces), len(list.Parts)-1)
	}
	var pieces []Piece
	for i, name := range c.Pieces {
		if !pieceName.MatchString(name) {
			return nil, fmt.Errorf("sealed logs: %q is no name of a piece", name)
		}
		packed, err := part(i + 1)
		if err != nil {
			return nil, err
		}
		body, err := unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("sealed logs: %s: %w", name, err)
		}
		pieces = append(pieces, Piece{name, body})
	}
	return pieces, nil
}

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(z, Most+1))
	if err == nil && len(body) > Most {
		err = fmt.Errorf("more than %d bytes", Most)
	}
	return body, err
}

// read takes the tar apart.
func read(file []byte) (map[string][]byte, error) {
	entries := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(file)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err != nil {
			return nil, fmt.Errorf("sealed logs: %w", err)
		}
		if h.Typeflag != tar.TypeReg || h.Size > int64(len(file)) || path.Base(h.Name) != h.Name || len(entries) > envelope.MaxParts {
			return nil, fmt.Errorf("sealed logs: %q of type %q does not belong there", h.Name, h.Typeflag)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, fmt.Errorf("sealed logs: %w", err)
		}
		entries[h.Name] = data
	}
}
