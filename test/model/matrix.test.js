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
const NOTHING = Array(LENGTH).fill(undefined)

const map = (makers, change) => Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () => change(make())]))

/** Each receiver, and how many elements it is given. */
const receivers = {
  'small receiver': () => [{}, LENGTH],
  'large receiver': () => [{}, MANY],
  function: () => [function f () {}, LENGTH],
  'large function': () => [function f () {}, MANY]
}
/** Kinds that are typed arrays: they never become receivers. */
const exotic = { bare: () => alloc(LENGTH), External: () => new External(LENGTH), 'External subclass': () => new SimpleData(LENGTH) }
const own = { ...exotic, ...map(receivers, ([receiver, length]) => alloc(length, receiver)) }

/** A slice of LENGTH or MANY elements, and the source it is of. */
function slice ([dest, length]) {
  const source = fill(alloc(length + 2), [99, ...DATA])
  sliceOnto(source, dest, 1, length + 1)
  return { dest, source }
}

function transferred (object) {
  detachElsewhere(object)
  return object
}

/** `error` is the code of the error of dispose, if there is one. */
const states = {
  live: { hasData: true, makers: map(own, (object) => fill(object, DATA)) },
  disposed: { isFree: true, makers: map(own, disposed) },
  'transferred elsewhere': { isFree: true, makers: map(own, transferred) },
  slice: { hasData: true, makers: map(receivers, (made) => slice(made).dest) },
  'slice, disposed': { isFree: true, makers: map(receivers, (made) => disposed(slice(made).dest)) },
  'slice whose source is disposed': {
    isFree: true,
    makers: map(receivers, (made) => {
      const { dest, source } = slice(made)
      dispose(source)
      return dest
    })
  },
  'allocated again': {
    hasData: true,
    makers: map(receivers, ([dest, length]) => fill(alloc(length, disposed(alloc(length === MANY ? LENGTH : MANY, dest))), DATA))
  },
  foreign: {
    hasData: true,
    error: 'ERR_INVALID_ARG_VALUE',
    makers: {
      Buffer: () => Buffer.from(DATA),
      'typed array': () => new Uint8Array(DATA),
      'shared typed array': () => fill(new Uint8Array(new SharedArrayBuffer(LENGTH)), DATA),
      view: () => view(fill(alloc(LENGTH), DATA))
    }
  },
  'foreign, transferred': { error: 'ERR_INVALID_ARG_VALUE', makers: { 'typed array': () => transferred(new Uint8Array(DATA)) } },
  'never had data': {
    isFree: true,
    error: 'ERR_NO_EXTERNAL_DATA',
    makers: { 'small receiver': () => ({}), function: () => () => {}, 'null prototype': () => Object.create(null), Map: () => new Map() }
  }
}

function prototypeOf (kind) {
  if (kind === 'null prototype') return null
  if (kind === 'Map') return Map.prototype
  return /function/.test(kind) ? Function.prototype : Object.prototype
}

/** Asserts that `action` throws if there is no data. Returns whether there is. */
function needsData (hasData, name, action) {
  if (!hasData) assert.throws(action, noData(name))
  return hasData
}

const methods = {
  'reads and writes of elements' (object, { hasData }) {
    assert.deepEqual(elementsOf(object, LENGTH), hasData ? DATA : NOTHING)
    assert.deepEqual([object[100], 100 in object], [undefined, false])
    assert.equal(hasExternalData(object), hasData)
    if (!hasData) return
    assert(0 in object && LENGTH - 1 in object)
    object[0] = 257
    object[1] = -1
    assert.deepEqual(elementsOf(object, 3), [1, 255, 3])
    assert.deepEqual(elementsOf(view(object), 3), [1, 255, 3])
  },

  'copyOnto, as source' (object, { hasData }) {
    const dest = alloc(LENGTH)
    for (const length of [0, 3]) needsData(hasData, 'source', () => assert.equal(copyOnto(object, 1, dest, 0, length), undefined))
    if (!hasData) return
    copyOnto(object, 1, dest, 0, 3)
    assert.deepEqual(elementsOf(dest, LENGTH), [2, 3, 4, 0, 0])
  },

  'copyOnto, as dest' (object, { hasData }) {
    const copy = () => copyOnto(fill(alloc(LENGTH), [7, 8, 9]), 0, object, 1, 2)
    if (!needsData(hasData, 'dest', copy)) return
    copy()
    assert.deepEqual(elementsOf(object, LENGTH), [1, 7, 8, 4, 5])
  },

  'copyOnto, as both' (object, { hasData }) {
    const copy = () => copyOnto(object, 0, object, 1, 4)
    if (!needsData(hasData, 'source', copy)) return
    copy()
    assert.deepEqual(elementsOf(object, LENGTH), [1, 1, 2, 3, 4])
  },

  'sliceOnto, as source' (object, { hasData }) {
    const dest = {}
    const cut = () => sliceOnto(object, dest, 1, 4)
    if (!needsData(hasData, 'source', cut)) return
    assert.equal(cut(), dest)
    assert.deepEqual(dest, { 0: 2, 1: 3, 2: 4 })
    dest[0] = 77
    dispose(dest)
    assert.equal(object[1], 77)
  },

  'sliceOnto, as dest' (object, { isFree }) {
    const source = fill(alloc(LENGTH), DATA)
    if (!isFree) return assert.equal(errorOf(() => sliceOnto(source, object)).code, 'ERR_INVALID_ARG_VALUE')
    sliceOnto(source, object, 1)
    assert.deepEqual(elementsOf(object, LENGTH), [2, 3, 4, 5, undefined])
    dispose(source)
    assert.equal(hasExternalData(object), false)
    assert.equal(0 in object, false)
  },

  view (object, { hasData }) {
    if (!needsData(hasData, 'obj', () => view(object))) return
    const elements = view(object)
    assert.equal(elements.constructor, Uint8Array)
    assert.deepEqual([...elements.subarray(0, LENGTH)], DATA)
    elements[0] = 50
    assert.equal(object[0], 50)
  },

  dispose (object, { hasData, error }, kind) {
    if (error !== undefined) {
      const { code, constructor } = errorOf(() => dispose(object))
      assert.deepEqual([code, constructor], [error, error === 'ERR_NO_EXTERNAL_DATA' ? Error : TypeError])
      return assert.equal(hasExternalData(object), hasData)
    }
    const elements = hasData ? view(object) : []
    for (let time = 0; time < 3; time++) assert.equal(dispose(object), undefined)
    assert.equal(hasExternalData(object), false)
    assert.deepEqual(elementsOf(object, LENGTH), NOTHING)
    assert.equal(0 in object, false)
    const left = Reflect.ownKeys(object).filter((key) => !['length', 'name', 'prototype', 'arguments', 'caller'].includes(key))
    assert.deepEqual(left, [])
    if (!(kind in exotic)) assert.equal(Object.getPrototypeOf(object), prototypeOf(kind))
    if (elements.length !== 0) assert.equal(elements[0], 1) // a slice: its source is live
  },

  'util.inspect' (object, { hasData }, kind) {
    const text = inspect(object)
    assert.equal(/1,\s/.test(text) || /01 02/.test(text), hasData, `${kind}: ${text}`)
    assert.equal(inspect(object), text)
  },

  'Symbol.dispose' (object, state, kind) {
    if (!(kind in exotic)) return assert.equal(Symbol.dispose in object, false)
    object[Symbol.dispose]()
    assert.equal(hasExternalData(object), false)
  }
}
for (const [allocate, length] of [[alloc, LENGTH], [alloc, MANY], [allocUnsafe, LENGTH], [allocUnsafe, MANY]]) {
  methods[`${allocate.name} of ${length}, as receiver`] = (object, { isFree, hasData }, kind) => {
    if (!isFree) {
      assert.equal(errorOf(() => allocate(length, object)).code, 'ERR_INVALID_ARG_VALUE')
      return assert.equal(hasExternalData(object), hasData)
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

describe('the matrix', () => {
  for (const [method, test] of Object.entries(methods)) {
    describe(method, () => {
      for (const [name, { hasData = false, isFree = false, error, makers }] of Object.entries(states)) {
        for (const [kind, make] of Object.entries(makers)) {
          it(`${name} ${kind}`, () => {
            test(make(), { hasData, isFree: isFree && !(kind in exotic), error }, kind)
          })
        }
      }
    })
  }
})
