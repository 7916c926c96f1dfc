'use strict'

const { Allocation } = require('./allocation')
const { invalidArgument, noExternalData, outOfRange } = require('./errors')
const { bufferOf, lengthOf } = require('./intrinsics')
const { attach, checkReceiver, detach } = require('./receiver')
const { isObject, toCount } = require('./validate')
const { isLive, liveViewOf, windowOf } = require('./view')

/** Those who hold a slice of an ArrayBuffer, weakly: a slice lives no longer than its dest does. */
const slices = new WeakMap()
let anySlices = false

/**
 * Gives `dest` the elements of `source` from `start` up to `end` (default: all of them): the same memory, the same type.
 * Returns `source`.
 */
function sliceOnto (source, dest, start = 0, end = undefined) {
  const max = Number.MAX_SAFE_INTEGER
  if (!isObject(dest)) throw invalidArgument('dest', 'an object or a function', dest)
  start = toCount(start, 'start', max)
  if (end !== undefined) end = toCount(end, 'end', max)
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
    throw noExternalData('source')
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

/** Weak references; those to collected objects are swept whenever their number has doubled. */
class Holders {
  #references = []
  #sweepAt = 16

  add (object) {
    if (this.#references.length >= this.#sweepAt) {
      this.#references = this.#references.filter((reference) => reference.deref() !== undefined)
      this.#sweepAt = Math.max(16, 2 * this.#references.length)
    }
    this.#references.push(new WeakRef(object))
  }

  forEach (action) {
    for (const reference of this.#references) {
      const object = reference.deref()
      if (object !== undefined) action(object)
    }
  }
}

/**
 * Ends all slices of the memory behind `view`, which has been disposed. A trap of a Proxy may throw; the other slices end
 * all the same.
 */
function endSlicesOf (view) {
  if (!anySlices) return
  const buffer = bufferOf(view)
  const errors = []
  slices.get(buffer)?.forEach((dest) => {
    try {
      if (holdsSliceOf(dest, buffer)) detach(dest)
    } catch (error) {
      errors.push(error)
    }
  })
  slices.delete(buffer)
  if (errors.length > 0) throw errors[0]
}

function holdsSliceOf (dest, buffer) {
  const attachment = Allocation.attachmentOf(dest)
  return attachment !== undefined && !attachment.ownsMemory && bufferOf(Allocation.viewOf(dest)) === buffer
}

module.exports = { sliceOnto, endSlicesOf }
