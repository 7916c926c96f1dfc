'use strict'

// What the engine's typed arrays know of themselves, taken before other code can change it. The methods are found on
// no object of ours: External and bare objects do not inherit from %TypedArray%.prototype.

const { call } = Function.prototype
const { prototype } = Object.getPrototypeOf(Uint8Array)
const uncurry = (method) => call.bind(method)
const getter = (name) => uncurry(Object.getOwnPropertyDescriptor(prototype, name).get)

module.exports = {
  /** In elements; 0 once detached. */
  lengthOf: getter('length'),
  /** In bytes. */
  byteOffsetOf: getter('byteOffset'),
  byteLengthOf: getter('byteLength'),
  bufferOf: getter('buffer'),
  /** 'Uint8Array' and the like; undefined for what is no typed array. */
  kindOf: uncurry(Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag).get),
  fill: uncurry(prototype.fill),
  set: uncurry(prototype.set),
  subarray: uncurry(prototype.subarray),
  copyWithin: uncurry(prototype.copyWithin),
  isView: ArrayBuffer.isView
}
