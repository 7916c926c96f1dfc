'use strict'

// What Node's APIs read of an object that ArrayBuffer.isView tells to be a view. External and bare objects are such, but
// do not inherit from %TypedArray%.prototype: without these properties crypto.randomFillSync aborts the process and
// fs.writeFileSync writes 0 bytes. They are hidden, and any class may have its own instead.

const { Allocation, setOwn } = require('./allocation')
const { concatReadsLength, isCalledByConcat } = require('./buffer-concat')
const { bufferOf, byteLengthOf, byteOffsetOf, kindOf, lengthOf, valueOf } = require('../internal/primordials')
const { handOut } = require('./hand-out')
const { isObject } = require('../internal/validate')
const { elementSizeOf, isLive, windowOf } = require('./view-of')

const { defineProperty } = Object

const getters = {
  __proto__: null, buffer: bufferToHandOut, byteLength: byteLengthOf, byteOffset: byteOffsetOf, BYTES_PER_ELEMENT: elementSizeOf
}

function bufferToHandOut (object) {
  handOut(object, object)
  return bufferOf(object)
}

/** Gives the properties to `prototype`, which External or bare objects inherit from. */
function defineViewProperties (prototype) {
  for (const name in getters) defineProperty(prototype, name, accessorOf(name, getters[name]))
  if (concatReadsLength) defineProperty(prototype, 'length', lengthForConcat)
  defineProperty(prototype, 'valueOf', { __proto__: null, value: viewOrSelf, configurable: true, writable: true })
}

/**
 * It answers for an allocation, but for none of its heirs. An assignment makes an ordinary property, as it did while
 * nothing was inherited.
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
 * The method valueOf. Buffer.from copies what it returns; of an object with a `buffer` and no `length` it would make an
 * empty Buffer. A conversion to a number or string does not take an object: it goes on to toString, as before.
 */
function viewOrSelf () {
  if (!isOwnView(this) || !isLive(this)) return valueOf(this)
  handOut(this, this)
  return windowOf(this, 0, lengthOf(this))
}

/** Once disposed, too: Node must read that there are 0 bytes. */
const isOwnView = (object) => isObject(object) && Allocation.is(object) && kindOf(object) !== undefined

module.exports = { defineViewProperties }
