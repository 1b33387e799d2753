package central

import (
	"context"
	"fmt"
	"net/http"
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
	Code    string `json:"code"`    // its id and secret, as enrolcode.Code.Told writes them
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
