'use strict'

// Random sequences of steps, as plain data. Steps that make sense are likelier than those that are refused.

const fc = require('fast-check')
const kinds = require('./kinds')
const { types } = require('./memory')

const constant = fc.constantFrom
const weighted = (...pairs) => fc.oneof(...pairs.map(([weight, arbitrary]) => ({ weight, arbitrary })))

/** Which object: 0 is the newest. */
const at = weighted([3, fc.nat(2)], [2, fc.nat(7)], [1, fc.nat(30)])

const typeNames = Object.keys(types).filter((name) => types[name].number !== undefined)
const named = weighted([4, constant('Uint8')], [10, constant(...typeNames)])
/** 'same' is the type of the last allocation, so that copies among one type are not rare. */
const type = weighted([2, named], [1, constant('same')])
const oddType = constant(0, 13, 2.5, -1, 'Int64', '2', null, ['NaN'], ['undefined'], ['bigint', '2'], ['valueOf', 2])

/** Allocations of so many bytes and more are blocks of Rust's, on the main thread. */
const CROSSOVER_BYTES = 128 << 10
const few = constant(0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
const limits = constant(63, 64, 65, 66, 100, 127, 128, 129, 200, 1000)
const large = constant(CROSSOVER_BYTES - 8, CROSSOVER_BYTES, CROSSOVER_BYTES + 8, CROSSOVER_BYTES + 8000, 200_000)
const sized = weighted(
  [60, fc.record({ type, length: few })],
  [30, fc.record({ type, length: limits })],
  [2, fc.tuple(named, large).map(([name, bytes]) => ({ type: name, length: Math.floor(bytes / types[name].size) }))])
const oddLength = constant(2.9, 0.5, 33.5, 70.9, 100.5, ['-0'], -1, -0.5, ['NaN'], ['Infinity'], 2 ** 53, 1e300, '3', ['undefined'], null, ['bigint', '1'], ['valueOf', 3])
const oddSized = weighted(
  [1, fc.record({ type, length: oddLength })],
  [1, fc.record({ type: oddType, length: few })])
const smallSizes = weighted([20, sized], [1, oddSized])

/** From these sizes on lib/ and src/ do things in another way. test/model/soak.test.js compares them with what is there. */
const EDGE_BYTES = { heap: 64, crossover: CROSSOVER_BYTES, hugePage: 2 << 20, stream: 32 << 20, split: 64 << 20 }
const near = (edge) => fc.integer({ min: edge - 20, max: edge + 20 })
/** Each power of two from `min` to `max` is as likely as the next. */
const spread = (min, max) => fc.nat(1_000_000).map((part) => Math.floor(min * (max / min) ** (part / 1_000_000)))
/** Of ten allocations four have up to 84 bytes, and one of 500 has 32 MiB or more. The mean is 0.3 MiB. */
const bytesOfAllSizes = weighted(
  [320, fc.nat(80)], [100, near(EDGE_BYTES.heap)], [240, spread(EDGE_BYTES.heap, EDGE_BYTES.crossover)],
  [160, near(EDGE_BYTES.crossover)], [120, spread(EDGE_BYTES.crossover, EDGE_BYTES.hugePage)], [30, near(EDGE_BYTES.hugePage)],
  [8, spread(EDGE_BYTES.hugePage, EDGE_BYTES.stream)], [1, near(EDGE_BYTES.stream)], [1, spread(EDGE_BYTES.stream, 2 * EDGE_BYTES.stream)])
const ofType = (name, bytes) => ({ type: name, length: Math.floor(bytes / types[name].size) })
const allSizes = weighted(
  [20, fc.tuple(named, bytesOfAllSizes).map(([name, bytes]) => ofType(name, bytes))],
  [1, fc.tuple(oddSized, bytesOfAllSizes).map(([odd, bytes]) => odd.type === undefined || odd.type in types ? odd : { ...odd, length: bytes })])

const index = weighted([6, fc.nat(8)], [2, constant(15, 16, 17, 62, 63, 64, 65, 66)], [1, fc.nat(210)], [1, fc.nat(140_000)])
const oddKey = constant('-1', '1.5', '-0', 'NaN', 'Infinity', '-Infinity', '4294967294', '4294967295', '4294967296', '9007199254740991',
  '9007199254740993', '1e+21', '1e21', '01', '1e1', ' 1', '+1', '0x1', '', 'x', ['symbol'], -1, 1.5, ['-0'], ['NaN'], 4294967295, 4294967296, 1e21)
const key = weighted([5, index], [2, index.map(String)], [3, oddKey])
const indexKey = weighted([4, index], [1, key])

const oddValue = constant(['undefined'], ['NaN'], ['-0'], ['Infinity'], ['-Infinity'], null, true, false, '', '7', ' 8 ', 'x', '0x1f', '1e3',
  ['bigint', '5'], ['symbol'], ['throws'], ['valueOf', 300], ['valueOf', '-2'], ['valueOf', ['bigint', '1']], ['disposes', 0], ['disposes', 1])
const number = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer(),
  constant(0.5, 1.5, 2.5, 254.5, 255.5, -0.5, 1e10, 1e20, -1e20, 1e-50, 3.4e39, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31) - 1))
const value = weighted([3, number], [1, oddValue])

const position = weighted([4, fc.nat(9)], [2, fc.nat(140)], [1, fc.nat(140_000)])
/** Positions that fit once they are taken modulo what there is. A fraction is dropped. */
const fittingOf = (positions) => weighted([9, positions], [1, positions.map((number) => number + 0.5)])
const oddPosition = constant(-1, -0.5, 1.9, ['-0'], ['NaN'], ['Infinity'], 2 ** 32, 2 ** 53, 1e300, '1', ['undefined'], null, ['bigint', '0'])
const anyPosition = weighted([8, position], [1, oddPosition])

/** Bytes of Float and of Double that a conversion to a number and back changes. */
const NaNs = [[1, 2, 0xa0, 0x7f], [1, 2, 3, 4, 5, 6, 0xf4, 0x7f]]
const flag = fc.boolean()
const live = weighted([3, constant('live')], [1, constant('any')])
const free = weighted([1, constant('free')], [3, constant('used')], [1, constant('any')])
const fields = (arbitraries) => fc.record(arbitraries)
const together = (...records) => fc.tuple(...records).map((parts) => Object.assign({}, ...parts))
const unsafe = weighted([3, constant(false)], [1, constant(true)])

const descriptor = weighted(
  [3, fc.record({ value })],
  [3, fc.record({ value, writable: constant(true), enumerable: constant(true), configurable: constant(true) })],
  [3, fc.record({ value, writable: flag, enumerable: flag, configurable: flag }, { requiredKeys: [] })],
  [2, fc.record({ accessor: constant(true), configurable: flag })],
  [1, fc.record({ accessor: constant(true) })])

const plainKinds = Object.keys(kinds.plain)
const foreignKinds = Object.keys(kinds.foreign)

/** Calls of each function with what is no object, '?', in the place of one. */
const calls = [
  ['dispose', '?'], ['view', '?'], ['release', '?'], ['adopt', '?'], ['disposeBuffer', '?'],
  ['copyOnto', '?', 0, 'o', 0, 0], ['copyOnto', 'o', 0, '?', 0, 0], ['sliceOnto', '?', 'o'], ['sliceOnto', 'o', '?']
]
const fromCalls = (rest) => fc.tuple(constant(...calls), rest).map(([[method, ...args], said]) => ({ method, args, ...said }))

/** A weight, a kind of step, and what a step of that kind says. */
const stepsOf = (size, fitting) => [
  [10, 'typedArray', together(fields({ kind: constant('bare', 'bare', 'External', 'subclass', 'legacy'), unsafe, form: constant(1, 2, 3) }), size)],
  [14, 'receiver', together(fields({ kind: constant('object', 'object', ...plainKinds), unsafe }), size)],
  [4, 'plain', fields({ kind: constant(...plainKinds) })],
  [8, 'foreign', fields({ kind: constant(...foreignKinds), length: weighted([4, few], [1, limits]) })],
  [12, 'alloc', together(fields({ at, are: free, unsafe: flag }), size)],
  [2, 'allocOdd', fields({ receiver: constant(...Object.keys(kinds.refusing)), length: weighted([3, fc.integer({ min: 1, max: 70 })], [1, constant(CROSSOVER_BYTES)]), type: named, unsafe })],
  [2, 'noObject', fromCalls(fields({ value: constant(['undefined'], null, 5, 'x', true, ['symbol'], ['bigint', '1']), at }))],
  [5, 'heir', fields({ at })],
  [5, 'read', fields({ at, are: live, key })],
  [20, 'write', fields({ at, are: live, key, value })],
  [5, 'define', fields({ at, are: live, key: indexKey, descriptor })],
  [5, 'delete', fields({ at, are: live, key: indexKey })],
  [12, 'fill', fields({ at, are: live, from: fc.nat(1_000_000), cycle: weighted([1, constant([])], [1, constant(...NaNs)]) })],
  [20, 'copy', fields({
    from: at, sourceStart: fitting, to: weighted([1, at], [2, fc.nat(30)]), destStart: fitting, length: fitting, fits: constant(true), apart: flag
  })],
  [4, 'copy', fields({ from: at, sourceStart: anyPosition, to: at, destStart: anyPosition, length: anyPosition, fits: constant(false) })],
  [9, 'slice', fields({ from: at, to: at, start: fitting, end: fitting, kind: constant(...plainKinds), fits: constant(true) })],
  [3, 'slice', fields({ from: at, to: at, start: anyPosition, end: weighted([1, constant(['undefined'])], [3, anyPosition]), fits: constant(false) })],
  [4, 'view', fields({ at, are: live, as: weighted([4, constant(undefined)], [4, named], [1, oddType]) })],
  [1, 'has', fields({ at })],
  [14, 'dispose', fields({ at })],
  [4, 'symbolDispose', fields({ at })],
  [6, 'disposeBuffer', fields({ at, are: weighted([3, constant('foreign', 'buffer')], [1, constant('any')]), whole: flag })],
  [6, 'release', fields({ at, are: weighted([3, constant('owner')], [1, constant('any')]) })],
  [8, 'adopt', fields({
    from: at, are: weighted([4, constant('buffer', 'buffer', 'foreign')], [1, constant('any')]), onto: weighted([1, constant(undefined)], [1, at]),
    type: weighted([3, type], [2, constant('Uint8', 'Int8')], [1, oddType]), form: constant(1, 2, 3)
  })],
  [2, 'transfer', fields({ at })],
  [1, 'trim', fields({})],
  [6, 'restrict', fields({ at, method: constant('freeze', 'seal', 'preventExtensions') })],
  [8, 'setPrototype', fields({ at, how: constant('object', 'fresh', 'null', 'prototype', 'back'), to: at })],
  [3, 'drop', fields({ at })],
  [1, 'gc', fields({})],
  [3, 'turn', fields({})]
]

const stepOf = (table) => weighted(...table.map(([weight, name, said]) => [weight, said.map((rest) => ({ do: name, ...rest }))]))
const smallSteps = stepsOf(smallSizes, fittingOf(position))

/** Sequences of up to `maxLength` steps; `only` names the kinds of steps that they are of. */
function sequences ({ maxLength = 40, only } = {}) {
  return fc.array(stepOf(smallSteps.filter(([, name]) => only === undefined || only.includes(name))), { minLength: 1, maxLength, size: 'max' })
}

/** Copies that stream, or that two threads share: apart, and over themselves. */
const largeCopies = (edge) => fc.tuple(named, fc.array(fc.nat(8000), { minLength: 6, maxLength: 6 })).map(([name, [a, b, from, to, ...noise]]) => {
  const { size } = types[name]
  const length = edge / size
  const make = (more) => ({ do: 'typedArray', kind: 'bare', unsafe: false, form: 3, type: name, length: length + more })
  const copy = (from, sourceStart, destStart) => ({ do: 'copy', from, to: 0, sourceStart, destStart, length, fits: false, apart: false })
  const fill = (at) => ({ do: 'fill', at, are: 'any', from: noise[at], cycle: [] })
  return [make(a), make(b), fill(0), fill(1), copy(1, from % (a + 1), to % (b + 1)), copy(0, to % (b + 1), 0), copy(0, 0, b)]
})

/** More than Rust lends in one turn of the event loop: 320 MiB. */
const burst = fc.nat(64).map((more) =>
  Array(20).fill({ do: 'typedArray', kind: 'bare', unsafe: true, form: 3, type: 'Uint8', length: (16 << 20) + more }))

/** Half of them leave what they hold to the collector. */
const ordinary = fc.tuple(
  fc.array(stepOf([...stepsOf(allSizes, fittingOf(weighted([4, position], [2, fc.nat(2 ** 26)]))), [1, 'gc', fc.record({ minor: constant(true) })]]),
    { minLength: 20, maxLength: 60, size: 'max' }),
  constant([], [{ do: 'dropAll' }])).map(([steps, end]) => [...steps, ...end])

/** Sequences of allocations of all sizes, for the soak. */
const soakSequences = weighted([974, ordinary], [14, largeCopies(EDGE_BYTES.stream)], [6, largeCopies(EDGE_BYTES.split)], [6, burst])

module.exports = { EDGE_BYTES, sequences, soakSequences }
