'use strict'

// Slices: receivers that have a part of another allocation's memory. They end when that is disposed.

const { bufferOf, lengthOf, SafeWeakMap, SafeWeakRef, SafeWeakSet } = require('../internal/primordials')
const { onceATurn } = require('../memory/turn')
const { Allocation } = require('./allocation')
const { takeOff } = require('./receiver')

const { Uint8Array } = globalThis
const { max } = Math

/**
 * How much memory weak references to slices may keep alive in one turn of the event loop. A weak reference keeps its slice until
 * the job ends, and the slice keeps its source's memory: a loop that slices and drops 6,000 x 1 MiB would keep all of it until
 * its end. The first source of a turn may have any size.
 */
const WEAK_LIMIT_BYTES = 64 << 20

/** The holders of slices, by the ArrayBuffer that they have a part of. They live no longer than that. */
const slices = new SafeWeakMap()
let anySlices = false

/** Notes that `dest` has a part of the memory of `buffer`, and must end with it. */
function rememberSlice (buffer, dest) {
  anySlices = true
  let holders = slices.get(buffer)
  if (holders === undefined) slices.set(buffer, holders = new Holders())
  holders.add(dest, takeOfWeakLimit(buffer, holders))
}

/** The number of this turn, and how many bytes weak references keep alive in it. */
let turn = 0
let keptBytes = 0

/** Counts the memory of `buffer` against the limit of this turn, once. False if it does not fit: references must be strong. */
function takeOfWeakLimit (buffer, holders) {
  if (holders.turn === turn) return true
  const byteLength = lengthOf(new Uint8Array(buffer))
  if (keptBytes > 0 && keptBytes + byteLength > WEAK_LIMIT_BYTES) return false
  resetLimitNextTurn()
  keptBytes += byteLength
  holders.turn = turn
  return true
}

const resetLimitNextTurn = onceATurn(() => {
  keptBytes = 0
  turn++
})

/**
 * The objects that hold slices of one ArrayBuffer: weak references, one for each object. When their number has doubled, those of
 * collected objects are removed. Past the limit of a turn, new references are strong. The next slice of the same memory
 * that fits the limit makes them weak. The list is linked by hand, not an Array, because a program may have changed Array.prototype.
 * Execution may end after each step, so the list is complete after each.
 */
class Holders {
  /** The latest turn in which weak references to these objects were made or followed. */
  turn = undefined
  #known = new SafeWeakSet()
  #latest = undefined
  #count = 0
  #cleanAt = 16

  add (object, weakly) {
    if (weakly && this.#latest !== undefined && !this.#latest.isWeak) this.#clean()
    if (this.#known.has(object)) return
    if (weakly && this.#count >= this.#cleanAt) this.#clean()
    this.#latest = entryOf(object, weakly, this.#latest)
    this.#count++
    this.#known.add(object)
  }

  /** Makes all references weak, and removes those whose object is gone. */
  #clean () {
    let count = 0
    let kept
    for (let entry = this.#latest; entry !== undefined; entry = entry.earlier) {
      const object = objectOf(entry)
      if (object === undefined) continue
      kept = entryOf(object, true, kept)
      count++
    }
    this.#latest = kept
    this.#count = count
    this.#cleanAt = max(16, 2 * count)
  }

  forEach (action) {
    for (let entry = this.#latest; entry !== undefined; entry = entry.earlier) {
      const object = objectOf(entry)
      if (object !== undefined) action(object)
    }
  }
}

const entryOf = (object, isWeak, earlier) => ({ held: isWeak ? new SafeWeakRef(object) : object, isWeak, earlier })

const objectOf = ({ held, isWeak }) => isWeak ? held.deref() : held

/**
 * Ends all slices of the memory behind `view`, which has been disposed. If a trap of a Proxy throws, the other slices still
 * end, and the first error is thrown at the end.
 */
function endSlicesOf (view) {
  const buffer = bufferOf(view)
  let failure
  slices.get(buffer)?.forEach((dest) => {
    try {
      if (holdsSliceOf(dest, buffer)) takeOff(dest)
    } catch (error) {
      failure ??= { error }
    }
  })
  slices.delete(buffer)
  if (failure !== undefined) throw failure.error
}

function holdsSliceOf (dest, buffer) {
  if (!Allocation.is(dest)) return false
  const attachment = Allocation.attachmentOf(dest)
  return attachment !== undefined && !Allocation.ownsMemory(dest) && bufferOf(Allocation.viewOf(dest)) === buffer
}

/** Whether there may be slices of the memory behind `view`. */
function hasSlices (view) {
  return anySlices && slices.has(bufferOf(view))
}

module.exports = { endSlicesOf, hasSlices, rememberSlice }
