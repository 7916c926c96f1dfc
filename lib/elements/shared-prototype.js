'use strict'

// The prototypes of objects that are typed arrays themselves. Their chain skips %TypedArray%.prototype: elements are as
// fast as a Uint8Array's, and there is no `length` and no method.

const { inspect } = require('node:util')
const { inspectAllocation, plainPrototypes } = require('./inspect')
const { defineViewProperties } = require('./view-properties')

const hidden = (value) => ({ __proto__: null, value, configurable: true, writable: true })

/** Has `prototype` inherit from `parent` instead of its typed array's prototype. */
function inheritFrom (parent, prototype) {
  Object.setPrototypeOf(prototype, parent)
  plainPrototypes.add(prototype)
}

/** Gives `prototype`, from which all objects of a kind inherit, what they have in common. */
function defineShared (prototype) {
  Object.defineProperty(prototype, inspect.custom, hidden(inspectAllocation))
  defineViewProperties(prototype)
}

module.exports = { defineShared, hidden, inheritFrom }
