// Package central is the link to the central system: the published contract (openapi.yaml), its Go types for
// both ends, and the terminal's client. It carries sealed envelopes up and brings the signed receipt back; only
// a receipt that verifies means "delivered".
package central

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"yimen/kiosk/envelope"
)

// Paths of the contract.
const (
	HealthPath    = "/healthz"
	EnvelopesPath = "/v1/envelopes"
	FilesPath     = "/v1/files/"
)

// Media types of the contract.
const (
	MediaProblem = "application/problem+json" // RFC 9457
	MediaPiece   = "application/offset+octet-stream"
	TusVersion   = "1.0.0"
)

// MaxSubmission bounds the body of a registration in bytes: a list of envelope.MaxListSize and a signature,
// in base64.
const MaxSubmission = envelope.MaxListSize*4/3 + 4<<10

// Submission announces an envelope.
type Submission struct {
	List      []byte `json:"list"`
	Signature []byte `json:"signature"`
}

// Status tells how far the parts of an envelope have come.
type Status struct {
	Envelope string       `json:"envelope"`
	Parts    []PartStatus `json:"parts"`
}

// PartStatus is one part's size and the bytes of it that are kept.
type PartStatus struct {
	No       int   `json:"no"`
	Size     int64 `json:"size"`
	Offset   int64 `json:"offset"`
	Complete bool  `json:"complete"`
}

// Kept is a whole envelope as central keeps it, but for its parts.
type Kept struct {
	List      []byte          `json:"list"`
	Signature []byte          `json:"signature"`
	Receipt   json.RawMessage `json:"receipt"` // the signed receipt, byte for byte
}

// Page is a stretch of the envelopes that have a receipt, in the order they got it.
type Page struct {
	Envelopes []Summary `json:"envelopes"`
	Next      string    `json:"next"` // the after of the page that follows
}

// Summary is what central may know of an envelope.
type Summary struct {
	Envelope   string    `json:"envelope"`
	Kind       string    `json:"kind"`
	Terminal   string    `json:"terminal"`
	SealedAt   time.Time `json:"sealed_at"`   // by the terminal's clock
	ReceivedAt time.Time `json:"received_at"` // by central's clock
}

// Code says why central answers no.
type Code string

// The codes of the contract, by what the asker can do.
const (
	CodeMalformed  Code = "malformed"  // nothing: it is not an envelope
	CodeForbidden  Code = "forbidden"  // nothing: it is not yours
	CodeNotFound   Code = "not_found"  // register it first
	CodeConflict   Code = "conflict"   // nothing: another list is kept under this id
	CodeTooLarge   Code = "too_large"  // nothing
	CodeMissing    Code = "missing"    // send these parts
	CodeMismatched Code = "mismatched" // send these parts again
	CodeBusy       Code = "busy"       // ask again later, and less often
	CodeFull       Code = "full"       // ask again later
	CodeInternal   Code = "internal"   // ask again later
)

// Problem is the body of a refusal.
type Problem struct {
	Code   Code   `json:"code"`
	Detail string `json:"detail"` // for a technician; never about a person
	Parts  []int  `json:"parts,omitempty"`
}

func (p *Problem) Error() string {
	if len(p.Parts) == 0 {
		return fmt.Sprintf("central says %s: %s", p.Code, p.Detail)
	}
	return fmt.Sprintf("central says %s: %s %v", p.Code, p.Detail, p.Parts)
}

// final reports whether asking again the same way is of no use.
func (p *Problem) final() bool {
	switch p.Code {
	case CodeMalformed, CodeForbidden, CodeConflict, CodeTooLarge:
		return true
	}
	return false
}

var envelopeID = regexp.MustCompile(`^[0-9a-z]{26}$`)

// ValidEnvelopeID reports whether id has the form of an envelope's id, which makes it safe in a path.
func ValidEnvelopeID(id string) bool { return envelopeID.MatchString(id) }

// UploadID names the upload of one part.
func UploadID(envelopeID string, no int) string { return envelopeID + "." + strconv.Itoa(no) }

// ParseUploadID is the way back from UploadID. It takes only what UploadID writes.
func ParseUploadID(upload string) (id string, no int, ok bool) {
	id, digits, ok := strings.Cut(upload, ".")
	if !ok || !ValidEnvelopeID(id) {
		return "", 0, false
	}
	no, err := strconv.Atoi(digits)
	if err != nil || no < 0 || no >= envelope.MaxParts || strconv.Itoa(no) != digits {
		return "", 0, false
	}
	return id, no, true
}
