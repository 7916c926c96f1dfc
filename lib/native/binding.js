'use strict'

// What the native addon offers to the other files.

const { isMainThread } = require('node:worker_threads')
const native = require('./addon')
const { incompleteAddon } = require('../internal/errors')

const names = [
  'lend', 'hasRoom', 'mayReuse', 'takeBack', 'adviseHuge', 'purge', 'copyBytes', 'needStack', 'runChange', 'depthOfChange',
  'turned', 'guardIsOn', 'notePlace', 'lentBlocks', 'lentBytes', 'tellCached', 'cachedBytes', 'trim'
]
for (const name of names) {
  // What the addon sets on its exports, a setter on Object.prototype may have caught. Better now than when it is called.
  if (!Object.hasOwn(native, name)) throw incompleteAddon(name)
  Object.defineProperty(module.exports, name, { value: native[name], enumerable: true })
}

/** Whether every allocation is in pages of its own, on every thread: see src/guard.rs. The same for the whole process. */
const isGuarded = native.guardIsOn()
module.exports.isGuarded = isGuarded

/** Whether places are noted: see ../memory/trace.js. */
module.exports.isTraced = process.env.SMALLOC_TRACE === '1'

/**
 * Whether blocks may be lent at all. Not where the user asks for engine memory; and not to a worker, which could pass one
 * on to another thread, for Node frees it when the worker ends: see src/array_buffer.rs.
 */
module.exports.mayLend = isGuarded || (process.env.SMALLOC_ENGINE_MEMORY !== '1' && isMainThread)
