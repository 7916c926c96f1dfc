'use strict'

// The properties that Node's APIs read of a view. ArrayBuffer.isView says that External and bare objects are views, but they do
// not inherit from %TypedArray%.prototype. Without these properties crypto.randomFillSync aborts the process, and
// fs.writeFileSync writes 0 bytes. The properties are not enumerable, and any class may have its own instead.

const { bufferOf, byteLengthOf, byteOffsetOf, typedArrayNameOf, lengthOf, valueOf } = require('../internal/primordials')
const { isObject } = require('../internal/validate')
const { isLive } = require('../memory/detached')
const { Allocation, setOwn } = require('./allocation')
const { concatReadsLength, isCalledByConcat } = require('./buffer-concat')
const { handOut } = require('./hand-out')
const { elementSizeOf, windowOf } = require('./view-of')

const { defineProperty } = Object

const getters = {
  __proto__: null, buffer: bufferToHandOut, byteLength: byteLengthOf, byteOffset: byteOffsetOf, BYTES_PER_ELEMENT: elementSizeOf
}

function bufferToHandOut (object) {
  handOut(object, object)
  return bufferOf(object)
}

/** Defines the properties on `prototype`, which External or bare objects inherit from. */
function defineViewProperties (prototype) {
  for (const name in getters) defineProperty(prototype, name, accessorOf(name, getters[name]))
  if (concatReadsLength) defineProperty(prototype, 'length', lengthForConcat)
  defineProperty(prototype, 'valueOf', { __proto__: null, value: viewOrSelf, configurable: true, writable: true })
}

/**
 * An accessor that answers for an allocation, but not for its heirs. An assignment makes an ordinary property, as if there were
 * no accessor.
 */
function accessorOf (name, valueIn) {
  return {
    __proto__: null,
    get () {
      return isOwnView(this) ? valueIn(this) : undefined
    },
    set (value) {
      setOwn(this, name, value)
    },
    configurable: true
  }
}

const lengthForConcat = accessorOf('length', (object) => {
  return isCalledByConcat(lengthForConcat.get) ? lengthOf(object) : undefined
})

/**
 * The method valueOf. Buffer.from copies what it returns. Without it, Buffer.from makes an empty Buffer of an object that has a
 * `buffer` and no `length`. A conversion to a number or a string ignores it, because it returns an object, and calls toString.
 */
function viewOrSelf () {
  if (!isOwnView(this) || !isLive(this)) return valueOf(this)
  handOut(this, this)
  return windowOf(this, 0, lengthOf(this))
}

/** Also true for a disposed object: Node must read that it has 0 bytes. */
const isOwnView = (object) => isObject(object) && Allocation.is(object) && typedArrayNameOf(object) !== undefined

module.exports = { defineViewProperties }
