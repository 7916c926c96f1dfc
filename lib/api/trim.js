'use strict'

const cache = require('../memory/cache')
const binding = require('../native/binding')

/**
 * Gives memory that waits for its next use back to the system now, instead of within about two seconds: the cache of this
 * thread, and Rust's blocks that wait for all threads.
 */
function trim () {
  cache.clear()
  binding.trim()
}

module.exports = { trim }
