'use strict'

// The layer between a receiver with many elements and its prototype. It is a Proxy of a typed array that inherits from that
// prototype. There is no `get` trap. Without one, reads and `in` go straight to the typed array, and take 0.7 of the time. Writes
// need a trap: a typed array on the prototype chain would let them make own properties. For-in needs one, too: see `ownKeys`.

const { inspect } = require('node:util')
const { bind } = require('../internal/primordials')

const { Proxy } = globalThis
const { create, hasOwn } = Object
const { isSafeInteger } = Number
const anyFunction = Function.prototype
const { defineProperty, deleteProperty, getPrototypeOf, ownKeys, setPrototypeOf, set: assign } = Reflect

/**
 * One layer, and the handler of its Proxy. It inherits nothing, because a function on Object.prototype would become a trap of it.
 */
class Layer {
  #receiver
  #elements
  #target

  /**
   * `elements` is the typed array. `inspectMethod` is a descriptor; undefined if the receiver has a method of its own.
   * `isExchangeable`: whether `exchange` will be called. Reads then go through one more object.
   */
  constructor (receiver, elements, inspectMethod, isExchangeable) {
    /** The prototype that the receiver had. */
    this.prototype = getPrototypeOf(receiver)
    this.#receiver = receiver
    this.#elements = elements
    setPrototypeOf(elements, this.prototype)
    this.#target = targetOver(this.prototype, elements, isExchangeable)
    if (inspectMethod !== undefined) defineProperty(this.#target, inspect.custom, inspectMethod)
    this.proxy = new Proxy(this.#target, this)
  }

  /** Replaces the elements. Runs no code of others. */
  exchange (elements) {
    setPrototypeOf(elements, this.prototype)
    setPrototypeOf(this.#target, elements)
    this.#elements = elements
  }

  set (target, key, value, object) {
    if (typeof key === 'symbol' || !isNumeric(key)) return assignAbove(this.prototype, key, value, object)
    if (object !== this.#receiver || !isIndex(key)) return assignAbove(null, key, value, object)
    this.#elements[key] = value
    return true
  }

  /**
   * V8's for-in stops at a Proxy on the prototype chain, so the Proxy lists all inherited names. Object.keys and the like do not
   * show them, because they have no descriptor here.
   */
  ownKeys (target) {
    const keys = ownKeys(target)
    setPrototypeOf(keys, null) // because Array.prototype may have a setter for a number
    for (const key in getPrototypeOf(target)) {
      if (key in target && !hasOwn(target, key)) keys[keys.length] = key
    }
    return keys
  }

  /** Refused: `ownKeys` lists keys that the target does not have, and `exchange` changes its prototype. */
  preventExtensions () {
    return false
  }
}
setPrototypeOf(Layer.prototype, null)

/** The target of the Proxy: the elements themselves, or an object that inherits from them, so that they can be exchanged. */
function targetOver (prototype, elements, isExchangeable) {
  const isDerivedClass = typeof prototype === 'function' && prototype !== anyFunction
  if (isDerivedClass) return constructorOver(prototype, elements)
  return isExchangeable ? create(elements) : elements
}

/** `super()` calls the prototype of a derived class. So a layer in its place must be a constructor that passes the call on. */
function constructorOver (prototype, elements) {
  const target = bind(prototype)
  deleteProperty(target, 'length')
  deleteProperty(target, 'name')
  setPrototypeOf(target, elements)
  return target
}

/** Assigns to `object` as if the search for the property had come to `prototype`. */
function assignAbove (prototype, key, value, object) {
  return assign(prototype ?? create(null), key, value, object)
}

/** Whether a typed array treats the key as that of an element, even of one that it cannot have: '1', '-1', '1.5', 'NaN'. */
const isNumeric = (key) => `${+key}` === key || key === '-0'

const isIndex = (key) => key >= 0 && isSafeInteger(+key) && key !== '-0'

module.exports = { Layer }
