'use strict'

// What happens before a program gets the ArrayBuffer of an allocation.

const { bufferOf } = require('../internal/primordials')
const { HandedOut } = require('../memory/brands')
const { Allocation } = require('./allocation')

/**
 * Brands the ArrayBuffer of `view`, the view of `object`, so that disposeBuffer and adopt know that it is an allocation's. A
 * slice's has the brand of its source already, and none if the source is a Buffer.
 */
function handOut (object, view) {
  if (!Allocation.is(object) || !Allocation.ownsMemory(object)) return
  const arrayBuffer = bufferOf(view)
  if (!HandedOut.is(arrayBuffer)) new HandedOut(arrayBuffer)
}

module.exports = { handOut }
