package number

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
)

// checkRounds makes one guess cost tens of milliseconds: eight digits are soon tried by whoever holds the checks.
const checkRounds = 100_000

// Check is what goes up in a code's stead: PBKDF2 (RFC 8018) with HMAC-SHA-256 over the code, salted with the slip's number,
// which no other slip has. Whoever checks codes need not be able to read them, nor a list of dossiers show them.
func Check(slipNo, code string) (string, error) {
	sum, err := pbkdf2.Key(sha256.New, code, []byte("yimen query code "+slipNo), checkRounds, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("check of a query code: %w", err)
	}
	return fmt.Sprintf("pbkdf2-sha256:%d:%s", checkRounds, hex.EncodeToString(sum)), nil
}

// Matches tells whether the code belongs to the check of that slip. It takes as long for an empty or foreign check as for
// a real one, so that the time tells nobody which slips there are.
func Matches(check, slipNo, code string) bool {
	made, err := Check(slipNo, code)
	return err == nil && subtle.ConstantTimeCompare([]byte(made), []byte(check)) == 1
}
