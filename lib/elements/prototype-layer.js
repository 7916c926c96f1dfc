'use strict'

// The layer that a receiver with many elements has between itself and its prototype: a Proxy of a typed array that
// inherits from that prototype. Reads, `in` and for-in fall through to the typed array, which reads 0.7 of the time of
// a `get` trap. Writes need a trap: through a typed array on the prototype chain they would make own properties. So does
// for-in.

const { bind } = require('../internal/primordials')

const { Proxy } = globalThis
const { create, hasOwn } = Object
const { isSafeInteger } = Number
const anyFunction = Function.prototype
const { deleteProperty, getPrototypeOf, ownKeys, setPrototypeOf, set: assign } = Reflect

/** Makes what goes between `receiver` and its prototype, so that it has the elements of the typed array `elements`. */
function layerOver (receiver, prototype, elements) {
  return new Proxy(targetOver(prototype, elements, false), new Writes(receiver, prototype, elements))
}

/**
 * The same, whose elements may be exchanged for others; and `exchange`, which does it, and runs no code of others. What
 * reads them goes through one object more.
 */
function exchangeableLayerOver (receiver, prototype, elements) {
  const target = targetOver(prototype, elements, true)
  const writes = new Writes(receiver, prototype, elements)
  const exchange = (others) => {
    setPrototypeOf(others, prototype)
    setPrototypeOf(target, others)
    writes.elements = others
  }
  return { layer: new Proxy(target, writes), exchange }
}

/** What the Proxy is a Proxy of: the elements themselves, or an object above which they can be exchanged. */
function targetOver (prototype, elements, isExchangeable) {
  setPrototypeOf(elements, prototype)
  const isDerivedClass = typeof prototype === 'function' && prototype !== anyFunction
  if (isDerivedClass) return constructorOver(prototype, elements)
  return isExchangeable ? create(elements) : elements
}

/** The prototype of a derived class is what `super()` calls: a layer in its place must pass the call on. */
function constructorOver (prototype, elements) {
  const target = bind(prototype)
  deleteProperty(target, 'length')
  deleteProperty(target, 'name')
  setPrototypeOf(target, elements)
  return target
}

/** The handler of one layer. It inherits nothing: a trap on Object.prototype would be one of ours. */
class Writes {
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
   * For-in, of V8, looks no further than a Proxy that an object inherits from: it has to find all inherited names there.
   * Object.keys and the like do not show them, for they have no descriptor here.
   */
  ownKeys (target) {
    const keys = ownKeys(target)
    setPrototypeOf(keys, null) // for Array.prototype may have a setter of a number
    for (const key in getPrototypeOf(target)) {
      if (key in target && !hasOwn(target, key)) keys[keys.length] = key
    }
    return keys
  }
}
setPrototypeOf(Writes.prototype, null)

/** What an assignment to `object` does when the search for its property goes on at `prototype`. */
function assignAbove (prototype, key, value, object) {
  return assign(prototype ?? create(null), key, value, object)
}

/** Whether a typed array takes the key for an element, its own or one that it cannot have: '1', '-1', '1.5', 'NaN'. */
const isNumeric = (key) => `${+key}` === key || key === '-0'

const isIndex = (key) => key >= 0 && isSafeInteger(+key) && key !== '-0'

module.exports = { exchangeableLayerOver, layerOver }
