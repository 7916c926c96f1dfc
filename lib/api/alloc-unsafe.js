'use strict'

const { allocate } = require('../elements/allocate')

/** As alloc, with memory that is not zeroed, where that is faster. */
function allocUnsafe (length, receiver, type) {
  if (typeof receiver === 'number' && type === undefined) return allocate(length, undefined, receiver, false)
  return allocate(length, receiver, type, false)
}

module.exports = { allocUnsafe }
