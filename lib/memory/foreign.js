'use strict'

// Memory that others made: Node's APIs, other addons, other threads. The call that frees it gives it back to its maker. It does
// not wait in the cache, because its maker may want it back. Nothing is done to its pages, because an addon may have mapped a
// file or a device there.

// isMarkedAsUntransferable is undefined before Node 22.
const { isMarkedAsUntransferable, MessageChannel, MessagePort, receiveMessageOnPort } = require('node:worker_threads')
const { invalidArgValue } = require('../internal/errors')
const { transfer, uncurry } = require('../internal/primordials')
const { needStack, takeBack } = require('../native/binding')
const { isDetached } = require('./detached')

const post = uncurry(MessagePort.prototype.postMessage)

/** Asked for first, because Node 22 moves even memory that is marked. */
const isMarked = (arrayBuffer) => isMarkedAsUntransferable !== undefined && isMarkedAsUntransferable(arrayBuffer)

/** Moves the memory to a fresh ArrayBuffer. Undefined, and nothing has happened, if it cannot be detached. */
function tryMove (arrayBuffer) {
  if (isMarked(arrayBuffer)) return undefined
  if (transfer === undefined) return moveByPost(arrayBuffer)
  try {
    return transfer(arrayBuffer)
  } catch (error) {
    needStack() // which throws the engine's error, if a lack of stack was the reason
    return undefined
  }
}

/**
 * On Node 20 this thread posts memory to itself, which takes 2 us. Node moves what it can, and copies the rest. There is one
 * channel, made while this file loads: a timeout of node:vm could leave one half made, and Node would abort later.
 */
const channel = transfer === undefined ? new MessageChannel() : undefined

function moveByPost (arrayBuffer) {
  if (isDetached(arrayBuffer)) return undefined
  receiveMessageOnPort(channel.port2) // what a call that a termination has ended may have left: one message at most
  try {
    post(channel.port1, arrayBuffer, [arrayBuffer])
  } catch (error) {
    needStack() // which throws the engine's error, if a lack of stack was the reason
    return undefined // Node could not copy what it cannot move
  }
  const { message } = receiveMessageOnPort(channel.port2)
  return isDetached(arrayBuffer) ? message : undefined
}

/** Detaches the ArrayBuffer and gives its memory back. False, and nothing has happened, if it cannot be detached. */
function tryFree (arrayBuffer) {
  if (isMarked(arrayBuffer)) return false
  if (transfer !== undefined) return takeBack(arrayBuffer)
  const moved = moveByPost(arrayBuffer) // because a native detach ignores the mark as untransferable
  if (moved !== undefined) takeBack(moved)
  return moved !== undefined
}

/** The error that says why the argument `name` cannot be detached. */
function undetachable (name, arrayBuffer) {
  if (isDetached(arrayBuffer)) return invalidArgValue(name, 'has lost its memory meanwhile')
  if (isMarkedAsUntransferable === undefined) {
    return invalidArgValue(name, 'has memory that cannot be detached: it is marked as untransferable, or WebAssembly\'s')
  }
  return invalidArgValue(name, isMarked(arrayBuffer)
    ? 'has memory that cannot be detached: it is marked as untransferable'
    : 'has memory that cannot be detached: it is WebAssembly\'s')
}

module.exports = { isMarked, tryFree, tryMove, undetachable }
