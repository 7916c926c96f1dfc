'use strict'

// What is passed to each API: one object of every kind with the same bytes.

const { alloc, External, sliceOnto, Types, view } = require('../..')

const subclassOf = (Parent) => class Data extends Parent {}

/** A class whose objects have a property of their own, 'length' or 'byteLength', with the value that a view has. */
const classWith = (name, Parent) => class Data extends Parent {
  constructor (length) {
    super(length)
    this[name] = view(this)[name]
  }
}

/** Each makes an object of so many elements; `size` is that of an element, in bytes. */
const kinds = {
  bare: { make: (length) => alloc(length) },
  'bare Uint32': { size: 4, make: (length) => alloc(length, Types.Uint32) },
  External: { make: (length) => new External(length) },
  subclass: { make: (length) => new (subclassOf(External))(length) },
  'own length': { make: (length) => new (classWith('length', External))(length) },
  'own length, Double': { size: 8, make: (length) => new (classWith('length', External.Double))(length) },
  'own byteLength': { make: (length) => new (classWith('byteLength', External))(length) },
  'own byteLength, Uint32': { size: 4, make: (length) => new (classWith('byteLength', External.Uint32))(length) },
  receiver: { isView: false, make: (length) => alloc(length, {}) },
  slice: { isView: false, make: slice }
}
for (const [name, kind] of Object.entries(kinds)) kinds[name] = { isView: true, size: 1, ...kind }

/** That many of a receiver are own properties, as those of a plain object are. */
const OWN_BYTES = 64

function slice (length) {
  const dest = {}
  sliceOnto(alloc(length + 8), dest, 4, 4 + length)
  return dest
}

/** An object of the kind with these bytes; undefined where they are no whole number of elements. */
function objectOf (kind, bytes) {
  const { isView, size, make } = kinds[kind]
  if (!isView) bytes = bytes.subarray(0, OWN_BYTES)
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
