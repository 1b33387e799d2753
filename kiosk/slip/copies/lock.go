package copies

import (
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	"github.com/emmansun/gmsm/sm4"
	"golang.org/x/crypto/argon2"
)

const saltSize = 16

// What a guess at a code costs whoever took the disk: eight digits are a hundred million guesses, of 64 MiB each (Argon2id,
// RFC 9106).
const (
	guessTime   = 3
	guessMemory = 64 << 10 // KiB
)

// lock seals a body under a code (SM4-GCM), bound to the slip's number.
func lock(code, slipNo string, body []byte) (salt, coded []byte, err error) {
	salt = make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return nil, nil, fmt.Errorf("lock copy: %w", err)
	}
	aead, err := under(code, salt)
	if err != nil {
		return nil, nil, fmt.Errorf("lock copy: %w", err)
	}
	// The key is of this one copy, because of its salt: it seals once, and so needs no other nonce.
	return salt, aead.Seal(nil, make([]byte, aead.NonceSize()), body, []byte(slipNo)), nil
}

// unlock opens what lock sealed. A wrong code and an altered body are the same error.
func unlock(code, slipNo string, salt, coded []byte) ([]byte, error) {
	aead, err := under(code, salt)
	if err != nil {
		return nil, fmt.Errorf("unlock copy: %w", err)
	}
	body, err := aead.Open(nil, make([]byte, aead.NonceSize()), coded, []byte(slipNo))
	if err != nil {
		return nil, fmt.Errorf("unlock copy: %w", err)
	}
	return body, nil
}

func under(code string, salt []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(argon2.IDKey([]byte(code), salt, guessTime, guessMemory, 1, sm4.BlockSize))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
