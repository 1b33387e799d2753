package envelope

import (
	"crypto/cipher"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// suite is one set of algorithms. A list names it, and the header of every part carries its number, so that
// a second set can stand beside the first. The algorithms of keys (wrapping, signing) live with the key types.
type suite struct {
	name    string
	number  byte
	hash    func() hash.Hash
	keySize int // bytes of a part key
	aead    func(key []byte) (cipher.AEAD, error)
}

// sm is suite 1: SM2 (GB/T 32918) wraps and signs, SM3 (GB/T 32905) digests, SM4 (GB/T 32907) in GCM seals.
var sm = suite{name: "sm2-sm4gcm-sm3", number: 1, hash: sm3.New, keySize: 16, aead: newSM4GCM}

func newSM4GCM(key []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func suiteNamed(name string) (suite, error) {
	if name == sm.name {
		return sm, nil
	}
	return suite{}, fmt.Errorf("suite %q is not known", name)
}
