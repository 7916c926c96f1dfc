'use strict'

// What the module has: its members, the types and the largest length.

const assert = require('node:assert/strict')
const { constants } = require('node:buffer')
const { inspect } = require('node:util')
const smalloc = require('../..')
const { errorOf, refuses } = require('../support/errors')

const { alloc, kMaxLength, Types, view } = smalloc

describe('the module', () => {
  it('has these members and no others, all enumerable', () => {
    const names = ['External', 'Types', 'adopt', 'alloc', 'allocUnsafe', 'copyOnto', 'dispose', 'disposeBuffer', 'hasExternalData',
      'kMaxLength', 'memoryUsage', 'release', 'report', 'sliceOnto', 'trim', 'view']
    assert.deepEqual(Object.keys(smalloc).sort(), names)
    assert.equal(Reflect.ownKeys(smalloc).length, names.length)
  })

  it('gives each by name to an import', async () => {
    const imported = await import('../../index.js')
    for (const name of Object.keys(smalloc)) if (!['Types', 'kMaxLength'].includes(name)) assert.equal(imported[name], smalloc[name])
    assert.equal(imported.default, smalloc)
  })

  it('and its Types and kMaxLength are read-only', () => {
    for (const name of ['Types', 'kMaxLength']) {
      assert.throws(() => { smalloc[name] = {} }, TypeError)
      assert.throws(() => { delete smalloc[name] }, TypeError)
      assert.throws(() => Object.defineProperty(smalloc, name, { value: 1 }), TypeError)
    }
    assert(Object.isFrozen(Types))
  })
})

describe('kMaxLength', () => {
  it('is the largest allocation in bytes, the same as a Buffer\'s', () => {
    assert.equal(kMaxLength, constants.MAX_LENGTH)
  })
})

describe('Types', () => {
  it('are the nine of Node 0.12, with its numbers, the two of BigInts, and Float16 where the runtime has it', () => {
    const float16 = globalThis.Float16Array === undefined ? {} : { Float16: 12 }
    assert.deepEqual({ ...Types }, {
      Int8: 1, Uint8: 2, Int16: 3, Uint16: 4, Int32: 5, Uint32: 6, Float: 7, Double: 8, Uint8Clamped: 9, BigInt64: 10, BigUint64: 11,
      ...float16
    })
  })

  it('have the names of today for Float and Double, too, which are not enumerable', () => {
    assert.deepEqual([Types.Float32, Types.Float64], [Types.Float, Types.Double])
    for (const alias of ['Float32', 'Float64']) assert.equal(Object.keys(Types).includes(alias), false)
  })

  it('have no Float16 where the runtime has none, and say so', function () {
    if (globalThis.Float16Array !== undefined) this.skip()
    assert.equal('Float16' in Types, false)
    assert.equal(errorOf(() => Types.Float16).message, 'Types has no Float16: this runtime has no Float16Array')
    refuses(() => alloc(1, 12), TypeError, 'ERR_INVALID_ARG_VALUE', 'type')
    refuses(() => view(alloc(2), 12), TypeError, 'ERR_INVALID_ARG_VALUE', 'type')
  })

  describe('a name that they do not have', () => {
    const misspelt = ['Flaot', 'UInt8', 'Float8', 'Int64', 'uint8', 'float', 'float32', 'double', 'int', 'bigint', 'biguint64', 'bigInt64', 'bigUint64', 'X']

    it('throws a TypeError that names it, where undefined would mean Uint8; it may be asked for with `in`', () => {
      for (const name of misspelt) {
        const error = errorOf(() => Types[name])
        assert.deepEqual([error.name, error.code, error.message], ['TypeError', 'ERR_INVALID_ARG_VALUE', `Types has no ${name}`])
        assert.deepEqual([name in Types, Object.getOwnPropertyDescriptor(Types, name)], [false, undefined])
      }
      assert.equal(errorOf(() => Types['X'.repeat(1000)]).message, 'Types has no such type')
    })

    it('that others ask of any object is undefined: they print, compare, clone and await Types', async () => {
      for (const name of ['then', 'toJSON', 'inspect', 'length', 'nodeType', 'asymmetricMatch', '$$typeof', '0', '', Symbol.iterator,
        Symbol.toStringTag]) assert.equal(Types[name], undefined, String(name))
      assert.equal(JSON.parse(JSON.stringify(Types)).Double, 8)
      assert.match(inspect(Types), /^{\s+Int8: 1,.*Double: 8,/s)
      assert.equal(`${Types}`, '[object Object]')
      assert.deepEqual(structuredClone(Types), { ...Types })
      assert.deepEqual({ ...await Types }, { ...Types })
      assert.equal(Types.hasOwnProperty('Int8'), true) // eslint-disable-line no-prototype-builtins
      assert.equal(Types.constructor, Object)
    })
  })
})
