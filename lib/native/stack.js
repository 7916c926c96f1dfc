'use strict'

// The stack may be full at any call. A function that changes an object in several steps must not stop between two of them, nor
// while it undoes the first. So it asks for all the stack that it needs before it begins.

const binding = require('./binding')

const nothing = () => {}

/** Throws the engine's RangeError if the stack that is left is not enough to attach or to dispose: see src/stack.rs. */
function needStack () {
  binding.needStack(nothing)
}

module.exports = { needStack }
