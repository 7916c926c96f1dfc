'use strict'

// The cache: memory that has been disposed and waits for the next allocation of its length. Dispose moves it to a fresh
// ArrayBuffer (`transfer` to the same length: 0.15 us, no byte is copied, every view of the old one is detached). Nobody
// but this file holds that ArrayBuffer, so it is as safe as any, on every thread, whoever owns the bytes.
//
// A timer, which does not keep the event loop alive, gives back what nobody has taken for 0.4 to 0.8 s.

const { clearInterval, setInterval } = require('node:timers') // the globals may be fake ones, as test frameworks have
const { addCached } = require('../native/binding')
const { SafeMap } = require('../internal/primordials')
const { needStack } = require('../native/stack')

/** What waits on one thread, at most. The count bounds what small ArrayBuffers cost in V8's heap: 200 bytes each. */
const THREAD_LIMIT_BYTES = 256 << 20
const THREAD_LIMIT_COUNT = 8192

/** What waits in the whole process, at most, but for TELL_EVERY_BYTES a thread. */
const PROCESS_LIMIT_BYTES = 1 << 30

/**
 * Blocks of Rust's that wait here, at most, and the longest of them: a loan costs 1 us, of 17 for 1 MiB zeroed and filled.
 * Longer ones wait in Rust, where all threads find them and a thread gives them back even while JavaScript is busy.
 */
const LENT_LIMIT_BYTES = 64 << 20
const LONGEST_LENT_BYTES = 4 << 20

/** Rust, which adds up all threads, is told of changes of this size. A call takes 25 ns. */
const TELL_EVERY_BYTES = 4 << 20

const TICK_MS = 400

/** Given back in one tick, at most: 40 us a MiB in small pages, so 5 ms. */
const TICK_LIMIT_BYTES = 128 << 20

/** ArrayBuffers of one length; the latest comes first and is taken first: it is likeliest to be in the processor's cache. */
class Bin {
  latest = undefined
  count = 0
  /** The smallest `count` since the last tick: so many have been idle all the time. */
  least = 0
}

/** By length in bytes; and the one that was asked for last, which is mostly the next. */
const bins = new SafeMap()
let binCount = 0
let lastLength = -1
let lastBin = new Bin()

/** What waits on this thread; `lent`: in blocks of Rust's. */
let count = 0
let bytes = 0
let lentBlocks = 0
let lentBytes = 0

/** What Rust knows of this thread, and what it has last said of the whole process. */
const told = { bytes: 0, lentBlocks: 0, lentBytes: 0 }
let processBytes = 0

let timer
let giveBack

/** `free(arrayBuffer, isLent)` gives memory back that has waited in vain. */
function onIdle (free) {
  giveBack = free
}

/** The latest ArrayBuffer of this length, with what was last written to it; undefined where none waits. */
function take (byteLength) {
  const bin = byteLength === lastLength ? lastBin : bins.get(byteLength)
  if (bin === undefined || bin.latest === undefined) return undefined
  const { arrayBuffer, isLent, earlier } = bin.latest
  bin.latest = earlier
  bin.count--
  if (bin.count < bin.least) bin.least = bin.count
  add(-1, -byteLength, isLent)
  return arrayBuffer
}

/** Whether there is room for one more; then `put` must follow. */
function hasRoom (byteLength, isLent) {
  if (count >= THREAD_LIMIT_COUNT || binCount >= THREAD_LIMIT_COUNT || bytes + byteLength > THREAD_LIMIT_BYTES) return false
  if (isLent && (byteLength > LONGEST_LENT_BYTES || lentBytes + byteLength > LENT_LIMIT_BYTES)) return false
  if (fitsProcess(byteLength)) return true
  tell() // others may have told since
  return fitsProcess(byteLength)
}

const fitsProcess = (byteLength) => processBytes + bytes - told.bytes + byteLength <= PROCESS_LIMIT_BYTES

/** Starts the timer; throws, before anything has changed, where there is no stack for it. */
function expectTick () {
  if (timer !== undefined) return
  needStack()
  timer = setInterval(tick, TICK_MS).unref() // noted last: the execution may end in between
}

function put (arrayBuffer, byteLength, isLent) {
  const bin = byteLength === lastLength ? lastBin : binOf(byteLength)
  bin.latest = { arrayBuffer, isLent, earlier: bin.latest }
  bin.count++
  add(1, byteLength, isLent)
}

function binOf (byteLength) {
  let bin = bins.get(byteLength)
  if (bin === undefined) {
    bins.set(byteLength, bin = new Bin())
    binCount++
  }
  lastLength = -1 // in between, a termination leaves no length with another's bin
  lastBin = bin
  lastLength = byteLength
  return bin
}

function add (more, moreBytes, isLent) {
  count += more
  bytes += moreBytes
  if (isLent) {
    lentBlocks += more
    lentBytes += moreBytes
  }
  const untold = bytes - told.bytes
  if (untold >= TELL_EVERY_BYTES || untold <= -TELL_EVERY_BYTES) tell()
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
    if (count > 0) return
    timer = undefined
    clearInterval(this) // not `timer`: where a termination has cut expectTick short, there may be two
  } catch (error) {
    // Thrown here it would end the process. The engine's builtins were replaced before this file was loaded, or there is no
    // memory; the collector takes what is off the list.
  }
}

/** Gives all of it back, now. */
function clear () {
  bins.forEach((bin) => { bin.least = bin.count })
  dropIdle(Infinity)
}

/**
 * Gives back up to `limit` bytes, or one ArrayBuffer, of what has been idle since the last tick. It counts anew what stays:
 * a termination may have ended `take` or `put` before they had counted.
 */
function dropIdle (limit) {
  lastLength = -1 // its bin may go
  count = bytes = lentBlocks = lentBytes = binCount = 0
  bins.forEach((bin, byteLength) => {
    let kept = bin.count
    for (let left = bin.least; left > 0 && limit > 0; left--) {
      kept--
      limit -= byteLength
    }
    let idle = cutAfter(bin, kept)
    countAnew(bin, byteLength)
    if (bin.count === 0) bins.delete(byteLength)
    else binCount++
    for (; idle !== undefined; idle = idle.earlier) giveBack(idle.arrayBuffer, idle.isLent)
  })
  tell()
}

/** Takes off all but the `kept` latest, and returns the first of them. */
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

module.exports = { clear, expectTick, hasRoom, onIdle, put, take, tell }
