'use strict'

const { allocate } = require('../elements/allocate')

/** As `alloc`, but the memory is not zeroed where that saves time. */
function allocUnsafe (length, receiver, type) {
  if (typeof receiver === 'number' && type === undefined) return allocate(length, undefined, receiver, false)
  return allocate(length, receiver, type, false)
}

module.exports = { allocUnsafe }
