'use strict'

// How util.inspect and console.log show an allocation: as an object whose own properties are its elements. They show the first
// `maxArrayLength` (default: 100) of these, then how many more there are, then the other properties.

const { inspect, types } = require('node:util')
const { lengthOf, SafeWeakMap, SafeWeakRef } = require('../internal/primordials')
const { Allocation } = require('./allocation')

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect

const { getOwnPropertySymbols } = Object

/** Of longer allocations only the symbols among the other keys are shown: see `otherKeysOf`. */
const ALL_KEYS_LIMIT_ELEMENTS = 16 << 10

/**
 * The stand-in of each object: what util.inspect shows instead of it. One object has one stand-in, so that util.inspect sees a
 * circle where there is one. The references are weak. What they point to lives until the running job ends (the current callback
 * and its promises): longer than the call, but not for ever.
 */
const standIns = new SafeWeakMap()
/** Prototypes whose direct instances are shown as plain objects, without a class name. */
const plainPrototypes = new WeakSet()
/**
 * What is being shown as text: `object`, within `outer`. The key is a symbol that travels in the options. An object would not
 * arrive: util.inspect treats a Proxy as an object of another context, and drops objects from the options that it passes there.
 * Nothing here must be undone when the call ends, because a termination runs no `finally`.
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

/** For functions, which util.inspect would show as their source; and for hidden elements, whose number only text can tell. */
function showAsText (object, standIn, hidden, shown, options, inspector) {
  if (isShownWithin(options.smalloc, object)) return options.stylize('[Circular]', 'special')
  if (options.depth !== null && options.depth < 0) return options.stylize('[Object]', 'special')
  if (hidden > 0) defineElement(standIn, shown, new More(hidden))
  const smalloc = Symbol('shown')
  shownAsText.set(smalloc, { object, outer: options.smalloc })
  // Not sorted: the entry of the hidden ones would come to stand between the elements.
  const text = inspector(standIn, hidden > 0 ? { ...options, smalloc, sorted: false } : { ...options, smalloc })
  return text.replace(moreEntry, '... $1')
}

function isShownWithin (symbol, object) {
  let shown = shownAsText.get(symbol)
  while (shown !== undefined && shown.object !== object) shown = shownAsText.get(shown.outer)
  return shown !== undefined
}

/** Stands in the place of the first hidden element. `moreEntry` finds it in the text: only what is between the NULs stays. */
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

/** An object that util.inspect shows like this one. No method of the object's own runs. */
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
    if (key === inspect.custom || isElement(key, view) || Allocation.isGetter(descriptor.get)) continue
    defineProperty(standIn, key, descriptor)
  }
  return standIn
}

/**
 * The keys of the object's own properties. For a large typed array, only the symbols: the engine lists its other strings after
 * all indices, which takes 1 to 2 s for 1 MiB. And from 32 Mi elements on the engine throws.
 */
function otherKeysOf (object, view) {
  return object === view && lengthOf(view) > ALL_KEYS_LIMIT_ELEMENTS ? getOwnPropertySymbols(object) : ownKeys(object)
}

/** The prototype without what this package has put there. */
function visiblePrototypeOf (object) {
  const prototype = getPrototypeOf(object)
  if (plainPrototypes.has(prototype)) return Object.prototype
  const layer = Allocation.attachmentOf(object)?.layer
  return prototype !== null && prototype === layer?.proxy ? layer.prototype : prototype
}

const isElement = (key, view) => typeof key === 'string' && String(key >>> 0) === key && view[key] !== undefined

function defineElement (object, index, value) {
  defineProperty(object, index, { __proto__: null, value, enumerable: true, configurable: true, writable: true })
}

module.exports = { inspectAllocation, plainPrototypes }
