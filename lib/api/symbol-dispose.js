'use strict'

// `using a = smalloc.alloc(length)` disposes at the end of the block, where the runtime knows `using`.

const { barePrototype } = require('../elements/bare')
const { hidden } = require('../elements/shared-prototype')
const { dispose } = require('./dispose')
const { External } = require('./external')

if (Symbol.dispose) {
  for (const prototype of [barePrototype, External.prototype]) {
    Object.defineProperty(prototype, Symbol.dispose, hidden(function () { dispose(this) }))
  }
}
