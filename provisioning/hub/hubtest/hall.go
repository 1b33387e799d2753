package hubtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"yimen/kiosk/envelope"
	"yimen/provisioning/identity"
)

// The names of a hall's terminals.
const (
	TerminalA = "150102-0001"
	TerminalB = "150102-0002"
)

// Hall is the keys of everybody, with a second terminal.
type Hall struct {
	Hub     *identity.Hub
	Bureau  *identity.Bureau
	Opening envelope.Recipient // the bureau, as a terminal seals to it
	A, B    Terminal
	Dir     string // the folders of provisioning keys
}

// Terminal is what a terminal calls with and signs with.
type Terminal struct {
	Name    string
	Calling *tls.Config
	Signing *envelope.Signer
}

// NewHall makes a hall's keys.
func NewHall(t testing.TB) Hall {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	if err := identity.NewHall(dir, TerminalA, []string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	hub, err := identity.LoadHub(filepath.Join(dir, "hub"))
	if err != nil {
		t.Fatal(err)
	}
	terminal, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	bureau, err := identity.LoadBureau(filepath.Join(dir, "bureau"))
	if err != nil {
		t.Fatal(err)
	}
	signing, err := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	if err != nil {
		t.Fatal(err)
	}
	hub.Terminals[TerminalB] = signing.Verifier()
	h := Hall{Hub: hub, Bureau: bureau, Opening: terminal.Bureau, Dir: dir, A: Terminal{TerminalA, terminal.ClientTLS(), terminal.Signing}}
	h.B = Terminal{TerminalB, h.Issue(t, identity.RoleTerminal, TerminalB, time.Now().Add(time.Hour)), signing}
	return h
}

// CA is the folder of the hall's authority.
func (h Hall) CA() string { return filepath.Join(h.Dir, "ca") }

// Issue makes a certificate of the hall's authority and gives what its holder calls with.
func (h Hall) Issue(t testing.TB, role identity.Role, name string, until time.Time) *tls.Config {
	t.Helper()
	certificate, authority := Certify(t, h.CA(), &x509.Certificate{
		Subject: pkix.Name{CommonName: name, OrganizationalUnit: []string{string(role)}}, NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	return &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: roots, MinVersion: tls.VersionTLS13}
}

// Certify completes a certificate, valid since an hour ago, and signs it with the authority whose folder is ca.
func Certify(t testing.TB, ca string, template *x509.Certificate) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	authority, err := tls.LoadX509KeyPair(filepath.Join(ca, "ca.pem"), filepath.Join(ca, "ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.NotBefore = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Hour)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, authority.Leaf, key.Public(), authority.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, authority.Leaf
}

// Stranger gives what a terminal of another hall calls with, that takes this hall's hub for its own.
func (h Hall) Stranger(t testing.TB) *tls.Config {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "other")
	if err := identity.NewHall(dir, TerminalA, []string{"127.0.0.1"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	other, err := identity.LoadTerminal(filepath.Join(dir, "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	calling := other.ClientTLS()
	calling.RootCAs = h.Hub.Roots
	return calling
}
