'use strict'

/**
 * A class that extends Brand can put its private fields on any object. They cannot be forged, they survive a change of
 * prototype, and a Proxy does not show its target's. To read one costs 2 ns, and to find that there is none 35 to 45; a WeakMap
 * costs 100.
 */
class Brand {
  constructor (object) {
    return object
  }
}

module.exports = { Brand }
