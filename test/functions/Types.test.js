'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const smalloc = require('../..')
const { typedArrays } = require('../support/elements')
const { errorOf, refuses } = require('../support/errors')

const { alloc, Types, view } = smalloc

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
    for (const alias of ['Float32', 'Float64']) {
      assert.throws(() => { Types[alias] = 1 }, TypeError)
      assert.equal(Object.keys(Types).includes(alias), false)
    }
  })

  describe('a name that they do not have', () => {
    const misspelt = ['Flaot', 'UInt8', 'Float8', 'Int64', 'uint8', 'float', 'float32', 'double', 'int', 'bigint', 'biguint64', 'X']

    it('throws a TypeError that names it, where undefined would mean Uint8', () => {
      for (const name of misspelt) {
        for (const call of [() => Types[name], () => alloc(3, Types[name]), () => alloc(3, {}, Types[name]), () => view(alloc(3), Types[name])]) {
          const error = errorOf(call)
          assert.deepEqual([error.name, error.code, error.message], ['TypeError', 'ERR_INVALID_ARG_VALUE', `Types has no ${name}`])
        }
      }
      assert.equal(errorOf(() => Types['X'.repeat(1000)]).message, 'Types has no such type')
    })

    it('says of Float16 why the runtime has none', function () {
      if (globalThis.Float16Array !== undefined) this.skip()
      assert.equal('Float16' in Types, false)
      assert.equal(errorOf(() => Types.Float16).message, 'Types has no Float16: this runtime has no Float16Array')
    })

    it('may be asked for with `in`, and is no property', () => {
      for (const name of misspelt) {
        assert.equal(name in Types, false)
        assert.equal(Object.hasOwn(Types, name), false)
        assert.equal(Object.getOwnPropertyDescriptor(Types, name), undefined)
      }
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

  it('are enumerable and read-only, themselves and in the module', () => {
    assert(Object.keys(smalloc).includes('Types'))
    assert.throws(() => { smalloc.Types = {} }, TypeError)
    assert.throws(() => { delete smalloc.Types }, TypeError)
    assert.throws(() => { Types.Int8 = 2 }, TypeError)
    assert.throws(() => { Types.Int64 = 10 }, TypeError)
    assert.throws(() => { delete Types.Int8 }, TypeError)
    assert(Object.isFrozen(Types))
  })

  it('are the types of typed arrays; the default is Uint8', () => {
    for (const [type, TypedArray] of Object.entries(typedArrays)) {
      for (const object of [alloc(2, Types[type]), alloc(2, {}, Types[type]), alloc(100, {}, Types[type])]) {
        assert.equal(view(object).constructor, TypedArray)
      }
    }
    for (const object of [alloc(2), alloc(2, {}), alloc(2, {}, undefined)]) assert.equal(view(object).constructor, Uint8Array)
  })

  it('have no 12 where the runtime has no Float16Array', function () {
    if (globalThis.Float16Array !== undefined) this.skip()
    refuses(() => alloc(1, 12), TypeError, 'ERR_INVALID_ARG_VALUE', 'type')
    refuses(() => view(alloc(2), 12), TypeError, 'ERR_INVALID_ARG_VALUE', 'type')
  })
})

describe('the module', () => {
  it('has these members and no others, all enumerable', () => {
    assert.deepEqual(Object.keys(smalloc).sort(), ['External', 'Types', 'adopt', 'alloc', 'allocUnsafe', 'copyOnto', 'dispose',
      'disposeBuffer', 'hasExternalData', 'kMaxLength', 'memoryUsage', 'release', 'report', 'sliceOnto', 'trim', 'view'])
    assert.deepEqual(Reflect.ownKeys(smalloc).length, 16)
  })

  it('gives each by name to an import', async () => {
    const imported = await import('../../index.js')
    for (const name of Object.keys(smalloc)) if (!['Types', 'kMaxLength'].includes(name)) assert.equal(imported[name], smalloc[name])
    assert.equal(imported.default, smalloc)
  })
})
