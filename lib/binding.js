'use strict'

// What the native addon offers to the other files.

const { isMainThread } = require('node:worker_threads')
const native = require('./addon')
const { incompleteAddon } = require('./errors')

const names = [
  'lend', 'hasRoom', 'mallocHasKept', 'takeBack', 'engineFreed', 'copyBytes', 'needStack', 'runChange', 'depthOfChange', 'turned',
  'lentBlocks', 'lentBytes'
]
// What the addon sets on its exports, a setter on Object.prototype may have caught. Better now than when it is called.
for (const name of names) if (!Object.hasOwn(native, name)) throw incompleteAddon(name)

/**
 * Whether blocks may be lent at all. Not where the user asks for engine memory; and not to a worker, which could pass one
 * on to another thread, for Node frees it when the worker ends: see src/external.rs.
 */
const mayLend = process.env.SMALLOC_ENGINE_MEMORY !== '1' && isMainThread

/** What Rust has lent out in this process, on all threads: the number of blocks and their bytes. */
function memoryUsage () {
  return { blocks: native.lentBlocks(), bytes: native.lentBytes() }
}

module.exports = {
  lend: native.lend,
  hasRoom: native.hasRoom,
  mallocHasKept: native.mallocHasKept,
  takeBack: native.takeBack,
  engineFreed: native.engineFreed,
  copyBytes: native.copyBytes,
  needStack: native.needStack,
  runChange: native.runChange,
  depthOfChange: native.depthOfChange,
  turned: native.turned,
  mayLend,
  memoryUsage
}
