'use strict'

// How util.inspect and console.log show an allocation: as an object with its elements for own properties, the first
// `maxArrayLength` (default: 100) of them, then how many more there are, then its other properties.

const { inspect, types } = require('node:util')
const { Allocation } = require('./allocation')
const { lengthOf, SafeWeakMap, SafeWeakRef } = require('../internal/primordials')

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect

const { getOwnPropertySymbols } = Object

/** In elements. */
const LISTED = 16 << 10

/**
 * Stand-ins by object, so that a circular structure comes back to the same one and util.inspect sees the circle. A weak
 * reference is good until the job ends, which is longer than the call: what a stand-in holds does not stay for the next.
 */
const standIns = new SafeWeakMap()
/** Prototypes whose direct instances are shown as plain objects, without a class name. */
const plainPrototypes = new WeakSet()
/**
 * What is being shown as text, by a symbol among the options that util.inspect passes on: `object`, within `outer`. A
 * symbol, because to what it takes for another realm's, as a Proxy, util.inspect passes on no objects. Nothing here has to
 * be undone when the call ends, for it may end without a `finally`.
 */
const shownAsText = new SafeWeakMap()

/** The method under util.inspect.custom. */
function inspectAllocation (depth, options, inspector = inspect) {
  if (!Allocation.is(this)) return this
  const view = Allocation.viewOf(this)
  const length = lengthOf(view)
  const shown = Math.max(0, Math.min(length, options.maxArrayLength ?? Infinity))
  const standIn = fill(standInOf(this), this, view, shown)
  const hidden = length - shown
  if (typeof this !== 'function' && hidden === 0) return standIn
  return showAsText(this, standIn, hidden, shown, { ...options, depth }, inspector)
}

/** A function that is returned to util.inspect would be shown as its source; and only text can say how many are hidden. */
function showAsText (object, standIn, hidden, shown, options, inspector) {
  if (isShownWithin(options.smalloc, object)) return options.stylize('[Circular]', 'special')
  if (options.depth !== null && options.depth < 0) return options.stylize('[Object]', 'special')
  if (hidden > 0) defineElement(standIn, shown, new More(hidden))
  const smalloc = Symbol('shown')
  shownAsText.set(smalloc, { object, outer: options.smalloc })
  // Sorted, the entry would stand between the elements.
  const text = inspector(standIn, hidden > 0 ? { ...options, smalloc, sorted: false } : { ...options, smalloc })
  return text.replace(moreEntry, '... $1')
}

function isShownWithin (symbol, object) {
  let shown = shownAsText.get(symbol)
  while (shown !== undefined && shown.object !== object) shown = shownAsText.get(shown.outer)
  return shown !== undefined
}

/** Stands where the first hidden element would be. What is between the NULs stays; its key is cut out of the text. */
class More {
  #text

  constructor (hidden) {
    this.#text = `\0${hidden} more item${hidden > 1 ? 's' : ''}\0`
  }

  [inspect.custom] () {
    return this.#text
  }
}
const moreEntry = /\S+: \0(.*?)\0/

function standInOf (object) {
  let standIn = standIns.get(object)?.deref()
  if (standIn === undefined) standIns.set(object, new SafeWeakRef(standIn = likenessOf(object)))
  return standIn
}

/** An object that util.inspect takes for one of the same kind and content. No method of the object's own runs. */
function likenessOf (object) {
  if (typeof object === 'function') return functionLike(object)
  if (types.isDate(object)) return new Date(call(Date.prototype.getTime, object))
  if (types.isRegExp(object)) return regExpLike(object)
  if (types.isMap(object)) return new Map(call(Map.prototype.entries, object))
  if (types.isSet(object)) return new Set(call(Set.prototype.values, object))
  if (types.isBoxedPrimitive(object)) return boxLike(object)
  if (types.isArgumentsObject(object)) return (function () { return arguments })()
  return {}
}

const call = (method, object) => Reflect.apply(method, object, [])

function regExpLike (object) {
  const get = (name) => call(getOwnPropertyDescriptor(RegExp.prototype, name).get, object)
  return new RegExp(get('source'), get('flags'))
}

function boxLike (object) {
  const boxes = [Number, String, Boolean, BigInt, Symbol]
  const { prototype } = boxes.find(({ name }) => types[`is${name}Object`](object))
  return Object(call(prototype.valueOf, object))
}

function functionLike (object) {
  if (/^class\b/.test(Function.prototype.toString.call(object))) return class {}
  if (types.isGeneratorFunction(object)) return types.isAsyncFunction(object) ? async function * () {} : function * () {}
  return types.isAsyncFunction(object) ? async function () {} : function () {}
}

/** Gives the stand-in the elements that are shown and the other own properties of `object`. */
function fill (standIn, object, view, shown) {
  for (const key of ownKeys(standIn)) deleteProperty(standIn, key)
  setPrototypeOf(standIn, visiblePrototypeOf(object))
  for (let index = 0; index < shown; index++) defineElement(standIn, index, view[index])
  for (const key of otherKeysOf(object, view)) {
    const descriptor = { __proto__: null, ...getOwnPropertyDescriptor(object, key) }
    if (key === inspect.custom || isElement(key, view) || Allocation.isElement(descriptor)) continue
    defineProperty(standIn, key, descriptor)
  }
  return standIn
}

/**
 * The keys of own properties, of few elements as well. Of a typed array the engine lists the other strings only after all
 * indices, 1 us each (1.8 s for 1 MiB, and from 32 Mi on it throws): of a large one only symbols are asked for.
 */
function otherKeysOf (object, view) {
  return object === view && lengthOf(view) > LISTED ? getOwnPropertySymbols(object) : ownKeys(object)
}

/** The prototype without what this package has put there. */
function visiblePrototypeOf (object) {
  const prototype = getPrototypeOf(object)
  if (plainPrototypes.has(prototype)) return Object.prototype
  const attachment = Allocation.attachmentOf(object)
  return prototype !== null && prototype === attachment?.layer ? attachment.prototype : prototype
}

const isElement = (key, view) => typeof key === 'string' && String(key >>> 0) === key && view[key] !== undefined

function defineElement (object, index, value) {
  defineProperty(object, index, { __proto__: null, value, enumerable: true, configurable: true, writable: true })
}

module.exports = { inspectAllocation, plainPrototypes }
