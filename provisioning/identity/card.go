package identity

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Card is what a new terminal gets to know of its hall: whom to trust and whom to seal to. The hall's authority signs
// it when the hall's keys are made, so that a hub that hands it out can name nobody else.
type Card struct {
	Format int               `json:"format"`
	Files  map[string][]byte `json:"files"` // public files of a terminal's folder, by name
	root   []byte            // the authority's certificate, DER
}

// signedCard carries the exact bytes of a Card, the authority's certificate, and the authority's signature
// (ECDSA P-256 over SHA-256, ASN.1) over the bytes.
type signedCard struct {
	Card      []byte `json:"card"`
	Authority []byte `json:"authority"`
	Signature []byte `json:"signature"`
}

// MaxCard bounds a signed card in bytes.
const MaxCard = 256 << 10

const cardFormat = 1

// cardName is what a card may put into a terminal's folder: public keys, and the authority's certificate.
var cardName = regexp.MustCompile(`^(ca\.pem|(closed/)?[a-z][a-z-]{0,31}\.pub)$`)

// card signs the public files of a terminal's folder.
func (a *authority) card(dir string) ([]byte, error) {
	c := Card{Format: cardFormat, Files: map[string][]byte{}}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || !cardName.MatchString(filepath.ToSlash(name)) {
			return err
		}
		c.Files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hall's card: %w", err)
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("hall's card: %w", err)
	}
	digest := sha256.Sum256(plain)
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		return nil, fmt.Errorf("hall's card: %w", err)
	}
	return json.Marshal(signedCard{Card: plain, Authority: a.cert.Raw, Signature: signature})
}

// ErrCard means that something is not the card of the hall that was meant.
var ErrCard = errors.New("not the hall's card")

// OpenCard gives the card if the authority that it names signed it. Whether that is the right authority is for the
// caller to find out by its Fingerprint.
func OpenCard(signed []byte) (Card, error) {
	var s signedCard
	if err := json.Unmarshal(signed, &s); err != nil || len(signed) > MaxCard {
		return Card{}, fmt.Errorf("%w: not a signed card", ErrCard)
	}
	root, err := x509.ParseCertificate(s.Authority)
	if err != nil {
		return Card{}, fmt.Errorf("%w: %v", ErrCard, err)
	}
	key, ok := root.PublicKey.(*ecdsa.PublicKey)
	digest := sha256.Sum256(s.Card)
	if !ok || !root.IsCA || !ecdsa.VerifyASN1(key, digest[:], s.Signature) {
		return Card{}, fmt.Errorf("%w: the signature does not match", ErrCard)
	}
	c := Card{root: s.Authority}
	if err := json.Unmarshal(s.Card, &c); err != nil || c.Format != cardFormat {
		return Card{}, fmt.Errorf("%w: format %d", ErrCard, c.Format)
	}
	for name := range c.Files {
		if !cardName.MatchString(name) {
			return Card{}, fmt.Errorf("%w: file %q", ErrCard, name)
		}
	}
	block, _ := pem.Decode(c.Files[rootFile])
	if block == nil || string(block.Bytes) != string(s.Authority) {
		return Card{}, fmt.Errorf("%w: it names another authority", ErrCard)
	}
	return c, nil
}

// Fingerprint is the SHA-256 of the hall's authority, by which a person knows the hall.
func (c Card) Fingerprint() [sha256.Size]byte { return sha256.Sum256(c.root) }

// Roots is the hall's authority, to check connections with.
func (c Card) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(c.Files[rootFile])
	return pool
}

// ReadCard reads the signed card from the hub's folder.
func ReadCard(dir string) ([]byte, error) {
	card, err := os.ReadFile(filepath.Join(dir, cardFile))
	if err != nil {
		return nil, fmt.Errorf("hall's card: %w", err)
	}
	return card, nil
}
