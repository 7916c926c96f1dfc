'use strict'

// Bugs that a soak plants in itself: test/model/soak.test.js checks that each of them is found.

const { alloc, view } = require('../..')

/** Each round. It is so little that nothing but growth gives it away. */
const LEAK_BYTES = 7 << 20

/** Once. */
const MUCH_BYTES = 256 << 20

const AT_STEP = 3

const kept = []

/** By name: what happens after a step of a sequence. `number` counts the steps of the round. */
const plantedBugs = {
  'a wrong byte' (run, number) {
    const object = run.held.find(({ hasData, window }) => hasData && window.byteLength > 0)
    if (number < AT_STEP || object === undefined) return
    const { buffer, byteOffset, byteLength } = view(object.real)
    new Uint8Array(buffer, byteOffset, byteLength)[byteLength >> 1]++
  },

  'a leak' (run, number) {
    if (number !== 1) return
    const object = alloc(LEAK_BYTES)
    view(object).fill(1)
    kept.push(object)
  },

  'much kept' (run, number) {
    if (number === AT_STEP) kept.push(Buffer.alloc(MUCH_BYTES, 1))
  },

  'a stall' (run, number) {
    if (number === AT_STEP) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },

  'a wrong error' (run, number) {
    if (number >= AT_STEP) run.smalloc = { ...run.smalloc, alloc () { throw new TypeError('a planted bug') } }
  },

  'an end' (run, number) {
    if (number === AT_STEP) process.exit()
  },

  'a crash' (run, number) {
    if (number === AT_STEP) process.kill(process.pid, 'SIGKILL')
  }
}

module.exports = { plantedBugs }
