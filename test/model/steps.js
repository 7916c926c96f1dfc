'use strict'

// What each kind of step does, on the model and for real. Steps are plain data: see sequences.js.

const { inspect } = require('node:util')
const { plain, foreign } = require('./kinds')
const { toKey } = require('./facts')
const { bareMakers } = require('./makers')
const { Memory, Window, types } = require('./memory')
const objects = require('./objects')
const { LENT, anything, selections } = require('./run')
const { decode, getter, show } = require('./values')

const { ModelObject, Refusal } = objects

const typeNumber = (name) => types[name]?.number
const showType = (code) => code in types ? `Types.${code}` : show(code)

/** The calls by kind of step. Each does its part on the model and for real. */
const steps = {
  /** A bare or External object, or one of a subclass. */
  typedArray (run, { kind, length, type, unsafe, form }) {
    const { smalloc, model } = run
    const count = run.value(length).value
    const number = typeof type === 'string' && type in types ? typeNumber(type) : run.value(type).value
    // In second place, what is no number is a receiver.
    const variant = form === 2 && typeof number !== 'number' ? 3 : form
    const maker = bareMakers(smalloc, run.made)[kind === 'bare' ? `${unsafe ? 'allocUnsafe' : 'alloc'} ${variant}` : kind]
    if (maker.isClass && smalloc.External[type] === undefined) return
    const name = run.nextName()
    const usedNumber = maker.usesType && number !== undefined ? number : 2
    const text = `${name} = ${maker.show(show(length), showType(type))}`
    const real = run.perform(kind, text, () => { model.checkAlloc(count, usedNumber); return anything }, () => maker.make(count, number, type))
    if (real === undefined) return
    const object = model.makeTypedArray(name, real, count, usedNumber)
    object.proto = run.leafOf(Object.getPrototypeOf(real))
    run.countMemory(object)
    run.hold(object)
    if (unsafe && kind === 'bare') steps.fill(run, { at: 0, from: run.made })
  },

  /** Something that can be a receiver. */
  plain (run, { kind }) {
    const name = run.nextName()
    run.say(`${name} = ${kind}`, { result: undefined })
    run.count(kind, true)
    run.adopt(name, plain[kind](), kind)
  },

  /** A plain object that is allocated at once. */
  receiver (run, { kind, length, type, unsafe }) {
    steps.plain(run, { kind })
    steps.alloc(run, { at: 0, length, type, unsafe })
  },

  /** Elements that are not smalloc's. */
  foreign (run, { kind, length }) {
    const [type, make] = foreign[kind]
    const name = run.nextName()
    const real = make(length)
    run.say(`${name} = ${kind} of ${length}`, { result: undefined })
    run.count(`foreign ${kind}`, true)
    if (type === undefined) return Object.assign(run.adopt(name, real, kind), { isDataView: true })
    const window = new Window(new Memory(length * types[type].size), 0, length, type)
    window.memory.base = real.byteOffset
    window.memory.isFixed = kind === 'Buffer' || kind === 'shared'
    const object = run.model.addForeign(name, real, window)
    object.proto = run.leafOf(Object.getPrototypeOf(real))
    run.hold(object)
  },

  alloc (run, { at, are, length, type, unsafe }) {
    const object = run.pick(at, are)
    if (object === undefined) return
    const count = run.value(length).value
    const number = typeof type === 'string' && type in types ? typeNumber(type) : run.value(type).value
    const method = unsafe ? 'allocUnsafe' : 'alloc'
    const again = object.isOurs ? 'again' : 'first'
    const text = `${method}(${show(length)}, ${object.name}, ${showType(type)})`
    const made = run.perform(`${method} ${again}`, text, () => run.model.alloc(count, object, number === undefined ? 2 : number),
      () => run.smalloc[method](count, object.real, number))
    if (made !== undefined) run.countMemory(object)
    if (unsafe && object.hasData) steps.fill(run, { at: run.held.length - 1 - run.held.indexOf(object), from: run.made })
  },

  /** With a receiver that none can be. */
  allocOdd (run, { receiver, length, type }) {
    const real = { null: null, number: 5, string: 'x', array: [], symbol: decode(['symbol']) }[receiver]
    const model = receiver === 'array' ? Object.assign(new ModelObject('array', real), { isArray: true }) : real
    run.perform('allocOdd', `alloc(${length}, ${receiver}, ${type})`, () => run.model.alloc(length, model, typeNumber(type)),
      () => run.smalloc.alloc(length, real, typeNumber(type)))
  },

  heir (run, { at }) {
    const parent = run.pick(at)
    if (parent === undefined) return
    const name = run.nextName()
    const object = run.model.add(name, Object.create(parent.real))
    object.proto = parent
    run.say(`${name} = Object.create(${parent.name})`, { result: undefined })
    run.count('heir', true)
    run.hold(object)
  },

  read (run, { at, are, key }) {
    const object = run.pick(at, are)
    if (object === undefined) return
    const [name, code] = [decode(key), show(key)]
    run.use(name)
    run.perform('read', `${object.name}[${code}]`, () => objects.get(object, toKey(name)), () => object.real[name])
  },

  write (run, { at, are, key, value }) {
    const object = run.pick(at, are)
    if (object === undefined) return
    const name = decode(key)
    run.use(name)
    const written = run.value(value)
    const isIn = object.hasData && object.window.has(toKey(name))
    run.perform(isIn ? 'write to an element' : 'write elsewhere', `${object.name}[${show(key)}] = ${show(value)}`,
      () => done(objects.set(object, toKey(name), written), 'TypeError ERR_INVALID_ARG_VALUE'), () => { object.real[name] = written.value })
  },

  define (run, { at, are, key, descriptor }) {
    const object = run.pick(at, are)
    if (object === undefined) return
    const name = decode(key)
    run.use(name)
    const { accessor, value, ...flags } = descriptor
    const written = run.value(value)
    const asked = accessor ? { get: getter } : 'value' in descriptor ? { value: written.value } : {}
    for (const flag of Object.keys(flags)) if (!accessor || flag !== 'writable') asked[flag] = flags[flag]
    const text = `Object.defineProperty(${object.name}, ${show(key)}, ${JSON.stringify(descriptor)})`
    run.perform('define', text, () => objects.define(object, toKey(name), asked, written),
      () => Reflect.defineProperty(object.real, name, asked))
  },

  delete (run, { at, are, key }) {
    const object = run.pick(at, are)
    if (object === undefined) return
    const name = decode(key)
    run.use(name)
    run.perform('delete', `delete ${object.name}[${show(key)}]`, () => objects.remove(object, toKey(name)),
      () => Reflect.deleteProperty(object.real, name))
  },

  /** Writes all bytes, through the view: those of a cycle, or ones that count. */
  fill (run, { at, are, from, by = 7, cycle = [] }) {
    const object = run.pick(at, are)
    if (object === undefined) return
    const byteOf = (index) => cycle.length > 0 ? cycle[index % cycle.length] : (from + index * by) & 255
    run.perform('fill', `fill(${object.name}, ${cycle.length > 0 ? `[${cycle}]` : `${from}, ${by}`})`, () => {
      const window = run.model.view(object)
      window.put(Array.from({ length: window.byteLength }, (_, index) => byteOf(index)))
    }, () => {
      const { buffer, byteOffset, byteLength } = run.smalloc.view(object.real)
      const bytes = new Uint8Array(buffer, byteOffset, byteLength)
      for (let index = 0; index < byteLength; index++) bytes[index] = byteOf(index)
    })
  },

  copy (run, { from, sourceStart, to, destStart, length, fits, apart }) {
    const are = fits ? 'live' : 'any'
    const source = run.pick(from, are)
    const dest = run.pick(apart && run.pick(to, are) === source ? to + 1 : to, are)
    if (source === undefined) return
    const starts = [sourceStart, destStart, length].map((code) => run.value(code).value)
    if (fits) fitCopy(starts, source.window, dest.window)
    const [start, at, count] = starts
    const kind = !source.hasData || !dest.hasData ? 'copy' : source.window.memory === dest.window.memory
      ? 'copy within one memory'
      : source.window.type === dest.window.type ? 'copy' : 'copy to another type'
    run.perform(count === 0 ? 'copy of nothing' : kind, `copyOnto(${source.name}, ${inspect(start)}, ${dest.name}, ${inspect(at)}, ${inspect(count)})`,
      () => run.model.copyOnto(source, start, dest, at, count),
      () => run.smalloc.copyOnto(source.real, start, dest.real, at, count))
  },

  slice (run, { from, to, start, end, fits, kind }) {
    const source = run.pick(from, fits ? 'live' : 'any')
    if (source === undefined) return
    if (fits && !run.held.some(selections.free)) steps.plain(run, { kind })
    const dest = run.pick(to, fits ? 'free' : 'any')
    let range = [run.value(start).value, run.value(end).value]
    if (fits && source.hasData) range = range.map((position) => position % (source.window.length + 1)).sort((a, b) => a - b)
    run.perform('slice', `sliceOnto(${source.name}, ${dest.name}, ${range.map((position) => inspect(position)).join(', ')})`,
      () => run.model.sliceOnto(source, dest, ...range), () => run.smalloc.sliceOnto(source.real, dest.real, ...range))
  },

  view (run, { at, are, as }) {
    const object = run.pick(at, are)
    if (object === undefined) return
    const name = run.nextName()
    const number = typeof as === 'string' && as in types ? typeNumber(as) : run.value(as).value
    let window
    const text = `${name} = view(${object.name}${as === undefined ? '' : `, ${showType(as)}`})`
    const real = run.perform(as === undefined ? 'view' : 'view as a type', text,
      () => { window = run.model.view(object, number); return anything }, () => run.smalloc.view(object.real, number))
    if (window === undefined) return
    const view = run.model.addForeign(name, real, window)
    view.proto = run.leafOf(Object.getPrototypeOf(real))
    run.hold(view)
  },

  has (run, { at }) {
    const object = run.pick(at)
    if (object === undefined) return
    run.perform('has', `hasExternalData(${object.name})`, () => run.model.hasExternalData(object),
      () => run.smalloc.hasExternalData(object.real))
  },

  dispose (run, { at }) {
    const object = run.pick(at)
    if (object === undefined) return
    run.touched = new Set(run.concerned())
    const kind = !object.hasData ? 'dispose again' : object.ownsMemory ? 'dispose' : 'dispose of a slice'
    run.perform(kind, `dispose(${object.name})`, () => run.model.dispose(object), () => run.smalloc.dispose(object.real))
  },

  symbolDispose (run, { at }) {
    const object = run.pick(at)
    if (object === undefined || Symbol.dispose === undefined) return
    run.touched = new Set(run.concerned())
    const isThere = typeof objects.get(object, Symbol.dispose) === 'function'
    run.perform('symbolDispose', `${object.name}[Symbol.dispose]()`, () => {
      if (!isThere) throw new Refusal('TypeError')
      run.model.dispose(object)
    }, () => object.real[Symbol.dispose]())
  },

  /** Moves the memory to another ArrayBuffer, as structuredClone and postMessage can. */
  transfer (run, { at }) {
    const object = run.pick(at)
    if (object === undefined || !object.hasData) return
    const { memory } = object.window
    if (memory.isFixed || memory.bytes.length >= LENT) return
    run.touched = new Set(run.concerned())
    run.perform('transfer', `transfer(${object.name})`, () => run.model.transfer(object), () => {
      const { buffer } = run.smalloc.view(object.real)
      structuredClone(buffer, { transfer: [buffer] })
    })
  },

  restrict (run, { at, method }) {
    const object = run.pick(at)
    // What engines do to a typed array depends on what they have half done to it before.
    if (object === undefined || object.isHalfRestricted) return
    run.perform(method, `Object.${method}(${object.name})`, () => done(objects.restrict(object, method)),
      () => { Object[method](object.real) })
    object.isHalfRestricted = object.isTypedArray && !object.isExtensible && !Object.isFrozen(object.real)
  },

  /** `to` is an object of the sequence, its prototype (which may be a layer), a fresh object or null. */
  setPrototype (run, { at, how, to }) {
    const [object, other] = [run.pick(at), run.pick(to)]
    if (object === undefined) return
    if (how === 'fresh') steps.plain(run, { kind: 'object' })
    const proto = { object: other, fresh: run.held.at(-1), null: null, prototype: other.proto, back: object.layer ?? object.proto }[how]
    if (proto !== null && proto.real === undefined) return // a layer that has never been seen
    const before = object.proto
    const result = objects.setProto(object, proto)
    if (result === undefined) return
    if (object.proto !== before) object.hasOtherPrototype = true
    run.touched = new Set(run.concerned())
    const kind = before?.layerOf === object ? 'setPrototype over a layer' : 'setPrototype'
    run.perform(kind, `Object.setPrototypeOf(${object.name}, ${proto === null ? 'null' : proto.name})`, () => result,
      () => Reflect.setPrototypeOf(object.real, proto === null ? null : proto.real))
  },

  /** The sequence lets go of the object, and the collector may have it where nothing else holds it. */
  drop (run, { at }) {
    const object = run.pick(at)
    if (object === undefined) return
    run.held.splice(run.held.indexOf(object), 1)
    run.touched.delete(object)
    run.say(`drop ${object.name}`, { result: undefined })
    run.count('drop', true)
  },

  gc (run) {
    globalThis.gc?.()
    run.say('gc()', { result: undefined })
    run.count('gc', true)
  },

  async turn (run) {
    run.say('a turn of the event loop', { result: undefined })
    run.count('turn', true)
    await new Promise((resolve) => { setImmediate(resolve) })
  }
}

function done (isDone, ...otherErrors) {
  if (!isDone) throw new Refusal('TypeError', ...otherErrors)
}

/** Makes starts and length, any from 0 on, ones that fit. */
function fitCopy (starts, from, to) {
  if (!from?.memory.live || !to?.memory.live) return
  starts[0] %= from.length + 1
  starts[1] %= to.length + 1
  const [start, at] = starts.map(Math.trunc)
  const room = Math.floor(Math.min(from.length - start, (to.length - at) * to.size / from.size))
  if (starts[2] > 0) starts[2] = room === 0 ? 0 : 1 + starts[2] % room
}

module.exports = { steps }
