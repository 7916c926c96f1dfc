'use strict'

const assert = require('node:assert/strict')
const { constants } = require('node:buffer')
const smalloc = require('../..')
const { refuses } = require('../support/errors')

describe('kMaxLength', () => {
  it('is the largest allocation in bytes, the same as a Buffer\'s', () => {
    assert.equal(smalloc.kMaxLength, constants.MAX_LENGTH)
  })

  it('is enumerable and read-only', () => {
    assert(Object.keys(smalloc).includes('kMaxLength'))
    assert.throws(() => { smalloc.kMaxLength = 1 }, TypeError)
    assert.throws(() => { delete smalloc.kMaxLength }, TypeError)
    assert.throws(() => Object.defineProperty(smalloc, 'kMaxLength', { value: 1 }), TypeError)
    assert.equal(smalloc.kMaxLength, constants.MAX_LENGTH)
  })

  it('bounds the length in bytes, not in elements', () => {
    const { alloc, External, kMaxLength, Types } = smalloc
    for (const [type, size] of [['Int16', 2], ['Uint32', 4], ['Float', 4], ['Double', 8]]) {
      const tooMany = Math.floor(kMaxLength / size) + 1
      refuses(() => alloc(tooMany, Types[type]), RangeError, 'ERR_OUT_OF_RANGE', 'length')
      refuses(() => alloc(tooMany, {}, Types[type]), RangeError, 'ERR_OUT_OF_RANGE', 'length')
      refuses(() => new External[type](tooMany), RangeError, 'ERR_OUT_OF_RANGE', 'length')
      refuses(() => alloc(kMaxLength, Types[type]), RangeError, 'ERR_OUT_OF_RANGE', 'length')
    }
    refuses(() => alloc(kMaxLength + 1), RangeError, 'ERR_OUT_OF_RANGE', 'length')
  })
})
