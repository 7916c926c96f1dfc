'use strict'

// Memory whose maker is unknown: what Node's APIs, other addons and other threads hand out. It goes back to its maker in the
// call that frees it. It does not wait in the cache, where it would keep what its maker wants back. Its pages are not purged
// nor advised: they may be a file's or a device's that an addon has mapped, and are no business of ours.

// isMarkedAsUntransferable is undefined before Node 22.
const { isMarkedAsUntransferable, MessageChannel, MessagePort, receiveMessageOnPort } = require('node:worker_threads')
const { takeBack } = require('../native/binding')
const { invalidReceiver } = require('../internal/errors')
const { transfer, uncurry } = require('../internal/primordials')
const { isDetached } = require('../elements/view-of')

const { TypeError, Uint8Array } = globalThis
const { getPrototypeOf } = Object
const post = uncurry(MessagePort.prototype.postMessage)

/** Node 22 would move what is marked all the same. */
const isMarked = (arrayBuffer) => isMarkedAsUntransferable !== undefined && isMarkedAsUntransferable(arrayBuffer)

/** Moves the memory to a fresh ArrayBuffer. Undefined, and nothing has happened, where it cannot be detached. */
function move (arrayBuffer) {
  if (isMarked(arrayBuffer)) return undefined
  if (transfer === undefined) return moveByPost(arrayBuffer)
  try {
    return transfer(arrayBuffer)
  } catch (error) {
    if (getPrototypeOf(error) !== TypeError.prototype) throw error // a RangeError: the stack has ended
    return undefined
  }
}

/**
 * From this thread to itself, on Node 20: what it posts it moves where it can, and copies where it cannot, in 2 us. One for all
 * calls, and made here, where no timeout ends the execution: half made it would end the process later.
 */
const channel = transfer === undefined ? new MessageChannel() : undefined

function moveByPost (arrayBuffer) {
  if (isDetached(arrayBuffer)) return undefined
  while (receiveMessageOnPort(channel.port2) !== undefined); // what was posted as the execution ended
  post(channel.port1, arrayBuffer, [arrayBuffer])
  const { message } = receiveMessageOnPort(channel.port2)
  return isDetached(arrayBuffer) ? message : undefined
}

/** Detaches the ArrayBuffer and gives its memory back. False, and nothing has happened, where it cannot be detached. */
function free (arrayBuffer) {
  if (isMarked(arrayBuffer)) return false
  if (transfer !== undefined) return takeBack(new Uint8Array(arrayBuffer)) !== null
  const moved = moveByPost(arrayBuffer) // for a native detach does not mind marks
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
