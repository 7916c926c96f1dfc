'use strict'

const { isMarkedAsUntransferable } = require('node:worker_threads')
const { Allocation } = require('./allocation')
const { freeBackingStore } = require('./backing-store')
const { invalidArgument, invalidReceiver, noExternalData } = require('./errors')
const { bufferOf, isView, transfer } = require('./intrinsics')
const { detach } = require('./receiver')
const { endSlicesOf, hasSlices } = require('./slice')
const { needStack } = require('./stack')
const { isObject } = require('./validate')
const { isLive } = require('./view')

const { Uint8Array } = globalThis

/**
 * Frees the memory of `obj` in this call: its elements are gone, its views and slices have length 0. A slice only lets
 * go of its source's memory. Once more does nothing.
 */
function dispose (obj) {
  if (!isObject(obj)) throw invalidArgument('obj', 'an object or a function', obj)
  if (!Allocation.is(obj)) throw isView(obj) ? notOurs() : noExternalData('obj')
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
  invalidReceiver('obj', 'must not be a Buffer, a typed array or a DataView: their memory is not smalloc\'s to free')

function free (view) {
  if (!hasSlices(view)) return freeBackingStore(detachable(view))
  needStack()
  freeBackingStore(detachable(view))
  endSlicesOf(view)
}

/**
 * A view of the same memory that can be detached. worker_threads.markAsUntransferable forbids it on Node 24 and later,
 * where napi_detach_arraybuffer ends the process; only `transfer` says no politely. External ArrayBuffers are all marked.
 */
function detachable (view) {
  if (transfer === undefined) return view
  const buffer = bufferOf(view)
  if (!isMarkedAsUntransferable?.(buffer) || !isLive(view)) return view
  needStack()
  try {
    return new Uint8Array(transfer(buffer))
  } catch (error) {
    throw invalidReceiver('obj', 'is marked as untransferable')
  }
}

module.exports = { dispose }
