'use strict'

// The cache: disposed memory that waits for the next allocation of its length. `dispose` moves it to a fresh ArrayBuffer by
// `transfer` to the same length. That takes 0.15 us, copies nothing, and detaches every view of the old ArrayBuffer. Only this
// file holds the fresh one. So it is as safe as any ArrayBuffer, on every thread, whoever owns the bytes.
//
// A timer frees what nobody has taken for 0.4 to 0.8 s. If more than 128 MiB is idle, that takes more ticks: up to 1.2 s. The
// timer does not keep the event loop alive.

const { AsyncResource } = require('node:async_hooks')
const { clearInterval, setInterval } = require('node:timers') // the globals may be fake ones, as test frameworks have
const { SafeMap } = require('../internal/primordials')
const { addCached, needStack } = require('../native/binding')

/** The limits of what waits on one thread. Small ArrayBuffers need a limit by number: each takes 200 bytes of V8's heap. */
const THREAD_LIMIT_BYTES = 256 << 20
const THREAD_LIMIT_COUNT = 8192

/**
 * The limit of what waits in the whole process. Each thread may exceed it by TELL_EVERY_BYTES, because smaller changes are not
 * told.
 */
const PROCESS_LIMIT_BYTES = 1 << 30

/**
 * The limits of Rust's blocks that wait here: all together, and each. A block that waits here saves a new loan, which takes 1 us.
 * Longer blocks gain nothing by that: to zero and fill 1 MiB takes 17 us. They wait in Rust, where all threads find them, and
 * where they are purged even while JavaScript is busy.
 */
const LENT_LIMIT_BYTES = 64 << 20
const LONGEST_LENT_BYTES = 4 << 20

/** Rust adds up all threads. A thread tells it of changes of this size. The call takes 25 ns. */
const TELL_EVERY_BYTES = 4 << 20

const TICK_MS = 400

/** The timer stops when nothing has waited for so many ticks: five minutes. Not at once: see `ownContext`. */
const TICKS_UNTIL_STOP = 750

/** The most that one tick frees: 5 ms of work, as small pages take 40 us a MiB. An ArrayBuffer of any length takes 1 us. */
const TICK_LIMIT_BYTES = 128 << 20
const LEAST_WORK_BYTES = 32 << 10

/** ArrayBuffers of one length. The latest is taken first, because the processor's cache most likely still has its bytes. */
class Bin {
  latest = undefined
  count = 0
  /** The smallest `count` since the last tick: so many have been idle since then. */
  least = 0
}

const { max } = Math

/** All bins, by length in bytes; and the last one that was asked for, which most often is the next. */
const bins = new SafeMap()
let binCount = 0
let lastLength = -1
let lastBin = new Bin()

/** What waits on this thread. `lent...` counts the part that is in Rust's blocks. */
let count = 0
let bytes = 0
let lentBlocks = 0
let lentBytes = 0

/** What this thread last told Rust, and what Rust then said of the whole process. */
const told = { bytes: 0, lentBlocks: 0, lentBytes: 0 }
let processBytes = 0

let timer
/** The number of ticks since something last waited. */
let idleTicks = 0
let giveBack

/**
 * The timer starts in the asynchronous context in which this file was loaded. In that of the call it would keep the caller's
 * stores of AsyncLocalStorage alive for as long as anything waits.
 *
 * `runInAsyncScope` has one weakness: if a timeout of node:vm ends it in the middle, Node ends the process ("async hook stack
 * has become corrupted"). On Node 22 that came in one of three runs of test/robustness/cut.test.js, when the timer stopped as soon
 * as nothing waited. So it starts once, and stops only after minutes.
 */
const ownContext = new AsyncResource('smalloc.cache')

/** Sets the function `free(arrayBuffer, isLent)`, which frees memory that nobody has taken. */
function onIdle (free) {
  giveBack = free
}

/** Takes out the latest ArrayBuffer of this length, with its old bytes; undefined if none waits. */
function take (byteLength) {
  const bin = byteLength === lastLength ? lastBin : bins.get(byteLength)
  if (bin === undefined || bin.latest === undefined) return undefined
  const { arrayBuffer, isLent, earlier } = bin.latest
  const tells = mustTell(-byteLength)
  if (tells) needStack()
  add(-1, -byteLength, isLent)
  if (tells) tell()
  bin.latest = earlier
  bin.count--
  if (bin.count < bin.least) bin.least = bin.count
  return arrayBuffer
}

/** Whether there is room for one more ArrayBuffer of this length. */
function hasRoom (byteLength, isLent) {
  if (count >= THREAD_LIMIT_COUNT || binCount >= THREAD_LIMIT_COUNT || bytes + byteLength > THREAD_LIMIT_BYTES) return false
  if (isLent && (byteLength > LONGEST_LENT_BYTES || lentBytes + byteLength > LENT_LIMIT_BYTES)) return false
  if (fitsProcess(byteLength)) return true
  tell() // other threads may have changed their part since
  return fitsProcess(byteLength)
}

const fitsProcess = (byteLength) => processBytes + bytes - told.bytes + byteLength <= PROCESS_LIMIT_BYTES

/** What comes before `put`: once memory has moved, nothing may fail. Throws, and nothing has changed, if the stack is too full. */
function expectPut (byteLength) {
  if (mustTell(byteLength)) needStack()
  if (timer === undefined) startTimer()
}

function startTimer () {
  needStack()
  const started = ownContext.runInAsyncScope(setInterval, undefined, tick, TICK_MS)
  timer = started.unref() // noted last: execution may end in between, and then the next call starts another
}

function put (arrayBuffer, byteLength, isLent) {
  const bin = byteLength === lastLength ? lastBin : binOf(byteLength)
  add(1, byteLength, isLent)
  if (mustTell(0)) tell()
  bin.latest = { arrayBuffer, isLent, earlier: bin.latest }
  bin.count++
}

function binOf (byteLength) {
  let bin = bins.get(byteLength)
  if (bin === undefined) {
    bins.set(byteLength, bin = new Bin())
    binCount++
  }
  lastLength = -1 // execution may end after the next line: the old length must not go with the new bin
  lastBin = bin
  lastLength = byteLength
  return bin
}

/** Counts. It comes before the change of a bin: if the stack is full, nothing has changed. */
function add (more, moreBytes, isLent) {
  count += more
  bytes += moreBytes
  if (isLent) {
    lentBlocks += more
    lentBytes += moreBytes
  }
}

/** Whether Rust must be told of what has changed, once it is so many bytes more. */
function mustTell (moreBytes) {
  const untold = bytes + moreBytes - told.bytes
  return untold >= TELL_EVERY_BYTES || untold <= -TELL_EVERY_BYTES
}

/** Tells Rust what has changed on this thread. */
function tell () {
  processBytes = addCached(bytes - told.bytes, lentBlocks - told.lentBlocks, lentBytes - told.lentBytes)
  told.bytes = bytes
  told.lentBlocks = lentBlocks
  told.lentBytes = lentBytes
}

function tick () {
  try {
    dropIdle(TICK_LIMIT_BYTES)
    idleTicks = count > 0 ? 0 : idleTicks + 1
    if (idleTicks < TICKS_UNTIL_STOP) return
    idleTicks = 0
    timer = undefined
    clearInterval(this) // not `timer`: there are two if a termination has cut startTimer short
  } catch (error) {
    // An error in a timer would end the process. It comes if builtins were replaced before this file was loaded, or if there is no
    // memory. What the list has lost already, the collector frees.
  }
}

/** Frees everything now. */
function clear () {
  needStack()
  bins.forEach((bin) => { bin.least = bin.count })
  dropIdle(Infinity)
}

/**
 * Frees what has been idle since the last tick, until that is the work of `limit` bytes. Counts again what stays, because a
 * termination may have ended `take` or `put` before they had counted.
 */
function dropIdle (limit) {
  lastLength = -1 // the last bin may go
  count = bytes = lentBlocks = lentBytes = binCount = 0
  bins.forEach((bin, byteLength) => {
    let kept = bin.count
    for (let left = bin.least; left > 0 && limit > 0; left--) {
      kept--
      limit -= max(byteLength, LEAST_WORK_BYTES)
    }
    let idle = cutAfter(bin, kept)
    countAnew(bin, byteLength)
    if (bin.count === 0) bins.delete(byteLength)
    else binCount++
    for (; idle !== undefined; idle = idle.earlier) giveBack(idle.arrayBuffer, idle.isLent)
  })
  tell()
}

/** Cuts the list after the `kept` latest, and returns the rest of it. */
function cutAfter (bin, kept) {
  let last = { earlier: bin.latest }
  for (let i = 0; i < kept && last.earlier !== undefined; i++) last = last.earlier
  const idle = last.earlier
  last.earlier = undefined
  if (kept === 0) bin.latest = undefined
  return idle
}

function countAnew (bin, byteLength) {
  bin.count = 0
  for (let waiting = bin.latest; waiting !== undefined; waiting = waiting.earlier) {
    bin.count++
    count++
    bytes += byteLength
    if (waiting.isLent) {
      lentBlocks++
      lentBytes += byteLength
    }
  }
  bin.least = bin.count
}

module.exports = { clear, expectPut, hasRoom, onIdle, put, take, tell }
