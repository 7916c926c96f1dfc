'use strict'

// The stack may end at any call. What changes an object in several steps must not be stopped between two of them, nor
// while it takes back the first: it asks for its stack before it begins.

const { apply } = Reflect
const nothing = () => {}

/**
 * 16 KiB of stack: arguments lie on it, and the engine looks whether they fit. Attaching and disposing take about 2 KiB.
 * To compile a function takes V8 33 KiB more. That is not asked for, it would take 3 us: whose very first dispose is made
 * that near the end of the stack has to dispose once more.
 */
const manyArguments = Array.from({ length: 2048 }, () => 0)

/**
 * Throws the engine's RangeError where there is not that much stack left. Takes 1 us; half as much stack, 0.6 us, was too
 * little once on Node 24.
 */
function needStack () {
  apply(nothing, undefined, manyArguments)
}

module.exports = { needStack }
