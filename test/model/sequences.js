'use strict'

// Random sequences of steps, as plain data. Steps that make sense are likelier than those that are refused.

const fc = require('fast-check')
const kinds = require('./kinds')
const { CROSSOVER_BYTES, types } = require('./memory')

const constant = fc.constantFrom
const weighted = (...pairs) => fc.oneof(...pairs.map(([weight, arbitrary]) => ({ weight, arbitrary })))

/** Which object: 0 is the newest. */
const at = weighted([3, fc.nat(2)], [2, fc.nat(7)], [1, fc.nat(30)])

const named = weighted([4, constant('Uint8')], [10, constant(...Object.keys(types))])
/** 'same' is the type of the last allocation, so that copies among one type are not rare. */
const type = weighted([2, named], [1, constant('same')])
const oddType = constant(0, 13, 2.5, -1, 'Int64', '2', null, ['NaN'], ['undefined'], ['bigint', '2'], ['valueOf', 2])

const few = constant(0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33)
const limits = constant(63, 64, 65, 66, 100, 127, 128, 129, 200, 1000)
const large = constant(CROSSOVER_BYTES - 8, CROSSOVER_BYTES, CROSSOVER_BYTES + 8, CROSSOVER_BYTES + 8000, 200_000)
const ofType = ([name, bytes]) => ({ type: name, length: Math.floor(bytes / types[name].size) })
const sized = weighted(
  [60, fc.record({ type, length: few })],
  [30, fc.record({ type, length: limits })],
  [2, fc.tuple(named, large).map(ofType)])
const oddLength = constant(2.9, 0.5, 33.5, 70.9, 100.5, ['-0'], -1, -0.5, ['NaN'], ['Infinity'], 2 ** 53, 1e300, '3', ['undefined'], null,
  ['bigint', '1'], ['valueOf', 3])
const oddSized = weighted(
  [1, fc.record({ type, length: oddLength })],
  [1, fc.record({ type: oddType, length: few })])
const smallSizes = weighted([20, sized], [1, oddSized])

/** The sizes at which lib/ and src/ change to another way. soak.test.js checks that they are up to date. */
const EDGE_BYTES = { heap: 64, crossover: CROSSOVER_BYTES, hugePage: 2 << 20, stream: 32 << 20, split: 64 << 20 }
const near = (edge) => fc.integer({ min: edge - 20, max: edge + 20 })
/** Each power of two from `min` to `max` is as likely as the next. */
const spread = (min, max) => fc.nat(1_000_000).map((part) => Math.floor(min * (max / min) ** (part / 1_000_000)))
/** One of 600 allocations has 32 MiB or more; the mean is 0.3 MiB. Four sizes come often, so disposed memory is used again. */
const bytesOfAllSizes = weighted(
  [320, fc.nat(80)], [200, constant(100, 1000, 4096, 65_536)], [100, near(EDGE_BYTES.heap)],
  [240, spread(EDGE_BYTES.heap, EDGE_BYTES.crossover)],
  [160, near(EDGE_BYTES.crossover)], [120, spread(EDGE_BYTES.crossover, EDGE_BYTES.hugePage)], [30, near(EDGE_BYTES.hugePage)],
  [8, spread(EDGE_BYTES.hugePage, EDGE_BYTES.stream)], [1, near(EDGE_BYTES.stream)],
  [1, spread(EDGE_BYTES.stream, EDGE_BYTES.split)])
const allSizes = weighted(
  [40, fc.tuple(named, bytesOfAllSizes).map(ofType)],
  [1, fc.record({ type, length: oddLength })],
  [1, fc.record({ type: oddType, length: bytesOfAllSizes })])

const index = weighted([6, fc.nat(8)], [2, constant(15, 16, 17, 62, 63, 64, 65, 66)], [1, fc.nat(210)], [1, fc.nat(140_000)])
const oddKey = constant('-1', '1.5', '-0', 'NaN', 'Infinity', '-Infinity', '4294967294', '4294967295', '4294967296', '9007199254740991',
  '9007199254740993', '1e+21', '1e21', '01', '1e1', ' 1', '+1', '0x1', '', 'x', 'toString', ['symbol'],
  -1, 1.5, ['-0'], ['NaN'], 4294967295, 4294967296, 1e21)
const key = weighted([5, index], [2, index.map(String)], [3, oddKey])
const indexKey = weighted([4, index], [1, key])

const oddValue = constant(['undefined'], ['NaN'], ['-0'], ['Infinity'], ['-Infinity'], null, true, false, '', '7', ' 8 ', 'x', '0x1f',
  '1e3', ['bigint', '5'], ['symbol'], ['throws'], ['valueOf', 300], ['valueOf', '-2'], ['valueOf', ['bigint', '1']],
  ['disposes', 0], ['disposes', 1])
const number = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer(),
  constant(0.5, 1.5, 2.5, 254.5, 255.5, -0.5, 1e10, 1e20, -1e20, 1e-50, 3.4e39, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31) - 1))
const value = weighted([3, number], [1, oddValue])

const position = weighted([4, fc.nat(9)], [2, fc.nat(140)], [1, fc.nat(140_000)])
/** Positions that fit once they are taken modulo what there is. A fraction is dropped. */
const fittingOf = (positions) => weighted([9, positions], [1, positions.map((number) => number + 0.5)])
const oddPosition = constant(-1, -0.5, 1.9, ['-0'], ['NaN'], ['Infinity'], 2 ** 32, 2 ** 53, 1e300, '1', ['undefined'], null,
  ['bigint', '0'])
const anyPosition = weighted([8, position], [1, oddPosition])

/** Bytes of Float and of Double that a conversion to a number and back changes. */
const NaNs = [[1, 2, 0xa0, 0x7f], [1, 2, 3, 4, 5, 6, 0xf4, 0x7f]]
const flag = fc.boolean()
const live = weighted([5, constant('live')], [1, constant('heir')], [2, constant('any')])
const free = weighted([1, constant('free')], [3, constant('used')], [1, constant('any')])
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

/** Calls of each function where '?', which is no object, stands in the place of one. */
const calls = [
  ['dispose', '?'], ['view', '?'], ['release', '?'], ['adopt', '?'], ['disposeBuffer', '?'],
  ['copyOnto', '?', 0, 'o', 0, 0], ['copyOnto', 'o', 0, '?', 0, 0], ['sliceOnto', '?', 'o'], ['sliceOnto', 'o', '?']
]
const fromCalls = (rest) => fc.tuple(constant(...calls), rest).map(([[method, ...args], said]) => ({ method, args, ...said }))

/** For each kind of step: its weight, its name, and its fields. */
const stepsOf = (size, fitting) => [
  [10, 'typedArray', together(
    fc.record({ kind: constant('bare', 'bare', ...Object.keys(kinds.classes)), unsafe, form: constant(1, 2, 3) }), size)],
  [14, 'receiver', together(fc.record({ kind: constant('object', 'object', ...plainKinds), unsafe }), size)],
  [4, 'plain', fc.record({ kind: constant(...plainKinds) })],
  [8, 'foreign', fc.record({ kind: constant(...foreignKinds), length: weighted([4, few], [1, limits]) })],
  [12, 'alloc', together(fc.record({ at, are: free, unsafe: flag }), size)],
  [2, 'allocOdd', fc.record({
    receiver: constant(...Object.keys(kinds.refusing)),
    length: weighted([3, fc.integer({ min: 1, max: 70 })], [1, constant(CROSSOVER_BYTES)]), type: named, unsafe
  })],
  [2, 'noObject', fromCalls(fc.record({ value: constant(['undefined'], null, 5, 'x', true, ['symbol'], ['bigint', '1']), at }))],
  [5, 'heir', fc.record({ at })],
  [5, 'read', fc.record({ at, are: live, key })],
  [20, 'write', fc.record({ at, are: live, key, value })],
  [5, 'define', fc.record({ at, are: live, key: indexKey, descriptor })],
  [5, 'delete', fc.record({ at, are: live, key: indexKey })],
  [12, 'fill', fc.record({ at, are: live, from: fc.nat(1_000_000), cycle: weighted([1, constant([])], [1, constant(...NaNs)]) })],
  [20, 'copy', fc.record({
    from: at, sourceStart: fitting, to: weighted([1, at], [2, fc.nat(30)]), destStart: fitting, length: fitting,
    fits: constant(true), apart: flag, beyond: weighted([6, constant(undefined)], [2, constant(0)], [1, constant(1)])
  })],
  [4, 'copy', fc.record({
    from: at, sourceStart: anyPosition, to: at, destStart: anyPosition, length: anyPosition, fits: constant(false)
  })],
  [9, 'slice', fc.record({
    from: at, to: at, start: fitting, end: fitting, kind: constant(...plainKinds), fits: constant(true),
    backwards: weighted([7, constant(false)], [1, constant(true)])
  })],
  [3, 'slice', fc.record({
    from: at, to: at, start: anyPosition, end: weighted([1, constant(['undefined'])], [3, anyPosition]), fits: constant(false)
  })],
  [8, 'view', fc.record({ at, are: live, as: weighted([4, constant(undefined)], [4, named], [1, oddType]) })],
  [1, 'has', fc.record({ at })],
  [14, 'dispose', fc.record({ at })],
  [4, 'symbolDispose', fc.record({ at })],
  [6, 'disposeBuffer', fc.record({ at, are: weighted([3, constant('foreign', 'buffer')], [1, constant('any')]), whole: flag })],
  [6, 'release', fc.record({ at, are: weighted([3, constant('owner')], [1, constant('any')]) })],
  [8, 'adopt', fc.record({
    at, are: weighted([4, constant('buffer', 'buffer', 'foreign')], [1, constant('any')]),
    onto: weighted([1, constant(undefined)], [1, at]), type: weighted([3, type], [2, constant('Uint8', 'Int8')], [1, oddType]),
    form: constant(1, 2, 3)
  })],
  [2, 'transfer', fc.record({ at })],
  [1, 'trim', fc.record({})],
  [6, 'restrict', fc.record({ at, method: constant('freeze', 'seal', 'preventExtensions') })],
  [8, 'setPrototype', fc.record({ at, how: constant('object', 'fresh', 'null', 'prototype', 'back'), to: at })],
  [3, 'drop', fc.record({ at })],
  [1, 'gc', fc.record({})],
  [3, 'turn', fc.record({})]
]

const stepOf = (table) => weighted(...table.map(([weight, name, said]) => [weight, said.map((rest) => ({ do: name, ...rest }))]))
const smallSteps = stepsOf(smallSizes, fittingOf(position))

/** Sequences of up to 40 steps; `only` names the kinds of steps that they are of. */
function sequences (only) {
  const chosen = smallSteps.filter(([, name]) => only === undefined || only.includes(name))
  return fc.array(stepOf(chosen), { minLength: 1, maxLength: 40, size: 'max' })
}

/** Short sequences, of two objects that are filled and copies between them: types and positions meet in very many ways. */
const stepsNamed = (...names) => stepOf(smallSteps.filter(([, name]) => names.includes(name)))
const made = stepsNamed('typedArray', 'receiver', 'foreign', 'slice')
const copies = fc.tuple(made, made, ...Array(2).fill(stepsNamed('fill')), ...Array(3).fill(stepsNamed('copy')))

/** Copies of `bytes` bytes: from one allocation to another, and over themselves in both directions. */
const some = fc.nat(8000)
const largeCopies = (bytes) => fc.tuple(named, some, some, some, some).map(([name, a, b, from, to]) => {
  const length = bytes / types[name].size
  const make = (more) => ({ do: 'typedArray', kind: 'bare', unsafe: false, form: 3, type: name, length: length + more })
  const fill = (at, noise) => ({ do: 'fill', at, are: 'any', from: noise, cycle: [] })
  const copy = (source, sourceStart, destStart) =>
    ({ do: 'copy', from: source, to: 0, sourceStart, destStart, length, fits: false, apart: false })
  const [sourceStart, destStart] = [from % (a + 1), to % (b + 1)]
  return [make(a), make(b), fill(0, from), fill(1, to), copy(1, sourceStart, destStart), copy(0, destStart, 0), copy(0, 0, b)]
})

/** Memory that Rust uses again at once: it has to be zeroed. */
const usedAgain = fc.tuple(named, spread(EDGE_BYTES.hugePage, EDGE_BYTES.stream)).map(ofType).map((sized) => {
  const make = { do: 'typedArray', kind: 'bare', unsafe: false, form: 3, ...sized }
  return [make, { do: 'fill', at: 0, are: 'any', from: 1, cycle: [] }, { do: 'dispose', at: 0 }, make]
})

/** Few lengths, made and disposed again and again: most memory comes from the cache. */
const fromCache = stepsOf(fc.record({ type: constant('Uint8'), length: constant(100, 1000, 4096, 65_536) }), fittingOf(position))
  .filter(([, name]) => ['typedArray', 'dispose', 'fill', 'copy'].includes(name))
const churn = fc.array(stepOf(fromCache), { minLength: 40, maxLength: 60, size: 'max' })

/** More than Rust lends in one turn of the event loop. */
const BURST_BYTES = 320 << 20
const burst = fc.nat(64).map((more) =>
  Array(20).fill({ do: 'typedArray', kind: 'bare', unsafe: true, form: 3, type: 'Uint8', length: BURST_BYTES / 20 + more }))

const largeSteps = [
  ...stepsOf(allSizes, fittingOf(weighted([4, position], [2, fc.nat(2 ** 26)]))),
  [1, 'gc', fc.record({ minor: constant(true) })]
]
/** Half of the sequences leave what they hold to the collector. */
const end = constant([], [{ do: 'dropAll' }])
const ordinary = fc.tuple(fc.array(stepOf(largeSteps), { minLength: 20, maxLength: 60, size: 'max' }), end)
  .map((parts) => parts.flat())

/** Sequences of allocations of all sizes, for the soak. */
const soakSequences = weighted(
  [634, ordinary], [300, churn], [40, usedAgain], [14, largeCopies(EDGE_BYTES.stream)], [6, largeCopies(EDGE_BYTES.split)], [6, burst])

module.exports = { BURST_BYTES, EDGE_BYTES, copies, sequences, soakSequences }
