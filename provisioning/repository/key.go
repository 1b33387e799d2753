package repository

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/theupdateframework/go-tuf/v2/metadata"
)

// Public is added to a key's file name for its public half.
const Public = ".pub"

// Key is one signer's key, Ed25519 (RFC 8032): what every TUF client knows.
type Key struct {
	id      string
	private ed25519.PrivateKey
}

// NewKey draws a key, writes it to file, which must not be there yet, and its public half beside it.
func NewKey(file string) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("new key: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("new key: %w", err)
	}
	open, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return fmt.Errorf("new key: %w", err)
	}
	if err := writeNew(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return fmt.Errorf("new key: %w", err)
	}
	if err := writeNew(file+Public, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: open}), 0o644); err != nil {
		return fmt.Errorf("new key: %w", err)
	}
	return nil
}

// ReadKey reads a private key. One that others on the machine could have read is refused: it must be replaced.
func ReadKey(file string) (*Key, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("signer's key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("signer's key %s: mode %v lets others read it: %w", file, info.Mode().Perm(), fs.ErrPermission)
	}
	der, err := readPEM(file, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("signer's key %s: %w", file, err)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("signer's key %s: not an Ed25519 key", file)
	}
	id, err := idOf(private.Public())
	if err != nil {
		return nil, fmt.Errorf("signer's key %s: %w", file, err)
	}
	return &Key{id: id, private: private}, nil
}

// ReadPublic reads the public half of a key.
func ReadPublic(file string) (*metadata.Key, error) {
	der, err := readPEM(file, "PUBLIC KEY")
	if err != nil {
		return nil, err
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", file, err)
	}
	if _, ok := public.(ed25519.PublicKey); !ok {
		return nil, fmt.Errorf("key %s: not an Ed25519 key", file)
	}
	return metadata.KeyFromPublicKey(public)
}

func idOf(public crypto.PublicKey) (string, error) {
	k, err := metadata.KeyFromPublicKey(public)
	if err != nil {
		return "", err
	}
	return k.ID()
}

func readPEM(file, kind string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("key %s: no PEM block %q", file, kind)
	}
	return block.Bytes, nil
}

// sign adds the key's signature to metadata that does not have it yet.
func sign[T metadata.Roles](k *Key, m *metadata.Metadata[T]) error {
	for _, s := range m.Signatures {
		if s.KeyID == k.id {
			return nil
		}
	}
	signer, err := signature.LoadED25519Signer(k.private)
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	if _, err := m.Sign(signer); err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	return nil
}

func writeNew(file string, data []byte, mode os.FileMode) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}
