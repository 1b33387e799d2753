package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"yimen/kiosk/durable"
	"yimen/kiosk/envelope"
)

// Device is a terminal's own keys before anybody has certified them. They are made on the terminal and never leave it.
type Device struct {
	key     *ecdsa.PrivateKey
	Signing *envelope.Signer
}

// NewDevice draws the keys of a terminal.
func NewDevice() (*Device, error) {
	key, keyErr := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	signing, signErr := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	if err := errors.Join(keyErr, signErr); err != nil {
		return nil, fmt.Errorf("terminal's keys: %w", err)
	}
	return &Device{key, signing}, nil
}

// Request asks for a certificate (PKCS #10, DER).
func (d *Device) Request() ([]byte, error) { return requestFor(d.key) }

func requestFor(key *ecdsa.PrivateKey) ([]byte, error) {
	r, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{Organization: []string{organization}}}, key)
	if err != nil {
		return nil, fmt.Errorf("request for a certificate: %w", err)
	}
	return r, nil
}

// Settle writes the terminal's folder: its own keys, the certificate that it got, and what its hall's card names. The
// folder appears whole or not at all, and one that holds anything is never touched. What was written is loaded once,
// so that a folder that appears is one that a daemon can use; the terminal's name comes back.
func (d *Device) Settle(dir string, card Card, chain []byte) (terminal string, err error) {
	if files, err := os.ReadDir(dir); len(files) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("terminal's folder: %s is already in use", dir)
	}
	parent := filepath.Dir(filepath.Clean(dir))
	building, err := os.MkdirTemp(parent, ".terminal-*")
	if err != nil {
		return "", fmt.Errorf("terminal's folder: %w", err)
	}
	defer os.RemoveAll(building)
	w := writer{dir: building}
	for name, data := range card.Files {
		w.public(name, data, nil)
	}
	w.public(certFile, chain, nil)
	w.key(tlsKeyFile, d.key)
	w.secret(signingFile, d.Signing)
	if w.err != nil {
		return "", fmt.Errorf("terminal's folder: %w", w.err)
	}
	t, err := LoadTerminal(building)
	if err != nil {
		return "", err
	}
	if err := t.checkIssued(); err != nil {
		return "", fmt.Errorf("terminal's folder: %w", err)
	}
	if err := os.Rename(building, dir); err != nil {
		return "", fmt.Errorf("terminal's folder: %w", err)
	}
	return t.Name, syncFolder(parent)
}

// checkIssued makes sure that the hall's authority stands behind the certificate.
func (l Link) checkIssued() error {
	below := x509.NewCertPool()
	for _, der := range l.Certificate.Certificate[1:] {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("certificate: %w", err)
		}
		below.AddCert(c)
	}
	_, err := l.Certificate.Leaf.Verify(x509.VerifyOptions{Roots: l.Roots, Intermediates: below, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	return nil
}

// RenewAt is when the terminal asks for its next certificate: after two thirds of this one's life.
func (l Link) RenewAt() time.Time {
	leaf := l.current().Leaf
	return leaf.NotBefore.Add(leaf.NotAfter.Sub(leaf.NotBefore) / 3 * 2)
}

// Ends is when the certificate that is used now runs out.
func (l Link) Ends() time.Time { return l.current().Leaf.NotAfter }

// RenewalRequest asks for the next certificate (PKCS #10, DER), under the same key: a new one comes with a new
// enrolment.
func (l Link) RenewalRequest() ([]byte, error) {
	key, ok := l.Certificate.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("request for a certificate: the key is of another kind")
	}
	return requestFor(key)
}

// Renew puts the next certificate into the terminal's folder, durably, and every connection made from now on uses it.
// scratch is a folder on the same disk. A chain that is not of this terminal, key and hall changes nothing.
func (t *Terminal) Renew(dir, scratch string, chain []byte) error {
	keyPEM, err := readSecret(dir, tlsKeyFile)
	if err != nil {
		return fmt.Errorf("renew certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(chain, keyPEM)
	if err != nil {
		return fmt.Errorf("renew certificate: %w", err)
	}
	role, name, err := holder(pair.Leaf)
	if err != nil || role != RoleTerminal || name != t.Name {
		return fmt.Errorf("renew certificate: it is %s's, %s (%v)", name, role, err)
	}
	next := t.Link
	next.Certificate = pair
	if err := next.checkIssued(); err != nil {
		return fmt.Errorf("renew certificate: %w", err)
	}
	if !pair.Leaf.NotAfter.After(t.Ends()) {
		return errors.New("renew certificate: it ends no later than the one before")
	}
	if err := durable.Replace(filepath.Join(dir, certFile), chain, scratch); err != nil {
		return fmt.Errorf("renew certificate: %w", err)
	}
	t.renewed.Store(&pair)
	return nil
}

// SerialText writes a certificate's serial number.
func SerialText(serial *big.Int) string { return serial.Text(16) }
