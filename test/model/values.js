'use strict'

// Keys and values as JSON, so that a sequence of steps is plain data: it can be printed, and sent to another process. What JSON
// cannot say is an Array of its name and, for some, what is inside. And the bytes that steps fill memory with.

const { mersenne } = require('pure-rand/generator/mersenne')

const sign = Symbol('sign')

/** Of the accessor properties that a sequence defines. */
const getter = () => 77

const simple = { __proto__: null, undefined, NaN, '-0': -0, Infinity, '-Infinity': -Infinity }

/** The value that a code stands for. An object that `disposes` calls `dispose(at)` when it is converted to a number. */
function decode (code, dispose) {
  if (!Array.isArray(code)) return code
  const [name, inner] = code
  if (name in simple) return simple[name]
  if (name === 'bigint') return BigInt(inner)
  if (name === 'symbol') return sign
  if (name === 'valueOf') return { valueOf: () => decode(inner, dispose) }
  if (name === 'disposes') return { valueOf () { dispose(inner); return 200 } }
  if (name === 'throws') return { valueOf () { throw new EvalError('valueOf') } }
  throw new Error(`no such code: ${name}`)
}

/** The same as code, in terms of `sign`, `converts`, `throws` and `disposes`. */
function show (code) {
  if (code === undefined) return 'undefined'
  if (!Array.isArray(code)) return JSON.stringify(code)
  const [name, inner] = code
  if (name in simple) return name
  if (name === 'bigint') return `${inner}n`
  if (name === 'symbol') return 'sign'
  if (name === 'valueOf') return `converts(${show(inner)})`
  return `${name}(${inner ?? ''})`
}

/** A prime number, so that the noise does not repeat at a round number of bytes: a copy to a wrong place is seen. */
const NOISE_BYTES = 1_048_573

const generator = mersenne(1)
const words = Uint32Array.from({ length: Math.ceil(NOISE_BYTES / 4) }, () => generator.next())
const noise = new Uint8Array(words.buffer, 0, NOISE_BYTES)

/** Writes noise to all bytes: from its byte `from` on. */
function fillWithNoise (bytes, from) {
  for (let at = 0; at < bytes.length;) {
    const part = noise.subarray((from + at) % NOISE_BYTES).subarray(0, bytes.length - at)
    bytes.set(part, at)
    at += part.length
  }
}

/** Writes the bytes of `cycle` again and again. */
function fillWithCycle ({ buffer, byteOffset, byteLength }, cycle) {
  Buffer.from(buffer, byteOffset, byteLength).fill(Uint8Array.from(cycle))
}

module.exports = { decode, show, getter, sign, fillWithNoise, fillWithCycle }
