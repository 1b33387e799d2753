// Package identity makes and loads the keys and certificates by which the terminal, the hub's intake and the
// bureau's desk know each other.
//
// Two kinds of key live side by side. Connections are TLS with ECDSA P-256 certificates from the hall's own
// authority, checked both ways. Dossiers are signed, sealed and acknowledged with keys that outlive any connection:
// SM2, or X25519 and Ed25519; a key file may hold keys of both suites. Each party's folder holds only what that party may have: the intake has no key that opens, the
// bureau none that signs for a terminal, and the authority's own key stays in a folder nobody loads.
package identity

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"yimen/kiosk/envelope"
)

// Role is what a certificate's holder may do; it stands in the certificate's organizational unit.
type Role string

const (
	RoleTerminal Role = "terminal" // sends envelopes under its own name
	RoleHub      Role = "hub"      // takes envelopes in and signs receipts
	RoleBureau   Role = "bureau"   // fetches envelopes and opens them
)

// The files of a party's folder.
const (
	rootFile    = "ca.pem"
	certFile    = "tls.pem"
	tlsKeyFile  = "tls.key"
	signingFile = "signing.key"
	openingFile = "opening.key"
	receiptFile = "receipt.key"
	bureauPub   = "bureau.pub"

	bureauWordPub = "bureau-signing.pub" // what the bureau says to a terminal is checked with it

	closedDir    = "closed" // <kind>.pub: who reads a kind that is closed to the bureau
	receiptPub   = "receipt.pub"
	terminalsDir = "terminals" // <terminal>.pub: the registry of signing keys
	pubSuffix    = ".pub"

	issuingFile    = "issuing.pem" // the hub certifies terminals with it
	issuingKeyFile = "issuing.key"
	cardFile       = "card.json" // what a new terminal gets to know, signed by the hall's authority
)

// Link is a party's half of every TLS connection.
type Link struct {
	Name        string // the certificate's common name
	Certificate tls.Certificate
	Roots       *x509.CertPool
	renewed     *atomic.Pointer[tls.Certificate] // in place of Certificate, once it was renewed
}

// current is the certificate as it is now.
func (l Link) current() *tls.Certificate {
	if c := l.renewed.Load(); c != nil {
		return c
	}
	return &l.Certificate
}

// ClientTLS is for calling the hub: the server must have a certificate of the hall's authority for the name
// in the address. The caller may change its copy.
func (l Link) ClientTLS() *tls.Config {
	return &tls.Config{RootCAs: l.Roots, MinVersion: tls.VersionTLS13,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return l.current(), nil }}
}

// ServerTLS is for being called: every client must have a certificate of the hall's authority; Peer tells
// which. The caller may change its copy.
func (l Link) ServerTLS() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{l.Certificate}, ClientCAs: l.Roots,
		ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS13,
	}
}

// Terminal is what the daemon holds: it can sign and seal, and check receipts. It can open nothing.
type Terminal struct {
	Link
	Signing  *envelope.Signer
	Bureau   envelope.Recipient
	Closed   map[string]envelope.Recipient // by kind: who reads it in the bureau's stead
	Receipts *envelope.Verifier
	Word     *envelope.Verifier // of what the bureau says: answers to a visit
}

// Hub is what the intake holds: it can check who signed a list, and sign receipts.
type Hub struct {
	Link
	Receipt   *envelope.Signer
	Word      *envelope.Verifier            // of what the bureau says to terminals
	Terminals map[string]*envelope.Verifier // by the terminal's name
}

// Bureau is what the deciding desk holds: it alone can open, and answers in its own name.
type Bureau struct {
	Link
	Opening   *envelope.Opener
	Signing   *envelope.Signer // nil for the desk of a closed kind, which answers nobody
	Receipts  *envelope.Verifier
	Terminals *envelope.Signatories
	dir       string
}

// LoadTerminal reads a terminal's folder.
func LoadTerminal(dir string) (*Terminal, error) {
	link, linkErr := loadLink(dir, RoleTerminal)
	signing, signErr := loadSecret(dir, signingFile, envelope.ParseSigner)
	bureau, bureauErr := load(dir, bureauPub, envelope.ParseRecipient)
	closed, closedErr := loadNamed(filepath.Join(dir, closedDir), envelope.ParseRecipient)
	if errors.Is(closedErr, fs.ErrNotExist) {
		closedErr = nil // no kind is closed
	}
	receipts, receiptsErr := load(dir, receiptPub, envelope.ParseVerifier)
	word, wordErr := load(dir, bureauWordPub, envelope.ParseVerifier)
	if err := errors.Join(linkErr, signErr, bureauErr, closedErr, receiptsErr, wordErr); err != nil {
		return nil, fmt.Errorf("load terminal identity: %w", err)
	}
	return &Terminal{link, signing, bureau, closed, receipts, word}, nil
}

// LoadHub reads the intake's folder.
func LoadHub(dir string) (*Hub, error) {
	link, linkErr := loadLink(dir, RoleHub)
	receipt, receiptErr := loadSecret(dir, receiptFile, envelope.ParseSigner)
	word, wordErr := load(dir, bureauWordPub, envelope.ParseVerifier)
	terminals, terminalsErr := loadNamed(filepath.Join(dir, terminalsDir), envelope.ParseVerifier)
	if err := errors.Join(linkErr, receiptErr, wordErr, terminalsErr); err != nil {
		return nil, fmt.Errorf("load hub identity: %w", err)
	}
	return &Hub{link, receipt, word, terminals}, nil
}

// LoadBureau reads the bureau desk's folder.
func LoadBureau(dir string) (*Bureau, error) {
	link, linkErr := loadLink(dir, RoleBureau)
	opening, openErr := loadSecret(dir, openingFile, envelope.ParseOpener)
	signing, signErr := loadSecret(dir, signingFile, envelope.ParseSigner)
	if errors.Is(signErr, fs.ErrNotExist) {
		signErr = nil // it answers nobody
	}
	receipts, receiptsErr := load(dir, receiptPub, envelope.ParseVerifier)
	terminals, terminalsErr := loadSignatories(filepath.Join(dir, terminalsDir))
	if err := errors.Join(linkErr, openErr, signErr, receiptsErr, terminalsErr); err != nil {
		return nil, fmt.Errorf("load bureau identity: %w", err)
	}
	return &Bureau{link, opening, signing, receipts, terminals, dir}, nil
}

// Peer tells who is at the other end of a connection whose certificate TLS has verified.
func Peer(s *tls.ConnectionState) (Role, string, error) {
	if s == nil || len(s.VerifiedChains) == 0 {
		return "", "", errors.New("peer has no verified certificate")
	}
	chain := s.VerifiedChains[0]
	role, name, err := holder(chain[0])
	// An authority below the root certifies for the one role that it is named for.
	if err == nil && len(chain) > 2 && !slices.Equal(chain[1].Subject.OrganizationalUnit, []string{string(role)}) {
		return "", "", fmt.Errorf("certificate of a %s by an authority that is not for it", role)
	}
	return role, name, err
}

func holder(c *x509.Certificate) (Role, string, error) {
	if len(c.Subject.OrganizationalUnit) != 1 || c.Subject.CommonName == "" {
		return "", "", errors.New("certificate names no single role and holder")
	}
	switch role := Role(c.Subject.OrganizationalUnit[0]); role {
	case RoleTerminal, RoleHub, RoleBureau:
		return role, c.Subject.CommonName, nil
	default:
		return "", "", fmt.Errorf("certificate for unknown role %q", role)
	}
}

func loadLink(dir string, want Role) (Link, error) {
	rootPEM, err := os.ReadFile(filepath.Join(dir, rootFile))
	if err != nil {
		return Link{}, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(rootPEM) {
		return Link{}, fmt.Errorf("%s: no certificate", filepath.Join(dir, rootFile))
	}
	keyPEM, err := readSecret(dir, tlsKeyFile)
	if err != nil {
		return Link{}, err
	}
	certPEM, err := os.ReadFile(filepath.Join(dir, certFile))
	if err != nil {
		return Link{}, err
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return Link{}, fmt.Errorf("%s: %w", filepath.Join(dir, certFile), err)
	}
	role, name, err := holder(cert.Leaf)
	if err != nil {
		return Link{}, fmt.Errorf("%s: %w", filepath.Join(dir, certFile), err)
	}
	if role != want {
		return Link{}, fmt.Errorf("%s: certificate of a %s, want a %s", filepath.Join(dir, certFile), role, want)
	}
	return Link{Name: name, Certificate: cert, Roots: roots, renewed: &atomic.Pointer[tls.Certificate]{}}, nil
}

// loadNamed reads every public key of a folder, by its file's name.
func loadNamed[K any](dir string, parse func([]byte) (K, error)) (map[string]K, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	keys := make(map[string]K)
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), pubSuffix)
		if !ok {
			continue
		}
		if keys[name], err = load(dir, f.Name(), parse); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func load[K any](dir, name string, parse func([]byte) (K, error)) (K, error) {
	var none K
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return none, err
	}
	return parseFile(dir, name, b, parse)
}

func loadSecret[K any](dir, name string, parse func([]byte) (K, error)) (K, error) {
	var none K
	b, err := readSecret(dir, name)
	if err != nil {
		return none, err
	}
	return parseFile(dir, name, b, parse)
}

func parseFile[K any](dir, name string, b []byte, parse func([]byte) (K, error)) (K, error) {
	k, err := parse(b)
	if err != nil {
		return k, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
	}
	return k, nil
}

// readSecret refuses a key that others on the machine could have read: such a key must be replaced, not used.
func readSecret(dir, name string) ([]byte, error) {
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return nil, fmt.Errorf("%s: mode %v lets others read this key: %w", path, info.Mode().Perm(), fs.ErrPermission)
	}
	return os.ReadFile(path)
}
