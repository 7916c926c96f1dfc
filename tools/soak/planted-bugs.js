'use strict'

// Bugs that a soak plants in itself: test/model/soak.test.js checks that each of them is found.

const { alloc, view } = require('../..')

const AT_STEP = 3

const kept = []

function keep (bytes) {
  const object = alloc(bytes)
  view(object).fill(1)
  kept.push(object)
}

/** Once a round. */
const once = (action) => (run, number) => {
  if (number === AT_STEP) action()
}

/** By name: what happens after a step of a sequence. `number` counts the steps of the round. */
const plantedBugs = {
  'a wrong byte' (run, number) {
    const object = run.held.find(({ hasData, window }) => hasData && window.byteLength > 0)
    if (number < AT_STEP || object === undefined) return
    const { buffer, byteOffset, byteLength } = view(object.real)
    new Uint8Array(buffer, byteOffset, byteLength)[byteLength >> 1]++
  },
  'a wrong error' (run, number) {
    if (number >= AT_STEP) run.smalloc = { ...run.smalloc, alloc () { throw new TypeError('a planted bug') } }
  },
  /** So little that nothing but growth gives it away. */
  'a leak': once(() => keep(7 << 20)),
  'much kept': once(() => keep(256 << 20)),
  'a stall': once(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)),
  'an end': once(() => process.exit()),
  'a crash': once(() => process.kill(process.pid, 'SIGKILL'))
}

module.exports = { plantedBugs }
