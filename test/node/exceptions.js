'use strict'

// What is neither as for a view (or, of an object that is none, as for a plain object) nor a TypeError before anything has
// been moved. Each has its reason.

/** `on`: the runtimes. `error`: the name of that which refuses. `outcome: 'any'`: the call cannot be made well without a view. */
const exceptions = [
  { calls: /^crypto\.randomFill\(a, offset\)$/, on: /^(node 2[024]|deno)/, error: 'RangeError', why: 'takes the size from `length`; with a size it fills' },
  { calls: /^v8\.serialize|^v8\.DefaultSerializer\.write/, on: /^(node|deno)/, error: 'Error', why: 'asks Object.prototype.toString for the class: "Unserializable host object"' },
  { calls: /^child_process\.fork\(.*advanced/, on: /^node 2[02]$/, error: 'Error', why: 'the same' },
  { calls: /^webcrypto\.subtle\.generateKey\(/, on: /^node 2[02]$/, error: 'OperationError', why: 'reads `length` of the exponent' },
  { calls: /^http2\.getUnpackedSettings\(a\)$/, on: /^bun$/, error: 'RangeError', why: 'reads `length`' },
  { calls: /\(path a\)$/, on: /^deno$/, outcome: 'any', why: 'converts bytes to a string, "1,2,3" of a view, "[object Object]" of others' },
  {
    calls: /^fs\.promises\.open\(\)\.(read|write)\(/,
    on: /^deno$/,
    outcome: 'any',
    why: 'takes what does not inherit from Uint8Array for options, and reads into a buffer of its own: pass view(a)'
  },
  {
    calls: /readableWebStream\(\)\.read|ReadableStreamBYOBReader\.read/,
    on: /^node/,
    error: 'Error',
    why: 'makes its views by the constructor of the view, which has no BYTES_PER_ELEMENT: ERR_INTERNAL_ASSERTION'
  }
]

/** What is wrong with an outcome; undefined where it is right. */
function problemOf ({ name, kind, outcome, error, detail }, runtime) {
  if (['same', 'absent', '-'].includes(outcome) || (outcome === 'refused' && error === 'TypeError')) return undefined
  if (exceptionFor({ name, outcome, error }, runtime) !== undefined) return undefined
  return `${name} with ${kind}: ${outcome}; ${detail}`
}

function exceptionFor (outcome, runtime) {
  return exceptions.find((exception) => isOn(exception, runtime) && isMetBy(exception, outcome))
}

const isOn = ({ on }, runtime) => on.test(runtime)

const isMetBy = (exception, { name, outcome, error }) =>
  exception.calls.test(name) && (exception.outcome === 'any'
    ? outcome === 'refused' || outcome === 'other'
    : outcome === 'refused' && error === exception.error)

/** Those of this runtime that none of the outcomes has met. */
const unmet = (outcomes, runtime) =>
  exceptions.filter((exception) => isOn(exception, runtime) && !outcomes.some((outcome) => isMetBy(exception, outcome)))

module.exports = { problemOf, exceptionFor, unmet }
