'use strict'

// The brand that every allocation carries.

const { takeBack } = require('../native/binding')
const { Brand } = require('../internal/brand')
const { cannotSet } = require('../internal/errors')
const { set, SafeWeakSet } = require('../internal/primordials')
const { Types } = require('../internal/types')
const { isObject } = require('../internal/validate')

const { create, getPrototypeOf, hasOwn } = Object
const { set: assign } = Reflect
const toObject = Object

/** In elements: up to here a plain loop is faster than a call of %TypedArray%.prototype.set. */
const LOOP = 16

/** In elements: from here on the copy may be one for Rust. */
const LARGE = 4 << 20

/** Of the elements of small receivers. */
const getters = new SafeWeakSet()

/** The view of what is disposed, detached as every view of its memory is. */
const GONE = new Uint8Array(0)
takeBack(GONE)

const NEVER = -1

/**
 * Moved as numbers, the NaNs of Float16, Float and Double might change their bits. BigInts would keep theirs, but the loop
 * is compiled for one kind of value.
 */
const isInteger = (type) => type < Types.Float || type === Types.Uint8Clamped

/** `>>>` alone would convert, and run code of the caller's. */
const isUint32 = (value) => typeof value === 'number' && value >>> 0 === value

class Allocation extends Brand {
  /** The typed array that holds the elements. External and bare objects are their own view until they are disposed. */
  #view
  /** One of Types where no other allocation has the same memory; 0 for a slice; NEVER before the first has succeeded. */
  #type
  /**
   * An Attachment, on receivers: see receiver.js. On External and bare objects the ArrayBuffer, where they have been made
   * over one: to ask the engine for it takes 40 ns.
   */
  #attachment

  constructor (object, view, type, attachment) {
    super(object)
    this.#view = view
    this.#type = type
    this.#attachment = attachment
  }

  static is (object) {
    return #view in object
  }

  static viewOf (object) {
    return object.#view
  }

  /** Undefined for External and bare objects. */
  static attachmentOf (object) {
    return object.#view === object ? undefined : object.#attachment
  }

  /** The ArrayBuffer of an External or bare object that is live, where it is known without asking the engine. */
  static knownBufferOf (object) {
    return object.#view === object ? object.#attachment : undefined
  }

  /** The object gets its brand, without elements yet. The attachment says what is to be taken off again if they do not come. */
  static begin (object, attachment) {
    if (#view in object) object.#attachment = attachment
    else new Allocation(object, GONE, NEVER, attachment)
  }

  static attach (object, view, type) {
    object.#type = type
    object.#view = view
  }

  static isDisposed (object) {
    return object.#view === GONE
  }

  /** The elements are gone. The attachment stays until what it has put on the object is off again: see `forget`. */
  static release (object) {
    if (object.#view === object) object.#attachment = undefined
    object.#view = GONE
  }

  static forget (object) {
    object.#attachment = undefined
  }

  /** False for a slice, too. */
  static ownsMemory (object) {
    return object.#type > 0
  }

  /** Whether no allocation has ever succeeded. */
  static neverWas (object) {
    return object.#type === NEVER
  }

  /**
   * The common case of copyOnto: two allocations of one type, and few elements or all of the source. Returns false, and
   * does nothing, in any other case, which includes every error.
   *
   * It asks for no lengths: an element that is not undefined is in range, and its view is not detached. With that, and
   * small enough to be inlined into the caller's loop, 8 bytes take half the time of Buffer.prototype.copy.
   */
  static copy (source, sourceStart, dest, destStart, copyLength) {
    if (typeof source !== 'object' || source === null || typeof dest !== 'object' || dest === null) return false
    if (!(#view in source && #view in dest) || source.#type !== dest.#type || source.#type === 0) return false
    if (!isUint32(sourceStart) || !isUint32(destStart) || !isUint32(copyLength)) return false
    const from = source.#view
    const to = dest.#view
    const end = sourceStart + copyLength
    if (copyLength === 0 || from[end - 1] === undefined || to[destStart + copyLength - 1] === undefined) return false
    if (copyLength <= LOOP && isInteger(source.#type) && from !== to) {
      let i = sourceStart
      let j = destStart
      for (; i + 4 <= end; i += 4, j += 4) {
        to[j] = from[i]
        to[j + 1] = from[i + 1]
        to[j + 2] = from[i + 2]
        to[j + 3] = from[i + 3]
      }
      for (; i < end; i++, j++) to[j] = from[i]
      return true
    }
    if (sourceStart !== 0 || from[end] !== undefined || copyLength >= LARGE) return false
    set(to, from, destStart)
    return true
  }

  /**
   * The descriptor of element `index`, the same for all small receivers. `this` may also be an object that inherits from
   * one, even a primitive: it reads the elements of its ancestor, and writes to itself.
   */
  static accessorOf (index) {
    const accessor = {
      __proto__: null,
      get () {
        if (isObject(this) && #view in this) {
          const element = this.#view[index]
          if (element !== undefined) return element
        }
        return inherited(this, index)
      },
      set (value) {
        if (isObject(this) && #view in this && this.#view[index] !== undefined) this.#view[index] = value
        else setOwn(this, index, value)
      },
      enumerable: true,
      configurable: true
    }
    getters.add(accessor.get)
    return accessor
  }

  /** Whether a property, given by its descriptor, is one that `accessorOf` has described. */
  static isElement (descriptor) {
    return descriptor !== undefined && hasOwn(descriptor, 'get') && getters.has(descriptor.get)
  }
}

function inherited (heir, index) {
  for (let object = toObject(heir); object !== null; object = getPrototypeOf(object)) {
    const element = Allocation.is(object) ? Allocation.viewOf(object)[index] : undefined
    if (element !== undefined) return element
  }
}

/**
 * What an assignment does to an object on which, and above which, there is no such property; and nothing where it is an
 * element of the object's own whose memory is gone.
 */
function setOwn (object, key, value) {
  const isDone = assign(create(null), key, value, object)
  if (!isDone && !(isObject(object) && hasOwn(object, key))) throw cannotSet(key)
}

module.exports = { Allocation, setOwn }
