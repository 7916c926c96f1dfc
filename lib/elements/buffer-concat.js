'use strict'

// Buffer.concat of Node 20, Node 22 and Deno 2 reads `length`, which External and bare objects do not have. Its Buffer would be
// empty, or have bytes that nobody has written. (Node 24 asks the engine.) So on those runtimes these objects have a hidden
// `length`. Its getter returns the length only if code of the file that has Buffer.concat calls it; otherwise undefined.

const { Buffer } = require('node:buffer')
const vm = require('node:vm')

const { defineProperty } = Reflect

/** Calls Buffer.concat with one byte. `get` is the getter of its `length`. */
function concatOneByte (get) {
  const bytes = new Uint8Array(1)
  defineProperty(bytes, 'length', { __proto__: null, get })
  Buffer.concat([bytes])
}

const concatReadsLength = (() => {
  let isRead = false
  concatOneByte(() => {
    isRead = true
    return 1
  })
  return isRead
})()

/**
 * Makes the function `callerOf(callee)`: the file of the function that has called `callee`. It uses the Error of a context of
 * its own, because the program may format its stacks in its own way or want none (`Error.stackTraceLimit = 0`).
 */
const makeCallerOf = () => vm.runInNewContext(`
  Error.stackTraceLimit = 1
  Error.prepareStackTrace = (_, frames) => frames[0]?.getFileName()
  const { captureStackTrace } = Error
  ;(callee) => {
    const trace = {}
    captureStackTrace(trace, callee)
    return trace.stack
  }`)

/** Made when first needed: the context takes 1 ms. */
let callerOf
let fileOfConcat

/** Whether `callee` was called from the file that Buffer.concat is in. */
function isCalledByConcat (callee) {
  if (callerOf === undefined) prepare()
  return callerOf(callee) === fileOfConcat
}

function prepare () {
  const made = makeCallerOf()
  concatOneByte(function get () {
    fileOfConcat = made(get)
    return 1
  })
  callerOf = made // last: execution may end at any step
}

module.exports = { concatReadsLength, isCalledByConcat }
