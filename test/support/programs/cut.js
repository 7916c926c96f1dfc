'use strict'

// Cuts calls short, argv[2] times, by a timeout of node:vm (argv[3]: timeout) or by SIGINT (interrupt). After each, it checks
// that later calls work. Prints how often each call was cut, and what was wrong.

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const vm = require('node:vm')
const { isMainThread, Worker, workerData } = require('node:worker_threads')
const { adopt, alloc, copyOnto, dispose, hasExternalData, release, sliceOnto, view } = require('../../..')
const { collect } = require('../collect')
const { inUse } = require('../usage')

const ROUNDS = Number(process.argv[2])
const isInterrupted = process.argv[3] === 'interrupt'

/** Elements in V8's heap, and in a block that Rust lends. */
const SMALL_ELEMENTS = 10
const LARGE_ELEMENTS = 200 << 10

/** A Proxy whose traps do what they would without it, in JavaScript. */
const proxyOf = (target) => new Proxy(target, Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, (...args) => Reflect[trap](...args)])))

const receivers = {
  'a plain object': () => ({ 0: 'own', 12: 'own', a: 1 }),
  'a function': () => Object.assign(() => {}, { a: 1 }),
  'a derived class': () => class extends Map { static a = 1 },
  'a Proxy': () => proxyOf({ 0: 'own', a: 1 }),
  'a Proxy of a function': () => proxyOf(function () {})
}

/** What runs, again and again, until it is cut. */
const calls = {
  alloc: ({ receiver, length }) => {
    alloc(length, receiver)
    dispose(receiver)
  },
  sliceOnto: ({ receiver, length, source }) => {
    sliceOnto(source, receiver, 1, 1 + length)
    dispose(receiver)
  },
  'dispose of a source': ({ receiver, length }) => {
    const source = alloc(length)
    sliceOnto(source, receiver)
    dispose(source)
  },
  'release and adopt': ({ receiver, length }) => {
    adopt(release(alloc(length, receiver)), receiver)
    dispose(receiver)
  },
  'adopt of memory of others': (state) => {
    state.foreign = new ArrayBuffer(state.length)
    adopt(state.foreign, state.receiver)
    dispose(state.receiver)
  },
  copyOnto: ({ allocated, other, length }) => copyOnto(allocated, 0, other, 0, length),
  inspect: ({ allocated }) => inspect(allocated)
}

const otherKeys = (object) => Reflect.ownKeys(object).filter((key) => !/^\d+$/.test(String(key)))

/** Throws where something is wrong with what was cut. */
function check ({ receiver, length, source, allocated, foreign, printed, keys, prototype }) {
  const foreignBytes = foreign?.byteLength
  const hadData = hasExternalData(receiver)
  if (hadData) {
    assert.throws(() => alloc(length, receiver), { code: 'ERR_INVALID_ARG_VALUE' })
    assert.equal(typeof receiver[length - 1], 'number')
    dispose(receiver)
    assert.equal(hasExternalData(receiver), false)
  }
  // What adopt has not taken yet is not the receiver's to dispose.
  assert.equal(foreign?.byteLength, foreignBytes)
  assert.equal(alloc(length, receiver), receiver)
  receiver[length - 1] = 7
  assert.deepEqual([receiver[0], receiver[length - 1], receiver[length], view(receiver).length], [0, 7, undefined, length])
  dispose(receiver)
  sliceOnto(source, receiver, 1, 4)
  assert.deepEqual([receiver[0], receiver[2], receiver[3]], [source[1], source[3], undefined])
  dispose(receiver)
  assert.deepEqual(Reflect.ownKeys(receiver), keys)
  assert.equal(Object.getPrototypeOf(receiver), prototype)
  assert.equal(inspect(allocated), printed)
}

/** How many rounds have begun. */
const begun = isMainThread ? new Int32Array(new SharedArrayBuffer(4)) : workerData

function cut (call, state, number) {
  globalThis.step = () => {
    Atomics.add(begun, 0, 1)
    Atomics.notify(begun, 0)
    // A time that differs each time, so that the call is cut at different places.
    const until = process.hrtime.bigint() + BigInt(900_000 + number * 7919 % 100_000)
    while (process.hrtime.bigint() < until);
    for (;;) call(state)
  }
  try {
    vm.runInThisContext('step()', isInterrupted ? { breakOnSigint: true } : { timeout: 1 })
  } catch (error) {
    if (!/^ERR_SCRIPT_EXECUTION_(TIMEOUT|INTERRUPTED)$/.test(error.code)) throw error
  }
}

/** The worker: sends a signal about a millisecond after each round has begun. */
function interrupt () {
  for (let number = 0; number < ROUNDS; number++) {
    Atomics.wait(begun, 0, number)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    process.kill(process.pid, 'SIGINT')
  }
}

async function main () {
  if (isInterrupted) new Worker(__filename, { argv: process.argv.slice(2), workerData: begun })
  process.on('SIGINT', () => {}) // vm has its own while it runs
  dispose(alloc(1000)) // starts the cache's timer, which must not be cut: see lib/memory/cache.js
  const source = alloc(LARGE_ELEMENTS + 8)
  view(source).forEach((_, index, elements) => { elements[index] = index })
  const cuts = {}
  const failures = {}
  let allocated
  for (let number = 0; number < ROUNDS; number++) {
    const [kind, make] = at(receivers, number)
    const [name, call] = at(calls, Math.floor(number / Object.keys(receivers).length))
    const length = Math.floor(number / 25) % 2 ? LARGE_ELEMENTS : SMALL_ELEMENTS
    const receiver = make()
    const keys = otherKeys(receiver)
    const prototype = Object.getPrototypeOf(receiver)
    allocated = alloc(length, make())
    allocated.self = allocated
    const state = { receiver, length, source, allocated, other: alloc(length), keys, prototype, printed: inspect(allocated) }
    try {
      cut(call, state, number)
      check(state)
      cuts[name] = (cuts[name] ?? 0) + 1
    } catch (error) {
      failures[`${name}, ${kind} of ${length}: ${error.message.split('\n')[0]}`] ??= inspect(error)
    }
    if (hasExternalData(receiver)) dispose(receiver)
    dispose(allocated)
    dispose(state.other)
    if (number % 20 === 0) await new Promise(setImmediate)
  }
  dispose(source)
  await collect(100, () => inUse().blocks === 0)
  console.log(JSON.stringify({ cuts, failures, usage: inUse() }))
  // A cut in the middle of Node's own setImmediate keeps the event loop alive for ever.
  process.exit()
}

const at = (object, number) => Object.entries(object)[number % Object.keys(object).length]

if (isMainThread) main()
else interrupt()
