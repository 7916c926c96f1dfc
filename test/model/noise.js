'use strict'

// What steps fill memory with.

const { mersenne } = require('pure-rand/generator/mersenne')

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

module.exports = { fillWithNoise, fillWithCycle }
