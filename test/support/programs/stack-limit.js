'use strict'

// Makes each call at every depth near the end of the stack, and looks at what the call has changed. Prints
// `{ failures, succeeded, overflowed, reserve }`. Each call has been made once before, because to compile its functions takes
// stack, too. With the argument 'first', each call is the first of a module that was loaded anew; that needs
// --no-compilation-cache. Needs --expose-gc.

const { collect } = require('../collect')
const { isLong } = require('../long')

let smalloc = require('../../..')
const isFirst = process.argv[2] === 'first'

const { apply } = Reflect
const MiB = 2 ** 20
const LARGE = 140 << 10
/** The numbers of words between two depths of `descend`. To load the module takes 10 ms, so there are fewer for first calls. */
const PADS = !isLong ? [0] : isFirst ? [0, 6] : [0, 1, 3, 6, 9]
const pads = PADS.map((length) => Array.from({ length }, () => 0))

const fill = (object, length) => {
  for (let i = 0; i < length; i++) object[i] = i + 1
  return object
}
const elements = (object, length) => Array.from({ length }, (_, i) => object[i]).join()
const keysOf = (object) => Reflect.ownKeys(object).map(String).join()

class Base {}
const LENGTHS = [3, 64, 100, LARGE]
const receivers = {
  object: { make: () => ({ 0: 'a', b: 1, 7: 'c' }), lengths: LENGTHS },
  function: { make: () => function f () {}, lengths: isFirst ? [] : LENGTHS },
  class: { make: () => class extends Base {}, lengths: isFirst ? [] : LENGTHS }
}

/** What an object is like, to be compared. */
function look (object) {
  const prototype = Object.getPrototypeOf(object)
  return { prototype, keys: keysOf(object), values: [object[0], object.b, object[7]].join(), has: smalloc.hasExternalData(object) }
}
const alike = (a, b) => a.prototype === b.prototype && a.keys === b.keys && a.values === b.values && a.has === b.has

/** Each: `make` returns what `run` works on; `isWhole` and `isUntouched` say what it is like afterwards; `end` disposes. */
const calls = {}

/** What a call works on: a receiver, and what it was like before it had data and just before the call. */
function stateOf (object, more) {
  const prototype = Object.getPrototypeOf(object)
  return { object, prototype, before: look(object), ...more }
}

function allocatedStateOf (object, length) {
  const prototype = Object.getPrototypeOf(object)
  fill(smalloc.alloc(length, object), 3)
  return { object, prototype, before: look(object) }
}

const isAsBefore = ({ object, before }) => alike(look(object), before)
const isWholeStill = (state) => isAsBefore(state) && elements(state.object, 3) === '1,2,3'
const isWithoutData = ({ object, prototype }) => !smalloc.hasExternalData(object) && !(0 in object) && Object.getPrototypeOf(object) === prototype
const disposeObject = ({ object }) => smalloc.dispose(object)

for (const [kind, { make, lengths }] of Object.entries(receivers)) {
  for (const length of lengths) {
    const ending = { end: disposeObject, isEnded: isWithoutData }
    calls[`alloc(${length}, ${kind})`] = {
      make: () => stateOf(make()),
      run: ({ object }) => smalloc.alloc(length, object),
      isUntouched: isAsBefore,
      isWhole: ({ object }) => smalloc.hasExternalData(object) && object[length - 1] === 0 && smalloc.view(object).length === length,
      ...ending
    }
    calls[`sliceOnto(source, ${kind}, 0, ${length})`] = {
      make: () => stateOf(make(), { source: fill(smalloc.alloc(length), 3) }),
      run: ({ object, source }) => smalloc.sliceOnto(source, object),
      isUntouched: isAsBefore,
      isWhole: ({ object }) => smalloc.hasExternalData(object) && object[2] === 3,
      end: ({ source }) => smalloc.dispose(source), // which has to reach the slice
      isEnded: isWithoutData
    }
    calls[`dispose(${kind} of ${length})`] = {
      make: () => allocatedStateOf(make(), length),
      run: disposeObject,
      isUntouched: isWholeStill,
      isWhole: isWithoutData,
      ...ending
    }
    calls[`release(${kind} of ${length})`] = {
      make: () => allocatedStateOf(make(), length),
      run: (state) => { state.memory = smalloc.release(state.object) },
      isUntouched: isWholeStill,
      isWhole: (state) => state.memory.byteLength === length && isWithoutData(state),
      ...ending
    }
    calls[`adopt(${length}, ${kind})`] = {
      make: () => stateOf(make(), { memory: smalloc.release(fill(smalloc.alloc(length), 3)) }),
      run: ({ object, memory }) => smalloc.adopt(memory, object),
      isUntouched: (state) => isAsBefore(state) && state.memory.byteLength === length,
      isWhole: ({ object, memory }) => smalloc.hasExternalData(object) && object[2] === 3 && memory.byteLength === 0,
      ...ending
    }
  }
}

const makers = {
  alloc: (length) => smalloc.alloc(length),
  allocUnsafe: (length) => smalloc.allocUnsafe(length, 3),
  External: (length) => new smalloc.External(length)
}
for (const length of [3, 200, LARGE]) {
  for (const [name, make] of Object.entries(makers)) {
    calls[`${name}(${length})`] = {
      make: () => ({}),
      run: (state) => { state.made = make(length) },
      isUntouched: () => true,
      isWhole: ({ made }) => smalloc.hasExternalData(made) && made[length - 1] !== undefined,
      end: ({ made }) => { if (made !== undefined) smalloc.dispose(made) },
      isEnded: () => true
    }
  }
  calls[`dispose(${length} with slices)`] = {
    make: () => {
      const source = fill(smalloc.alloc(length), 3)
      const slices = [{}, {}, () => {}]
      smalloc.sliceOnto(source, slices[0], 0, 2)
      smalloc.sliceOnto(source, slices[1])
      smalloc.sliceOnto(source, slices[2])
      return { source, slices }
    },
    run: ({ source }) => smalloc.dispose(source),
    isUntouched: ({ source, slices }) => elements(source, 3) === '1,2,3' && slices.every((slice) => slice[1] === 2),
    isWhole: ({ source, slices }) => source[0] === undefined && slices.every((slice) => !(0 in slice) && !smalloc.hasExternalData(slice)),
    end: ({ source }) => smalloc.dispose(source),
    isEnded: ({ slices }) => slices.every((slice) => !(0 in slice))
  }
  calls[`dispose(${length})`] = {
    make: () => ({ object: fill(smalloc.alloc(length), 3) }),
    run: ({ object }) => smalloc.dispose(object),
    isUntouched: ({ object }) => elements(object, 3) === '1,2,3',
    isWhole: ({ object }) => !smalloc.hasExternalData(object),
    end: ({ object }) => smalloc.dispose(object),
    isEnded: ({ object }) => !(0 in object)
  }
  calls[`dispose(slice of ${length})`] = {
    make: () => {
      const source = fill(smalloc.alloc(length), 3)
      const slice = {}
      smalloc.sliceOnto(source, slice)
      return { source, slice }
    },
    run: ({ slice }) => smalloc.dispose(slice),
    isUntouched: ({ slice }) => elements(slice, 3) === '1,2,3',
    isWhole: ({ source, slice }) => source[0] === 1 && !(0 in slice),
    end: ({ source, slice }) => { smalloc.dispose(slice); smalloc.dispose(source) },
    isEnded: ({ slice }) => !(0 in slice) && Object.getPrototypeOf(slice) === Object.prototype
  }
  calls[`view(${length})`] = {
    make: () => ({ object: fill(smalloc.alloc(length, {}), 3) }),
    run: (state) => { state.view = smalloc.view(state.object) },
    isUntouched: ({ object }) => elements(object, 3) === '1,2,3',
    isWhole: ({ view }) => view.length === length && view[0] === 1,
    end: ({ object }) => smalloc.dispose(object),
    isEnded: ({ object }) => keysOf(object) === ''
  }
}
calls['hasExternalData(no elements)'] = {
  make: () => ({ object: smalloc.alloc(0, {}) }),
  run: (state) => { state.answer = smalloc.hasExternalData(state.object) },
  isUntouched: () => true,
  isWhole: ({ answer }) => answer === true,
  end: ({ object }) => smalloc.dispose(object),
  isEnded: () => true
}
const copies = {
  'of few': (from, to) => smalloc.copyOnto(from, 1, to, 0, 8),
  'of all': (from, to) => smalloc.copyOnto(from, 0, to, 0, 40),
  'of a window': (from, to) => smalloc.copyOnto(from, 1, to, 1, 30),
  'to others': (from, to) => smalloc.copyOnto(from, 0, smalloc.view(to), 0, 40)
}
for (const [name, copy] of Object.entries(copies)) {
  calls[`copyOnto ${name}`] = {
    make: () => {
      const state = { from: fill(smalloc.alloc(40), 40), to: smalloc.alloc(40), model: smalloc.alloc(40) }
      copy(state.from, state.model)
      return state
    },
    run: ({ from, to }) => copy(from, to),
    isUntouched: ({ to }) => elements(to, 40) === Array(40).fill(0).join(),
    isWhole: ({ to, model }) => elements(to, 40) === elements(model, 40),
    end: ({ from, to, model }) => [from, to, model].forEach((object) => smalloc.dispose(object)),
    isEnded: () => true
  }
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

/** The part of the whole stack that has to be free for alloc to begin with a receiver: see needStack in lib/native/stack.js. */
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

/** Returns whether the call succeeded. */
function tryAt (name, depth, pad) {
  const { make, run, isUntouched, isWhole, end, isEnded } = calls[name]
  if (isFirst) loadAnew()
  const state = make()
  let reached = false
  let thrown
  try {
    descend(depth, () => { reached = true; run(state) }, pad)
  } catch (error) {
    thrown = error
  }
  const fail = (what) => failures.push(`${name} at ${depth} + ${pad.length}: ${what}`)
  if (thrown !== undefined && !(thrown instanceof RangeError)) fail(`threw ${thrown.stack}`)
  if (thrown === undefined && !isWhole(state)) fail('is not whole')
  if (thrown !== undefined && !isUntouched(state)) fail(`is changed, after ${thrown.message}`)
  try {
    if (thrown !== undefined) run(state)
    end(state)
    if (!isEnded(state)) fail('leaves something behind')
  } catch (error) {
    fail(`cannot be used any more: ${error.stack}`)
  }
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
    for (let depth = startOf(name); inARow < 3 && depth > 0; depth--) {
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
  if (process.env.SMALLOC_ENGINE_MEMORY !== '1' && lent !== 3) failures.push(`${lent} blocks are lent in 3 turns`)
  for (let i = 0; i < LARGE; i++) if (canary[i] !== ((i + 1) & 255)) failures.push('the canary is changed')
  console.log(JSON.stringify({ failures: failures.slice(0, 40), succeeded, overflowed, reserve: reserveOfAlloc() }))
}
main()
