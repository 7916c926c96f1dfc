'use strict'

// The layer between a receiver with many elements and its prototype. It is a Proxy of a typed array that inherits from that
// prototype. There is no `get` trap. Without one, reads and `in` go straight to the typed array, and take 0.7 of the time. Writes
// need a trap: a typed array on the prototype chain would let them make own properties. For-in needs one, too: see `ownKeys`.

const { bind } = require('../internal/primordials')

const { Proxy } = globalThis
const { create, hasOwn } = Object
const { isSafeInteger } = Number
const anyFunction = Function.prototype
const { deleteProperty, getPrototypeOf, ownKeys, setPrototypeOf, set: assign } = Reflect

/** Makes the layer between `receiver` and `prototype` that gives it the elements of the typed array `elements`. */
function layerOver (receiver, prototype, elements) {
  return new Proxy(targetOver(prototype, elements, false), new LayerHandler(receiver, prototype, elements))
}

/**
 * The same, and a function `exchange` that gives the layer other elements. `exchange` runs no code of others. Reads go through
 * one more object.
 */
function exchangeableLayerOver (receiver, prototype, elements) {
  const target = targetOver(prototype, elements, true)
  const handler = new LayerHandler(receiver, prototype, elements)
  const exchange = (others) => {
    setPrototypeOf(others, prototype)
    setPrototypeOf(target, others)
    handler.elements = others
  }
  return { layer: new Proxy(target, handler), exchange }
}

/** The target of the Proxy: the elements themselves, or an object that inherits from them, so that they can be exchanged. */
function targetOver (prototype, elements, isExchangeable) {
  setPrototypeOf(elements, prototype)
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

/** The handler of one layer. It inherits nothing, because a function on Object.prototype would become a trap of it. */
class LayerHandler {
  #receiver
  #prototype
  #elements

  constructor (receiver, prototype, elements) {
    this.#receiver = receiver
    this.#prototype = prototype
    this.#elements = elements
  }

  set elements (elements) {
    this.#elements = elements
  }

  set (target, key, value, object) {
    if (typeof key === 'symbol' || !isNumeric(key)) return assignAbove(this.#prototype, key, value, object)
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
setPrototypeOf(LayerHandler.prototype, null)

/** Assigns to `object` as if the search for the property had come to `prototype`. */
function assignAbove (prototype, key, value, object) {
  return assign(prototype ?? create(null), key, value, object)
}

/** Whether a typed array treats the key as that of an element, even of one that it cannot have: '1', '-1', '1.5', 'NaN'. */
const isNumeric = (key) => `${+key}` === key || key === '-0'

const isIndex = (key) => key >= 0 && isSafeInteger(+key) && key !== '-0'

module.exports = { exchangeableLayerOver, layerOver }
