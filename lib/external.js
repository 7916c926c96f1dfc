'use strict'

// Objects that are typed arrays themselves, with a prototype chain that skips %TypedArray%.prototype: elements as fast
// as a Uint8Array's, no `length` and no methods.

const { inspect } = require('node:util')
const { Allocation } = require('./allocation')
const { backingStore, usedBackingStore } = require('./backing-store')
const { dispose } = require('./dispose')
const { inspectAllocation, plainPrototypes } = require('./inspect')
const { fill } = require('./intrinsics')
const { Types, typedArrays } = require('./types')
const { defineViewProperties } = require('./view-properties')

/** Has `prototype` inherit from `parent` instead of its typed array's prototype. */
function definePrototype (prototype, parent) {
  Object.setPrototypeOf(prototype, parent)
  plainPrototypes.add(prototype)
}

const hidden = (value) => ({ __proto__: null, value, configurable: true, writable: true })

function defineShared (prototype) {
  Object.defineProperty(prototype, inspect.custom, hidden(inspectAllocation))
  if (Symbol.dispose) {
    Object.defineProperty(prototype, Symbol.dispose, hidden(function () { dispose(this) }))
  }
  defineViewProperties(prototype)
}

/** The constructor of External objects of one type. */
function externalOf (type, parent) {
  const TypedArray = typedArrays[type]
  const { BYTES_PER_ELEMENT } = TypedArray
  class External extends TypedArray {
    constructor (length) {
      const used = usedBackingStore(length, BYTES_PER_ELEMENT)
      const store = used ?? backingStore(length, BYTES_PER_ELEMENT, true)
      super(store)
      if (used !== undefined) fill(this, 0)
      new Allocation(this, this, type, typeof store === 'number' ? undefined : store)
    }
  }
  // They take no ArrayBuffer. A byte stream makes its views by `new constructor(buffer, ...)`, from memory that it has moved:
  // without this number it refuses before it moves any.
  Object.defineProperty(External, 'BYTES_PER_ELEMENT', hidden(undefined))
  definePrototype(External.prototype, parent)
  return External
}

/** The constructor of what `alloc(length)` returns, which looks like a plain object: its `constructor` is Object. */
function bareOf (type, parent) {
  class Bare extends typedArrays[type] {
    constructor (store) {
      super(store)
      new Allocation(this, this, type, typeof store === 'number' ? undefined : store)
    }
  }
  definePrototype(Bare.prototype, parent)
  delete Bare.prototype.constructor
  return Bare
}

const barePrototype = {}
defineShared(barePrototype)
/** By type. */
const bares = typedArrays.map((TypedArray, type) => TypedArray && bareOf(type, barePrototype))

const External = externalOf(Types.Uint8, Object.prototype)
defineShared(External.prototype)
for (const [name, type] of Object.entries(Types)) {
  const value = type === Types.Uint8 ? External : externalOf(type, External.prototype)
  if (value !== External) Object.defineProperty(value, 'name', { value: name, configurable: true })
  Object.defineProperty(External, name, { value, enumerable: true })
}

module.exports = { External, bares }
