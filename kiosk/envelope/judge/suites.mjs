// The algorithms of both suites, from Node's crypto and, for SM2, from npm sm-crypto.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import sm from 'sm-crypto'
import { openSM4GCM } from './sm4gcm.mjs'

const digest = (name, b) => crypto.createHash(name).update(b).digest()
const hmac = (name, key, b) => crypto.createHmac(name, key).update(b).digest()
const keyID = (name, b) => digest(name, b).subarray(0, 8).toString('hex')
const der = pem => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')

// X25519, Ed25519, AES-256-GCM, SHA-256: Node has them all. HPKE (RFC 9180) is put together from them.
export const international = {
  number: 2, keySize: 32, digestPrefix: 'sha256:',
  hash: b => digest('sha256', b),
  hmac: (key, b) => hmac('sha256', key, b),
  verify: (pem, message, signature) => crypto.verify(null, message, crypto.createPublicKey(pem), signature),
  openGCM: (key, nonce, text, tag) => {
    const d = crypto.createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag)
    return Buffer.concat([d.update(text), d.final()])
  },
  opener: pem => {
    const privateKey = crypto.createPrivateKey(pem)
    assert.equal(privateKey.asymmetricKeyType, 'x25519')
    const point = rawPoint(crypto.createPublicKey(privateKey))
    return { id: keyID('sha256', point), unwrap: wrapped => openHPKE(privateKey, point, wrapped) }
  },
}

const rawPoint = key => Buffer.from(key.export({ format: 'jwk' }).x, 'base64url')

// openHPKE is HPKE in base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
function openHPKE(privateKey, point, wrapped) {
  assert.equal(wrapped.length, 80, 'length of the wrapped key')
  const enc = wrapped.subarray(0, 32), text = wrapped.subarray(32, 64), tag = wrapped.subarray(64)
  const publicKey = crypto.createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: enc.toString('base64url') }, format: 'jwk' })
  const kem = labelled(Buffer.from([...Buffer.from('KEM'), 0, 0x20]))
  const suite = labelled(Buffer.from([...Buffer.from('HPKE'), 0, 0x20, 0, 1, 0, 2]))
  const none = Buffer.alloc(0)
  const shared = kem.expand(kem.extract(none, 'eae_prk', crypto.diffieHellman({ privateKey, publicKey })), 'shared_secret', Buffer.concat([enc, point]), 32)
  const context = Buffer.concat([Buffer.from([0]), suite.extract(none, 'psk_id_hash', none), suite.extract(none, 'info_hash', Buffer.from('yimen envelope 1 wrap'))])
  const secret = suite.extract(shared, 'secret', none)
  return international.openGCM(suite.expand(secret, 'key', context, 32), suite.expand(secret, 'base_nonce', context, 12), text, tag)
}

// labelled are LabeledExtract and LabeledExpand of RFC 9180, section 4; no more than one block is ever asked for.
function labelled(suiteID) {
  const label = name => Buffer.concat([Buffer.from('HPKE-v1'), suiteID, Buffer.from(name)])
  return {
    extract: (salt, name, key) => hmac('sha256', salt, Buffer.concat([label(name), key])),
    expand: (prk, name, info, size) => hmac('sha256', prk, Buffer.concat([Buffer.from([0, size]), label(name), info, Buffer.from([1])])).subarray(0, size),
  }
}

// SM2 by sm-crypto; SM3 and the block cipher SM4 by Node; GCM over it in sm4gcm.mjs.
export const national = {
  number: 1, keySize: 16, digestPrefix: 'sm3:',
  hash: b => digest('sm3', b),
  hmac: (key, b) => hmac('sm3', key, b),
  openGCM: openSM4GCM,
  verify: (pem, message, signature) =>
    sm.sm2.doVerifySignature([...message], signature.toString('hex'), der(pem).subarray(-65).toString('hex'), { hash: true, der: true }),
  opener: pem => {
    const scalar = sm2Scalar(der(pem)).toString('hex')
    const point = Buffer.from(sm.sm2.getPublicKeyFromPrivateKey(scalar), 'hex')
    return {
      id: keyID('sm3', point),
      unwrap: wrapped => {
        assert.equal(wrapped.length, 129, 'length of the wrapped key')
        assert.equal(wrapped[0], 4, 'form of the point')
        return Buffer.from(sm.sm2.doDecrypt(wrapped.subarray(1).toString('hex'), scalar, 1, { output: 'array' })) // 1: C1 C3 C2
      },
    }
  },
}

// sm2Scalar finds the number in a PKCS #8 key: in its ECPrivateKey (RFC 5915), behind version 1.
function sm2Scalar(key) {
  const at = key.indexOf(Buffer.from([2, 1, 1, 4, 32]))
  assert(at > 0, 'no EC private key')
  return key.subarray(at + 5, at + 37)
}
