'use strict'

const crypto = require('node:crypto')
const { after, called, lazily, room, large, something, somethingOf, text } = require('../tools')
const { certificate, privateKey } = require('../certificate')

const rsa = lazily(() => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }))
const ec = lazily(() => crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' }))
const curve = () => crypto.createECDH('secp256k1')
const key = somethingOf(32)
const iv = somethingOf(16)
const data = Buffer.from('data')
const { Certificate } = crypto

/** 2 ** 64 - 59 is a prime. */
const prime = Buffer.from('ffffffffffffffc5', 'hex')

const encrypted = (change) => {
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv.subarray(0, 12))
  const result = change(cipher)
  return [result, cipher.final(), cipher.getAuthTag()]
}

const decipherOf = () => crypto.createDecipheriv('aes-256-gcm', key, iv.subarray(0, 12))
const sealed = lazily(() => {
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv.subarray(0, 12))
  return { content: Buffer.concat([cipher.update(something), cipher.final()]), tag: cipher.getAuthTag() }
})
const opened = (content, tag) => {
  const decipher = decipherOf()
  decipher.setAuthTag(tag)
  return [decipher.update(content), decipher.final()]
}

const diffieHellman = lazily(() => crypto.createDiffieHellman(crypto.getDiffieHellman('modp5').getPrime()))
const der = lazily(() => rsa().publicKey.export({ format: 'der', type: 'spki' }))
const pem = { bytes: () => text(privateKey, '\n') }
const passphrase = text('secret')
const encryptedKey = (passphrase) => ec().privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
const secret = () => crypto.createSecretKey(key)
const kem = lazily(() => crypto.generateKeyPairSync('ml-kem-768'))
const capsule = lazily(() => crypto.encapsulate(kem().publicKey))
const argon2 = (changes) => ({
  message: data, nonce: iv, parallelism: 1, tagLength: 16, memory: 8, passes: 1, ...changes
})

module.exports = {
  modules: { crypto },
  calls: {
    'crypto.createHash().update(a)': (a) => crypto.createHash('sha256').update(a).digest('hex'),
    'crypto.createHash().end(a)': (a) => crypto.createHash('sha256').end(a).read(),
    'crypto.hash(a)': (a) => crypto.hash('sha256', a),
    'crypto.createHmac(key a)': (a) => crypto.createHmac('sha256', a).update(data).digest('hex'),
    'crypto.createHmac().update(a)': (a) => crypto.createHmac('sha256', key).update(a).digest('hex'),
    'crypto.createMac(key a).update(a)': { bytes: key, run: (a) => crypto.createMac('cmac', a, { cipher: 'aes-256-cbc' }).update(a).digest('hex') },
    'crypto.createCipheriv(key a)': { bytes: key, run: (a) => crypto.createCipheriv('aes-256-cbc', a, iv).update(something) },
    'crypto.createCipheriv(iv a)': { bytes: iv, run: (a) => crypto.createCipheriv('aes-256-cbc', key, a).update(something) },
    'crypto.createCipheriv().update(a)': (a) => encrypted((cipher) => cipher.update(a)),
    'crypto.createCipheriv().setAAD(a)': (a) => encrypted((cipher) => cipher.setAAD(a) === cipher),
    'crypto.createDecipheriv(key a)': { bytes: key, run: (a) => crypto.createDecipheriv('aes-256-ctr', a, iv).update(something) },
    'crypto.createDecipheriv(iv a)': { bytes: iv, run: (a) => crypto.createDecipheriv('aes-256-ctr', key, a).update(something) },
    'crypto.createDecipheriv().update(a)': { bytes: () => sealed().content, run: (a) => opened(a, sealed().tag) },
    'crypto.createDecipheriv().setAuthTag(a)': { bytes: () => sealed().tag, run: (a) => opened(sealed().content, a) },
    'crypto.createSign().update(a)': (a) => crypto.createSign('sha256').update(a).sign(rsa().privateKey, 'hex'),
    'crypto.createSign().sign(key a)': { ...pem, run: (a) => crypto.createSign('sha256').update(data).sign(a).length > 60 },
    'crypto.createVerify().update(a)': (a) =>
      crypto.createVerify('sha256').update(a).verify(rsa().publicKey, crypto.sign('sha256', something, rsa().privateKey)),
    'crypto.createVerify().verify(signature a)': {
      bytes: () => crypto.sign('sha256', data, rsa().privateKey),
      run: (a) => crypto.createVerify('sha256').update(data).verify(rsa().publicKey, a)
    },
    'crypto.sign(a)': (a) => crypto.sign('sha256', a, rsa().privateKey),
    'crypto.sign(a, callback)': (a) => called((done) => crypto.sign('sha256', a, rsa().privateKey, done)),
    'crypto.verify(a)': (a) => crypto.verify('sha256', a, rsa().publicKey, crypto.sign('sha256', something, rsa().privateKey)),
    'crypto.verify(signature a)': {
      bytes: () => crypto.sign('sha256', data, rsa().privateKey), run: (a) => crypto.verify('sha256', data, rsa().publicKey, a)
    },
    'crypto.createDiffieHellman(prime a)': { bytes: prime, run: (a) => crypto.createDiffieHellman(a).getPrime() },
    'crypto.createDiffieHellman(prime, generator a)': {
      bytes: Buffer.from('0000000000000002', 'hex'), run: (a) => crypto.createDiffieHellman(prime, a).getGenerator()
    },
    'crypto.createDiffieHellman().computeSecret(a)': {
      bytes: key,
      run: (a) => after(diffieHellman(), (party) => {
        party.setPrivateKey(Buffer.from('02345678', 'hex'))
        party.generateKeys()
      }).computeSecret(a)
    },
    'crypto.createDiffieHellman().setPublicKey(a)': {
      bytes: Buffer.from('0000000000012345', 'hex'),
      run: (a) => after(diffieHellman(), (party) => party.setPublicKey(a)).getPublicKey()
    },
    'crypto.createDiffieHellman().setPrivateKey(a)': {
      bytes: Buffer.from('0000000000012345', 'hex'),
      run: (a) => after(diffieHellman(), (party) => party.setPrivateKey(a)).getPrivateKey()
    },
    'crypto.createECDH().setPrivateKey(a)': { bytes: key, run: (a) => after(curve(), (party) => party.setPrivateKey(a)).getPublicKey() },
    'crypto.createECDH().computeSecret(a)': {
      bytes: () => curve().generateKeys(),
      run: (a) => after(curve(), (party) => party.setPrivateKey(key)).computeSecret(a)
    },
    'crypto.createECDH().setPublicKey(a)': {
      bytes: () => curve().generateKeys(),
      run: (a) => after(curve(), (party) => party.setPublicKey(a)).getPublicKey()
    },
    'crypto.ECDH.convertKey(a)': { bytes: () => curve().generateKeys(), run: (a) => crypto.ECDH.convertKey(a, 'secp256k1', undefined, 'hex', 'compressed') },
    'crypto.pbkdf2Sync(password a)': (a) => crypto.pbkdf2Sync(a, 'salt', 1, 20, 'sha256'),
    'crypto.pbkdf2Sync(salt a)': (a) => crypto.pbkdf2Sync('password', a, 1, 20, 'sha256'),
    'crypto.pbkdf2(password a, salt a)': (a) => called((done) => crypto.pbkdf2(a, a, 1, 20, 'sha256', done)),
    'crypto.scryptSync(password a, salt a)': (a) => crypto.scryptSync(a, a, 20, { N: 16 }),
    'crypto.scrypt(password a, salt a)': (a) => called((done) => crypto.scrypt(a, a, 20, { N: 16 }, done)),
    'crypto.hkdfSync(key a)': (a) => crypto.hkdfSync('sha256', a, 'salt', 'info', 20),
    'crypto.hkdfSync(salt a)': (a) => crypto.hkdfSync('sha256', 'key', a, 'info', 20),
    'crypto.hkdfSync(info a)': (a) => crypto.hkdfSync('sha256', 'key', 'salt', a, 20),
    'crypto.hkdf(a, a, a)': (a) => called((done) => crypto.hkdf('sha256', a, a, a, 20, done)),
    'crypto.argon2Sync(message a, nonce a)': (a) => crypto.argon2Sync('argon2id', argon2({ message: a, nonce: a, secret: a, associatedData: a })),
    'crypto.argon2(message a, nonce a)': (a) => called((done) => crypto.argon2('argon2id', argon2({ message: a, nonce: a, secret: a, associatedData: a }), done)),
    'crypto.randomFillSync(a)': { bytes: room, random: true, run: (a) => crypto.randomFillSync(a) },
    'crypto.randomFillSync(a, offset)': { bytes: room, random: true, run: (a) => crypto.randomFillSync(a, 2) },
    'crypto.randomFillSync(a, offset, size)': { bytes: room, random: true, run: (a) => crypto.randomFillSync(a, 2, 4) },
    'crypto.randomFill(a)': { bytes: room, random: true, run: (a) => called((done) => crypto.randomFill(a, done)) },
    'crypto.randomFill(a, offset)': { bytes: room, random: true, run: (a) => called((done) => crypto.randomFill(a, 2, done)) },
    'crypto.randomFill(a, offset, size)': { bytes: room, random: true, run: (a) => called((done) => crypto.randomFill(a, 2, 4, done)) },
    'crypto.getRandomValues(a)': { bytes: room, random: true, run: (a) => crypto.getRandomValues(a) },
    'crypto.timingSafeEqual(a, b)': (a) => crypto.timingSafeEqual(a, something),
    'crypto.timingSafeEqual(b, a)': (a) => crypto.timingSafeEqual(something, a),
    'crypto.createSecretKey(a)': (a) => crypto.createSecretKey(a).export(),
    'crypto.createPrivateKey(a)': { ...pem, run: (a) => crypto.createPrivateKey(a).export({ type: 'sec1', format: 'der' }) },
    'crypto.createPrivateKey({ key: a })': { ...pem, run: (a) => crypto.createPrivateKey({ key: a }).export({ type: 'sec1', format: 'der' }) },
    'crypto.createPrivateKey({ passphrase: a })': {
      bytes: passphrase, run: (a) => crypto.createPrivateKey({ key: encryptedKey(passphrase), passphrase: a }).type
    },
    'crypto.createPrivateKey().export({ passphrase: a })': {
      bytes: passphrase, run: (a) => crypto.createPrivateKey({ key: encryptedKey(a), passphrase }).type
    },
    'crypto.createPublicKey(a)': { ...pem, run: (a) => crypto.createPublicKey(a).export({ type: 'spki', format: 'der' }) },
    'crypto.createPublicKey({ key: a, format: der })': {
      bytes: der, run: (a) => crypto.createPublicKey({ key: a, format: 'der', type: 'spki' }).asymmetricKeyType
    },
    'crypto.publicEncrypt(a)': (a) => crypto.privateDecrypt(rsa().privateKey, crypto.publicEncrypt(rsa().publicKey, a)),
    'crypto.publicEncrypt(oaepLabel a)': (a) =>
      crypto.privateDecrypt({ key: rsa().privateKey, oaepLabel: a }, crypto.publicEncrypt({ key: rsa().publicKey, oaepLabel: a }, data)),
    'crypto.privateDecrypt(a)': { bytes: () => crypto.publicEncrypt(rsa().publicKey, data), run: (a) => crypto.privateDecrypt(rsa().privateKey, a) },
    'crypto.privateEncrypt(a)': (a) => crypto.privateEncrypt(rsa().privateKey, a),
    'crypto.publicDecrypt(a)': { bytes: () => crypto.privateEncrypt(rsa().privateKey, data), run: (a) => crypto.publicDecrypt(rsa().publicKey, a) },
    'crypto.X509Certificate(a)': { bytes: text(certificate, '\n'), run: (a) => new crypto.X509Certificate(a).subject },
    'crypto.checkPrimeSync(a)': { bytes: prime, run: (a) => crypto.checkPrimeSync(a) },
    'crypto.checkPrime(a)': { bytes: prime, run: (a) => called((done) => crypto.checkPrime(a, done)) },
    'crypto.generatePrimeSync({ add: a })': {
      bytes: Buffer.from('000000000000000c', 'hex'),
      run: (a) => crypto.generatePrimeSync(64, { bigint: true, add: a, rem: Buffer.from('0b', 'hex') }) % 12n
    },
    'crypto.generatePrime({ add: a })': {
      bytes: Buffer.from('000000000000000c', 'hex'),
      run: async (a) => await called((done) => crypto.generatePrime(64, { bigint: true, add: a, rem: Buffer.from('0b', 'hex') }, done)) % 12n
    },
    'crypto.Certificate.verifySpkac(a)': (a) => Certificate.verifySpkac(a),
    'crypto.Certificate.exportPublicKey(a)': (a) => Certificate.exportPublicKey(a),
    'crypto.Certificate.exportChallenge(a)': (a) => Certificate.exportChallenge(a),
    'crypto.parsePKCS12(a)': (a) => crypto.parsePKCS12(a),
    'crypto.encapsulate(key a)': { bytes: () => text(kem().publicKey.export({ type: 'spki', format: 'pem' }), '\n'), run: (a) => crypto.encapsulate(a).sharedKey.length },
    'crypto.decapsulate(a)': { bytes: () => capsule().ciphertext, run: (a) => crypto.decapsulate(kem().privateKey, a).equals(capsule().sharedKey) },
    'crypto.KeyObject.equals of key a': { bytes: key, run: (a) => crypto.createSecretKey(a).equals(secret()) },
    'crypto.Hash.digest of 200 KiB': { bytes: large, run: (a) => crypto.createHash('sha1').update(a).digest('hex') },
    'crypto.Cipheriv.write(a)': (a) => crypto.createCipheriv('aes-256-ctr', key, iv).end(a).read(),
    'crypto.Hmac.write(a)': (a) => crypto.createHmac('sha256', key).end(a).read(),
    'crypto.diffieHellman({ privateKey: a })': {
      ...pem,
      run: (a) => {
        const { publicKey } = ec()
        const b = crypto.createPrivateKey(privateKey)
        return crypto.diffieHellman({ privateKey: a, publicKey }).equals(crypto.diffieHellman({ privateKey: b, publicKey }))
      }
    }
  },
  takesNoView: {
    crypto: `DiffieHellman DiffieHellmanGroup Decipheriv ECDH Hash Sign Verify createDiffieHellmanGroup createECDH
      generateKey generateKeyPair generateKeyPairSync generateKeySync getCipherInfo getCiphers getCurves getDiffieHellman getFips
      getHashes getMacs randomBytes randomInt randomUUID randomUUIDv7 secureHeapUsed setEngine setFips Cipher createCipher
      createDecipher Decipher prng pseudoRandomBytes rng`
  }
}
