'use strict'

// What happens before a program gets the ArrayBuffer of an allocation.

const { bufferOf } = require('../internal/primordials')
const { HandedOut } = require('../memory/brands')
const { Allocation } = require('./allocation')

/**
 * Brands the ArrayBuffer of `view`, the view of `object`, so that disposeBuffer and adopt know that it is an allocation's. The
 * ArrayBuffer of a slice is its source's: an allocation's has the brand already, and a Buffer's must not get it.
 */
function handOut (object, view) {
  if (!Allocation.is(object) || !Allocation.ownsMemory(object)) return
  const arrayBuffer = bufferOf(view)
  if (!HandedOut.is(arrayBuffer)) new HandedOut(arrayBuffer)
}

module.exports = { handOut }
