'use strict'

// What is passed to each API: one object of every kind with the same bytes.

const { alloc, External, sliceOnto, Types, view } = require('../..')

const classes = {
  plain: (Parent) => class Data extends Parent {},
  length: (Parent) => class Data extends Parent {
    constructor (length) {
      super(length)
      this.length = length
    }
  },
  byteLength: (Parent) => class Data extends Parent {
    constructor (length) {
      super(length)
      this.byteLength = view(this).byteLength
    }
  }
}

const isView = true

/** Each makes an object of so many elements; `size` is that of an element, in bytes. */
const kinds = {
  bare: { isView, size: 1, make: (length) => alloc(length) },
  'bare Uint32': { isView, size: 4, make: (length) => alloc(length, Types.Uint32) },
  External: { isView, size: 1, make: (length) => new External(length) },
  subclass: { isView, size: 1, make: (length) => new (classes.plain(External))(length) },
  'own length': { isView, size: 1, make: (length) => new (classes.length(External))(length) },
  'own length, Double': { isView, size: 8, make: (length) => new (classes.length(External.Double))(length) },
  'own byteLength': { isView, size: 1, make: (length) => new (classes.byteLength(External))(length) },
  'own byteLength, Uint32': { isView, size: 4, make: (length) => new (classes.byteLength(External.Uint32))(length) },
  receiver: { isView: false, size: 1, make: (length) => alloc(length, {}) },
  slice: { isView: false, size: 1, make: (length) => slice(length) }
}

/** In bytes: that many of a receiver are own properties, as those of a plain object are. */
const OWN_ELEMENTS = 64

function slice (length) {
  const dest = {}
  sliceOnto(alloc(length + 8), dest, 4, 4 + length)
  return dest
}

/** An object of the kind with these bytes; undefined where they are no whole number of elements. */
function objectOf (kind, bytes) {
  const { isView, size, make } = kinds[kind]
  if (!isView) bytes = bytes.subarray(0, OWN_ELEMENTS)
  if (bytes.length % size !== 0) return undefined
  const object = make(bytes.length / size)
  bytesOf(object).set(bytes)
  return object
}

/** What takes its place in the call that shows what is right. */
function peerOf (kind, object) {
  return kinds[kind].isView ? view(object) : { ...object }
}

/** Its memory, as bytes. */
function bytesOf (object) {
  const { buffer, byteOffset, byteLength } = view(object)
  return new Uint8Array(buffer, byteOffset, byteLength)
}

module.exports = { kinds, objectOf, peerOf, bytesOf }
