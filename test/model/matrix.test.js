'use strict'

// Every function, on every state that an object can be in, for every kind of object that can be in it.

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { alloc, allocUnsafe, copyOnto, dispose, External, hasExternalData, sliceOnto, Types, view } = require('../..')
const { elementsOf, fill } = require('../support/elements')
const { errorOf, noData } = require('../support/errors')
const { SimpleData } = require('../support/kinds')
const { detachElsewhere, disposed } = require('../support/states')

const LENGTH = 5
const MANY = 70
const DATA = [1, 2, 3, 4, 5]

const own = {
  bare: () => alloc(LENGTH),
  External: () => new External(LENGTH),
  'External subclass': () => new SimpleData(LENGTH),
  'small receiver': () => alloc(LENGTH, {}),
  'large receiver': () => alloc(MANY, {}),
  function: () => alloc(LENGTH, function f () {}),
  'large function': () => alloc(MANY, function f () {})
}
const receivers = {
  'small receiver': () => [{}, LENGTH],
  'large receiver': () => [{}, MANY],
  function: () => [function f () {}, LENGTH],
  'large function': () => [function f () {}, MANY]
}
const foreign = {
  Buffer: () => Buffer.from(DATA),
  'typed array': () => new Uint8Array(DATA),
  'shared typed array': () => fill(new Uint8Array(new SharedArrayBuffer(LENGTH)), DATA),
  view: () => view(fill(alloc(LENGTH), DATA))
}
const plain = { 'small receiver': () => ({}), function: () => () => {}, 'null prototype': () => Object.create(null), Map: () => new Map() }

const map = (makers, change) => Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () => change(make())]))

/** A slice of LENGTH or MANY elements, and the source it is of. */
function slice ([dest, length]) {
  const source = fill(alloc(length + 2), [99, ...DATA])
  sliceOnto(source, dest, 1, length + 1)
  return { dest, source }
}

const states = {
  live: { makers: map(own, (object) => fill(object, DATA)), hasData: true, disposable: true, receives: false },
  disposed: { makers: map(own, disposed), hasData: false, disposable: true, receives: 'receivers' },
  slice: { makers: map(receivers, (made) => slice(made).dest), hasData: true, disposable: true, receives: false },
  'slice, disposed': { makers: map(receivers, (made) => disposed(slice(made).dest)), hasData: false, disposable: true, receives: true },
  'slice whose source is disposed': {
    makers: map(receivers, (made) => {
      const { dest, source } = slice(made)
      dispose(source)
      return dest
    }),
    hasData: false,
    disposable: true,
    receives: true
  },
  foreign: { makers: foreign, hasData: true, disposable: 'ERR_INVALID_ARG_VALUE', receives: false },
  'foreign, transferred': {
    makers: { 'typed array': () => { const bytes = new Uint8Array(DATA); detachElsewhere(bytes); return bytes } },
    hasData: false,
    disposable: 'ERR_INVALID_ARG_VALUE',
    receives: false
  },
  'never had data': { makers: plain, hasData: false, disposable: 'ERR_NO_EXTERNAL_DATA', receives: true },
  'transferred elsewhere': {
    makers: map(own, (object) => { detachElsewhere(object); return object }),
    hasData: false,
    disposable: true,
    receives: 'receivers'
  },
  'allocated again': {
    makers: map(receivers, ([dest, length]) => fill(alloc(length, disposed(alloc(length === MANY ? LENGTH : MANY, dest))), DATA)),
    hasData: true,
    disposable: true,
    receives: false
  }
}

/** Kinds that are typed arrays: they never become receivers. */
const exotic = ['bare', 'External', 'External subclass']

function prototypeOf (kind) {
  if (kind === 'null prototype') return null
  if (kind === 'Map') return Map.prototype
  return /function/.test(kind) ? Function.prototype : Object.prototype
}

const throwsNoData = (name, action) => {
  assert.throws(action, noData(name))
}

const methods = {
  hasExternalData (object, { hasData }) {
    assert.equal(hasExternalData(object), hasData)
  },

  'element reads' (object, { hasData }) {
    assert.deepEqual(elementsOf(object, LENGTH), hasData ? DATA : Array(LENGTH).fill(undefined))
    assert.equal(object[100], undefined)
    assert.equal(100 in object, false)
    if (hasData) assert(0 in object && LENGTH - 1 in object)
  },

  'element writes' (object, { hasData }) {
    if (!hasData) return
    object[0] = 257
    object[1] = -1
    assert.deepEqual(elementsOf(object, 3), [1, 255, 3])
    assert.deepEqual(elementsOf(view(object), 3), [1, 255, 3])
  },

  'copyOnto, as source' (object, { hasData }) {
    const dest = alloc(LENGTH)
    const copy = () => copyOnto(object, 1, dest, 0, 3)
    if (!hasData) return throwsNoData('source', copy)
    assert.equal(copy(), undefined)
    assert.deepEqual(elementsOf(dest, LENGTH), [2, 3, 4, 0, 0])
  },

  'copyOnto, as dest' (object, { hasData }) {
    const copy = () => copyOnto(fill(alloc(LENGTH), [7, 8, 9]), 0, object, 1, 2)
    if (!hasData) return throwsNoData('dest', copy)
    assert.equal(copy(), undefined)
    assert.deepEqual(elementsOf(object, LENGTH), [1, 7, 8, 4, 5])
  },

  'copyOnto, as both' (object, { hasData }) {
    const copy = () => copyOnto(object, 0, object, 1, 4)
    if (!hasData) return throwsNoData('source', copy)
    copy()
    assert.deepEqual(elementsOf(object, LENGTH), [1, 1, 2, 3, 4])
  },

  'copyOnto of nothing' (object, { hasData }) {
    if (!hasData) return throwsNoData('source', () => copyOnto(object, 0, alloc(1), 0, 0))
    copyOnto(object, 0, object, 0, 0)
    assert.deepEqual(elementsOf(object, LENGTH), DATA)
  },

  'sliceOnto, as source' (object, { hasData }) {
    const dest = {}
    const cut = () => sliceOnto(object, dest, 1, 4)
    if (!hasData) return throwsNoData('source', cut)
    assert.equal(cut(), dest)
    assert.deepEqual(dest, { 0: 2, 1: 3, 2: 4 })
    dest[0] = 77
    assert.equal(object[1], 77)
    dispose(dest)
    assert.equal(object[1], 77)
  },

  'sliceOnto, as dest' (object, { receives }, kind) {
    const source = fill(alloc(LENGTH), DATA)
    const receivable = receives === true || (receives === 'receivers' && !exotic.includes(kind))
    if (!receivable) return assert.equal(errorOf(() => sliceOnto(source, object)).code, 'ERR_INVALID_ARG_VALUE')
    sliceOnto(source, object, 1)
    assert.deepEqual(elementsOf(object, LENGTH), [2, 3, 4, 5, undefined])
    dispose(source)
    assert.equal(hasExternalData(object), false)
    assert.equal(0 in object, false)
  },

  view (object, { hasData }) {
    if (!hasData) return throwsNoData('obj', () => view(object))
    const elements = view(object)
    assert.equal(elements.constructor, Uint8Array)
    assert.deepEqual([...elements.subarray(0, LENGTH)], DATA)
    elements[0] = 50
    assert.equal(object[0], 50)
  },

  dispose (object, { disposable }, kind) {
    if (disposable !== true) {
      const had = hasExternalData(object)
      const { code, constructor } = errorOf(() => dispose(object))
      assert.equal(code, disposable)
      assert.equal(constructor, code === 'ERR_NO_EXTERNAL_DATA' ? Error : TypeError)
      return assert.equal(hasExternalData(object), had)
    }
    const elements = hasExternalData(object) ? view(object) : undefined
    for (let time = 0; time < 3; time++) assert.equal(dispose(object), undefined)
    assert.equal(hasExternalData(object), false)
    assert.deepEqual(elementsOf(object, LENGTH), Array(LENGTH).fill(undefined))
    assert.equal(0 in object, false)
    const left = Reflect.ownKeys(object).filter((key) => !['length', 'name', 'prototype', 'arguments', 'caller'].includes(key))
    assert.deepEqual(left, [])
    if (!exotic.includes(kind)) assert.equal(Object.getPrototypeOf(object), prototypeOf(kind))
    if (elements !== undefined && elements.length !== 0) assert.equal(elements[0], 1) // a slice: its source is live
  }
}
for (const [name, allocate] of Object.entries({ alloc, allocUnsafe })) {
  for (const [size, length] of [['few', LENGTH], ['many', MANY]]) {
    methods[`${name} of ${size}, as receiver`] = (object, state, kind) => {
      const { receives } = state
      const receivable = receives === true || (receives === 'receivers' && !exotic.includes(kind))
      if (!receivable) {
        const had = hasExternalData(object)
        assert.equal(errorOf(() => allocate(length, object)).code, 'ERR_INVALID_ARG_VALUE')
        return assert.equal(hasExternalData(object), had)
      }
      assert.equal(allocate(length, object, Types.Int16), object)
      object[length - 1] = 40000
      assert.equal(object[length - 1], 40000 - 65536)
      assert.equal(object[length], undefined)
      dispose(object)
      assert.deepEqual(Object.keys(object), [])
      assert(!Reflect.ownKeys(object).includes(inspect.custom))
      assert.equal(Object.getPrototypeOf(object), prototypeOf(kind))
    }
  }
}
methods['util.inspect'] = (object, { hasData }, kind) => {
  const text = inspect(object)
  assert.equal(/1,\s/.test(text) || /01 02/.test(text), hasData, `${kind}: ${text}`)
  assert.equal(inspect(object), text)
}
methods['Symbol.dispose'] = (object, state, kind) => {
  if (!exotic.includes(kind)) return assert.equal(Symbol.dispose in object, false)
  object[Symbol.dispose]()
  assert.equal(hasExternalData(object), false)
}

describe('the matrix', () => {
  for (const [method, test] of Object.entries(methods)) {
    describe(method, () => {
      for (const [name, state] of Object.entries(states)) {
        for (const [kind, make] of Object.entries(state.makers)) {
          it(`${name} ${kind}`, () => {
            test(make(), state, kind)
          })
        }
      }
    })
  }
})
