'use strict'

const { markAsUntransferable } = require('node:worker_threads')
const { dispose, view } = require('../..')

/** Moves the memory of `object` to another ArrayBuffer without this package; returns that ArrayBuffer. */
function detachElsewhere (object) {
  const { buffer } = view(object)
  return buffer.transfer === undefined ? structuredClone(buffer, { transfer: [buffer] }) : buffer.transfer()
}

function transferred (object) {
  detachElsewhere(object)
  return object
}

function disposed (object) {
  dispose(object)
  return object
}

function untransferable () {
  const arrayBuffer = new Uint8Array(100).fill(7).buffer
  markAsUntransferable(arrayBuffer)
  return arrayBuffer
}

/** ArrayBuffers that no call may detach, each with the reason that an error gives. */
const unmovable = {
  'shared memory': [() => new SharedArrayBuffer(10), /must not be shared/],
  'WebAssembly\'s memory': [() => new WebAssembly.Memory({ initial: 1 }).buffer, /WebAssembly's$/],
  'what is marked as untransferable': [untransferable, /it is marked as untransferable/],
  'Node\'s pool itself': [() => Buffer.from('abc').buffer, /marked as untransferable/]
}

module.exports = { detachElsewhere, transferred, disposed, unmovable }
