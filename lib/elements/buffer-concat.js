'use strict'

// Buffer.concat of Node 20, Node 22 and Deno 2 reads `length`, which External and bare objects do not have: it would make
// a Buffer that is empty, or one with bytes that nobody has written. (Node 24 asks the engine.) There, and nowhere else,
// they have a hidden `length` that answers the file with Buffer.concat; everybody else reads undefined.

const { Buffer } = require('node:buffer')
const { uncurry } = require('../internal/primordials')

const { captureStackTrace } = Error
const { defineProperty } = Reflect
const match = uncurry(RegExp.prototype.exec)

/** Of a stack: the file is the group. */
const firstFrame = /\n\s+at (?:[^\n]* \()?([^\n()]+?):\d+:\d+\)?(?:\n|$)/

/** The file that Buffer.concat is in, where it reads `length`; otherwise undefined. */
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

/** Whether the file with Buffer.concat has called `callee`. Takes 10 us. */
const isCalledByConcat = (callee) => callerOf(callee) === fileOfConcat

/**
 * The file of the function that has called `callee`, where the stack tells: it does not where a program formats stacks in
 * its own way, or wants none. Nothing is set on Error for that: a termination could leave it there.
 */
function callerOf (callee) {
  const trace = { __proto__: null }
  captureStackTrace(trace, callee)
  return typeof trace.stack === 'string' ? match(firstFrame, trace.stack)?.[1] : undefined
}

module.exports = { concatReadsLength: typeof fileOfConcat === 'string', isCalledByConcat }
