'use strict'

// What is neither as for a view (or, of an object that is none, as for a plain object) nor a TypeError before anything has
// been moved. Each has its reason.

/** `on`: the runtimes. `error`: the name of that which refuses; without one, the call cannot be made well without a view. */
const exceptions = [
  { calls: /^crypto\.randomFill\(a, offset\)$/, on: /^(node 2[024]\b|deno)/, error: 'RangeError', why: 'takes the size from `length`; with a size it fills' },
  { calls: /^v8\.serialize|^v8\.DefaultSerializer\.write/, on: /^(node|deno)/, error: 'Error', why: 'asks Object.prototype.toString for the class: "Unserializable host object"' },
  { calls: /^child_process\.fork\(.*advanced/, on: /^node 2[02]\b/, error: 'Error', why: 'the same' },
  { calls: /^webcrypto\.subtle\.generateKey\(/, on: /^node 2[02]\b/, error: 'OperationError', why: 'reads `length` of the exponent' },
  { calls: /^http2\.connect\(\)\.ping\(a\)$/, on: /^node 20\.19$/, error: 'RangeError', why: 'reads `length`' },
  { calls: /^http2\.getUnpackedSettings\(a\)$/, on: /^bun$/, error: 'RangeError', why: 'reads `length`' },
  { calls: /\(path a\)$/, on: /^deno$/, why: 'converts bytes to a string, "1,2,3" of a view, "[object Object]" of others' },
  {
    calls: /^fs\.promises\.open\(\)\.(read|write)\(/,
    on: /^deno$/,
    why: 'takes what does not inherit from Uint8Array for options, and reads into a buffer of its own: pass view(a)'
  },
  {
    calls: /readableWebStream\(\)\.read|ReadableStreamBYOBReader\.read/,
    on: /^node/,
    error: 'Error',
    why: 'makes its views by the constructor of the view, which has no BYTES_PER_ELEMENT: ERR_INTERNAL_ASSERTION'
  }
]

const isRight = ({ outcome, error }) => ['same', 'absent', '-'].includes(outcome) || error === 'TypeError'

const isMetBy = (exception, { name, outcome, error }, runtime) =>
  exception.on.test(runtime) && exception.calls.test(name) && (exception.error === undefined ? outcome !== 'dies' : error === exception.error)

const exceptionFor = (outcome, runtime) =>
  isRight(outcome) ? undefined : exceptions.find((exception) => isMetBy(exception, outcome, runtime))

/** What is wrong with an outcome; undefined where it is right. */
function problemOf (outcome, runtime) {
  if (isRight(outcome) || exceptionFor(outcome, runtime) !== undefined) return undefined
  return `${outcome.name} with ${outcome.kind}: ${outcome.outcome}; ${outcome.detail}`
}

/** The exceptions for this runtime that none of the outcomes has met. */
function unmet (outcomes, runtime) {
  const met = outcomes.map((outcome) => exceptionFor(outcome, runtime))
  return exceptions.filter((exception) => exception.on.test(runtime) && !met.includes(exception))
}

module.exports = { problemOf, exceptionFor, unmet }
