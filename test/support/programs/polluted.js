'use strict'

// Puts each name on each prototype that objects share, as a value that cannot be written, as accessors that lie and steal,
// and runs the scenario meanwhile; and once more while a copy of the module is loaded. Prints `{ tried, failures, stolen }`:
// `stolen` counts the objects that setters were given.

const path = require('node:path')
const { shareOf } = require('../long')
const { scenarioOf } = require('../scenario')

const root = path.join(__dirname, '..', '..', '..')
const smalloc = require(root)
const { defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect
const healthy = scenarioOf(smalloc)

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
const symbols = [
  Symbol.species, Symbol.iterator, Symbol.toPrimitive, Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable, Symbol.unscopables,
  Symbol.for('nodejs.util.inspect.custom')]
const names = [...fields, ...ofLib, ...ofOthers, ...numbers, ...numbersOfArrays, ...symbols]

const prototypes = {
  Object: Object.prototype,
  Array: Array.prototype,
  Function: Function.prototype,
  '%TypedArray%': Object.getPrototypeOf(Uint8Array.prototype),
  Uint8Array: Uint8Array.prototype,
  Error: Error.prototype,
  TypeError: TypeError.prototype,
  Number: Number.prototype,
  String: String.prototype
}

let stolen = 0
const canary = smalloc.alloc(1000)
const element = getOwnPropertyDescriptor(smalloc.alloc(1, {}), 0)
/** Descriptors of what is put there. */
const kinds = {
  'a value that cannot be written': { value: 1, configurable: true },
  'a function': { value: function () { throw new Error('called') }, configurable: true, writable: true },
  'an object': { value: canary, configurable: true },
  'a getter of an element': { value: element.get, configurable: true },
  accessors: { get () { return canary }, set (value) { if (typeof value === 'object') stolen++ }, configurable: true },
  'accessors that throw': { get () { throw new Error('asked') }, set () { throw new Error('told') }, configurable: true }
}
for (const kind of Object.values(kinds)) Object.setPrototypeOf(kind, null)

const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

/** alloc reads this method of each receiver. If the method is a getter that throws, alloc throws that. */
const isAsked = (name, kind) => name === inspectCustom && kind === 'accessors that throw'

function isLeftOut (holder, name, kind) {
  const isFixed = getOwnPropertyDescriptor(holder, name)?.configurable === false
  return isFixed || isAsked(name, kind) || (numbersOfArrays.includes(name) && holder !== Array.prototype)
}

const failures = []
let tried = 0
for (const prototype of Object.keys(prototypes)) {
  for (const [number, name] of names.entries()) {
    // In the quick form one kind for each name and prototype.
    for (const kind of shareOf(Object.keys(kinds), number + prototype.length, 6)) {
      const holder = prototypes[prototype]
      const before = getOwnPropertyDescriptor(holder, name)
      if (isLeftOut(holder, name, kind)) continue
      if (before !== undefined) Object.setPrototypeOf(before, null)
      defineProperty(holder, name, kinds[kind])
      const wrong = healthy()
      if (before === undefined) deleteProperty(holder, name)
      else defineProperty(holder, name, before)
      tried++
      if (wrong !== '') failures.push(`${prototype}.prototype.${String(name)} is ${kind}: ${wrong}`)
    }
  }
}

const stolenLater = stolen
/** Node's own `require` reads files into what `buffer` gives: here the canary. */
const loadNames = shareOf([...names, ...Object.keys(smalloc), ...Object.keys(require.cache)].filter((name) => name !== 'buffer'), 0, 4)
for (const name of loadNames) {
  for (const kind of ['a value that cannot be written', 'accessors']) {
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(path.join(root, 'lib')) || file === path.join(root, 'index.js') || file.endsWith('.node')) delete require.cache[file]
    }
    const before = getOwnPropertyDescriptor(Object.prototype, name)
    if (before !== undefined) continue
    defineProperty(Object.prototype, name, kinds[kind])
    try {
      scenarioOf(require(root))()
    } catch (error) {
      // The other code may break this copy. Below, and in the next turn, the test checks that nothing else is broken.
    }
    deleteProperty(Object.prototype, name)
    tried++
  }
}
// The copies may have asked for something to be done in a later turn.
setTimeout(() => {
  const last = healthy()
  if (last !== '') failures.push(`later: ${last}`)
  for (let i = 0; i < 1000; i++) if (canary[i] !== 0) failures.push('the canary is changed')
  process.stdout.write(JSON.stringify({ tried, failures: failures.slice(0, 40), stolen: stolenLater }))
}, 100)
