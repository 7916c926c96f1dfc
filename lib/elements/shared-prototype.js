'use strict'

// The prototypes of objects that are typed arrays themselves. Their chain skips %TypedArray%.prototype: elements are as fast as
// a Uint8Array's, but there is no `length` and no method.

const { inspect } = require('node:util')
const { inspectAllocation, plainPrototypes } = require('./inspect')
const { defineViewProperties } = require('./view-properties')

const hidden = (value) => ({ __proto__: null, value, configurable: true, writable: true })

/** Makes `prototype` inherit from `parent` instead of its typed array's prototype. */
function inheritFrom (parent, prototype) {
  Object.setPrototypeOf(prototype, parent)
  plainPrototypes.add(prototype)
}

/** Defines on `prototype` what all objects that inherit from it have in common. */
function defineShared (prototype) {
  Object.defineProperty(prototype, inspect.custom, hidden(inspectAllocation))
  defineViewProperties(prototype)
}

module.exports = { defineShared, hidden, inheritFrom }
