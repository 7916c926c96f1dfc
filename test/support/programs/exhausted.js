'use strict'

// Takes all memory in pieces of argv[3] bytes, once for each of the first argv[5] kinds of object, in the thread argv[2] ('main'
// or 'worker'). Calls each function then, lets go of three pieces in four, takes all again, and lets go of all. To let go is
// what argv[4] says: 'dispose' or 'drop'. Prints what came of it. The caller limits the address space. Needs --expose-gc.

const { setTimeout: passed } = require('node:timers/promises')
const { inspect } = require('node:util')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, allocUnsafe, copyOnto, dispose, External, hasExternalData, sliceOnto, view } = require('../../..')
const { collect } = require('../collect')
const { kinds: basicKinds } = require('../kinds')
const { inUse } = require('../usage')

const MiB = 2 ** 20
const [thread, bytes, how, count] = process.argv.slice(2)
const size = Number(bytes)

/** 40 MiB is above the largest threshold for mmap that glibc sets itself, so that freed memory goes back to the system. */
const TOO_MUCH = Math.max(size, 40 * MiB)

/**
 * Of small pieces, 256 MiB a turn are blocks of Rust, whose address space comes back. The rest is engine memory, which malloc
 * may keep, and the engine itself grows by 20 MiB.
 */
const LARGE_BYTES = 224 * MiB

const kinds = {
  receiver: basicKinds.receiver,
  unzeroed: (size) => allocUnsafe(size),
  Doubles: (size) => new External.Double(size / 8),
  ...basicKinds
}

/** By name, what is right or throws. None may end the process. */
function calls (first, second) {
  const small = alloc(10, {})
  const slice = {}
  const { length } = view(first)
  return {
    'alloc of 10': () => alloc(10)[9] === 0,
    'alloc of 10 onto a receiver': () => alloc(10, {})[9] === 0,
    'alloc of 1000 onto a receiver': () => alloc(1000, {})[999] === 0,
    'External of 1000': () => new External.Double(1000)[999] === 0,
    'too much onto a receiver': () => alloc(TOO_MUCH, {}) === undefined,
    'too much unzeroed': () => allocUnsafe(TOO_MUCH) === undefined,
    'too much in an External': () => view(new External(TOO_MUCH)) === undefined,
    'too much in small pieces': () => Array.from({ length: 1000 }, () => alloc(60_000)).length === 0,
    'copyOnto of 1000': () => copyOnto(first, 0, second, 1, 1000) === undefined && second[0] === 2 && second[1] === 1,
    'copyOnto of all': () => copyOnto(first, 0, second, 0, length) === undefined && isMarked(view(second), 1),
    sliceOnto: () => sliceOnto(first, slice, 0, 1000) === slice && slice[0] === 1,
    view: () => view(first)[length - 1] === 1,
    hasExternalData: () => hasExternalData(first) && !hasExternalData({}),
    memoryUsage: () => inUse().bytes >= 0,
    'util.inspect': () => inspect(small).length > 0,
    'dispose of a small receiver': () => dispose(small) === undefined && !('0' in small),
    'dispose of a slice': () => dispose(slice) === undefined && !('0' in slice)
  }
}

/** The result of an action, or the error that it throws, in words. */
function attempt (action) {
  try {
    return action()
  } catch (error) {
    return `${error.name} ${error.code}`
  }
}

/** Writes `value` to the first and the last element. */
function mark (elements, value) {
  elements[0] = elements[elements.length - 1] = value
}

const isMarked = (elements, value) => elements[0] === value && elements.at(-1) === value

/**
 * Adds what `make` makes until one is refused, and returns that error. What has just run out may be there again a moment later:
 * V8's threads give some back.
 */
function takeAll (objects, make) {
  for (;;) {
    const object = attempt(make)
    if (typeof object === 'string') return object
    objects.push(object)
    mark(view(object), objects.length % 100)
  }
}

const areMarked = (objects) => objects.every((object, index) => isMarked(view(object), (index + 1) % 100))

/** Lets go of all objects, or of all but each fourth. Returns how many. */
async function letGo (objects, isAll) {
  const all = objects.splice(0)
  for (const [index, object] of all.entries()) {
    if (!isAll && index % 4 === 0) mark(view(object), objects.push(object) % 100)
    else if (how === 'dispose') dispose(object)
  }
  const count = all.length - objects.length
  all.length = 0
  // The first gc() frees on another thread. The second one counts what is freed. On Bun only the main thread has it.
  globalThis.gc?.()
  await passed(50)
  globalThis.gc?.()
  return count
}

/** What comes of each call. A function of its own: no variable of the round keeps an object alive. */
function outcomesAmid (objects) {
  const outcomes = Object.entries(calls(...objects)).map(([name, call]) => [name, attempt(call)])
  mark(view(objects[1]), 2)
  return Object.fromEntries(outcomes)
}

/** One round: takes all memory in one kind of object. */
async function exhaust (kind, make) {
  const objects = []
  const error = takeAll(objects, () => make(size))
  const { length: count } = objects
  const outcomes = outcomesAmid(objects)
  let receiver
  const refused = takeAll(objects, () => alloc(size, receiver = { 0: 'mine', own: true }))
  const untouched = JSON.stringify(receiver) === '{"0":"mine","own":true}'
  const intact = areMarked(objects)
  const free = await letGo(objects, false)
  const kept = objects.length
  let zeros = true
  takeAll(objects, () => {
    const object = make(size)
    zeros &&= kind === 'unzeroed' || isMarked(view(object), 0)
    return object
  })
  const again = objects.length - kept
  const intactAgain = areMarked(objects)
  await letGo(objects, true)
  if (isMainThread) await collect(100, () => inUse().blocks === 0)
  return { kind, count, error, outcomes, refused, untouched, intact: intact && intactAgain, free, again, zeros, left: inUse() }
}

async function exhaustAll () {
  const rounds = []
  for (const [kind, make] of Object.entries(kinds).slice(0, count)) rounds.push(await exhaust(kind, make))
  return rounds
}

function inWorker () {
  const worker = new Worker(__filename, { argv: process.argv.slice(2) })
  return new Promise((resolve, reject) => {
    let result
    worker.on('message', (message) => { result = message })
    worker.on('error', reject)
    worker.on('exit', () => resolve(result))
  })
}

async function main () {
  const usage = inUse()
  const rounds = thread === 'main' ? await exhaustAll() : await inWorker()
  const large = attempt(() => {
    const object = alloc(LARGE_BYTES)
    view(object).fill(1)
    dispose(object)
    return 'allocated'
  })
  console.log(JSON.stringify({ usage, rounds, large }))
}

if (isMainThread) main()
else exhaustAll().then((rounds) => parentPort.postMessage(rounds))
