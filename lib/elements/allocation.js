'use strict'

// The brand that every allocation carries.

const { Brand } = require('../internal/brand')
const { cannotSet } = require('../internal/errors')
const { bufferOf, set, SafeWeakSet } = require('../internal/primordials')
const { Types } = require('../internal/types')
const { isObject } = require('../internal/validate')
const { takeBack } = require('../native/binding')

const { create, getPrototypeOf, hasOwn } = Object
const { set: assign } = Reflect
const toObject = Object

/** Up to this length a plain loop is faster than a call of %TypedArray%.prototype.set. */
const LOOP_LIMIT_ELEMENTS = 16

/** The same for a part of the source. There `set` needs a typed array over that part: 150 ns for 64 bytes, the loop 80 (Node 24). */
const PART_LOOP_LIMIT_ELEMENTS = 64

/** From this length on the copy may be one for Rust. */
const LARGE_COPY_ELEMENTS = 4 << 20

/** The getters of small receivers' elements: they tell our accessors from others. */
const getters = new SafeWeakSet()

/** The view of all disposed objects. It is detached, as every view of freed memory is. */
const GONE = new Uint8Array(0)
takeBack(bufferOf(GONE))

const NEVER_ALLOCATED = -1

/**
 * Whether the plain loop may copy elements of this type. It moves them as numbers: NaNs of Float16, Float and Double might
 * change their bits. BigInts are left out because V8 compiles the loop for one kind of value.
 */
const isInteger = (type) => type < Types.Float || type === Types.Uint8Clamped

/** `>>>` alone would convert an object, which runs code of the caller's. */
const isUint32 = (value) => typeof value === 'number' && value >>> 0 === value

class Allocation extends Brand {
  /** The typed array that holds the elements. External and bare objects are their own view until they are disposed. */
  #view
  /** One of Types if the object owns its memory; 0 for a slice; NEVER_ALLOCATED until the first allocation has succeeded. */
  #type
  /**
   * For receivers: an Attachment (see receiver.js). For External and bare objects: the ArrayBuffer under them, if they are not in
   * V8's heap. It is kept because asking the engine takes 40 ns.
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

  /** The ArrayBuffer of a live External or bare object, if it is known without asking the engine. */
  static knownBufferOf (object) {
    return object.#view === object ? object.#attachment : undefined
  }

  /** Gives the object its brand, but no elements yet. If they never come, the attachment says what must be taken off again. */
  static begin (object, attachment) {
    if (#view in object) object.#attachment = attachment
    else new Allocation(object, GONE, NEVER_ALLOCATED, attachment)
  }

  static attach (object, view, type) {
    object.#type = type
    object.#view = view
  }

  static isDisposed (object) {
    return object.#view === GONE
  }

  /** Takes the elements away. The attachment stays until everything that it has put on the object is off: see `forget`. */
  static clear (object) {
    if (object.#view === object) object.#attachment = undefined
    object.#view = GONE
  }

  static forget (object) {
    object.#attachment = undefined
  }

  /** False for a slice. */
  static ownsMemory (object) {
    return object.#type > 0
  }

  /** Whether no allocation has ever succeeded. */
  static neverWas (object) {
    return object.#type === NEVER_ALLOCATED
  }

  /**
   * The common case of copyOnto: two allocations of one type, and either few elements or all of the source. In any other case,
   * which includes every error, it does nothing and returns false.
   *
   * It reads no lengths: if an element is not undefined, it is in range and its view is not detached. So V8 can inline all of
   * this into the caller's loop, and 8 bytes take half the time of Buffer.prototype.copy.
   */
  static copy (source, sourceStart, dest, destStart, copyLength) {
    if (typeof source !== 'object' || source === null || typeof dest !== 'object' || dest === null) return false
    if (!(#view in source && #view in dest) || source.#type !== dest.#type || source.#type === 0) return false
    if (!isUint32(sourceStart) || !isUint32(destStart) || !isUint32(copyLength)) return false
    const from = source.#view
    const to = dest.#view
    const end = sourceStart + copyLength
    if (copyLength === 0 || from[end - 1] === undefined || to[destStart + copyLength - 1] === undefined) return false
    const isWhole = sourceStart === 0 && from[end] === undefined
    if (copyLength <= (isWhole ? LOOP_LIMIT_ELEMENTS : PART_LOOP_LIMIT_ELEMENTS) && isInteger(source.#type) && from !== to) {
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
    if (!isWhole || copyLength >= LARGE_COPY_ELEMENTS) return false
    set(to, from, destStart)
    return true
  }

  /**
   * The descriptor of element `index`, which all small receivers share. `this` may also be an heir of a receiver, even a
   * primitive. An heir reads the elements of its ancestor, and writes to itself.
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

  /** Whether this is the getter of a property that `accessorOf` has described. */
  static isGetter (value) {
    return getters.has(value)
  }
}

function inherited (heir, index) {
  for (let object = toObject(heir); object !== null; object = getPrototypeOf(object)) {
    const element = Allocation.is(object) ? Allocation.viewOf(object)[index] : undefined
    if (element !== undefined) return element
  }
}

/**
 * Assigns as if neither the object nor its prototypes had this property yet. Does nothing if the property is the object's own
 * element and the memory is gone.
 */
function setOwn (object, key, value) {
  const isDone = assign(create(null), key, value, object)
  if (!isDone && !(isObject(object) && hasOwn(object, key))) throw cannotSet(key)
}

module.exports = { Allocation, setOwn }
