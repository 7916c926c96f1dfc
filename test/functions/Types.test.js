'use strict'

const assert = require('node:assert/strict')
const smalloc = require('../..')
const { typedArrays } = require('../support/elements')
const { refuses } = require('../support/errors')

const { alloc, Types, view } = smalloc

describe('Types', () => {
  it('are the nine of Node 0.12, with its numbers', () => {
    assert.deepEqual({ ...Types },
      { Int8: 1, Uint8: 2, Int16: 3, Uint16: 4, Int32: 5, Uint32: 6, Float: 7, Double: 8, Uint8Clamped: 9 })
  })

  it('are enumerable and read-only, themselves and in the module', () => {
    assert(Object.keys(smalloc).includes('Types'))
    assert.throws(() => { smalloc.Types = {} }, TypeError)
    assert.throws(() => { delete smalloc.Types }, TypeError)
    assert.throws(() => { Types.Int8 = 2 }, TypeError)
    assert.throws(() => { Types.Int64 = 10 }, TypeError)
    assert.throws(() => { delete Types.Int8 }, TypeError)
    assert(Object.isFrozen(Types))
  })

  for (const [type, TypedArray] of Object.entries(typedArrays)) {
    it(`${type} is the type of a ${TypedArray.name}`, () => {
      assert.equal(view(alloc(2, Types[type])).constructor, TypedArray)
      assert.equal(view(alloc(2, {}, Types[type])).constructor, TypedArray)
      assert.equal(view(alloc(100, {}, Types[type])).constructor, TypedArray)
    })
  }

  it('default to Uint8', () => {
    for (const object of [alloc(2), alloc(2, {}), alloc(2, {}, undefined), alloc(2, undefined, undefined)]) {
      assert.equal(view(object).constructor, Uint8Array)
    }
  })

  it('are the only numbers allowed', () => {
    for (const type of [0, 10, -1, 1.5, NaN, Infinity, 256 + 2]) {
      refuses(() => alloc(1, type), TypeError, 'ERR_INVALID_ARG_VALUE', 'type')
      refuses(() => alloc(1, {}, type), TypeError, 'ERR_INVALID_ARG_VALUE', 'type')
    }
  })

  it('are numbers: nothing is coerced to one', () => {
    for (const type of ['Uint8', '2', null, true, 2n, {}, [2], Uint8Array, 'length', { valueOf: () => 2 }]) {
      refuses(() => alloc(1, {}, type), TypeError, 'ERR_INVALID_ARG_TYPE', 'type')
    }
  })
})

describe('the module', () => {
  it('has these members and no others, all enumerable', () => {
    assert.deepEqual(Object.keys(smalloc).sort(), ['External', 'Types', 'alloc', 'allocUnsafe', 'copyOnto', 'dispose',
      'hasExternalData', 'kMaxLength', 'memoryUsage', 'report', 'sliceOnto', 'trim', 'view'])
    assert.deepEqual(Reflect.ownKeys(smalloc).length, 13)
  })

  it('gives each by name to an import', async () => {
    const imported = await import('../../index.js')
    for (const name of Object.keys(smalloc)) if (!['Types', 'kMaxLength'].includes(name)) assert.equal(imported[name], smalloc[name])
    assert.equal(imported.default, smalloc)
  })
})
