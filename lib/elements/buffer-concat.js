'use strict'

// Buffer.concat of Node 20, Node 22 and Deno 2 reads `length`, which External and bare objects do not have. Its Buffer would be
// empty, or have bytes that nobody has written. (Node 24 asks the engine.) So on those runtimes these objects have a hidden
// `length`. It answers the file that Buffer.concat is in. All others read undefined.

const { Buffer } = require('node:buffer')
const { uncurry } = require('../internal/primordials')

const { captureStackTrace } = Error
const { defineProperty } = Reflect
const match = uncurry(RegExp.prototype.exec)

/** Finds the first line of a stack. The group is its file. */
const firstFrame = /\n\s+at (?:[^\n]* \()?([^\n()]+?):\d+:\d+\)?(?:\n|$)/

/** The file that Buffer.concat is in, if it reads `length`; otherwise undefined. */
const fileOfConcat = (() => {
  let file
  const bytes = new Uint8Array(1)
  const get = () => {
    file = callerOf(get)
    return 1
  }
  defineProperty(bytes, 'length', { __proto__: null, get })
  Buffer.concat([bytes])
  return file
})()

/** Whether `callee` was called from the file that Buffer.concat is in. Takes 10 us. */
const isCalledByConcat = (callee) => callerOf(callee) === fileOfConcat

/**
 * The file of the function that has called `callee`. Undefined if the stack does not tell, because the program formats stacks
 * in its own way or wants none. This sets nothing on Error: after a termination it would stay there.
 */
function callerOf (callee) {
  const trace = { __proto__: null }
  captureStackTrace(trace, callee)
  return typeof trace.stack === 'string' ? match(firstFrame, trace.stack)?.[1] : undefined
}

module.exports = { concatReadsLength: typeof fileOfConcat === 'string', isCalledByConcat }
