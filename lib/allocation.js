'use strict'

// The brand that every allocation carries: private fields, stamped on the object itself. They cannot be forged, survive
// a change of prototype, are seen through no Proxy, and cost 2 ns where a WeakMap costs 100.

const { takeBack } = require('./binding')

const { getPrototypeOf } = Object

/** The view of a disposed receiver. It is detached, as that of a disposed External or bare object is. */
const GONE = new Uint8Array(0)
takeBack(GONE)

class Stamp {
  constructor (object) {
    return object
  }
}

class Allocation extends Stamp {
  /** The typed array that holds the elements. External and bare objects are their own view. */
  #view
  /** An Attachment, on receivers only: see receiver.js. */
  #attachment

  constructor (object, view, attachment) {
    super(object)
    this.#view = view
    this.#attachment = attachment
  }

  static is (object) {
    return #view in object
  }

  static viewOf (object) {
    return object.#view
  }

  static attachmentOf (object) {
    return object.#attachment
  }

  static attach (object, view, attachment) {
    if (#view in object) {
      object.#view = view
      object.#attachment = attachment
    } else {
      new Allocation(object, view, attachment)
    }
  }

  static detach (object) {
    object.#view = GONE
    object.#attachment = undefined
  }

  /**
   * The descriptor of element `index`, the same for all small receivers. `this` may also be an object that inherits from
   * one: it reads the elements of its ancestor, and writes to itself.
   */
  static accessorOf (index) {
    return {
      get () {
        if (#view in this) {
          const element = this.#view[index]
          if (element !== undefined) return element
        }
        return inherited(this, index)
      },
      set (value) {
        if (#view in this && this.#view[index] !== undefined) this.#view[index] = value
        else setOwn(this, index, value)
      },
      enumerable: true,
      configurable: true
    }
  }
}

function inherited (heir, index) {
  for (let object = Object(heir); object !== null; object = getPrototypeOf(object)) {
    const element = Allocation.is(object) ? Allocation.viewOf(object)[index] : undefined
    if (element !== undefined) return element
  }
}

/** What an assignment does to an object on which, and above which, there is no such property. */
function setOwn (object, key, value) {
  if (!Reflect.set(Object.create(null), key, value, object)) {
    throw new TypeError(`Cannot add property ${key}, object is not extensible`)
  }
}

module.exports = { Allocation }
