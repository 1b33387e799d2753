package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"yimen/kiosk/envelope"
)

const (
	organization  = "Yimen"
	authorityLife = 10 * 365 * 24 * time.Hour
	holderLife    = 2 * 365 * 24 * time.Hour
	clockSlack    = time.Hour // a terminal's clock may be behind the authority's
)

var terminalName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// NewHall makes the keys of one hall under dir: ca, hub, terminal and bureau, each a folder to be carried to
// its owner. Every party gets keys of every suite. hosts are the names and addresses under which the hub will be
// called. Each closed kind of envelope gets a desk of its own, in a folder desk-<kind>: the bureau cannot read it.
// The folder appears whole or not at all, and one that holds anything is never touched.
func NewHall(dir, terminal string, hosts []string, now time.Time, closed ...string) error {
	if !terminalName.MatchString(terminal) {
		return fmt.Errorf("new hall: terminal %q: want letters, digits, dot, dash", terminal)
	}
	if len(hosts) == 0 {
		return errors.New("new hall: no host for the hub")
	}
	if err := (envelope.Config{Suite: envelope.SuiteSM, Closed: closed}).Validate(); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	if files, err := os.ReadDir(dir); len(files) > 0 || (err != nil && !errors.Is(err, fs.ErrNotExist)) {
		return fmt.Errorf("new hall: %s is already in use", dir)
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	building, err := os.MkdirTemp(parent, ".hall-*")
	if err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	defer os.RemoveAll(building)
	if err := writeHall(building, terminal, hosts, closed, now); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	if err := os.Rename(building, dir); err != nil {
		return fmt.Errorf("new hall: %w", err)
	}
	return syncFolder(parent)
}

// writeHall draws every key and writes the folders.
func writeHall(dir, terminal string, hosts, closed []string, now time.Time) error {
	ca, err := newAuthority(now)
	if err != nil {
		return err
	}
	signing, signErr := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	receipt, receiptErr := envelope.GenerateSigner(rand.Reader, envelope.Suites()...)
	word, wordErr := envelope.GenerateSigner(rand.Reader, envelope.Suites()...) // by which the bureau speaks
	if err := errors.Join(signErr, receiptErr, wordErr); err != nil {
		return err
	}
	w := writer{dir: dir}
	w.public("ca/"+rootFile, ca.certPEM, nil)
	w.key("ca/ca.key", ca.key)
	w.link("hub", ca, RoleHub, "hub", hosts, now)
	w.link("terminal", ca, RoleTerminal, terminal, nil, now)
	w.secret("terminal/"+signingFile, signing)
	w.publicKey("terminal/"+receiptPub, receipt.Verifier())
	w.secret("bureau/"+signingFile, word)
	w.publicKey("terminal/"+bureauWordPub, word.Verifier())
	w.publicKey("hub/"+bureauWordPub, word.Verifier())
	w.secret("hub/"+receiptFile, receipt)
	w.publicKey(filepath.Join("hub", terminalsDir, terminal+pubSuffix), signing.Verifier())
	desks := map[string]string{"bureau": "terminal/" + bureauPub} // folder of a desk, and where the terminal keeps its key
	for _, kind := range closed {
		desks["desk-"+kind] = filepath.Join("terminal", closedPub(kind))
	}
	for desk, pub := range desks {
		opening, err := envelope.GenerateOpener(rand.Reader, envelope.Suites()...)
		if err != nil {
			return err
		}
		w.link(desk, ca, RoleBureau, desk, nil, now)
		w.secret(desk+"/"+openingFile, opening)
		w.publicKey(desk+"/"+receiptPub, receipt.Verifier())
		w.publicKey(filepath.Join(desk, terminalsDir, terminal+pubSuffix), signing.Verifier())
		w.publicKey(pub, opening.Recipient())
	}
	return w.err
}

// authority issues the hall's certificates.
type authority struct {
	cert    *x509.Certificate
	certPEM []byte
	key     *ecdsa.PrivateKey
}

func newAuthority(now time.Time) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority key: %w", err)
	}
	template, err := template("hall authority", "", now, authorityLife)
	if err != nil {
		return nil, err
	}
	template.IsCA, template.BasicConstraintsValid, template.MaxPathLenZero = true, true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("authority certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("authority certificate: %w", err)
	}
	return &authority{cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), key}, nil
}

// issue makes a certificate for one holder. Only the hub's may answer calls; the others may only make them.
func (a *authority) issue(role Role, name string, hosts []string, now time.Time) ([]byte, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("%s key: %w", role, err)
	}
	template, err := template(name, role, now, holderLife)
	if err != nil {
		return nil, nil, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if role == RoleHub {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, nil, fmt.Errorf("%s certificate: %w", role, err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), key, nil
}

func template(name string, role Role, now time.Time, life time.Duration) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("serial number: %w", err)
	}
	subject := pkix.Name{Organization: []string{organization}, CommonName: name}
	if role != "" {
		subject.OrganizationalUnit = []string{string(role)}
	}
	return &x509.Certificate{
		SerialNumber: serial, Subject: subject, NotBefore: now.Add(-clockSlack), NotAfter: now.Add(life),
	}, nil
}
