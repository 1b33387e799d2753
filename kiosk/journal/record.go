package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"
)

const (
	sumSize = 32 // bytes of SM3 and of SHA-256
	// maxLine bounds a record's line, in bytes with its end.
	maxLine = 1 << 10
	// stamp is how moments are written: UTC, milliseconds, all equally long.
	stamp = "2006-01-02T15:04:05.000Z"
)

// Sum is what a record's digest is.
type Sum [sumSize]byte

// Record is one record as it was read.
type Record struct {
	No   uint32 // from 1 on
	At   time.Time
	Is   string // the event's name
	With []byte // the event's fields as JSON
	Sum  Sum    // over this record and all before it
	// Offset is where it stands, in bytes from the beginning of the file.
	Offset int64
	// Event is nil when this edition of the program does not know it, or its fields.
	Event Event
}

// Head names the last record and, by its sum, all before it. It is written as 12:ab01….
type Head struct {
	No  uint32 // 0 when there is no record
	Sum Sum
}

// String gives the head as ParseHead reads it.
func (h Head) String() string {
	return strconv.FormatUint(uint64(h.No), 10) + ":" + hex.EncodeToString(h.Sum[:])
}

// ParseHead reads a number, a colon and 64 hexadecimal digits; or the first digits alone, from eight on, as a
// person may have typed them off a day sheet.
func ParseHead(s string) (HeadSeen, error) {
	no, digits, found := strings.Cut(strings.ReplaceAll(s, " ", ""), ":")
	n, err := strconv.ParseUint(no, 10, 32)
	digits = strings.ToLower(digits)
	if !found || err != nil || n == 0 || len(digits) < 8 || len(digits) > 2*sumSize || strings.Trim(digits, "0123456789abcdef") != "" {
		return HeadSeen{}, fmt.Errorf("head %q: want a number, a colon, and 8 to 64 hexadecimal digits", s)
	}
	return HeadSeen{No: uint32(n), Digits: digits}, nil
}

// HeadSeen is a head that somebody else kept.
type HeadSeen struct {
	No     uint32
	Digits string // the first digits of the sum, hexadecimal
}

// fits says whether the record is the one that was seen.
func (h HeadSeen) fits(s Sum) bool { return strings.HasPrefix(hex.EncodeToString(s[:]), h.Digits) }

// body is a record as JSON, in this order.
type body struct {
	No   uint32          `json:"no"`
	At   string          `json:"at"`
	Is   string          `json:"is"`
	With json.RawMessage `json:"with"`
}

// chain is the digest by its name in the first record.
func (d JournalBegunDigest) chain() hash.Hash {
	if d == JournalBegunDigestSha256 {
		return sha256.New()
	}
	return sm3.New()
}

// follow is the sum of a body after a record with the sum before.
func (d JournalBegunDigest) follow(before Sum, body []byte) (s Sum) {
	h := d.chain()
	h.Write(before[:])
	h.Write(body)
	h.Sum(s[:0])
	return s
}

// line writes the record that follows head.
func line(digest JournalBegunDigest, head Head, at time.Time, e Event) ([]byte, Head, error) {
	with, err := json.Marshal(e)
	if err != nil {
		return nil, Head{}, err
	}
	b, err := json.Marshal(body{No: head.No + 1, At: at.UTC().Format(stamp), Is: e.name(), With: with})
	if err != nil {
		return nil, Head{}, err
	}
	next := Head{No: head.No + 1, Sum: digest.follow(head.Sum, b)}
	l := append(hex.AppendEncode(nil, next.Sum[:]), ' ')
	l = append(append(l, b...), '\n')
	if len(l) > maxLine {
		return nil, Head{}, fmt.Errorf("record of %d bytes, at most %d", len(l), maxLine)
	}
	return l, next, nil
}

var errNoRecord = errors.New("not a record")

// parse reads a line, with its end, without looking whether its sum is right. The record keeps nothing of l.
func parse(l []byte) (r Record, text []byte, err error) {
	l, ended := bytes.CutSuffix(l, []byte("\n"))
	if !ended || len(l) < 2*sumSize+1 || l[2*sumSize] != ' ' {
		return r, nil, errNoRecord
	}
	digits := l[:2*sumSize]
	if _, err := hex.Decode(r.Sum[:], digits); err != nil || !bytes.Equal(hex.AppendEncode(nil, r.Sum[:]), digits) {
		return r, nil, errNoRecord // capitals too: every byte counts
	}
	text = l[2*sumSize+1:]
	var b body
	if err := json.Unmarshal(text, &b); err != nil {
		return r, nil, errNoRecord
	}
	if r.At, err = time.Parse(stamp, b.At); err != nil {
		return r, nil, errNoRecord
	}
	r.No, r.Is, r.With = b.No, b.Is, b.With
	if known, ok := decoders[b.Is]; ok {
		if e, err := known(b.With); err == nil {
			r.Event = e
		}
	}
	return r, text, nil
}
