'use strict'

const { dispose, sliceOnto, view } = require('../..')

/** Moves the memory of `object` to another ArrayBuffer without this package; returns that ArrayBuffer. */
function detachElsewhere (object) {
  const { buffer } = view(object)
  return buffer.transfer === undefined ? structuredClone(buffer, { transfer: [buffer] }) : buffer.transfer()
}

function disposed (object) {
  dispose(object)
  return object
}

/** `dest` with a slice of all elements of `source`. */
function sliceOf (source, dest = {}) {
  sliceOnto(source, dest)
  return dest
}

module.exports = { detachElsewhere, disposed, sliceOf }
