package envelope

import (
	"crypto/ecdsa"
	"errors"
	"io"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"
)

// sm2WrapSize is a wrapped key: 04 x y, C3, C2.
const sm2WrapSize = 65 + sm3.Size + contentKeySize

// sm2Public wraps keys and verifies, sm2Private unwraps and signs: the keys of SuiteSM.
type (
	sm2Public struct {
		key  *ecdsa.PublicKey
		name keyID
	}
	sm2Private struct {
		key *sm2.PrivateKey
		pub sm2Public
	}
	// One number serves both purposes, and a party uses a key for one only.
	sm2Opener struct{ sm2Private }
	sm2Signer struct{ sm2Private }
)

func newSM2Public(k *ecdsa.PublicKey) (sm2Public, error) {
	point, err := sm2.PublicKeyToECDH(k) // refuses a point that is not on the curve
	if err != nil {
		return sm2Public{}, err
	}
	sum := sm3.Sum(point.Bytes())
	return sm2Public{k, keyID(sum[:8])}, nil
}

func newSM2Private(k *sm2.PrivateKey) (sm2Private, error) {
	pub, err := newSM2Public(&k.PublicKey)
	return sm2Private{k, pub}, err
}

func drawSM2(random io.Reader) (sm2Private, error) {
	k, err := sm2.GenerateKey(random)
	if err != nil {
		return sm2Private{}, err
	}
	return newSM2Private(k)
}

func drawSM2Opener(random io.Reader) (unwrapper, error) {
	k, err := drawSM2(random)
	return sm2Opener{k}, err
}

func drawSM2Signer(random io.Reader) (signer, error) {
	k, err := drawSM2(random)
	return sm2Signer{k}, err
}

func (sm2Public) suite() Suite           { return SuiteSM }
func (k sm2Public) id() keyID            { return k.name }
func (k sm2Public) der() ([]byte, error) { return smx509.MarshalPKIXPublicKey(k.key) }

func (sm2Private) suite() Suite           { return SuiteSM }
func (k sm2Private) id() keyID            { return k.pub.name }
func (k sm2Private) der() ([]byte, error) { return smx509.MarshalPKCS8PrivateKey(k.key) }

func (k sm2Opener) public() wrapper  { return k.pub }
func (k sm2Signer) public() verifier { return k.pub }

// wrap encrypts the content key with SM2 (GB/T 32918.4): 04 x y, C3, C2.
func (k sm2Public) wrap(contentKey []byte, random io.Reader) ([]byte, error) {
	return sm2.Encrypt(random, k.key, contentKey, sm2.NewPlainEncrypterOpts(sm2.MarshalUncompressed, sm2.C1C3C2))
}

func (k sm2Opener) unwrap(wrapped []byte) ([]byte, error) {
	if wrapped[0] != 4 { // other spellings of the point would make other headers of one wrap
		return nil, errors.New("point is not uncompressed")
	}
	return sm2.Decrypt(k.key, wrapped)
}

// sign signs with SM2 over SM3 and the standard's default user id (GB/T 35276), in ASN.1.
func (k sm2Signer) sign(message []byte, random io.Reader) ([]byte, error) {
	return k.key.SignWithSM2(random, nil, message)
}

func (k sm2Public) verify(message, signature []byte) bool {
	return sm2.VerifyASN1WithSM2(k.key, nil, message, signature)
}
