'use strict'

const { Allocation } = require('./allocation')
const { HandedOut } = require('../memory/brands')
const { bufferOf } = require('../internal/primordials')

/**
 * Marks the ArrayBuffer of `view`, which is that of `object`, so that disposeBuffer and adopt know it for an allocation's. Not
 * that of a slice: it has its source's mark, and none where the source is a Buffer.
 */
function handOut (object, view) {
  if (!Allocation.is(object) || !Allocation.ownsMemory(object)) return
  const arrayBuffer = bufferOf(view)
  if (!HandedOut.is(arrayBuffer)) new HandedOut(arrayBuffer)
}

module.exports = { handOut }
