'use strict'

const crypto = require('node:crypto')
const { certificate, privateKey } = require('../certificate')
const { after, called, given, large, lazily, room, something, somethingOf, text } = require('../tools')

/** As short as is allowed, because to make one takes time. */
const rsa = lazily(() => crypto.generateKeyPairSync('rsa', { modulusLength: 1024 }))
const ec = lazily(() => crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' }))
const kem = lazily(() => crypto.generateKeyPairSync('ml-kem-768'))
const capsule = lazily(() => crypto.encapsulate(kem().publicKey))
const curve = () => crypto.createECDH('secp256k1')
const point = () => curve().generateKeys()
const number = (hex) => Buffer.from(hex.padStart(16, '0'), 'hex')
const prime = number('ffffffffffffffc5') // 2 ** 64 - 59
const primeOf = (add) => ({ bigint: true, add, rem: number('b') }) // without the remainder Bun looks for one for ever

const key = somethingOf(32)
const data = Buffer.from('data')
const signature = lazily(() => crypto.sign('sha256', data, rsa().privateKey))
const pem = text(privateKey, '\n')
const passphrase = text('secret')
const encryptedKey = (passphrase) => ec().privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
const argon2 = (a) => ['argon2id', { message: a, nonce: a, secret: a, associatedData: a, parallelism: 1, tagLength: 16, memory: 8, passes: 1 }]

const filled = (run) => ({ bytes: room, random: true, run })
/** A cipher of 128 bits can have the same bytes for a key, an initialization vector and more. */
const ciphered = (run) => given(somethingOf(16), run)

module.exports = {
  modules: { crypto },
  calls: {
    'crypto.createHash().update(a)': (a) => crypto.createHash('sha256').update(a).digest('hex'),
    'crypto.createHash().update(a) of 200 KiB': given(large, (a) => crypto.createHash('sha1').update(a).digest('hex')),
    'crypto.createHash().end(a)': (a) => crypto.createHash('sha256').end(a).read(),
    'crypto.hash(a)': (a) => crypto.hash('sha256', a),
    'crypto.createHmac(key a).update(a)': (a) => crypto.createHmac('sha256', a).update(a).digest('hex'),
    'crypto.createMac(key a).update(a)': given(key, (a) => crypto.createMac('cmac', a, { cipher: 'aes-256-cbc' }).update(a).final('hex')),
    'crypto.createCipheriv(key a, iv a).update(a)': ciphered((a) => crypto.createCipheriv('aes-128-cbc', a, a).update(a)),
    'crypto.createCipheriv(key a, iv a).setAAD(a)': ciphered((a) => {
      const cipher = crypto.createCipheriv('aes-128-gcm', a, a).setAAD(a)
      return [cipher.final(), cipher.getAuthTag()]
    }),
    'crypto.createDecipheriv(key a, iv a).setAuthTag(a).update(a)': ciphered((a) => crypto.createDecipheriv('aes-128-gcm', a, a).setAuthTag(a).update(a)),
    'crypto.createSign().update(a).sign(key a)': given(pem, (a) => crypto.createSign('sha256').update(a).sign(a).length > 60),
    'crypto.createVerify().update(a)': (a) => crypto.createVerify('sha256').update(a).verify(rsa().publicKey, crypto.sign('sha256', something, rsa().privateKey)),
    'crypto.createVerify().verify(signature a)': given(signature, (a) => crypto.createVerify('sha256').update(data).verify(rsa().publicKey, a)),
    'crypto.sign(a, key a)': given(pem, (a) => crypto.sign('sha256', a, a).length > 60),
    'crypto.sign(a, callback)': (a) => called((done) => crypto.sign('sha256', a, rsa().privateKey, done)),
    'crypto.verify(signature a)': given(signature, (a) => crypto.verify('sha256', data, rsa().publicKey, a)),
    'crypto.createDiffieHellman(prime a)': given(prime, (a) => crypto.createDiffieHellman(a).getPrime()),
    'crypto.createDiffieHellman(prime, generator a)': given(number('2'), (a) => crypto.createDiffieHellman(prime, a).getGenerator()),
    'crypto.createDiffieHellman().setPrivateKey(a), setPublicKey(a), computeSecret(a)': given(number('12345'), (a) => {
      const party = crypto.createDiffieHellman(crypto.getDiffieHellman('modp5').getPrime())
      party.setPrivateKey(a)
      party.setPublicKey(a)
      return [party.getPrivateKey(), party.getPublicKey(), party.computeSecret(a)]
    }),
    'crypto.diffieHellman({ privateKey: a })': given(pem, (a) => crypto.diffieHellman({ privateKey: a, publicKey: ec().publicKey })),
    'crypto.createECDH().setPrivateKey(a)': given(key, (a) => after(curve(), (party) => party.setPrivateKey(a)).getPublicKey()),
    'crypto.createECDH().computeSecret(a)': given(point, (a) => after(curve(), (party) => party.setPrivateKey(key)).computeSecret(a)),
    'crypto.createECDH().setPublicKey(a)': given(point, (a) => after(curve(), (party) => party.setPublicKey(a)).getPublicKey()),
    'crypto.ECDH.convertKey(a)': given(point, (a) => crypto.ECDH.convertKey(a, 'secp256k1', undefined, 'hex', 'compressed')),
    'crypto.pbkdf2Sync(password a, salt a)': (a) => crypto.pbkdf2Sync(a, a, 1, 20, 'sha256'),
    'crypto.pbkdf2(password a, salt a)': (a) => called((done) => crypto.pbkdf2(a, a, 1, 20, 'sha256', done)),
    'crypto.scryptSync(password a, salt a)': (a) => crypto.scryptSync(a, a, 20, { N: 16 }),
    'crypto.scrypt(password a, salt a)': (a) => called((done) => crypto.scrypt(a, a, 20, { N: 16 }, done)),
    'crypto.hkdfSync(key a, salt a, info a)': (a) => crypto.hkdfSync('sha256', a, a, a, 20),
    'crypto.hkdf(key a, salt a, info a)': (a) => called((done) => crypto.hkdf('sha256', a, a, a, 20, done)),
    'crypto.argon2Sync({ message: a, nonce: a, more })': (a) => crypto.argon2Sync(...argon2(a)),
    'crypto.argon2({ message: a, nonce: a, more })': (a) => called((done) => crypto.argon2(...argon2(a), done)),
    'crypto.randomFillSync(a)': filled((a) => crypto.randomFillSync(a)),
    'crypto.randomFillSync(a, offset)': filled((a) => crypto.randomFillSync(a, 2)),
    'crypto.randomFillSync(a, offset, size)': filled((a) => crypto.randomFillSync(a, 2, 4)),
    'crypto.randomFill(a)': filled((a) => called((done) => crypto.randomFill(a, done))),
    'crypto.randomFill(a, offset)': filled((a) => called((done) => crypto.randomFill(a, 2, done))),
    'crypto.randomFill(a, offset, size)': filled((a) => called((done) => crypto.randomFill(a, 2, 4, done))),
    'crypto.getRandomValues(a)': filled((a) => crypto.getRandomValues(a)),
    'crypto.timingSafeEqual(a, b)': (a) => [crypto.timingSafeEqual(a, something), crypto.timingSafeEqual(something, a)],
    'crypto.createSecretKey(a)': (a) => crypto.createSecretKey(a).export(),
    'crypto.KeyObject.equals of key a': given(key, (a) => crypto.createSecretKey(a).equals(crypto.createSecretKey(key))),
    'crypto.createPrivateKey(a)': given(pem, (a) => crypto.createPrivateKey(a).export({ type: 'sec1', format: 'der' })),
    'crypto.createPrivateKey({ key: a })': given(pem, (a) => crypto.createPrivateKey({ key: a }).export({ type: 'sec1', format: 'der' })),
    'crypto.createPrivateKey({ passphrase: a })': given(passphrase, (a) => crypto.createPrivateKey({ key: encryptedKey(a), passphrase: a }).type),
    'crypto.createPublicKey(a)': given(pem, (a) => crypto.createPublicKey(a).export({ type: 'spki', format: 'der' })),
    'crypto.publicEncrypt(a, { oaepLabel: a })': (a) =>
      crypto.privateDecrypt({ key: rsa().privateKey, oaepLabel: a }, crypto.publicEncrypt({ key: rsa().publicKey, oaepLabel: a }, a)),
    'crypto.privateDecrypt(a)': given(() => crypto.publicEncrypt(rsa().publicKey, data), (a) => crypto.privateDecrypt(rsa().privateKey, a)),
    'crypto.privateEncrypt(a)': (a) => crypto.privateEncrypt(rsa().privateKey, a),
    'crypto.publicDecrypt(a)': given(() => crypto.privateEncrypt(rsa().privateKey, data), (a) => crypto.publicDecrypt(rsa().publicKey, a)),
    'crypto.X509Certificate(a)': given(text(certificate, '\n'), (a) => new crypto.X509Certificate(a).subject),
    'crypto.checkPrimeSync(a)': given(prime, (a) => crypto.checkPrimeSync(a)),
    'crypto.checkPrime(a)': given(prime, (a) => called((done) => crypto.checkPrime(a, done))),
    'crypto.generatePrimeSync({ add: a })': given(number('c'), (a) => crypto.generatePrimeSync(64, primeOf(a)) % 12n),
    'crypto.generatePrime({ add: a })': given(number('c'), async (a) => await called((done) => crypto.generatePrime(64, primeOf(a), done)) % 12n),
    'crypto.Certificate.verifySpkac(a)': (a) => crypto.Certificate.verifySpkac(a),
    'crypto.Certificate.exportPublicKey(a)': (a) => crypto.Certificate.exportPublicKey(a),
    'crypto.Certificate.exportChallenge(a)': (a) => crypto.Certificate.exportChallenge(a),
    'crypto.parsePKCS12(a)': (a) => crypto.parsePKCS12(a),
    'crypto.encapsulate(key a)': given(
      () => text(kem().publicKey.export({ type: 'spki', format: 'pem' }), '\n'), (a) => crypto.encapsulate(a).sharedKey.length),
    'crypto.decapsulate(a)': given(
      () => capsule().ciphertext, (a) => crypto.decapsulate(kem().privateKey, a).equals(capsule().sharedKey))
  },
  takesNoView: {
    crypto: `Cipheriv DiffieHellman DiffieHellmanGroup Decipheriv ECDH Hash Hmac Mac Sign Verify createDiffieHellmanGroup createECDH
      generateKey generateKeyPair generateKeyPairSync generateKeySync getCipherInfo getCiphers getCurves getDiffieHellman getFips
      getHashes getMacs randomBytes randomInt randomUUID randomUUIDv7 secureHeapUsed setEngine setFips Cipher createCipher
      createDecipher Decipher prng pseudoRandomBytes rng`
  }
}
