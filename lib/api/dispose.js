'use strict'

const { Allocation } = require('../elements/allocation')
const { whoHasIt } = require('../elements/no-data')
const { takeOff } = require('../elements/receiver')
const { endSlicesOf, hasSlices } = require('../elements/slices')
const { invalidArgType, invalidArgValue, noExternalData } = require('../internal/errors')
const { isView } = require('../internal/primordials')
const { isObject } = require('../internal/validate')
const { freeBackingStore } = require('../memory/backing-store')
const { isLive } = require('../memory/detached')
const { needStack } = require('../native/binding')

/**
 * Frees the memory of `obj` in this call: its elements are gone, and its views and slices have length 0. If `obj` is a slice,
 * nothing is freed, because the memory is its source's. A second call does nothing.
 */
function dispose (obj) {
  if (!isObject(obj)) throw invalidArgType('obj', 'an object or a function', obj)
  if (!Allocation.is(obj)) throw isView(obj) ? notOurs() : noExternalData('obj', whoHasIt(obj))
  const view = Allocation.viewOf(obj)
  if (view === obj) return free(view)
  const attachment = Allocation.attachmentOf(obj)
  if (attachment === undefined) {
    if (Allocation.neverWas(obj)) throw noExternalData('obj')
    return // disposed before
  }
  const ownsMemory = Allocation.ownsMemory(obj)
  needStack()
  try {
    if (ownsMemory) free(view)
  } finally {
    // A trap of a slice may have disposed the object, and allocated it anew.
    const isTheSame = Allocation.attachmentOf(obj) === attachment
    if (isTheSame && (!isLive(view) || !ownsMemory)) takeOff(obj)
  }
}

const notOurs = () =>
  invalidArgValue('obj', 'must not be a Buffer, a typed array or a DataView: dispose the object, not its view; for memory that ' +
    'is not smalloc\'s, use disposeBuffer')

function free (view) {
  if (!hasSlices(view)) return freeMemory(view)
  needStack()
  freeMemory(view)
  endSlicesOf(view)
}

function freeMemory (view) {
  if (!Allocation.is(view)) return freeBackingStore(view) // a receiver's
  freeBackingStore(view, Allocation.knownBufferOf(view))
  Allocation.clear(view) // so that errors can say "disposed", not "transferred"
}

module.exports = { dispose }
