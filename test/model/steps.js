'use strict'

// What each kind of step does, on the model and for real. Steps are plain data: see sequences.js.
//
// The code in the trace is ES5 where Node 0.12 can run the step: see tools/compare/.

const { inspect } = require('node:util')
const { toKey } = require('./facts')
const { classes, foreign, plain, refusing } = require('./kinds')
const { CROSSOVER_BYTES, Memory, Window, types } = require('./memory')
const { ARG_TYPE, ARG_VALUE, NO_DATA } = require('./module')
const objects = require('./objects')
const { anything, selections } = require('./run')
const { decode, fillWithCycle, fillWithNoise, getter, show } = require('./values')

const { ModelObject, Refusal } = objects

const isTypeName = (code) => typeof code === 'string' && code in types
const showType = (code) => isTypeName(code) ? `Types.${code}` : show(code)
const typeOf = (run, code) => isTypeName(code) ? types[code].number : run.value(code).value

const steps = {
  /** A bare or External object, or one of a subclass. */
  typedArray (run, { kind, length, type, unsafe, form }) {
    const { smalloc, model } = run
    const count = run.value(length).value
    const number = typeOf(run, type)
    const isBare = kind === 'bare'
    if (!isBare && smalloc.External[type] === undefined) return
    const method = unsafe ? 'allocUnsafe' : 'alloc'
    const more = isBare ? argumentsOf(form, number) : []
    const used = (isBare && form === 1) || number === undefined ? types.Uint8.number : number
    const shown = [show(length), ...shownArguments(more, type)].join(', ')
    const name = run.nextName()
    const call = isBare ? `${method}(${shown})` : `new (${kind}(External.${type}))(${shown})`
    const real = run.perform(kind, `${name} = ${call}`,
      () => { model.checkAlloc(count, used); return anything },
      () => isBare ? smalloc[method](count, ...more) : new (classes[kind](smalloc.External[type]))(count),
      { name, length: count, type: used })
    if (real === undefined) return
    const object = model.makeTypedArray(name, real, model.newWindow(count, used))
    holdTypedArray(run, object, kind)
    if (unsafe && isBare) steps.fill(run, { object, from: run.made })
  },

  /** Something that can be a receiver. */
  plain (run, { kind }) {
    const name = run.nextName()
    run.make(kind, `${name} = make(${show(kind)})`)
    return run.adopt(name, plain[kind](), kind)
  },

  /** A plain object that is allocated at once. */
  receiver (run, { kind, length, type, unsafe }) {
    steps.alloc(run, { object: steps.plain(run, { kind }), length, type, unsafe })
  },

  /** Elements that are not smalloc's. */
  foreign (run, { kind, length }) {
    const [type, make] = foreign[kind]
    const name = run.nextName()
    const real = make(length)
    run.make(`foreign ${kind}`, `${name} = foreign(${show(kind)}, ${length})`)
    if (type === undefined) return Object.assign(run.adopt(name, real, kind), { isDataView: true })
    const memory = new Memory(real.buffer.byteLength)
    Object.assign(memory, { isFixed: kind === 'Buffer' || kind === 'shared', isShared: kind === 'shared' })
    const object = run.model.addForeign(name, real, new Window(memory, real.byteOffset, length, type))
    object.proto = run.leafOf(Object.getPrototypeOf(real))
    run.hold(object)
  },

  alloc (run, { object, length, type, unsafe }) {
    const count = run.value(length).value
    const number = typeOf(run, type)
    const method = unsafe ? 'allocUnsafe' : 'alloc'
    const kind = `${method} ${object.isOurs ? 'again' : 'first'}`
    const made = run.perform(kind, `${method}(${show(length)}, ${object.name}, ${showType(type)})`,
      () => run.model.alloc(count, object, number),
      () => run.smalloc[method](count, object.real, number), { object, length: count, type: number })
    if (made !== undefined) run.countMemory(object)
    if (unsafe && object.hasData) steps.fill(run, { object, from: run.made })
  },

  /** With what cannot be a receiver. */
  allocOdd (run, { receiver, length, type, unsafe }) {
    const real = refusing[receiver]()
    const model = Object(real) === real ? Object.assign(new ModelObject(receiver, real), { isArray: true }) : real
    const method = unsafe ? 'allocUnsafe' : 'alloc'
    const expected = receiver === 'Proxy that throws'
      ? () => { throw new Refusal('EvalError') }
      : () => run.model.alloc(length, model, types[type].number)
    run.perform('allocOdd', `${method}(${length}, refusing(${show(receiver)}), Types.${type})`, expected,
      () => run.smalloc[method](length, real, types[type].number))
  },

  /** A call with what is no object. In `args` '?' stands for it, and 'o' for an object of the sequence. */
  noObject (run, { method, args, value, object }) {
    const shown = args.map((arg) => arg === '?' ? show(value) : arg === 'o' ? object.name : arg)
    const given = args.map((arg) => arg === '?' ? decode(value) : arg === 'o' ? object.real : arg)
    const errors = args.includes('o') ? [ARG_TYPE, ARG_VALUE, NO_DATA] : [ARG_TYPE]
    run.perform('noObject', `${method}(${shown.join(', ')})`, () => { throw new Refusal(...errors) },
      () => run.smalloc[method](...given))
  },

  heir (run, { object }) {
    run.before('heir', { object })
    const name = run.nextName()
    const heir = run.model.add(name, Object.create(object.real))
    heir.proto = object
    run.make('heir', `${name} = Object.create(${object.name})`)
    run.hold(heir)
  },

  read (run, { object, name, key, code }) {
    run.perform('read', `${object.name}[${code}]`, () => objects.get(object, key), () => object.real[name], { object })
  },

  write (run, { object, name, key, code, value }) {
    const written = run.value(value)
    const isIn = object.hasData && object.window.has(key)
    run.perform(isIn ? 'write to an element' : 'write elsewhere', `${object.name}[${code}] = ${show(value)}`,
      () => done(objects.set(object, key, written), ARG_VALUE), () => { object.real[name] = written.value }, { object, key, value })
  },

  define (run, { object, name, key, code, descriptor }) {
    const { accessor, value, ...flags } = descriptor
    const written = run.value(value)
    const asked = accessor ? { get: getter } : 'value' in descriptor ? { value: written.value } : {}
    for (const flag of Object.keys(flags)) if (!accessor || flag !== 'writable') asked[flag] = flags[flag]
    run.perform('define', `Object.defineProperty(${object.name}, ${code}, ${JSON.stringify(descriptor)})`,
      () => objects.define(object, key, asked, written), () => Reflect.defineProperty(object.real, name, asked))
  },

  delete (run, { object, name, key, code }) {
    run.perform('delete', `remove(${object.name}, ${code})`, () => objects.remove(object, key),
      () => Reflect.deleteProperty(object.real, name), { object, key })
  },

  /** Writes all bytes, through the view: noise, or a cycle of bytes. */
  fill (run, { object, from, cycle = [] }) {
    const isCycle = cycle.length > 0
    const write = (bytes) => isCycle ? fillWithCycle(bytes, cycle) : fillWithNoise(bytes, from)
    const code = `fill(${object.name}, ${isCycle ? `[${cycle}]` : from})`
    run.perform('fill', code, () => write(run.model.view(object).bytes()), () => {
      const { buffer, byteOffset, byteLength } = run.smalloc.view(object.real)
      write(new Uint8Array(buffer, byteOffset, byteLength))
    }, { object, from })
  },

  copy (run, { from, sourceStart, to, destStart, length, fits, apart, beyond }) {
    const are = fits ? 'live' : 'any'
    const source = run.pick(from, are)
    const dest = run.pick(apart && run.pick(to, are) === source ? to + 1 : to, are)
    if (source === undefined) return
    const numbers = [sourceStart, destStart, length].map((code) => run.value(code).value)
    if (fits) fitCopy(numbers, source.window, dest.window, beyond)
    const [start, at, count] = numbers
    const kind = !source.hasData || !dest.hasData ? 'copy' : source.window.memory === dest.window.memory
      ? 'copy within one memory'
      : source.window.type === dest.window.type ? 'copy' : 'copy to another type'
    const code = `copyOnto(${source.name}, ${inspect(start)}, ${dest.name}, ${inspect(at)}, ${inspect(count)})`
    run.perform(count === 0 ? 'copy of nothing' : kind, code, () => run.model.copyOnto(source, start, dest, at, count),
      () => run.smalloc.copyOnto(source.real, start, dest.real, at, count), { source, dest, numbers })
  },

  slice (run, { from, to, start, end, fits, kind, backwards }) {
    const source = run.pick(from, fits ? 'live' : 'any')
    if (source === undefined) return
    if (fits && !run.held.some(selections.free)) steps.plain(run, { kind })
    const dest = run.pick(to, fits ? 'free' : 'any')
    let range = [run.value(start).value, run.value(end).value]
    if (fits && source.hasData) {
      range = range.map((position) => position % (source.window.length + 1)).sort((a, b) => backwards ? b - a : a - b)
    }
    run.perform('slice', `sliceOnto(${source.name}, ${dest.name}, ${range.map((position) => inspect(position)).join(', ')})`,
      () => run.model.sliceOnto(source, dest, ...range), () => run.smalloc.sliceOnto(source.real, dest.real, ...range))
  },

  view (run, { object, as }) {
    const name = run.nextName()
    const number = typeOf(run, as)
    let window
    const text = `${name} = view(${object.name}${as === undefined ? '' : `, ${showType(as)}`})`
    const real = run.perform(as === undefined ? 'view' : 'view as a type', text,
      () => { window = run.model.view(object, number); return anything }, () => run.smalloc.view(object.real, number))
    if (window === undefined) return
    const view = run.model.addForeign(name, real, window)
    view.proto = run.leafOf(Object.getPrototypeOf(real))
    run.hold(view)
  },

  has (run, { object }) {
    run.perform('has', `hasExternalData(${object.name})`, () => run.model.hasExternalData(object),
      () => run.smalloc.hasExternalData(object.real))
  },

  dispose (run, { object }) {
    const kind = !object.hasData ? 'dispose again' : object.ownsMemory ? 'dispose' : 'dispose of a slice'
    run.perform(kind, `dispose(${object.name})`, () => run.model.dispose(object), () => run.smalloc.dispose(object.real))
  },

  /** Of the object itself, or of its ArrayBuffer. */
  disposeBuffer (run, { object, whole }) {
    const of = whole && !object.isArrayBuffer ? arrayBufferOf(run, object) : undefined
    run.perform('disposeBuffer', `disposeBuffer(${object.name}${of === undefined ? '' : '.buffer'})`,
      () => of === undefined ? run.model.disposeBuffer(object) : run.model.disposeMemory(of.memory),
      () => run.smalloc.disposeBuffer(of === undefined ? object.real : of.real))
  },

  /** The sequence holds the ArrayBuffer that it gets. */
  release (run, { object }) {
    const name = run.nextName()
    let memory
    const real = run.perform('release', `${name} = release(${object.name})`,
      () => { memory = run.model.release(object); return anything }, () => run.smalloc.release(object.real))
    if (memory !== undefined) Object.assign(run.adopt(name, real, 'ArrayBuffer'), { isArrayBuffer: true, memory })
  },

  /** The memory of an ArrayBuffer goes to an object of the sequence, or to a new one. */
  adopt (run, { object, onto, type, form }) {
    const of = arrayBufferOf(run, object) ?? { real: object.real }
    const receiver = onto === undefined ? undefined : run.pick(onto, 'free')
    const number = typeOf(run, type)
    const more = receiver === undefined ? argumentsOf(form, number) : [receiver.real, number]
    const used = more.length === 0 ? undefined : number
    const name = receiver === undefined ? run.nextName() : receiver.name
    const first = of.real === object.real ? object.name : `${object.name}.buffer`
    let window
    const real = run.perform(receiver === undefined ? 'adopt' : 'adopt onto a receiver',
      `${name} = adopt(${[first, ...shownArguments(more, type, receiver)].join(', ')})`,
      () => { window = run.model.adopt(of.memory, receiver, used); return receiver ?? anything },
      () => run.smalloc.adopt(of.real, ...more))
    if (window === undefined) return
    if (receiver === undefined) holdTypedArray(run, run.model.makeTypedArray(name, real, window))
    else run.countMemory(receiver)
  },

  /** What waits for the next allocation goes to the system. */
  trim (run) {
    run.perform('trim', 'trim()', () => undefined, () => run.smalloc.trim())
  },

  symbolDispose (run, { object }) {
    if (Symbol.dispose === undefined) return
    const isThere = typeof objects.get(object, Symbol.dispose) === 'function'
    run.perform('symbolDispose', `${object.name}[Symbol.dispose]()`, () => {
      if (!isThere) throw new Refusal('TypeError')
      run.model.dispose(object)
    }, () => object.real[Symbol.dispose]())
  },

  /** Moves the memory to another ArrayBuffer, as structuredClone and postMessage can. Node 20 cannot transfer a block. */
  transfer (run, { object }) {
    if (!object.hasData) return
    const { memory } = object.window
    if (memory.isFixed || memory.bytes.length >= CROSSOVER_BYTES) return
    run.perform('transfer', `transfer(${object.name})`, () => run.model.transfer(object), () => {
      const { buffer } = run.smalloc.view(object.real)
      structuredClone(buffer, { transfer: [buffer] })
    })
  },

  restrict (run, { object, method }) {
    if (object.isHalfRestricted) return // what engines do to such a typed array depends on what they have done before
    run.perform(method, `Object.${method}(${object.name})`, () => done(objects.restrict(object, method)),
      () => { Object[method](object.real) })
    object.isHalfRestricted = object.isTypedArray && !object.isExtensible && !Object.isFrozen(object.real)
  },

  /** `to` is an object of the sequence, its prototype (which may be a layer), a fresh object or null. */
  setPrototype (run, { object, how, to }) {
    const other = run.pick(to)
    run.before('setPrototype', { object, other, how })
    if (how === 'fresh') steps.plain(run, { kind: 'object' })
    const back = object.layer ?? object.proto
    const proto = { object: other, fresh: run.held.at(-1), null: null, prototype: other.proto, back }[how]
    if (proto !== null && proto.real === undefined) return // a layer that has never been seen
    const before = object.proto
    const result = objects.setProto(object, proto)
    if (result === undefined) return
    if (object.proto !== before) object.hasOtherPrototype = true
    const kind = before?.layerOf === object ? 'setPrototype over a layer' : 'setPrototype'
    run.perform(kind, `Object.setPrototypeOf(${object.name}, ${proto === null ? 'null' : proto.name})`, () => result,
      () => Reflect.setPrototypeOf(object.real, proto === null ? null : proto.real), { object, proto })
  },

  drop (run, { object }) {
    run.drop(object)
    run.make('drop', `${object.name} = undefined`)
  },

  /** Compares all objects a last time and lets go of them. What they have is left to the collector. */
  dropAll (run) {
    run.compare(run.held, true)
    while (run.held.length > 0) steps.drop(run, { object: run.held.at(-1) })
  },

  gc (run, { minor = false }) {
    globalThis.gc?.(minor ? { type: 'minor' } : undefined)
    run.make('gc', 'gc()')
  },

  async turn (run) {
    await new Promise((resolve) => { setImmediate(resolve) })
    run.make('turn', 'a turn of the event loop')
  }
}

/**
 * The arguments of alloc and adopt after the first one, without a receiver. In form 2 the type comes second. But if it is no
 * number, it comes third, because smalloc would take it for the receiver.
 */
function argumentsOf (form, number) {
  if (form === 1) return []
  return form === 2 && typeof number === 'number' ? [number] : [undefined, number]
}

/** These arguments as code. `type` is the code of the type. */
const shownArguments = (values, type, receiver) =>
  values.map((value) => value === undefined ? 'undefined' : value === receiver?.real ? receiver.name : showType(type))

/** The run holds an object that smalloc has made. */
function holdTypedArray (run, object, kind) {
  Object.assign(object, { kind, proto: run.leafOf(Object.getPrototypeOf(object.real)) })
  run.countMemory(object)
  run.hold(object)
}

/** The ArrayBuffer that an object is or has, as { memory, real }; undefined where the sequence cannot know all of it. */
function arrayBufferOf (run, object) {
  if (object.isArrayBuffer) return { memory: object.memory, real: object.real }
  if (!object.hasData) return undefined
  const { memory } = object.window
  const isPool = memory.isFixed && !memory.isShared
  return isPool ? undefined : { memory, real: run.smalloc.view(object.real).buffer }
}

function done (isDone, ...otherErrors) {
  if (!isDone) throw new Refusal('TypeError', ...otherErrors)
}

/**
 * Changes `starts`, which is [sourceStart, destStart, copyLength], so that the copy fits. With `beyond` the length becomes the
 * largest that fits, plus `beyond`.
 */
function fitCopy (starts, from, to, beyond) {
  if (!from?.memory.live || !to?.memory.live) return
  starts[0] %= from.length + 1
  starts[1] %= to.length + 1
  const [start, at] = starts.map(Math.trunc)
  const room = Math.floor(Math.min(from.length - start, (to.length - at) * to.size / from.size))
  if (beyond !== undefined) starts[2] = room + beyond
  else if (starts[2] > 0) starts[2] = room === 0 ? 0 : 1 + starts[2] % room
}

/**
 * Carries out a step. If it is one on an object of the sequence (`at`), that is picked first, and nothing happens if there is none.
 * What has to do with the object is compared later, even if the step takes the memory away that they share.
 */
function carryOut (run, step) {
  const about = { ...step }
  if (step.type === 'same') about.type = run.type
  if ('at' in step) about.object = run.pick(step.at, step.are)
  if ('at' in step && about.object === undefined) return
  if ('key' in step) {
    const name = decode(step.key)
    run.use(name)
    Object.assign(about, { name, key: toKey(name), code: show(step.key) })
  }
  run.touched = new Set(run.concerned())
  return steps[step.do](run, about)
}

module.exports = { carryOut, steps }
