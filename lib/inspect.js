'use strict'

// How util.inspect and console.log show an allocation: as an object with its elements for own properties, the first
// `maxArrayLength` (default: 100) of them, then how many more there are, then its other properties.

const { inspect, types } = require('node:util')
const { Allocation } = require('./allocation')
const { lengthOf } = require('./intrinsics')

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect

/** Stand-ins by object, so that a circular structure comes back to the same one and util.inspect sees the circle. */
const standIns = new WeakMap()
/** Prototypes whose direct instances are shown as plain objects, without a class name. */
const plainPrototypes = new WeakSet()
/** Objects being shown as text; see `showAsText`. */
const showing = new Set()

/** The method under util.inspect.custom. */
function inspectAllocation (depth, options, inspector = inspect) {
  if (!Allocation.is(this)) return this
  const view = Allocation.viewOf(this)
  const shown = Math.min(lengthOf(view), options.maxArrayLength ?? Infinity)
  const standIn = fill(standInOf(this), this, view, shown)
  const hidden = lengthOf(view) - shown
  if (typeof this !== 'function' && hidden === 0) return standIn
  return showAsText(this, standIn, hidden, shown, { ...options, depth }, inspector)
}

/** A function that is returned to util.inspect would be shown as its source; and only text can say how many are hidden. */
function showAsText (object, standIn, hidden, shown, options, inspector) {
  if (showing.has(object)) return options.stylize('[Circular]', 'special')
  if (options.depth !== null && options.depth < 0) return options.stylize('[Object]', 'special')
  showing.add(object)
  try {
    if (hidden > 0) defineElement(standIn, shown, new More(hidden))
    const text = inspector(standIn, options)
    return hidden > 0 ? text.replace(moreEntry, '... $1') : text
  } finally {
    showing.delete(object)
  }
}

/** Stands where the first hidden element would be. Its key is cut out of the text afterwards. */
class More {
  constructor (hidden) {
    this.hidden = hidden
  }

  [inspect.custom] () {
    return `... ${this.hidden} more item${this.hidden > 1 ? 's' : ''}`
  }
}
const moreEntry = /\S*'\d+'\S*: \.\.\. (\d+ more items?)/

function standInOf (object) {
  let standIn = standIns.get(object)
  if (standIn === undefined) standIns.set(object, standIn = likenessOf(object))
  return standIn
}

/** An empty object that util.inspect takes for one of the same kind. */
function likenessOf (object) {
  if (typeof object === 'function') return functionLike(object)
  if (types.isDate(object)) return new Date(+object)
  if (types.isRegExp(object)) return new RegExp(object)
  if (types.isMap(object)) return new Map(object)
  if (types.isSet(object)) return new Set(object)
  if (types.isArgumentsObject(object)) return (function () { return arguments })()
  return {}
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
  for (const key of ownKeys(object)) {
    if (key === inspect.custom || isElement(key, view)) continue
    defineProperty(standIn, key, { __proto__: null, ...getOwnPropertyDescriptor(object, key) })
  }
  return standIn
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
