'use strict'

const { Allocation } = require('./allocation')
const { freeBackingStore } = require('./backing-store')
const { invalidArgument, invalidReceiver, noExternalData } = require('./errors')
const { isView } = require('./intrinsics')
const { whoHasIt } = require('./no-data')
const { detach } = require('./receiver')
const { endSlicesOf, hasSlices } = require('./slice')
const { needStack } = require('./stack')
const { isObject } = require('./validate')
const { isLive } = require('./view')

/**
 * Frees the memory of `obj` in this call: its elements are gone, its views and slices have length 0. A slice only lets
 * go of its source's memory. Once more does nothing.
 */
function dispose (obj) {
  if (!isObject(obj)) throw invalidArgument('obj', 'an object or a function', obj)
  if (!Allocation.is(obj)) throw isView(obj) ? notOurs() : noExternalData('obj', whoHasIt(obj))
  const view = Allocation.viewOf(obj)
  if (view === obj) return free(view)
  const attachment = Allocation.attachmentOf(obj)
  if (attachment === undefined) {
    if (Allocation.neverWas(obj)) throw noExternalData('obj')
    return // disposed before
  }
  needStack()
  try {
    if (attachment.ownsMemory) free(view)
  } finally {
    if (!isLive(view) || !attachment.ownsMemory) detach(obj)
  }
}

const notOurs = () =>
  invalidReceiver('obj', 'must not be a Buffer, a typed array or a DataView: dispose the object, not its view; no other ' +
    'memory is smalloc\'s to free')

function free (view) {
  if (!hasSlices(view)) return release(view)
  needStack()
  release(view)
  endSlicesOf(view)
}

function release (view) {
  if (!Allocation.is(view)) return freeBackingStore(view) // a receiver's
  freeBackingStore(view, Allocation.knownBufferOf(view))
  Allocation.release(view) // from now on it is known from what was transferred
}

module.exports = { dispose }
