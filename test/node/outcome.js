'use strict'

// Makes one call for one kind and tells how it ended.

const { setTimeout: later } = require('node:timers/promises')
const { inspect } = require('node:util')
const { hasExternalData } = require('../..')
const { bytesOf, kinds, objectOf, peerOf } = require('./objects')
const { toolsOf } = require('./tools')

const TIMEOUT_MS = 10_000

/**
 * What the call `{ bytes, run }` comes to for an object of the kind:
 * - same: what it is for a view of the object, or for a plain object where the object is none.
 * - refused: an error instead.
 * - other: anything else. `detail` says what.
 */
async function outcomeOf (call, kind) {
  if (!call.isThere) return { outcome: 'absent' }
  if (call.views && !kinds[kind].isView) return { outcome: '-' }
  const bytes = await bytesFor(call)
  if (bytes === undefined) return { outcome: 'absent' }
  const object = objectOf(kind, bytes)
  if (object === undefined) return { outcome: '-' }
  const expected = await resultOf(call, objectOf(kind, bytes), (object) => peerOf(kind, object), kind)
  const actual = await resultOf(call, object, (object) => object, kind)
  return compare(expected, actual, kinds[kind].isView)
}

/** Undefined where the runtime cannot make them. */
async function bytesFor ({ bytes }) {
  try {
    return typeof bytes === 'function' ? await bytes() : bytes
  } catch (error) {
    return undefined
  }
}

function compare (expected, actual, isView) {
  if (expected.text === actual.text && !isBad(actual, isView)) return { outcome: 'same', detail: actual.error && `like a view: ${actual.text}` }
  if (actual.error !== undefined && !actual.isMoved) return { outcome: 'refused', error: actual.error, detail: actual.text }
  return { outcome: 'other', detail: `${fromDifference(actual.text, expected.text)}, not ${fromDifference(expected.text, actual.text)} ${actual.message ?? ''}${expected.message ?? ''}` }
}

/** Of a long text, the part around its first difference from another. */
function fromDifference (text, other) {
  let index = 0
  while (index < text.length && text[index] === other[index]) index++
  const start = Math.max(0, index - 40)
  return `${start > 0 ? '...' : ''}${text.slice(start, start + 120)}`
}

async function resultOf (call, object, argumentOf, kind) {
  const before = kinds[kind].isView ? hex(bytesOf(object)) : ''
  const argument = argumentOf(object)
  const tools = toolsOf(call)
  const result = { text: '', error: undefined, isMoved: false }
  try {
    const value = await Promise.race([settled(call, argument, tools), tools.failed, tooLate(tools)])
    await Promise.race([later(0), tools.failed]) // what nobody has caught comes a little later
    result.text = describe(value, call.random ? [argument, object] : [])
  } catch (error) {
    result.error = `${error?.name}`
    result.text = `${error?.name} ${error?.code ?? ''}`
    result.message = `${error?.stack}`
  } finally {
    tools.end()
  }
  if (kinds[kind].isView) result.text += `; memory: ${memoryOf(object, call)}`
  if (result.error !== undefined) {
    result.isMoved = tools.isMoved() || (kinds[kind].isView && hex(bytesIn(object)) !== before) || isBad(result, true)
  }
  return result
}

/** The call has not ended; or it would have ended the process, which some do with any object that is no view. */
const isBad = ({ error }, isView) => error === 'TimeoutError' || (isView && error === 'Uncaught')

async function settled (call, argument, tools) {
  return await call.run(argument, tools)
}

async function tooLate (tools) {
  await later(TIMEOUT_MS, undefined, { signal: tools.signal, ref: true })
  throw Object.assign(new Error('it takes too long'), { name: 'TimeoutError' })
}

const bytesIn = (object) => hasExternalData(object) ? bytesOf(object) : new Uint8Array(0)

/** What the call has left in it. */
function memoryOf (object, { random = false }) {
  if (!hasExternalData(object)) return 'gone'
  const bytes = bytesOf(object)
  if (!random) return hex(bytes)
  return Array.from({ length: bytes.length / 8 }, (_, index) => bytes.subarray(8 * index, 8 * index + 8).some((byte) => byte !== 0) ? 'x' : '0').join('')
}

const hex = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** As data: all objects with the same bytes are alike, whatever their class. */
function describe (value, selves = [], depth = 0) {
  if (selves.includes(value)) return 'itself'
  if (ArrayBuffer.isView(value)) {
    return hex(hasExternalData(value) ? bytesOf(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  }
  if (value instanceof ArrayBuffer) return hex(new Uint8Array(value))
  if (value instanceof Error) return `${value.name} ${value.code ?? ''}`
  if (Array.isArray(value) && depth < 5) return `[${value.map((item) => describe(item, selves, depth + 1)).join(', ')}]`
  if (typeof value === 'object' && value !== null && depth < 5) {
    return `{${Object.keys(value).map((key) => `${key}: ${describe(value[key], selves, depth + 1)}`).join(', ')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : inspect(value)
}

module.exports = { outcomeOf }
