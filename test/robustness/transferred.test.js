'use strict'

// test/model/matrix.test.js has each call on a receiver in the state 'transferred elsewhere'. This is what else must be true.

const assert = require('node:assert/strict')
const { alloc, dispose, sliceOnto } = require('../..')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')
const { detachElsewhere } = require('../support/states')

describe('a receiver whose memory was transferred elsewhere', () => {
  const calls = { alloc, sliceOnto: (length, receiver) => sliceOnto(alloc(length), receiver) }
  for (const [name, again] of Object.entries(calls)) {
    it(`is what it was after one more ${name} and one dispose, whatever the lengths`, () => {
      for (const first of [3, 64, 65, 1000]) {
        for (const second of [0, 3, 100]) {
          const receiver = alloc(first, { a: 1 })
          detachElsewhere(receiver)
          again(second, receiver)
          dispose(receiver)
          assert.deepEqual(Reflect.ownKeys(receiver), ['a'])
          assert.equal(Object.getPrototypeOf(receiver), Object.prototype)
        }
      }
    })
  }

  for (const length of [3, 100]) {
    it(`ignores a write to one of ${length} elements, and is what it was after an alloc that failed`, () => {
      const receiver = alloc(length, {})
      detachElsewhere(receiver)
      receiver[0] = 7
      assert.equal(receiver[0], undefined)
      Object.defineProperty(receiver, 200, { value: 1 })
      const before = snapshotOf(receiver)
      assert.throws(() => alloc(3, receiver), { code: 'ERR_INVALID_ARG_VALUE' })
      assertUnchanged(receiver, before)
    })
  }
})
