package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// deviceLife is how long a certificate lives that the hub issued. A terminal renews it after two thirds: thirty days
// of a dead line cost nothing.
const deviceLife = 90 * 24 * time.Hour

// Issuer certifies terminals for the hub.
type Issuer struct{ authority }

// Issued is a certificate for a terminal.
type Issued struct {
	Chain    []byte // PEM: the certificate, and the authority's that issued it
	Serial   string // lower-case hexadecimal
	NotAfter time.Time
}

// LoadIssuer reads what the hub issues with from its folder.
func LoadIssuer(dir string) (*Issuer, error) {
	keyPEM, err := readSecret(dir, issuingKeyFile)
	if err != nil {
		return nil, fmt.Errorf("load issuer: %w", err)
	}
	certPEM, err := os.ReadFile(filepath.Join(dir, issuingFile))
	if err != nil {
		return nil, fmt.Errorf("load issuer: %w", err)
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, fmt.Errorf("load issuer: %w", err)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New("load issuer: not the key of an authority")
	}
	return &Issuer{authority{pair.Leaf, certPEM, key}}, nil
}

// ErrRequest means that a request for a certificate cannot be granted to anybody.
var ErrRequest = errors.New("not a request for a terminal's certificate")

// Issue certifies the key of a request (PKCS #10, DER) as a terminal's. Of the request only the key counts, and that
// its holder signed it.
func (i *Issuer) Issue(request []byte, terminal string, now time.Time) (Issued, error) {
	r, err := x509.ParseCertificateRequest(request)
	if err != nil {
		return Issued{}, fmt.Errorf("%w: %v", ErrRequest, err)
	}
	key, ok := r.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return Issued{}, fmt.Errorf("%w: want a key on P-256", ErrRequest)
	}
	if err := r.CheckSignature(); err != nil {
		return Issued{}, fmt.Errorf("%w: %v", ErrRequest, err)
	}
	template, err := template(terminal, RoleTerminal, now, deviceLife)
	if err != nil {
		return Issued{}, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, i.cert, key, i.key)
	if err != nil {
		return Issued{}, fmt.Errorf("issue certificate: %w", err)
	}
	chain := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), i.certPEM...)
	return Issued{chain, SerialText(template.SerialNumber), template.NotAfter}, nil
}
