'use strict'

// The stack may end at any call. What changes an object in several steps must not be stopped between two of them, nor
// while it takes back the first: it asks for its stack before it begins.

const binding = require('./binding')

const nothing = () => {}

/** Throws the engine's RangeError where there is not enough stack left to attach or to dispose: see src/stack.rs. */
function needStack () {
  binding.needStack(nothing)
}

module.exports = { needStack }
