'use strict'

// What must be true after any call, even if its arguments did something in the middle of it.

const assert = require('node:assert/strict')
const { alloc, dispose, hasExternalData, view } = require('../..')
const { collect } = require('./collect')
const { inUse } = require('./usage')

const LENGTHS = [3, 100, 140 << 10]

/** Allocations that nobody touches. `check()` asserts that they hold their bytes. */
function canaries () {
  const all = [...LENGTHS.map((length) => alloc(length)), ...LENGTHS.map((length) => alloc(length, {}))]
  for (const [index, canary] of all.entries()) view(canary).fill(index + 101)
  return {
    check () {
      for (const [index, canary] of all.entries()) {
        const bytes = view(canary)
        assert(Buffer.alloc(bytes.length, index + 101).equals(bytes), `canary ${index} is changed`)
      }
    },
    end: () => all.forEach((canary) => dispose(canary))
  }
}

/** Asserts, in later turns, that no more is lent than `before`. */
async function assertNothingIsLost ({ blocks }) {
  const isBack = () => inUse().blocks <= blocks
  await collect(100, isBack)
  assert(isBack(), `${inUse().blocks} blocks are lent; ${blocks} were before`)
}

/** Asserts that an object can be used: disposed where it has data, allocated, written and disposed again. */
function assertUsable (object) {
  if (hasExternalData(object)) dispose(object)
  assert.equal(hasExternalData(object), false)
  alloc(5, object)
  object[4] = 7
  assert.equal(object[4], 7)
  dispose(object)
  assert.equal(hasExternalData(object), false)
}

module.exports = { canaries, assertNothingIsLost, assertUsable }
