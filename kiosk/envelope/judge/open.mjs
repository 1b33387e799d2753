// Opens envelopes by ../FORMAT.md and Node alone: node open.mjs < [{opener, verifier, list, signature, parts}, …]
// prints [{bodies} or {refused: why}, …]. Keys are PEM, bytes are base64.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { international, national } from './suites.mjs'

const CHUNK = 65536, TAG = 16, CONFIRM = 32
const suites = { 'sm2-sm4gcm-sm3': national, 'x25519-aes256gcm-sha256-ed25519': international }

// hkdf is RFC 5869 with an empty salt; crypto.hkdfSync would do, and takes no info longer than 1024 bytes.
function hkdf(hmac, hashSize, key, info, size) {
  const prk = hmac(Buffer.alloc(hashSize), key)
  let block = Buffer.alloc(0), out = Buffer.alloc(0)
  for (let i = 1; out.length < size; i++) {
    block = hmac(prk, Buffer.concat([block, info, Buffer.from([i])]))
    out = Buffer.concat([out, block])
  }
  return out.subarray(0, size)
}

// readHeader gives the wraps of a sealed part and the length of everything before the key confirmation.
function readHeader(suite, sealed, envelope, no) {
  let at = 0
  const take = n => {
    assert(at + n <= sealed.length, 'header is cut')
    return sealed.subarray(at, (at += n))
  }
  assert.equal(take(8).toString('latin1'), 'yimen/1\n')
  assert.equal(take(1)[0], suite.number, 'suite')
  assert.equal(take(26).toString('latin1'), envelope, 'envelope')
  assert.equal(take(4).readUInt32BE(), no, 'part number')
  const wraps = []
  for (let n = take(1)[0]; n > 0; n--) {
    const id = take(8).toString('hex')
    wraps.push({ id, key: take(take(2).readUInt16BE()) })
  }
  assert(wraps.length >= 1 && wraps.length <= 16, 'count of wraps')
  return { wraps, size: at }
}

function openPart(suite, opener, sealed, envelope, no) {
  const { wraps, size } = readHeader(suite, sealed, envelope, no)
  const mine = wraps.find(w => w.id === opener.id)
  assert(mine, 'not sealed to this key')
  const contentKey = opener.unwrap(mine.key)
  assert.equal(contentKey.length, 32, 'content key')
  const info = Buffer.concat([Buffer.from('yimen envelope 1 part'), sealed.subarray(0, size)])
  const keys = hkdf(suite.hmac, suite.hash(Buffer.alloc(0)).length, contentKey, info, suite.keySize + CONFIRM)
  assert(sealed.subarray(size, size + CONFIRM).equals(keys.subarray(suite.keySize)), 'key confirmation')
  return openChunks(suite, keys.subarray(0, suite.keySize), sealed.subarray(size + CONFIRM))
}

function openChunks(suite, key, rest) {
  const body = []
  for (let no = 0n; ; no++) {
    const chunk = rest.subarray(0, CHUNK + TAG)
    rest = rest.subarray(chunk.length)
    const last = rest.length === 0
    assert(chunk.length >= TAG && (no === 0n || chunk.length > TAG), 'chunk is cut')
    const nonce = Buffer.alloc(12)
    nonce.writeBigUInt64BE(no, 3)
    nonce[11] = last ? 1 : 0
    body.push(suite.openGCM(key, nonce, chunk.subarray(0, -TAG), chunk.subarray(-TAG)))
    if (last) return Buffer.concat(body)
  }
}

const bytes = s => Buffer.from(s, 'base64')

function open(given) {
  const signed = bytes(given.list)
  const list = JSON.parse(signed.toString('utf8'))
  assert.equal(list.format, 1, 'format of the list')
  const suite = suites[list.suite]
  assert(suite, 'suite is not known')
  assert(suite.verify(given.verifier, signed, bytes(given.signature)), 'signature does not match')
  assert.equal(given.parts.length, list.parts.length, 'count of parts')
  const opener = suite.opener(given.opener)
  return given.parts.map((part, no) => {
    const sealed = bytes(part), want = list.parts[no]
    assert.equal(want.no, no, 'place of a part')
    assert.equal(want.size, sealed.length, 'size of a part')
    assert.equal(want.digest, suite.digestPrefix + suite.hash(sealed).toString('hex'), 'digest of a part')
    return openPart(suite, opener, sealed, list.envelope, no).toString('base64')
  })
}

const answers = JSON.parse(readFileSync(0, 'utf8')).map(given => {
  try {
    return { bodies: open(given) }
  } catch (e) {
    return { refused: `${e.message}` }
  }
})
process.stdout.write(JSON.stringify(answers))
