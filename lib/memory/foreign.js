'use strict'

// Memory whose maker is unknown: what Node's APIs, other addons and other threads hand out. It goes back to its maker in the
// call that frees it. It does not wait in the cache, where it would keep what its maker wants back. Its pages are not purged
// nor advised: they may be a file's or a device's that an addon has mapped, and are no business of ours.

const { isMarkedAsUntransferable } = require('node:worker_threads') // undefined before Node 22
const { takeBack } = require('../native/binding')
const { invalidReceiver } = require('../internal/errors')
const { transfer } = require('../internal/primordials')
const { isDetached } = require('../elements/view-of')

const { structuredClone, TypeError, Uint8Array } = globalThis
const { getPrototypeOf } = Object

/** Node 22 would move what is marked all the same. */
const isMarked = (arrayBuffer) => isMarkedAsUntransferable !== undefined && isMarkedAsUntransferable(arrayBuffer)

/** Moves the memory to a fresh ArrayBuffer. Undefined, and nothing has happened, where it cannot be detached. */
function move (arrayBuffer) {
  if (isMarked(arrayBuffer)) return undefined
  if (transfer === undefined) return moveByClone(arrayBuffer)
  try {
    return transfer(arrayBuffer)
  } catch (error) {
    if (getPrototypeOf(error) !== TypeError.prototype) throw error // a RangeError: the stack has ended
    return undefined
  }
}

/** Node 20 moves what it can, and copies what it cannot; of what is detached it makes an empty one. */
function moveByClone (arrayBuffer) {
  if (isDetached(arrayBuffer)) return undefined
  const moved = structuredClone(arrayBuffer, { __proto__: null, transfer: [arrayBuffer] })
  return isDetached(arrayBuffer) ? moved : undefined
}

/** Detaches the ArrayBuffer and gives its memory back. False, and nothing has happened, where it cannot be detached. */
function free (arrayBuffer) {
  if (isMarked(arrayBuffer)) return false
  if (transfer !== undefined) return takeBack(new Uint8Array(arrayBuffer)) !== null
  const moved = moveByClone(arrayBuffer) // for a native detach does not mind marks
  if (moved !== undefined) takeBack(new Uint8Array(moved))
  return moved !== undefined
}

/** The error that says why the argument `name` cannot be detached. */
function undetachable (name, arrayBuffer) {
  if (isDetached(arrayBuffer)) return invalidReceiver(name, 'has lost its memory meanwhile')
  if (isMarkedAsUntransferable === undefined) {
    return invalidReceiver(name, 'has memory that cannot be detached: it is marked as untransferable, or WebAssembly\'s')
  }
  return invalidReceiver(name, isMarked(arrayBuffer)
    ? 'has memory that cannot be detached: it is marked as untransferable'
    : 'has memory that cannot be detached: it is WebAssembly\'s')
}

module.exports = { free, move, undetachable }
