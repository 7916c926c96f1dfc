'use strict'

// Makes each call at every depth near the end of the stack, and looks at what the call has changed. Prints
// `{ failures, succeeded, overflowed, reserve }`. Each call has been made once before, because to compile its functions takes
// stack, too. With the argument 'first', each call is the first of a module that was loaded anew; that needs
// --no-compilation-cache. Needs --expose-gc.

const { collect } = require('../collect')
const { quick } = require('../long')

let smalloc = require('../../..')
const { isEngineMemory } = require('../runtime')
const isFirst = process.argv[2] === 'first'

const { apply } = Reflect
const MiB = 2 ** 20
const LARGE = 140 << 10
/** The numbers of words between two depths of `descend`. To load the module takes 10 ms, so there are fewer for first calls. */
const PADS = quick(isFirst ? [0, 6] : [0, 1, 3, 6, 9], [0])
/** The quick form tries depths that are about a kilobyte apart. */
const STEP = quick(1, 8)
const pads = PADS.map((length) => Array.from({ length }, () => 0))

const fill = (object, length) => {
  for (let i = 0; i < length; i++) object[i] = i + 1
  return object
}

class Base {}
const PROTOTYPES = [Object.prototype, Function.prototype, Base]

/** What a call works on and makes, in words, to be compared. */
const portraitOf = (state) => Object.entries(state).map(([name, value]) => `${name}: ${wordsOf(value)}`).join('; ')

function wordsOf (value) {
  if (typeof value !== 'object' && typeof value !== 'function') return String(value)
  if (value instanceof ArrayBuffer) return `${value.byteLength} bytes`
  const keys = ArrayBuffer.isView(value) ? value.length : Reflect.ownKeys(value).map(String)
  const elements = Array.from({ length: 40 }, (_, index) => value[index])
  const bytes = smalloc.hasExternalData(value) ? smalloc.view(value) : undefined
  return [PROTOTYPES.indexOf(Object.getPrototypeOf(value)), keys, value.b, elements, bytes?.length, bytes?.at(-1), value[bytes?.length - 1]].join()
}

/** By name. `make` returns the objects that `run` works on. What `run` makes, it adds to them. */
const calls = {}
const add = (name, make, run) => { calls[name] = { make, run } }

const LENGTHS = [3, 64, 100, LARGE]
const receivers = {
  object: { make: () => ({ 0: 'a', b: 1, 7: 'c' }), lengths: LENGTHS },
  function: { make: () => function f () {}, lengths: isFirst ? [] : LENGTHS },
  class: { make: () => class extends Base {}, lengths: isFirst ? [] : LENGTHS }
}
for (const [kind, { make, lengths }] of Object.entries(receivers)) {
  for (const length of lengths) {
    const source = () => fill(smalloc.alloc(length), 3)
    const allocated = () => ({ object: fill(smalloc.alloc(length, make()), 3) })
    add(`alloc(${length}, ${kind})`, () => ({ object: make() }), ({ object }) => smalloc.alloc(length, object))
    add(`sliceOnto(source, ${kind}, 0, ${length})`, () => ({ source: source(), object: make() }),
      ({ source, object }) => smalloc.sliceOnto(source, object))
    add(`dispose(${kind} of ${length})`, allocated, ({ object }) => smalloc.dispose(object))
    add(`release(${kind} of ${length})`, allocated, (state) => { state.memory = smalloc.release(state.object) })
    add(`adopt(${length}, ${kind})`, () => ({ memory: smalloc.release(source()), object: make() }),
      ({ memory, object }) => smalloc.adopt(memory, object))
  }
}

const nothing = () => ({})
for (const length of [3, 200, LARGE]) {
  const filled = () => fill(smalloc.alloc(length), 3)
  const withSlices = (slices) => {
    const source = filled()
    for (const slice of Object.values(slices)) smalloc.sliceOnto(source, slice)
    return { source, ...slices }
  }
  add(`alloc(${length})`, nothing, (state) => { state.made = smalloc.alloc(length) })
  add(`allocUnsafe(${length})`, nothing, (state) => {
    state.answer = smalloc.hasExternalData(smalloc.allocUnsafe(length, 3)) // any bytes may be in it
  })
  add(`External(${length})`, nothing, (state) => { state.made = new smalloc.External(length) })
  add(`dispose(${length})`, () => ({ object: filled() }), ({ object }) => smalloc.dispose(object))
  add(`dispose(${length} with slices)`, () => withSlices({ first: {}, second: {}, third: () => {} }), ({ source }) => smalloc.dispose(source))
  add(`dispose(slice of ${length})`, () => withSlices({ slice: {} }), ({ slice }) => smalloc.dispose(slice))
  add(`view(${length})`, () => ({ object: fill(smalloc.alloc(length, {}), 3) }), (state) => { state.view = smalloc.view(state.object) })
}
add('hasExternalData(no elements)', () => ({ object: smalloc.alloc(0, {}) }), (state) => {
  state.answer = smalloc.hasExternalData(state.object)
})
const copies = {
  few: (from, to) => smalloc.copyOnto(from, 1, to, 0, 8),
  all: (from, to) => smalloc.copyOnto(from, 0, to, 0, 40),
  'a window': (from, to) => smalloc.copyOnto(from, 1, to, 1, 30),
  'all, to a view': (from, to) => smalloc.copyOnto(from, 0, smalloc.view(to), 0, 40)
}
for (const [name, copy] of Object.entries(copies)) {
  add(`copyOnto of ${name}`, () => ({ from: fill(smalloc.alloc(40), 40), to: smalloc.alloc(40) }), ({ from, to }) => copy(from, to))
}

function descend (depth, action, pad) {
  if (depth === 0) apply(action, undefined, pad)
  else descend(depth - 1, action, pad)
}

/** The greatest depth at which `succeeds` still returns true. */
function deepest (succeeds) {
  let [low, high] = [0, 1 << 16]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (succeeds(middle)) low = middle
    else high = middle
  }
  return low
}

function canRunAt (depth, action) {
  try {
    descend(depth, action, pads[0])
    return true
  } catch (error) {
    return false
  }
}

/** Measured each time: the frames of `descend` shrink when it is compiled. */
const canDescend = (depth) => canRunAt(depth, () => {})

/** The part of the whole stack that has to be free for alloc to begin with a receiver: see needStack in lib/native/binding.js. */
function reserveOfAlloc () {
  const mostFrames = deepest(canDescend)
  return 1 - deepest((depth) => canRunAt(depth, () => smalloc.alloc(3, {}))) / mostFrames
}

/** Loads the module again, so that no function of it was called yet. */
function loadAnew () {
  for (const file of Object.keys(require.cache)) if (!file.endsWith('.node') && file !== __filename) delete require.cache[file]
  smalloc = require('../../..')
}

const failures = []
let succeeded = 0
let overflowed = 0
/** By name of a call, the portraits after it and in the end, where it had all the stack. */
const whole = {}

/** Returns whether the call succeeded. */
function tryAt (name, depth, pad) {
  const { make, run } = calls[name]
  if (isFirst) loadAnew()
  const state = make()
  const before = portraitOf(state)
  let reached = false
  let thrown
  try {
    descend(depth, () => { reached = true; run(state) }, pad)
  } catch (error) {
    thrown = error
  }
  const after = portraitOf(state)
  const fail = (what) => failures.push(`${name} at ${depth} + ${pad.length}: ${what}`)
  try {
    if (thrown !== undefined) run(state)
    for (const object of Object.values(state)) if (smalloc.hasExternalData(object)) smalloc.dispose(object)
  } catch (error) {
    fail(`cannot be used any more: ${error.stack}`)
  }
  const ended = portraitOf(state)
  whole[name] ??= { after, ended }
  if (thrown !== undefined && !(thrown instanceof RangeError)) fail(`threw ${thrown.stack}`)
  if (thrown === undefined && after !== whole[name].after) fail(`is not whole: ${after}`)
  if (thrown !== undefined && after !== before) fail(`is changed, after ${thrown.message}: ${after}`)
  if (ended !== whole[name].ended) fail(`leaves something behind: ${ended}`)
  if (reached && thrown === undefined) succeeded++
  if (reached && thrown !== undefined) overflowed++
  return thrown === undefined
}

/**
 * A first call compiles functions, which takes 30 KiB of stack, and each call takes the time of a load. So a first call is only
 * tried near the depth at which it begins to succeed.
 */
const startOf = (name) => isFirst ? deepest((depth) => tryAt(name, depth, pads[0])) + 10 : deepest(canDescend) + 1

async function main () {
  const canary = fill(smalloc.alloc(LARGE), LARGE)
  await collect(3)
  const before = smalloc.memoryUsage()
  for (const name of Object.keys(calls)) {
    tryAt(name, 0, pads[0])
    let inARow = 0
    for (let depth = startOf(name); inARow < 3 && depth > 0; depth -= STEP) {
      let all = true
      for (const pad of pads) all = tryAt(name, depth, pad) && all
      inARow = all ? inARow + 1 : 0
    }
    await collect(1)
  }
  await collect(100, () => smalloc.memoryUsage().blocks <= before.blocks)
  const after = smalloc.memoryUsage()
  if (after.blocks !== before.blocks || after.bytes !== before.bytes) failures.push(`${after.blocks - before.blocks} blocks are lost`)
  // The budget of a turn starts again, although calls failed that have to ask for that.
  const held = []
  for (let turn = 0; turn < 3; turn++) {
    held.push(smalloc.allocUnsafe(200 * MiB))
    await new Promise((resolve) => setImmediate(resolve)) // not a timer: two that are due share a turn
  }
  const lent = smalloc.memoryUsage().blocks - after.blocks
  if (!isEngineMemory && lent !== 3) failures.push(`${lent} blocks are lent in 3 turns`)
  for (let i = 0; i < LARGE; i++) if (canary[i] !== ((i + 1) & 255)) failures.push('the canary is changed')
  console.log(JSON.stringify({ failures: failures.slice(0, 40), succeeded, overflowed, reserve: reserveOfAlloc() }))
}
main()
