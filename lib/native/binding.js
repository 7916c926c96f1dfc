'use strict'

// The functions of the native addon, for the other files: src/lib.rs lists and describes them.

const { isMainThread } = require('node:worker_threads')
const native = require('./addon')

/** Whether SMALLOC_GUARD=1: every allocation is in pages of its own, on all threads of the process. See src/guard.rs. */
const isGuarded = native.isGuardOn()

/** Whether SMALLOC_TRACE=1: places of allocations are noted. See ../memory/trace.js. */
const isTraced = process.env.SMALLOC_TRACE === '1'

/**
 * Whether Rust may lend blocks to this thread. Not if the user asks for engine memory. Not to a worker: it could transfer a
 * block to another thread, and Node frees the block when the worker ends. See src/array_buffer.rs.
 */
const mayLend = isGuarded || (process.env.SMALLOC_ENGINE_MEMORY !== '1' && isMainThread)

const nothing = () => {}

/**
 * Throws the engine's RangeError if the stack that is left is not enough to attach or to dispose: see src/stack.rs. A function
 * that changes an object in several steps must not stop between two of them, nor while it undoes the first. So it asks for all
 * the stack that it needs before it begins.
 */
const needStack = () => native.needStack(nothing)

module.exports = { ...native, isGuarded, isTraced, mayLend, needStack }
