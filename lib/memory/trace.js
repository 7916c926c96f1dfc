'use strict'

// SMALLOC_TRACE=1: notes where each allocation was made, for report() and for the messages of the guard. This file is loaded
// only then. It follows ArrayBuffers, not objects, because memory lives as long as any view of it.

const { writeSync } = require('node:fs')
const { performance } = require('node:perf_hooks')
const { isMainThread, threadId } = require('node:worker_threads')
const { bufferOf, byteLengthOfBuffer, SafeFinalizationRegistry, SafeMap, SafeWeakMap } = require('../internal/primordials')
const { isGuarded, notePlace } = require('../native/binding')
const { placeOf, Report, stackHere } = require('./report')

/** Records of what is alive, the oldest first. Only the keys matter. */
const live = new SafeMap()
const recordOf = new SafeWeakMap()
/** What the collector has taken, by place. */
const undisposed = new SafeMap()

const collected = new SafeFinalizationRegistry((record) => {
  live.delete(record)
  const place = placeOf(record.stack)
  const group = undisposed.get(place)
  if (group === undefined) {
    undisposed.set(place, { place, count: 1, bytes: record.bytes, stack: record.stack })
    warn(place, record.bytes)
  } else {
    group.count++
    group.bytes += record.bytes
  }
})

/** Warns once for each place, as Node does for a FileHandle that was not closed. */
function warn (place, bytes) {
  const message = `smalloc: ${bytes} bytes were never disposed; the garbage collector took them. Made ${place}`
  process.emitWarning(message, { code: 'SMALLOC_UNDISPOSED' })
}

/** The functions of backing-store.js, with a note of what each does. */
function traced ({ adoptBackingStore, backingStore, freeBackingStore, releaseBackingStore, cachedBackingStore }) {
  return {
    backingStore: (length, elementSize, zeroed) => noteMade(backingStore(length, elementSize, zeroed)),
    cachedBackingStore: (length, elementSize) => noteMade(cachedBackingStore(length, elementSize)),
    freeBackingStore (view, knownBuffer) {
      const arrayBuffer = knownBuffer ?? bufferOf(view)
      if (isGuarded) notePlace(arrayBuffer, true, stackHere())
      freeBackingStore(view, knownBuffer) // first: it may throw
      forget(arrayBuffer)
    },
    releaseBackingStore (view, knownBuffer) {
      const arrayBuffer = knownBuffer ?? bufferOf(view)
      const released = releaseBackingStore(view, knownBuffer)
      forget(arrayBuffer)
      return released
    },
    adoptBackingStore: (arrayBuffer) => noteMade(adoptBackingStore(arrayBuffer))
  }
}

function noteMade (store) {
  if (typeof store !== 'object' || byteLengthOfBuffer(store) === 0) return store
  const record = { bytes: byteLengthOfBuffer(store), since: performance.now(), stack: stackHere() }
  if (isGuarded) notePlace(store, false, record.stack)
  collected.register(store, record, record) // first: otherwise, if execution ended before it, the record would stay in `live` for ever
  recordOf.set(store, record)
  live.set(record, undefined)
  return store
}

/** Drops the record: no allocation has this memory any more. */
function forget (arrayBuffer) {
  const record = recordOf.get(arrayBuffer)
  if (record === undefined) return
  live.delete(record)
  recordOf.delete(arrayBuffer)
  collected.unregister(record)
}

/** The report of this thread, as of now. */
function report () {
  const groups = new SafeMap()
  const now = performance.now()
  live.forEach((_, { bytes, since, stack }) => {
    const place = placeOf(stack)
    const group = groups.get(place)
    if (group === undefined) groups.set(place, { place, count: 1, bytes, oldestMs: now - since, stack })
    else {
      group.count++
      group.bytes += bytes
    }
  })
  return new Report(groups, undisposed)
}

process.on('exit', () => {
  const now = report()
  if (now.live.length === 0 && now.undisposed.length === 0) return
  const when = isMainThread ? 'at the end of the process' : `at the end of thread ${threadId}`
  try {
    writeSync(2, `smalloc: SMALLOC_TRACE=1: the report ${when}\n${now}\n`)
  } catch (error) {
    // Standard error is closed, or is full and would block.
  }
})

module.exports = { report, traced }
