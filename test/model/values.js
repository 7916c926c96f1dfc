'use strict'

// Keys and values as JSON, so that a sequence of steps is plain data: it can be printed, and sent to another process. What JSON
// cannot say is an Array of its name and, for some, what is inside.

const sign = Symbol('sign')

/** Of the accessor properties that a sequence defines. */
const getter = () => 77

const simple = { __proto__: null, undefined, NaN, '-0': -0, Infinity, '-Infinity': -Infinity }

/** The value that a code stands for. An object that `disposes` calls `dispose(at)` when it is converted to a number. */
function decode (code, dispose) {
  if (!Array.isArray(code)) return code
  const [name, inner] = code
  if (name in simple) return simple[name]
  if (name === 'bigint') return BigInt(inner)
  if (name === 'symbol') return sign
  if (name === 'valueOf') return { valueOf: () => decode(inner, dispose) }
  if (name === 'disposes') return { valueOf () { dispose(inner); return 200 } }
  if (name === 'throws') return { valueOf () { throw new EvalError('valueOf') } }
  throw new Error(`no such code: ${name}`)
}

/** The same as code, in terms of `sign`, `converts`, `throws` and `disposes`. */
function show (code) {
  if (code === undefined) return 'undefined'
  if (!Array.isArray(code)) return JSON.stringify(code)
  const [name, inner] = code
  if (name in simple) return name
  if (name === 'bigint') return `${inner}n`
  if (name === 'symbol') return 'sign'
  if (name === 'valueOf') return `converts(${show(inner)})`
  return `${name}(${inner ?? ''})`
}

module.exports = { decode, show, getter, sign }
