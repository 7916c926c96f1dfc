'use strict'

// Calls that must throw: each with the code of its error. `live` is an allocation, `length` the number of its elements,
// `gone` a disposed one. None of them may change a thing.

const smalloc = require('../..')

const { alloc, allocUnsafe, copyOnto, dispose, External, kMaxLength, sliceOnto, Types, view } = smalloc

/** In bytes: enough for a block of Rust's, which has to be given back. */
const LARGE = 200 << 10

const mistakes = [
  ['ERR_INVALID_ARG_TYPE', () => alloc('3')],
  ['ERR_INVALID_ARG_TYPE', () => alloc(LARGE, null)],
  ['ERR_INVALID_ARG_TYPE', () => allocUnsafe(LARGE, 'receiver')],
  ['ERR_INVALID_ARG_TYPE', () => alloc(LARGE, {}, '2')],
  ['ERR_INVALID_ARG_VALUE', () => alloc(LARGE, 13)],
  ['ERR_INVALID_ARG_VALUE', () => alloc(LARGE, [])],
  ['ERR_INVALID_ARG_VALUE', () => alloc(LARGE, Object.freeze({}))],
  ['ERR_INVALID_ARG_VALUE', () => alloc(LARGE, Buffer.alloc(4))],
  ['ERR_INVALID_ARG_VALUE', () => alloc(LARGE, Object('ab'))],
  ['ERR_INVALID_ARG_VALUE', () => alloc(LARGE, new Proxy({}, { setPrototypeOf: () => false }))],
  ['ERR_ON_PURPOSE', () => alloc(LARGE, new Proxy({}, { setPrototypeOf: onPurpose }))],
  ['ERR_ON_PURPOSE', () => allocUnsafe(8, new Proxy({}, { defineProperty: onPurpose }))],
  ['ERR_INVALID_ARG_VALUE', ({ live }) => alloc(LARGE, live)],
  ['ERR_OUT_OF_RANGE', () => alloc(-1)],
  ['ERR_OUT_OF_RANGE', () => allocUnsafe(NaN)],
  ['ERR_OUT_OF_RANGE', () => new External(Infinity)],
  ['ERR_OUT_OF_RANGE', () => new External.Int8(kMaxLength + 1)],
  ['ERR_OUT_OF_RANGE', () => alloc(kMaxLength, {}, Types.Double)],
  ['ERR_NO_EXTERNAL_DATA', ({ live }) => copyOnto({}, 0, live, 0, 0)],
  ['ERR_NO_EXTERNAL_DATA', ({ live, gone }) => copyOnto(live, 0, gone, 0, 0)],
  ['ERR_INVALID_ARG_TYPE', ({ live }) => copyOnto(live, 0, live, 0)],
  ['ERR_INVALID_ARG_TYPE', ({ live }) => copyOnto(1, 0, live, 0, 0)],
  ['ERR_OUT_OF_RANGE', ({ live, length }) => copyOnto(live, 0, live, 0, length + 1)],
  ['ERR_OUT_OF_RANGE', ({ live, length }) => copyOnto(live, length + 1, live, 0, 0)],
  ['ERR_OUT_OF_RANGE', ({ live, length }) => copyOnto(live, 0, live, length + 1, 0)],
  ['ERR_OUT_OF_RANGE', ({ live }) => copyOnto(live, 0, live, -1, 0)],
  ['ERR_NO_EXTERNAL_DATA', () => dispose({})],
  ['ERR_INVALID_ARG_TYPE', () => dispose(undefined)],
  ['ERR_INVALID_ARG_VALUE', () => dispose(Buffer.alloc(4))],
  ['ERR_INVALID_ARG_VALUE', ({ live }) => dispose(view(live))],
  ['ERR_NO_EXTERNAL_DATA', ({ gone }) => view(gone)],
  ['ERR_INVALID_ARG_TYPE', () => view(7)],
  ['ERR_NO_EXTERNAL_DATA', ({ gone }) => sliceOnto(gone, {})],
  ['ERR_INVALID_ARG_VALUE', ({ live }) => sliceOnto(live, live)],
  ['ERR_INVALID_ARG_TYPE', ({ live }) => sliceOnto(live, null)],
  ['ERR_OUT_OF_RANGE', ({ live, length }) => sliceOnto(live, {}, 0, length + 1)],
  ['ERR_OUT_OF_RANGE', ({ live, length }) => sliceOnto(live, {}, length + 1)]
]

function onPurpose () {
  throw Object.assign(new Error('on purpose'), { code: 'ERR_ON_PURPOSE' })
}

/** Makes the mistake; throws unless that threw what it must. */
function make ([code, action], context) {
  let found = 'nothing'
  try {
    action(context)
  } catch (error) {
    if (error.code === code) return
    found = error.stack
  }
  throw new Error(`${action} must throw ${code}; it threw ${found}`)
}

module.exports = { mistakes, make }
