package identity

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// writer writes files under dir until one fails, and keeps that error.
type writer struct {
	dir string
	err error
}

type pemMarshaler interface{ MarshalPEM() ([]byte, error) }

func (w *writer) link(folder string, ca *authority, role Role, name string, hosts []string, now time.Time) {
	if w.err != nil {
		return
	}
	cert, key, err := ca.issue(role, name, hosts, now)
	w.public(folder+"/"+rootFile, ca.certPEM, nil)
	w.public(folder+"/"+certFile, cert, err)
	w.key(folder+"/"+tlsKeyFile, key)
}

func (w *writer) key(name string, key *ecdsa.PrivateKey) {
	if w.err != nil {
		return
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	w.write(name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), err, 0o600)
}

func (w *writer) secret(name string, key pemMarshaler) {
	b, err := key.MarshalPEM()
	w.write(name, b, err, 0o600)
}

func (w *writer) publicKey(name string, key pemMarshaler) {
	b, err := key.MarshalPEM()
	w.public(name, b, err)
}

func (w *writer) public(name string, b []byte, err error) { w.write(name, b, err, 0o644) }

// write makes a file and the folder it stands in, unless err or an earlier file speaks against it.
func (w *writer) write(name string, b []byte, err error, mode os.FileMode) {
	if w.err != nil {
		return
	}
	if w.err = err; err != nil {
		return
	}
	path := filepath.Join(w.dir, name)
	if w.err = os.MkdirAll(filepath.Dir(path), 0o700); w.err != nil {
		return
	}
	w.err = writeSynced(path, b, mode)
}

func writeSynced(path string, b []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, writeErr := f.Write(b)
	return errors.Join(writeErr, f.Sync(), f.Close())
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
