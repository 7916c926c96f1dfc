'use strict'

// Slices: receivers that have a part of another's memory. They end when that is disposed.

const { Allocation } = require('./allocation')
const { bufferOf, lengthOf, SafeWeakMap, SafeWeakRef, SafeWeakSet } = require('../internal/primordials')
const { detach } = require('./receiver')
const { onceATurn } = require('../internal/turn')

const { Uint8Array } = globalThis
const { max } = Math

/**
 * In bytes: memory that weak references to slices may keep in one turn of the event loop; that of the first may be any. A
 * weak reference keeps its object until the job ends, and the slice its source's memory: 6,000 x 1 MiB, sliced and dropped
 * in one loop, would all be there at its end.
 */
const WEAKLY_A_TURN = 64 << 20

/** Those who hold a slice of an ArrayBuffer, by that: who is held there lives no longer than the ArrayBuffer does. */
const slices = new SafeWeakMap()
let anySlices = false

/** Notes that `dest` is to end with the memory of `buffer`, of which it has a part. */
function rememberSlice (buffer, dest) {
  anySlices = true
  let holders = slices.get(buffer)
  if (holders === undefined) slices.set(buffer, holders = new Holders())
  holders.add(dest, mayHoldWeakly(buffer, holders))
}

/** The number of this turn, and what is kept in it by weak references, in bytes. */
let turn = 0
let keptBytes = 0

/** Whether weak references may keep the memory of `buffer` until the job ends. */
function mayHoldWeakly (buffer, holders) {
  if (holders.turn === turn) return true
  const byteLength = lengthOf(new Uint8Array(buffer))
  if (keptBytes > 0 && keptBytes + byteLength > WEAKLY_A_TURN) return false
  expectTurn()
  keptBytes += byteLength
  holders.turn = turn
  return true
}

const expectTurn = onceATurn(() => {
  keptBytes = 0
  turn++
})

/**
 * Weak references, one an object; those to collected objects are swept whenever their number has doubled. Where there may
 * be none in this turn, objects are held as they are until a later slice of the same memory. A linked list: an Array would
 * be open to whoever changes Array.prototype. Whole after each step, for the execution may end there.
 */
class Holders {
  /** The latest in which weak references to these have been made or followed. */
  turn = undefined
  #known = new SafeWeakSet()
  #latest = undefined
  #count = 0
  #sweepAt = 16

  add (object, weakly) {
    if (weakly && this.#latest !== undefined && !this.#latest.isWeak) this.#sweep()
    if (this.#known.has(object)) return
    if (weakly && this.#count >= this.#sweepAt) this.#sweep()
    this.#latest = entryOf(object, weakly, this.#latest)
    this.#count++
    this.#known.add(object)
  }

  /** Makes all references weak, and leaves out those whose object is gone. */
  #sweep () {
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
    this.#sweepAt = max(16, 2 * count)
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
 * Ends all slices of the memory behind `view`, which has been disposed. A trap of a Proxy may throw; the other slices end
 * all the same.
 */
function endSlicesOf (view) {
  const buffer = bufferOf(view)
  let failure
  slices.get(buffer)?.forEach((dest) => {
    try {
      if (holdsSliceOf(dest, buffer)) detach(dest)
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
  return attachment !== undefined && !attachment.ownsMemory && bufferOf(Allocation.viewOf(dest)) === buffer
}

/** Whether there may be slices of the memory behind `view`. */
function hasSlices (view) {
  return anySlices && slices.has(bufferOf(view))
}

module.exports = { endSlicesOf, hasSlices, rememberSlice }
