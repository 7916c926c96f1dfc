'use strict'

// Makes one call for one kind and tells how it ended.

const { setTimeout: later } = require('node:timers/promises')
const { inspect } = require('node:util')
const { hasExternalData } = require('../..')
const { bytesOf, kinds, objectOf, peerOf } = require('./objects')
const { toolsOf } = require('./tools')

const TIMEOUT_MS = 60_000
const MOST_DETAIL = 500

/**
 * What the call `{ bytes, run }` comes to for an object of the kind:
 * - same: what it is for a view of the object, or for a plain object where the object is none.
 * - refused: an error instead, and nothing has been moved.
 * - other: anything else. `detail` says what.
 * - absent: the runtime does not have it. '-': it cannot be made with this kind.
 */
async function outcomeOf (call, kind) {
  const { isView } = kinds[kind]
  const bytes = await bytesFor(call)
  if (bytes === undefined) return { outcome: 'absent' }
  const [object, other] = [objectOf(kind, bytes), objectOf(kind, bytes)]
  if (object === undefined || (call.views && !isView)) return { outcome: '-' }
  const expected = await resultOf(call, other, peerOf(kind, other), isView)
  const actual = await resultOf(call, object, object, isView)
  if (expected.text === actual.text && !isBad(actual, isView)) return { outcome: 'same' }
  if (actual.error !== undefined && !actual.isMoved) return { outcome: 'refused', error: actual.error, detail: detailOf(actual) }
  return { outcome: 'other', detail: `${detailOf(actual)}, not ${detailOf(expected)}` }
}

/** Undefined where the runtime has no such call, or cannot make them. */
async function bytesFor ({ bytes, isThere }) {
  try {
    return !isThere ? undefined : typeof bytes === 'function' ? await bytes() : bytes
  } catch (error) {
    return undefined
  }
}

const detailOf = ({ text, stack = '' }) => `${text.slice(0, MOST_DETAIL)} ${stack.slice(0, MOST_DETAIL)}`

async function resultOf (call, object, argument, isView) {
  const before = isView ? hex(object) : ''
  const tools = toolsOf()
  const result = { isMoved: false }
  try {
    const value = await Promise.race([settled(call, argument, tools), tools.failed, tooLate(tools)])
    await Promise.race([later(0), tools.failed]) // what nobody has caught comes a little later
    result.text = describe(value, call.random ? [argument, object] : [])
  } catch (error) {
    result.error = `${error?.name}`
    result.text = `${error?.name} ${error?.code ?? ''}`
    result.stack = `${error?.stack}`
    result.isMoved = isBad(result, true) || tools.isMoved() || (isView && hex(object) !== before)
  } finally {
    tools.end()
  }
  if (isView) result.text += `; memory: ${call.random ? filledIn(object) : hex(object)}`
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

/** What is in its memory. */
function hex (object) {
  return hasExternalData(object) ? Buffer.from(bytesOf(object)).toString('hex') : 'gone'
}

/** Which of its eights of bytes are not all 0. */
const filledIn = (object) => hex(object).replace(/.{1,16}/g, (bytes) => /[^0]/.test(bytes) ? 'x' : '0')

/** As data: all objects with the same bytes are alike, whatever their class. */
function describe (value, selves = [], depth = 0) {
  if (selves.includes(value)) return 'itself'
  if (ArrayBuffer.isView(value) && hasExternalData(value)) return hex(value)
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('hex')
  if (value instanceof Error) return `${value.name} ${value.code ?? ''}`
  if (Array.isArray(value) && depth < 5) return `[${value.map((item) => describe(item, selves, depth + 1)).join(', ')}]`
  if (typeof value === 'object' && value !== null && depth < 5) {
    return `{${Object.keys(value).map((key) => `${key}: ${describe(value[key], selves, depth + 1)}`).join(', ')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : inspect(value)
}

module.exports = { outcomeOf }
