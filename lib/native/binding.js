'use strict'

// What the native addon offers to the other files.

const { isMainThread } = require('node:worker_threads')
const native = require('./addon')
const { incompleteAddon, noGuard } = require('../internal/errors')

const names = [
  'lend', 'makeRoom', 'mayReuse', 'takeBack', 'adviseHuge', 'purge', 'copyBytes', 'needStack', 'runChange', 'changeDepth',
  'resetBudget', 'isGuardOn', 'notePlace', 'lentBlocks', 'lentBytes', 'addCached', 'cachedBytes', 'trim'
]
for (const name of names) {
  // What the addon sets on its exports, a setter on Object.prototype may have caught. Better now than when it is called.
  if (!Object.hasOwn(native, name)) throw incompleteAddon(name)
  Object.defineProperty(module.exports, name, { value: native[name], enumerable: true })
}

const guard = native.isGuardOn()
if (guard === null) throw noGuard()

/** Whether every allocation is in pages of its own, on every thread: see src/guard.rs. The same for the whole process. */
module.exports.isGuarded = guard

/** Whether places are noted: see ../memory/trace.js. */
module.exports.isTraced = process.env.SMALLOC_TRACE === '1'

/**
 * Whether blocks may be lent at all. Not where the user asks for engine memory; and not to a worker, which could pass one
 * on to another thread, for Node frees it when the worker ends: see src/array_buffer.rs.
 */
module.exports.mayLend = guard || (process.env.SMALLOC_ENGINE_MEMORY !== '1' && isMainThread)
