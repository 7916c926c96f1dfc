'use strict'

const { webcrypto } = require('node:crypto')
const { given, lazily, room, something, somethingOf } = require('../tools')

const { subtle } = webcrypto ?? {}
const key = somethingOf(32)
const iv = somethingOf(16)
const usages = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
const aes = (name) => subtle.importKey('raw', key, name, true, usages)
const hmac = () => subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify'])
const material = (name) => subtle.importKey('raw', key, name, false, ['deriveBits', 'deriveKey'])
const rsaWith = (publicExponent) => subtle.generateKey(
  { name: 'RSA-OAEP', modulusLength: 1024, publicExponent, hash: 'SHA-256' }, true, ['encrypt', 'decrypt'])
const rsa = lazily(() => rsaWith(new Uint8Array([1, 0, 1])))
const derived = async (algorithm) => subtle.deriveBits({ hash: 'SHA-256', ...algorithm }, await material(algorithm.name), 128)
const exported = (key) => subtle.exportKey('raw', key)

/** To be decrypted: for `something` and no padding, as many bytes as are a multiple of 8. */
const sealed = async (algorithm) => Buffer.from(await subtle.encrypt(algorithm, await aes(algorithm.name), something))
const gcm = { name: 'AES-GCM', iv: iv.subarray(0, 12) }
const ctr = { name: 'AES-CTR', counter: iv, length: 64 }

const mlKem = lazily(() => subtle.generateKey('ML-KEM-768', true, ['encapsulateBits', 'decapsulateBits', 'encapsulateKey', 'decapsulateKey']))
const capsule = async () => Buffer.from((await subtle.encapsulateBits('ML-KEM-768', (await mlKem()).publicKey)).ciphertext)

module.exports = {
  modules: { webcrypto, 'webcrypto.subtle': subtle },
  calls: {
    'webcrypto.getRandomValues(a)': { bytes: room, random: true, run: (a) => webcrypto.getRandomValues(a) },
    'webcrypto.subtle.digest(a)': (a) => subtle.digest('SHA-256', a),
    'webcrypto.subtle.importKey(a)': given(key, async (a) => exported(await subtle.importKey('raw', a, 'AES-GCM', true, usages))),
    'webcrypto.subtle.encrypt({ iv: a, additionalData: a }, key, a)': given(
      iv, async (a) => subtle.encrypt({ name: 'AES-GCM', iv: a, additionalData: a }, await aes('AES-GCM'), a)),
    'webcrypto.subtle.encrypt({ counter: a })': given(
      iv, async (a) => subtle.encrypt({ ...ctr, counter: a }, await aes('AES-CTR'), something)),
    'webcrypto.subtle.encrypt({ label: a })': async (a) => {
      const { publicKey, privateKey } = await rsa()
      return subtle.decrypt({ name: 'RSA-OAEP', label: a }, privateKey, await subtle.encrypt({ name: 'RSA-OAEP', label: a }, publicKey, key))
    },
    'webcrypto.subtle.decrypt(a)': given(() => sealed(gcm), async (a) => subtle.decrypt(gcm, await aes('AES-GCM'), a)),
    'webcrypto.subtle.sign(a)': async (a) => subtle.sign('HMAC', await hmac(), a),
    'webcrypto.subtle.verify(a)': async (a) => subtle.verify('HMAC', await hmac(), await subtle.sign('HMAC', await hmac(), something), a),
    'webcrypto.subtle.verify(signature a)': given(
      async () => Buffer.from(await subtle.sign('HMAC', await hmac(), key)), async (a) => subtle.verify('HMAC', await hmac(), a, key)),
    'webcrypto.subtle.deriveBits({ salt: a }) of PBKDF2': (a) => derived({ name: 'PBKDF2', salt: a, iterations: 1 }),
    'webcrypto.subtle.deriveBits({ salt: a, info: a }) of HKDF': (a) => derived({ name: 'HKDF', salt: a, info: a }),
    'webcrypto.subtle.deriveKey({ salt: a })': async (a) => exported(await subtle.deriveKey(
      { name: 'PBKDF2', hash: 'SHA-256', salt: a, iterations: 1 }, await material('PBKDF2'), { name: 'AES-GCM', length: 128 }, true, usages)),
    'webcrypto.subtle.wrapKey({ iv: a })': async (a) => subtle.wrapKey('raw', await aes('AES-GCM'), await aes('AES-GCM'), { name: 'AES-GCM', iv: a }),
    'webcrypto.subtle.unwrapKey(a)': given(
      async () => Buffer.from(await subtle.wrapKey('raw', await aes('AES-GCM'), await aes('AES-GCM'), gcm)),
      async (a) => exported(await subtle.unwrapKey('raw', a, await aes('AES-GCM'), gcm, 'AES-GCM', true, usages))),
    'webcrypto.subtle.generateKey({ publicExponent: a })': given(
      Buffer.from('0000000000010001', 'hex'), async (a) => (await rsaWith(a)).publicKey.type),
    'webcrypto.subtle.decapsulateBits(a)': given(
      capsule, async (a) => (await subtle.decapsulateBits('ML-KEM-768', (await mlKem()).privateKey, a)).byteLength),
    'webcrypto.subtle.decapsulateKey(a)': given(
      capsule, async (a) => (await exported(await subtle.decapsulateKey('ML-KEM-768', (await mlKem()).privateKey, a, 'AES-GCM', true, usages))).byteLength)
  },
  takesNoView: {
    webcrypto: 'randomUUID',
    'webcrypto.subtle': 'encapsulateBits encapsulateKey exportKey getPublicKey supports'
  }
}
