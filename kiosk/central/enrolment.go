package central

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// EnrolProtocol is what a terminal that has no certificate yet names in its TLS greeting (ALPN), before http/1.1, which
// is then spoken. Such a connection reaches the enrolment and nothing else.
const EnrolProtocol = "yimen-enrol"

// Paths of the enrolment.
const (
	CardPath        = "/v1/enrolment/card"
	EnrolmentPath   = "/v1/enrolment"
	CertificatePath = "/v1/certificate"
	TerminalsPath   = "/v1/terminals"
)

// Enrolment asks for a terminal's first certificate.
type Enrolment struct {
	Code    string `json:"code"`    // its id and secret, as EnrolCode.Told writes them
	Request []byte `json:"request"` // PKCS #10, DER
	Signing []byte `json:"signing"` // the public key that will sign envelopes, PEM
}

// Renewal asks for a terminal's next certificate.
type Renewal struct {
	Request []byte `json:"request"` // PKCS #10, DER
}

// Certificate is what a terminal was certified with.
type Certificate struct {
	Chain []byte `json:"chain"` // PEM
}

// Enrolled is a terminal that central knows by its enrolment.
type Enrolled struct {
	Terminal string `json:"terminal"`
	Signing  []byte `json:"signing"` // PEM
}

// EnrolledPage is all of them.
type EnrolledPage struct {
	Terminals []Enrolled `json:"terminals"`
}

// EnrolCode is a one-time code for an enrolment, as a person carries it to the terminal. It names the hall by its
// fingerprint, so that the terminal tells the secret to nobody else.
type EnrolCode struct {
	ID     string // which code it is
	Secret string // that it is this one
	hall   string // how the hall's fingerprint begins
}

// A code's symbols (Crockford's base 32): an id, a secret of 60 bits, the first 70 bits of a fingerprint, and two more
// that catch a slip of the finger.
const (
	codeID     = 4
	codeSecret = 12
	codeHall   = 14
	codeCheck  = 2
)

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewEnrolCode draws a code for the hall with this fingerprint.
func NewEnrolCode(hall [sha256.Size]byte) EnrolCode {
	random := make([]byte, 10)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	drawn := crockford.EncodeToString(random)
	return EnrolCode{drawn[:codeID], drawn[codeID : codeID+codeSecret], crockford.EncodeToString(hall[:])[:codeHall]}
}

// Told is what a terminal tells central of a code.
func (c EnrolCode) Told() string { return c.ID + c.Secret }

// IsOf reports whether the code names the hall with this fingerprint.
func (c EnrolCode) IsOf(hall [sha256.Size]byte) bool {
	return crockford.EncodeToString(hall[:])[:codeHall] == c.hall
}

// String writes the code for people: groups of four.
func (c EnrolCode) String() string {
	symbols := c.Told() + c.hall
	symbols += checkOf(symbols)
	var groups []string
	for ; symbols != ""; symbols = symbols[4:] {
		groups = append(groups, symbols[:4])
	}
	return strings.Join(groups, "-")
}

func checkOf(symbols string) string {
	sum := sha256.Sum256([]byte(symbols))
	return crockford.EncodeToString(sum[:2])[:codeCheck]
}

// ErrCode means that a code was not written as it was given out.
var ErrCode = errors.New("not a code: type it again")

// ParseEnrolCode reads a code as people write it: in either case, with or without its dashes, O for 0, I and L for 1.
func ParseEnrolCode(text string) (EnrolCode, error) {
	symbols := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(text)))
	if len(symbols) != codeID+codeSecret+codeHall+codeCheck {
		return EnrolCode{}, fmt.Errorf("%w: it has %d symbols, not %d", ErrCode, len(symbols), codeID+codeSecret+codeHall+codeCheck)
	}
	rest, check := symbols[:len(symbols)-codeCheck], symbols[len(symbols)-codeCheck:]
	if checkOf(rest) != check || strings.Trim(rest, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return EnrolCode{}, ErrCode
	}
	return EnrolCode{rest[:codeID], rest[codeID : codeID+codeSecret], rest[codeID+codeSecret:]}, nil
}

// ParseTold is the way back from Told; the hall is not in it.
func ParseTold(text string) (EnrolCode, error) {
	if len(text) != codeID+codeSecret {
		return EnrolCode{}, ErrCode
	}
	return EnrolCode{ID: text[:codeID], Secret: text[codeID:]}, nil
}

// Renew asks for the terminal's next certificate, by the one that it has. For a terminal.
func (c *Client) Renew(ctx context.Context, request []byte) (chain []byte, err error) {
	body, err := c.exchange(ctx, http.MethodPost, CertificatePath, Renewal{Request: request}, http.StatusCreated)
	if err != nil {
		return nil, fmt.Errorf("renew certificate: %w", err)
	}
	var got Certificate
	if err := strictJSON(body, &got); err != nil {
		return nil, fmt.Errorf("renew certificate: %w: %v", ErrNotCentral, err)
	}
	return got.Chain, nil
}

// Terminals gives the terminals that were enrolled at central. For a bureau.
func (c *Client) Terminals(ctx context.Context) ([]Enrolled, error) {
	body, err := c.exchange(ctx, http.MethodGet, TerminalsPath, nil, http.StatusOK)
	if err != nil {
		return nil, fmt.Errorf("fetch terminals: %w", err)
	}
	var page EnrolledPage
	if err := strictJSON(body, &page); err != nil {
		return nil, fmt.Errorf("fetch terminals: %w: %v", ErrNotCentral, err)
	}
	return page.Terminals, nil
}
