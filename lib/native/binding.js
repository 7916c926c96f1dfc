'use strict'

// The functions of the native addon, for the other files.

const { isMainThread } = require('node:worker_threads')
const native = require('./addon')
const { incompleteAddon } = require('../internal/errors')

const names = [
  'lend', 'makeRoom', 'mayReuse', 'takeBack', 'isDetached', 'adviseHuge', 'purge', 'copyBytes', 'needStack', 'runChange',
  'changeDepth', 'resetBudget', 'isGuardOn', 'notePlace', 'lentBlocks', 'lentBytes', 'addCached', 'cachedBytes', 'trim'
]
for (const name of names) {
  // A setter on Object.prototype may have caught what the addon set on its exports. Better to know now than at the first call.
  if (!Object.hasOwn(native, name)) throw incompleteAddon(name)
  Object.defineProperty(module.exports, name, { value: native[name], enumerable: true })
}

/** Whether SMALLOC_GUARD=1: every allocation is in pages of its own, on all threads of the process. See src/guard.rs. */
const isGuarded = native.isGuardOn()
module.exports.isGuarded = isGuarded

/** Whether SMALLOC_TRACE=1: places of allocations are noted. See ../memory/trace.js. */
module.exports.isTraced = process.env.SMALLOC_TRACE === '1'

/**
 * Whether Rust may lend blocks to this thread. Not if the user asks for engine memory. Not to a worker: it could transfer a
 * block to another thread, and Node frees the block when the worker ends. See src/array_buffer.rs.
 */
module.exports.mayLend = isGuarded || (process.env.SMALLOC_ENGINE_MEMORY !== '1' && isMainThread)
