'use strict'

// Bare objects: what `alloc(length)` returns. They look like plain objects: their `constructor` is Object.

const { typedArrays } = require('../internal/types')
const { Allocation } = require('./allocation')
const { defineShared, inheritFrom } = require('./shared-prototype')

const barePrototype = {}
defineShared(barePrototype)

function bareOf (type) {
  class Bare extends typedArrays[type] {
    constructor (store) {
      super(store)
      new Allocation(this, this, type, typeof store === 'number' ? undefined : store)
    }
  }
  inheritFrom(barePrototype, Bare.prototype)
  delete Bare.prototype.constructor
  return Bare
}

/** The constructors, by type. */
const bares = typedArrays.map((TypedArray, type) => TypedArray && bareOf(type))

module.exports = { barePrototype, bares }
