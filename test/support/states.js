'use strict'

const { dispose, view } = require('../..')

/** Moves the memory of `object` to another ArrayBuffer without this package; returns that ArrayBuffer. */
function detachElsewhere (object) {
  const { buffer } = view(object)
  return buffer.transfer === undefined ? structuredClone(buffer, { transfer: [buffer] }) : buffer.transfer()
}

function disposed (object) {
  dispose(object)
  return object
}

module.exports = { detachElsewhere, disposed }
