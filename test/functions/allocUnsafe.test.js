'use strict'

const assert = require('node:assert/strict')
const { alloc, allocUnsafe, dispose, hasExternalData, Types, view } = require('../..')
const { toElement, typedArrays } = require('../support/elements')
const { OWN_ELEMENTS } = require('../support/kinds')
const { lends } = require('../support/usage')

const MiB = 1 << 20

describe('allocUnsafe', () => {
  it('returns the receiver, or a new object', () => {
    const receiver = {}
    assert.equal(allocUnsafe(3, receiver), receiver)
    assert(hasExternalData(allocUnsafe(3)))
    assert.notEqual(allocUnsafe(3), allocUnsafe(3))
  })

  for (const [type, TypedArray] of Object.entries(typedArrays)) {
    it(`makes elements of type ${type}, from its second and from its third argument`, () => {
      for (const length of [0, 5, 100, 200 << 10]) {
        for (const object of [allocUnsafe(length, Types[type]), allocUnsafe(length, {}, Types[type])]) {
          assert.equal(view(object).constructor, TypedArray)
          assert.equal(view(object).length, length)
          if (length > 0) {
            object[length - 1] = toElement(type, 77)
            assert.equal(object[length - 1], toElement(type, 77))
          }
          assert.equal(object[length], undefined)
          dispose(object)
        }
      }
    })
  }

  it('makes what alloc makes: bytes by default, own indices or a layer on a receiver, what looks like a plain object', () => {
    for (const object of [allocUnsafe(3), allocUnsafe(3, {})]) assert.equal(view(object).constructor, Uint8Array)
    assert.deepEqual(Object.keys(allocUnsafe(3, {})), ['0', '1', '2'])
    assert.deepEqual(Object.keys(allocUnsafe(OWN_ELEMENTS + 1, {})), [])
    assert.equal(Object.getPrototypeOf(allocUnsafe(3)), Object.getPrototypeOf(alloc(3)))
  })

  it('makes memory that dispose frees', () => {
    const object = lends(1, MiB, () => allocUnsafe(MiB))
    lends(-1, -MiB, () => dispose(object))
    assert.equal(hasExternalData(object), false)
  })
})
