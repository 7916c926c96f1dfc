'use strict'

const { Allocation } = require('./allocation')
const { invalidArgument, noExternalData, outOfRange } = require('./errors')
const { bufferOf, lengthOf, WeakMap, WeakRef, WeakSet } = require('./intrinsics')
const { whyNone } = require('./no-data')
const { attach, checkReceiver, detach } = require('./receiver')
const { isObject, toCount } = require('./validate')
const { isLive, liveViewOf, windowOf } = require('./view')

const { max } = Math

/** Those who hold a slice of an ArrayBuffer, weakly: a slice lives no longer than its dest does. */
const slices = new WeakMap()
let anySlices = false

/**
 * Gives `dest` the elements of `source` from `start` up to `end` (default: all of them): the same memory, the same type.
 * Returns `source`.
 */
function sliceOnto (source, dest, start = 0, end = undefined) {
  if (!isObject(dest)) throw invalidArgument('dest', 'an object or a function', dest)
  start = toCount(start, 'start')
  if (end !== undefined) end = toCount(end, 'end')
  checkReceiver('dest', dest)
  const view = liveViewOf('source', source)
  const length = lengthOf(view)
  if (end === undefined) end = length
  if (end > length) throw outOfRange('end', `at most ${length}`, end)
  if (start > end) throw outOfRange('start', `at most ${end}`, start)
  const elements = windowOf(view, start, end - start)
  attach('dest', dest, elements, 0)
  if (!isLive(elements)) { // a trap of a Proxy has disposed the source
    detach(dest)
    throw noExternalData('source', whyNone('source', source))
  }
  remember(bufferOf(view), dest)
  return source
}

function remember (buffer, dest) {
  let holders = slices.get(buffer)
  if (holders === undefined) slices.set(buffer, holders = new Holders())
  holders.add(dest)
  anySlices = true
}

/**
 * Weak references, one an object; those to collected objects are swept whenever their number has doubled. A linked list:
 * an Array would be open to whoever changes Array.prototype.
 */
class Holders {
  #known = new WeakSet()
  #latest = undefined
  #count = 0
  #sweepAt = 16

  add (object) {
    if (this.#known.has(object)) return
    if (this.#count >= this.#sweepAt) this.#sweep()
    this.#known.add(object)
    this.#keep(new WeakRef(object))
  }

  #keep (reference) {
    this.#latest = { reference, earlier: this.#latest }
    this.#count++
  }

  #sweep () {
    let entry = this.#latest
    this.#latest = undefined
    this.#count = 0
    for (; entry !== undefined; entry = entry.earlier) {
      if (entry.reference.deref() !== undefined) this.#keep(entry.reference)
    }
    this.#sweepAt = max(16, 2 * this.#count)
  }

  forEach (action) {
    for (let entry = this.#latest; entry !== undefined; entry = entry.earlier) {
      const object = entry.reference.deref()
      if (object !== undefined) action(object)
    }
  }
}

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
  const attachment = Allocation.attachmentOf(dest)
  return attachment !== undefined && !attachment.ownsMemory && bufferOf(Allocation.viewOf(dest)) === buffer
}

/** Whether there may be slices of the memory behind `view`. */
function hasSlices (view) {
  return anySlices && slices.has(bufferOf(view))
}

module.exports = { sliceOnto, hasSlices, endSlicesOf }
