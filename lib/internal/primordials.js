'use strict'

// Methods and classes of the engine, taken before other code can change them. Our objects have no methods of typed arrays,
// because they do not inherit from %TypedArray%.prototype: these functions take the object as their first argument. Functions
// that need no object, such as Math.floor, are taken at the head of each file.

const { bind, call } = Function.prototype
const { prototype } = Object.getPrototypeOf(Uint8Array)
const uncurry = (method) => call.bind(method)
const getter = (name) => uncurry(Object.getOwnPropertyDescriptor(prototype, name).get)

const ofDataView = (name) => uncurry(Object.getOwnPropertyDescriptor(DataView.prototype, name).get)

/** Undefined if this runtime has no such getter. It throws for a SharedArrayBuffer. */
const ofArrayBuffer = (name) => {
  const get = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, name)?.get
  return get && uncurry(get)
}

/** A subclass that keeps the methods of today: nobody else can reach its prototype. */
function ownCopyOf (Class) {
  // Without a constructor of its own, Node 20 goes through Array.prototype[Symbol.iterator], which a program may have replaced.
  class Own extends Class {
    constructor (argument) {
      super(argument)
    }
  }
  const { prototype } = Own
  Object.defineProperties(prototype, { ...Object.getOwnPropertyDescriptors(Class.prototype), constructor: { value: Own } })
  Object.setPrototypeOf(prototype, null)
  return Own
}

module.exports = {
  uncurry,
  /** In elements; 0 once detached. */
  lengthOf: getter('length'),
  /** In bytes. */
  byteOffsetOf: getter('byteOffset'),
  byteLengthOf: getter('byteLength'),
  bufferOf: getter('buffer'),
  bufferOfDataView: ofDataView('buffer'),
  /** Throws if it is detached. */
  byteLengthOfDataView: ofDataView('byteLength'),
  byteLengthOfBuffer: uncurry(Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get),
  /** 'Uint8Array' and the like; undefined if it is no typed array. */
  typedArrayNameOf: uncurry(Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag).get),
  fill: uncurry(prototype.fill),
  set: uncurry(prototype.set),
  subarray: uncurry(prototype.subarray),
  isView: ArrayBuffer.isView,
  valueOf: uncurry(Object.prototype.valueOf),
  /** The getter of a property, own or inherited. */
  getterOf: uncurry(Object.prototype.__lookupGetter__),
  /** Undefined before V8 14. */
  isImmutable: ofArrayBuffer('immutable'),
  resizable: ofArrayBuffer('resizable'),
  /** Undefined before Node 22. */
  detached: ofArrayBuffer('detached'),
  bind: uncurry(bind),
  /** Undefined before Node 22. */
  transfer: ArrayBuffer.prototype.transfer && uncurry(ArrayBuffer.prototype.transfer),
  SafeFinalizationRegistry: ownCopyOf(FinalizationRegistry),
  SafeMap: ownCopyOf(Map),
  SafeWeakMap: ownCopyOf(WeakMap),
  SafeWeakRef: ownCopyOf(WeakRef),
  SafeWeakSet: ownCopyOf(WeakSet)
}
