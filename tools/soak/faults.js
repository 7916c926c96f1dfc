'use strict'

// What must not happen, done on purpose: test/model/soak.test.js has to see each of them found.

const { alloc, view } = require('../..')
const { mistakes } = require('./mistakes')

/** In bytes, a round: so little that nothing but growth gives it away. */
const LEAK = 7 << 20

/** In bytes, once. */
const MUCH = 256 << 20

/** In turns. */
const AT = 3

const kept = []

/** By name: what happens after a turn of the mix. */
const faults = {
  'a wrong byte' (mix, turn) {
    if (turn < AT) return
    const { buffer, byteOffset, byteLength } = view(mix.any().object)
    if (byteLength > 0) new Uint8Array(buffer, byteOffset, byteLength)[byteLength >> 1] ^= 1
  },

  'a leak' (mix, turn) {
    if (turn !== 1) return
    const object = alloc(LEAK)
    view(object).fill(1)
    kept.push(object)
  },

  'much kept' (mix, turn) {
    if (turn === AT) kept.push(Buffer.alloc(MUCH, 1))
  },

  'a stall' (mix, turn) {
    if (turn === AT) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },

  'a wrong error' (mix, turn) {
    if (turn === AT) mistakes.splice(0, mistakes.length, ['ERR_OUT_OF_RANGE', () => alloc('3')])
  },

  'an end' (mix, turn) {
    if (turn === AT) process.exit()
  },

  'a crash' (mix, turn) {
    if (turn === AT) process.kill(process.pid, 'SIGKILL')
  }
}

module.exports = { faults }
