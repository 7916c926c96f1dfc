'use strict'

// Puts something on shared objects, one property after the other, and runs the scenario each time. argv[2] says when: `after`
// the module is loaded, or `before`, with a new copy of the module each time. The arguments after it say what: `replacements` in
// the place of every builtin, or 'pollution', a property of every name on every prototype. Prints `{ tried, failures, spoilt,
// stolen }`: what was wrong (with `before` only what was wrong later, because that copy may be broken), how many bytes of another
// allocation have changed, and how many objects setters were given while nothing was loaded.

const fs = require('node:fs')
const path = require('node:path')
const { builtinProperties } = require('../builtins')
const { shareOf } = require('../long')
const { scenarioOf } = require('../scenario')

const [moment, ...whats] = process.argv.slice(2)
const root = path.join(__dirname, '..', '..', '..')
const smalloc = require(root)
const canary = smalloc.alloc(140 << 10)
for (let i = 0; i < 140 << 10; i++) canary[i] = i
canary.done = true // so that an iterator that returns it ends
const { defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect
const { writeSync } = fs
const stringify = JSON.stringify

/** What stands in a builtin's place. Each can also be called with `new`. */
const replacements = {
  throws: function () { throw new Error('tampered with') },
  'does nothing': function () {},
  'returns true': function () { return true },
  'returns a large number': function () { return 1e9 },
  'returns its this': function () { return this },
  'returns another allocation': function () { return canary }
}

/** The builtins that `replacement` replaces, as `{ path, holder, key, descriptor }`. In the quick form each has one. */
function replaced (replacement) {
  const isLoading = moment === 'before'
  // To load the module is slow, so properties that loading never uses are left out.
  const properties = builtinProperties()
    .filter(({ path }) => !isLoading || !/^(Date|Promise|BigInt|DataView|Atomics|%Async|Math\.[a-eg-z])/.test(path))
  const names = Object.keys(replacements)
  return shareOf(properties, names.indexOf(replacement), names.length).map(({ path, descriptor, ...property }) => {
    const field = descriptor.get === undefined ? 'value' : 'get'
    return {
      ...property, path: `${path} ${replacement}`, descriptor: { __proto__: null, ...descriptor, [field]: replacements[replacement] }
    }
  })
}

const fields = ['get', 'set', 'value', 'writable', 'enumerable', 'configurable']
const ofLib = ['receiver', 'outer', 'reference', 'earlier', 'elements', 'layer', 'prototype', 'ownsMemory', 'error', 'change', 'blocks', 'bytes',
  'Uint8Array', 'Int16Array', 'lend', 'takeBack', 'makeRoom', 'mayReuse', 'copyBytes', 'needStack', 'runChange', 'resetBudget', 'lentBlocks', 'addCached',
  'arrayBuffer', 'isLent', 'latest', 'count', 'least',
  'is', 'viewOf', 'attach', 'unref']
const ofOthers = ['transfer', 'code', 'length', 'index', 'name', 'message', 'cause', 'stack', 'next', 'done', 'then', 'raw', 'size', 'byteLength', 'buffer',
  'maxByteLength', 'deref', 'has', 'add', 'call', 'apply', 'constructor']
/** Those that the scenario does not read from a plain object. */
const numbers = ['7', '10', '77', '4294967294', '4294967295', '-1', '-0', '1.5', 'NaN', 'Infinity']
/** Those that it does read, as what is past the end. */
const numbersOfArrays = ['0', '1', '3', '100', '101', '102']
const inspectCustom = Symbol.for('nodejs.util.inspect.custom')
const symbols = [Symbol.species, Symbol.iterator, Symbol.toPrimitive, Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable,
  Symbol.unscopables, inspectCustom]
const names = [...fields, ...ofLib, ...ofOthers, ...numbers, ...numbersOfArrays, ...symbols]

const prototypes = [Object, Array, Function, Object.getPrototypeOf(Uint8Array), Uint8Array, Error, TypeError, Number, String]

let stolen = 0
const element = getOwnPropertyDescriptor(smalloc.alloc(1, {}), 0)
/** Descriptors of what is put on prototypes. */
const pollutants = {
  'a value that cannot be written': { value: 1, configurable: true },
  'a function': { value: function () { throw new Error('called') }, configurable: true, writable: true },
  'an object': { value: canary, configurable: true },
  'a getter of an element': { value: element.get, configurable: true },
  accessors: { get () { return canary }, set (value) { if (typeof value === 'object') stolen++ }, configurable: true },
  'accessors that throw': { get () { throw new Error('asked') }, set () { throw new Error('told') }, configurable: true }
}
for (const pollutant of Object.values(pollutants)) Object.setPrototypeOf(pollutant, null)

function polluted () {
  const at = (holder, key, kind) => ({ path: `${String(key)} is ${kind}`, holder, key, descriptor: pollutants[kind] })
  if (moment === 'before') {
    /** Node's own `require` reads files into what `buffer` gives: here the canary. */
    const keys = [...names, ...Object.keys(smalloc), ...Object.keys(require.cache)].filter((name) => name !== 'buffer' && !(name in {}))
    return shareOf(keys, 0, 8).flatMap((key) =>
      ['a value that cannot be written', 'accessors'].map((kind) => at(Object.prototype, key, kind)))
  }
  // In the quick form one kind for each name on Object.prototype, and for every fourth on another.
  return prototypes.flatMap(({ prototype }, place) => names.flatMap((key, number) =>
    shareOf(Object.keys(pollutants), number + 7 * place, prototype === Object.prototype ? 6 : 24)
      // alloc reads this method of each receiver. If the method is a getter that throws, alloc throws that.
      .filter((kind) => key !== inspectCustom || kind !== 'accessors that throw')
      .filter(() => prototype === Array.prototype || !numbersOfArrays.includes(key))
      .map((kind) => at(prototype, key, kind))))
}

/** Puts it there; returns a function that takes it off again, or undefined where it cannot be put. */
function put ({ holder, key, descriptor }) {
  const found = getOwnPropertyDescriptor(holder, key)
  const before = found && { __proto__: null, ...found }
  try {
    if (!defineProperty(holder, key, descriptor)) return undefined
  } catch (error) {
    return undefined // the length of an Array takes no function
  }
  return () => before === undefined ? deleteProperty(holder, key) : defineProperty(holder, key, before)
}

/** All modules; the addon is only registered anew. */
function forget () {
  for (const file of Object.keys(require.cache)) {
    const isOurs = file.startsWith(path.join(root, 'lib')) || file === path.join(root, 'index.js') || file.endsWith('.node')
    if (isOurs) delete require.cache[file]
  }
}

const healthy = scenarioOf(smalloc)
const failures = []
let tried = 0

function tryOut (change) {
  if (process.env.VERBOSE) writeSync(2, `${change.path}\n`)
  if (moment === 'before') forget()
  const back = put(change)
  if (back === undefined) return
  tried++
  let wrong
  try {
    wrong = moment === 'before' ? scenarioOf(require(root))() : healthy()
  } catch (error) {
    wrong = 'threw'
  }
  back()
  const later = tried % 16 === 0 ? healthy() : ''
  if (moment === 'after' && wrong !== '') failures.push({ path: change.path, wrong })
  if (later !== '') failures.push({ path: change.path, later })
}

async function main () {
  for (const change of whats.flatMap((what) => what === 'pollution' ? polluted() : replaced(what))) {
    tryOut(change)
    // In one turn, slices of so much memory would no longer be held by weak references, as they are in most programs.
    if (tried % 16 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  if (moment === 'before') stolen = 0 // a copy may be robbed while it is loaded
  // What is loaded may have asked for something to be done in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 100))
  const last = healthy()
  if (last !== '') failures.push({ last })
  let spoilt = 0
  for (let i = 0; i < 140 << 10; i++) if (canary[i] !== (i & 255)) spoilt++
  writeSync(1, stringify({ tried, failures: failures.slice(0, 40), spoilt, stolen }))
}
main()
