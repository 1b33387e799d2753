package central

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"yimen/kiosk/central/line"
	"yimen/kiosk/envelope"
)

// ErrNotCentral means that something answered which does not speak the contract, such as a portal's sign-in
// page. Nothing follows from it: ask again later.
var ErrNotCentral = errors.New("the answer is not central's")

// Config says where central is and how to talk to it.
type Config struct {
	// URL of central, https, without a path.
	URL string `yaml:"url"`
	// Piece is how many bytes go up between two acknowledgements: at most one piece is sent twice after a
	// power cut on the other side. 32 MiB if 0.
	Piece int64 `yaml:"piece"`
	// Patience is how long a connection may stand still before it is given up. 30 s if 0. A line that moves,
	// however slowly, is never given up.
	Patience time.Duration `yaml:"patience"`
	// Bandwidth is how many bytes a second go up at most, on all connections together. Unbounded if 0.
	Bandwidth int64 `yaml:"bandwidth"`
}

const (
	defaultPiece    = 32 << 20
	defaultPatience = 30 * time.Second
	maxAnswer       = 1 << 20 // bytes of an answer that is not a part
	hubUnit         = "hub"   // organizational unit of a hub's certificate
)

// Client talks to central under one certificate. It may be used from many goroutines.
type Client struct {
	base     *url.URL
	piece    int64
	patience time.Duration
	http     *http.Client
	waits    *http.Client // for questions that are left open: they take no connection from what goes up
	receipts *envelope.Verifier
	log      *slog.Logger
}

// New makes a client. The TLS configuration carries the client's certificate and the authorities it trusts; New
// adds that the other side must hold a hub's certificate. receipts is the key that central's receipts are signed
// with. No connection is made yet.
func New(c Config, identity *tls.Config, receipts *envelope.Verifier, log *slog.Logger) (*Client, error) {
	base, err := url.Parse(c.URL)
	if err != nil {
		return nil, fmt.Errorf("central url: %w", err)
	}
	if base.Scheme != "https" || base.Host == "" || strings.Trim(base.Path, "/") != "" || base.User != nil {
		return nil, fmt.Errorf("central url %q: want https://host[:port]", c.URL)
	}
	base.Path = ""
	if c.Piece < 0 || c.Patience < 0 || c.Bandwidth < 0 {
		return nil, errors.New("central: piece, patience and bandwidth cannot be negative")
	}
	if c.Piece == 0 {
		c.Piece = defaultPiece
	}
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	hub, shared := hubOnly(identity), line.NewPace(c.Bandwidth)
	return &Client{base: base, piece: c.Piece, patience: c.Patience, receipts: receipts, log: log,
		http: caller(hub, c.Patience, shared), waits: caller(hub, c.Patience, shared)}, nil
}

// caller makes the connections for one kind of request.
func caller(hub *tls.Config, patience time.Duration, shared *line.Pace) *http.Client {
	return &http.Client{
		Transport: transport(hub, patience, shared),
		// Central never redirects; whoever does is somebody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close lets go of idle connections.
func (c *Client) Close() {
	c.http.CloseIdleConnections()
	c.waits.CloseIdleConnections()
}

// hubOnly adds to a client's TLS configuration that the server's certificate must be a hub's: a terminal's or a
// bureau's, though issued by the same authority, does not make its holder central.
func hubOnly(identity *tls.Config) *tls.Config {
	t := identity.Clone()
	before := t.VerifyConnection
	t.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) == 0 || !slices.Equal(s.PeerCertificates[0].Subject.OrganizationalUnit, []string{hubUnit}) {
			return errors.New("the other side's certificate is not a hub's")
		}
		if before != nil {
			return before(s)
		}
		return nil
	}
	return t
}

// transport speaks HTTP/1.1 without proxies from the environment: one connection carries one piece at a time, so
// that what a cut loses stays bounded by one piece.
func transport(identity *tls.Config, patience time.Duration, shared *line.Pace) *http.Transport {
	dialer := &net.Dialer{Timeout: patience}
	return &http.Transport{
		TLSClientConfig:        identity,
		MaxResponseHeaderBytes: 32 << 10,
		MaxConnsPerHost:        4,
		WriteBufferSize:        64 << 10, // bytes; pieces are large
		DisableCompression:     true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return line.Paced(line.Patient(conn, patience), shared), nil
		},
	}
}

// request builds a request of the contract. path is the part after the host, well formed.
func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, body)
	if err != nil {
		return nil, fmt.Errorf("build request: %w", err)
	}
	return r, nil
}

// exchange sends a request without body or with a JSON one, and gives the JSON answer if its status is among
// want. A refusal in the contract's words comes back as *Problem, anything else as ErrNotCentral.
func (c *Client) exchange(ctx context.Context, method, path string, body any, want ...int) ([]byte, error) {
	return c.exchangeBy(ctx, c.http, method, path, body, want...)
}

func (c *Client) exchangeBy(ctx context.Context, by *http.Client, method, path string, body any, want ...int) ([]byte, error) {
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("write request: %w", err)
		}
		sent = bytes.NewReader(b)
	}
	r, err := c.request(ctx, method, path, sent)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := by.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	for _, status := range want {
		if answer.StatusCode == status && hasMedia(answer, "application/json") {
			return readAtMost(answer.Body, maxAnswer)
		}
	}
	return nil, refusal(answer)
}

// refusal turns an answer that was not wanted into an error. Only central's own words make a *Problem: a proxy's
// 403 is no reason to give an envelope up.
func refusal(answer *http.Response) error {
	if answer.StatusCode >= 400 && hasMedia(answer, MediaProblem) {
		body, err := readAtMost(answer.Body, maxAnswer)
		if err != nil {
			return err
		}
		problem := &Problem{}
		if err := strictJSON(body, problem); err == nil && problem.Code != "" {
			return problem
		}
	}
	if answer.Header.Get("Tus-Resumable") == TusVersion {
		return fmt.Errorf("central answers %s", answer.Status)
	}
	return fmt.Errorf("%w: status %d, %s", ErrNotCentral, answer.StatusCode, answer.Header.Get("Content-Type"))
}

func hasMedia(answer *http.Response, want string) bool {
	media, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	return err == nil && media == want
}

func readAtMost(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrNotCentral, limit)
	}
	return b, nil
}
