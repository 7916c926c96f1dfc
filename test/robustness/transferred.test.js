'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { alloc, dispose, sliceOnto } = require('../..')
const { snapshotOf, assertUnchanged } = require('../support/snapshot')
const { detachElsewhere } = require('../support/states')

describe('a receiver whose memory was transferred elsewhere', () => {
  for (const first of [3, 64, 65, 1000]) {
    for (const second of [0, 3, 100]) {
      for (const [name, again] of [['alloc', (receiver) => alloc(second, receiver)], ['sliceOnto', (receiver) => sliceOnto(alloc(second), receiver)]]) {
        it(`of ${first}, then ${name} of ${second}, is what it was after one dispose`, () => {
          const receiver = alloc(first, { a: 1 })
          detachElsewhere(receiver)
          again(receiver)
          dispose(receiver)
          assert.deepEqual(Reflect.ownKeys(receiver), ['a'])
          assert.equal(Object.getPrototypeOf(receiver), Object.prototype)
        })
      }
    }
  }

  it('ignores a write to an element, few or many', () => {
    for (const length of [3, 100]) {
      const receiver = alloc(length, {})
      detachElsewhere(receiver)
      receiver[0] = 7
      assert.equal(receiver[0], undefined)
    }
  })

  it('is what it was after an alloc that failed', () => {
    for (const length of [3, 100]) {
      const receiver = alloc(length, {})
      detachElsewhere(receiver)
      Object.defineProperty(receiver, 200, { value: 1 })
      const before = snapshotOf(receiver)
      assert.throws(() => alloc(3, receiver), { code: 'ERR_INVALID_ARG_VALUE' })
      assertUnchanged(receiver, before)
    }
  })

  it('is printed without elements', () => {
    for (const length of [3, 100]) {
      const receiver = alloc(length, { a: 1 })
      detachElsewhere(receiver)
      assert.equal(inspect(receiver), '{ a: 1 }')
    }
  })
})
