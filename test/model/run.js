'use strict'

// One run of a sequence: the objects that it holds, each with its ModelObject, and what has been called and compared.

const { inspect } = require('node:util')
const { behaviours } = require('./kinds')
const { compare, questionsOf, realFace } = require('./facts')
const { CROSSOVER_BYTES } = require('./memory')
const { Model, receiverErrors } = require('./module')
const { ModelObject, Refusal } = require('./objects')
const { decode } = require('./values')

/** What a step may ask of its objects, so that it is rarely refused. */
const selections = {
  live: (object) => object.hasData,
  heir: (object) => !object.hasData && object.proto?.hasData,
  free: (object) => receiverErrors(object).length === 0,
  used: (object) => object.isOurs && receiverErrors(object).length === 0,
  owner: (object) => object.hasData && object.ownsMemory,
  foreign: (object) => object.isTypedArray && !object.isOurs,
  buffer: (object) => object.isArrayBuffer && object.memory.live
}

class Run {
  model = new Model()
  /** The objects that the sequence still holds. */
  held = []
  lines = []
  /** ModelObjects to compare after this step. */
  touched = new Set()
  /** Keys that steps have used, to ask for at the end. */
  keys = new Set()
  /** Those of this step. */
  lastKeys = []
  names = new WeakMap()
  made = 0
  /** The type of the last allocation. */
  type = 'Uint8'
  allocatedBytes = 0
  comparedBytes = 0

  /**
   * What an observer may have:
   *
   * - `before(kind, about)` is called before each call of smalloc's. It may throw LeftOut. `about` has the objects and values.
   * - `count(kind, isDone)` is called after it.
   * - `said(code, kind, about)` is called with each line of the trace.
   */
  constructor (smalloc, { count = () => {}, before = () => {}, said = () => {} } = {}) {
    Object.assign(this, { smalloc, count, before, said })
    this.face = realFace(smalloc, (prototype) => this.nameOf(prototype))
  }

  /** The name of an object that a prototype chain has led to. */
  nameOf (real) {
    if (real === null) return 'null'
    return this.names.get(real) ?? 'an object that the sequence does not know'
  }

  /** The ModelObject for what is not made by a step, such as Object.prototype. */
  leafOf (real) {
    if (real === null) return null
    const known = this.model.objects.find((object) => object.real === real)
    if (known !== undefined) return known
    const leaf = this.model.add(`prototype ${this.model.objects.length}`, real)
    leaf.leaf = real
    this.names.set(real, leaf.name)
    return leaf
  }

  /**
   * The object at place `at`, where 0 is the newest. Only objects of the selection `are` count, unless there are none of it.
   */
  pick (at, are = 'any') {
    const chosen = are === 'any' ? [] : this.held.filter(selections[are])
    const pool = chosen.length === 0 ? this.held : chosen
    const object = pool[pool.length - 1 - at % pool.length]
    if (object !== undefined) this.touched.add(object)
    return object
  }

  nextName () {
    return `o${this.made++}`
  }

  use (key) {
    this.keys.add(key)
    this.lastKeys.push(key)
  }

  hold (object) {
    this.names.set(object.real, object.name)
    this.held.push(object)
    this.touched.add(object)
    return object
  }

  /**
   * The sequence lets go of the object. The collector may have it, and the model forgets it, unless an object that is still held
   * inherits from it.
   */
  drop (object) {
    this.held.splice(this.held.indexOf(object), 1)
    this.touched.delete(object)
    if (!this.held.some((other) => inheritsFrom(other, object))) this.model.forget(object)
  }

  /** Takes a pristine object, without elements, into the model. */
  adopt (name, real, kind) {
    const object = this.model.add(name, real)
    object.kind = kind
    object.isProxy = kind === 'Proxy'
    Object.defineProperties(object.own, Object.getOwnPropertyDescriptors(real))
    object.proto = this.leafOf(Object.getPrototypeOf(real))
    return this.hold(object)
  }

  value (code) {
    const value = decode(code, (at) => this.smalloc.dispose(this.pick(at).real))
    return { value, numberFor: (window) => this.numberFor(window, code) }
  }

  /** What the model stores for a value that is written to an element of the window. */
  numberFor (window, code) {
    const [name, inner] = Array.isArray(code) ? code : []
    if (name === 'throws') throw new Refusal('EvalError')
    if (name === 'valueOf') return this.numberFor(window, inner)
    if (name === 'disposes') this.model.dispose(this.pick(inner))
    const value = name === 'disposes' ? 200 : decode(code)
    try {
      if (!window.big) return Number(typeof value === 'bigint' ? +value : value)
      if (typeof value === 'number') throw new TypeError('a number')
      return BigInt(value)
    } catch (error) {
      throw new Refusal(error.name)
    }
  }

  /** Does the same in the model and for real. Both must return the same, or throw what the model expects. */
  perform (kind, code, expected, action, about = {}) {
    this.before(kind, about)
    const [wanted, got] = [outcomeOf(expected), outcomeOf(action)]
    this.count(kind, wanted.errors === undefined)
    this.say(code, got, kind, { ...about, errors: wanted.errors })
    if (wanted.errors !== undefined) {
      if (!wanted.errors.includes(got.error)) throw new Error(`${code}: ${textOf(got)} instead of ${wanted.errors.join(' or ')}`)
      return undefined
    }
    const result = wanted.result instanceof ModelObject ? wanted.result.real : wanted.result
    if (got.error !== undefined || (result !== anything && !Object.is(got.result, result))) {
      throw new Error(`${code}: ${textOf(got)} instead of ${textOf({ result })}`)
    }
    return got.result
  }

  /** A line that no call of smalloc's is in. */
  make (kind, code) {
    this.count(kind, true)
    this.say(code, { result: undefined }, kind, {})
  }

  countMemory ({ window, layer }) {
    this.type = window.type
    this.allocatedBytes += window.byteLength
    this.count(`type ${window.type}`, true)
    if (layer !== undefined) this.count('layer', true)
    if (window.byteLength >= CROSSOVER_BYTES) this.count('large block', true)
  }

  say (code, outcome, kind, about) {
    this.lines.push(`${code} -> ${textOf(outcome)}`)
    this.said(code, kind, about)
  }

  /** Compares the objects; `isThorough` asks all that can be asked. */
  compare (toCompare, isThorough) {
    for (const object of toCompare) {
      this.checkLayer(object)
      if (object.hasData) this.comparedBytes += object.window.byteLength
      const problem = compare(this.face, object, questionsOf(object, isThorough ? this.keys : this.lastKeys, isThorough))
      if (problem !== undefined) throw new Error(`${object.name}: ${problem}`)
      this.checkLeftovers(object)
    }
  }

  /** A layer is an object. The run sees it for the first time when the receiver has it. */
  checkLayer (object) {
    const { layer } = object
    if (layer === undefined || layer.real !== undefined || object.proto !== layer) return
    const real = Object.getPrototypeOf(object.real)
    if (real === null || this.names.has(real)) throw new Error(`${object.name} has no layer, but ${this.nameOf(real)}`)
    layer.real = real
    this.names.set(real, layer.name)
  }

  checkLeftovers (object) {
    const isBehaving = object.hasOtherPrototype || behaviours[object.kind]?.(object.real) !== false
    if (!isBehaving) throw new Error(`${object.name} is no ${object.kind} any more`)
    const mayInspect = object.window !== undefined || object.isSealed
    if (!mayInspect && this.face.ownInspect(object.real)) throw new Error(`${object.name} has kept an inspect method`)
  }

  /** The objects that the step has named, those that share memory with them, and those that inherit from them. */
  concerned () {
    const memories = new Set([...this.touched].map(({ window }) => window?.memory).filter(Boolean))
    const isConcerned = (object) =>
      this.touched.has(object) || this.touched.has(object.layerOf) || memories.has(object.window?.memory)
    return this.held.filter((object) => chainOf(object).some(isConcerned))
  }

  /** The bytes of all memory that held objects have, each counted once. */
  heldBytes () {
    const memories = new Set(this.held.map(({ window, memory }) => window?.memory ?? memory).filter(Boolean))
    return [...memories].reduce((sum, { bytes }) => sum + bytes.length, 0)
  }
}

const anything = Symbol('anything')

/** The object and all that it inherits from. */
function chainOf (object) {
  const chain = []
  for (let at = object; at !== null; at = at.proto) chain.push(at)
  return chain
}

const inheritsFrom = (object, other) => chainOf(object).some((at) => at === other || at.layerOf === other)

function outcomeOf (action) {
  try {
    return { result: action() }
  } catch (error) {
    if (error instanceof Refusal) return { errors: error.errors }
    if (!(error instanceof Error)) throw error
    return { error: [error.name, error.code].filter(Boolean).join(' ') }
  }
}

function textOf ({ result, error, errors }) {
  if (errors !== undefined) return errors.join(' or ')
  if (error !== undefined) return error
  return typeof result === 'object' || typeof result === 'function' ? 'an object' : inspect(result)
}

module.exports = { Run, anything, chainOf, selections }
